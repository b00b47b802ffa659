#include "core/http/route.hpp"

#include <openssl/evp.h>

namespace ostclean::http {
namespace {

std::string basic(const std::string& user_info) {
  if (user_info.empty()) return {};
  std::string text(4 * ((user_info.size() + 2) / 3) + 1, '\0');
  const int n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                reinterpret_cast<const unsigned char*>(user_info.data()),
                                static_cast<int>(user_info.size()));
  text.resize(static_cast<std::size_t>(n));
  return "Basic " + text;
}

}  // namespace

std::string route::key() const {
  return (tls ? "s " : "p ") + (whole_url ? std::string{} : name()) + " " +
         host_and_port(dial_host, dial_port) + " " + proxy_authorization;
}

result<route> find_route(const std::string& url, const connect_options& options) {
  auto server = split_url(url);
  if (!server) return server.error();
  if (!server->user_info.empty())
    return error{errc::config, "a URL with a user name in it is not supported"};
  route r;
  r.server = *server;
  r.tls = server->scheme == "https";
  r.dial_host = server->host;
  r.dial_port = server->port;
  const std::string proxy_url = options.proxy_for(*server);
  if (proxy_url.empty()) return r;
  auto proxy = split_url(proxy_url);
  if (!proxy || proxy->scheme != "http") {
    error e{errc::config, "the proxy for " + r.name() + " is not an http://host:port URL"};
    e.hint = "see http_proxy, https_proxy, all_proxy and no_proxy in the environment";
    return e;
  }
  r.dial_host = proxy->host;
  r.dial_port = proxy->port;
  r.tunnel = r.tls;
  r.whole_url = !r.tls;
  r.proxy_authorization = basic(proxy->user_info);
  return r;
}

}  // namespace ostclean::http
