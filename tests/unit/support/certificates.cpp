#include "tests/unit/support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>
#include <memory>
#include <stdexcept>

namespace ostclean::testing {
namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate_ptr = std::unique_ptr<X509, decltype(&X509_free)>;

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (extension == nullptr) throw std::runtime_error{"bad extension " + value};
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

certificate_ptr blank(EVP_PKEY* key, const std::string& name, long serial) {
  certificate_ptr certificate{X509_new(), X509_free};
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

void write(const std::string& file, X509* certificate, EVP_PKEY* key) {
  std::unique_ptr<FILE, int (*)(FILE*)> out{std::fopen(file.c_str(), "w"), std::fclose};
  if (!out) throw std::runtime_error{"cannot write " + file};
  PEM_write_X509(out.get(), certificate);
  if (key != nullptr) PEM_write_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
}

}  // namespace

namespace {

/// Two authorities of one name would differ in their signatures only.
std::string unique_name() {
  static int count = 0;
  return "test authority " + std::to_string(++count);
}

}  // namespace

struct certificate_folder::authority {
  key_ptr key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  certificate_ptr certificate = blank(key.get(), unique_name(), 1);
  long serial = 1;
};

certificate_folder::certificate_folder() : authority_(new authority) {
  std::string pattern = (std::filesystem::temp_directory_path() / "ostclean-tls-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"cannot make " + pattern};
  folder_ = pattern;
  X509* own = authority_->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
  extend(own, own, NID_subject_key_identifier, "hash");
  X509_sign(own, authority_->key.get(), EVP_sha256());
  write(ca(), own, nullptr);
}

certificate_folder::~certificate_folder() {
  delete authority_;
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string certificate_folder::issue(const std::string& name,
                                      const std::string& alternative_names) {
  key_ptr key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  auto certificate = blank(key.get(), name, ++authority_->serial);
  X509* issuer = authority_->certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
  extend(certificate.get(), issuer, NID_subject_alt_name, alternative_names);
  X509_sign(certificate.get(), authority_->key.get(), EVP_sha256());
  write(file(name), certificate.get(), key.get());
  return file(name);
}

}  // namespace ostclean::testing
