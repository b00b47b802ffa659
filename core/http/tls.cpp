#include "core/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <boost/asio/ip/address.hpp>
#include <cstring>
#include <filesystem>

namespace ostclean::http {
namespace {

error cannot_use(const std::string& what, const std::string& file) {
  // The first says why the file cannot be opened, the last why it cannot be understood.
  const auto first = ERR_peek_error();
  const char* reason = ERR_SYSTEM_ERROR(first) ? std::strerror(ERR_GET_REASON(first))
                                               : ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return error{errc::config, "cannot use the " + what + " '" + file +
                                 "': " + (reason != nullptr ? reason : "unknown format")};
}

int load_trust(ssl_ctx_st* context, const std::string& cacert) {
  if (cacert.empty()) return SSL_CTX_set_default_verify_paths(context);
  std::error_code ec;
  return std::filesystem::is_directory(cacert, ec)
             ? SSL_CTX_load_verify_dir(context, cacert.c_str())
             : SSL_CTX_load_verify_file(context, cacert.c_str());
}

/// Without this a key with a pass phrase would make OpenSSL ask on the terminal in mid-run.
int no_pass_phrase(char*, int, int, void*) { return 0; }

}  // namespace

std::optional<error> configure_tls(ssl_ctx_st* context, const connect_options& options) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_default_passwd_cb(context, no_pass_phrase);
  SSL_CTX_set_verify(context, options.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  ERR_clear_error();
  if (options.verify && load_trust(context, options.cacert) != 1)
    return cannot_use("CA certificates", options.cacert);
  if (options.cert.empty()) return std::nullopt;
  const std::string& key = options.key.empty() ? options.cert : options.key;
  if (SSL_CTX_use_certificate_chain_file(context, options.cert.c_str()) != 1)
    return cannot_use("client certificate", options.cert);
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
    return cannot_use("client key", key);
  return std::nullopt;
}

void name_server(ssl_st* session, const std::string& host) {
  boost::system::error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  if (no_address) SSL_set_tlsext_host_name(session, host.c_str());
}

void expect_host(ssl_st* session, const std::string& host) {
  name_server(session, host);
  X509_VERIFY_PARAM* wanted = SSL_get0_param(session);
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1) return;
  ERR_clear_error();
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size());
}

std::string refusal(ssl_st* session) {
  const long verdict = SSL_get_verify_result(session);
  return verdict == X509_V_OK ? std::string{} : X509_verify_cert_error_string(verdict);
}

}  // namespace ostclean::http
