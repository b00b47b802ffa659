// A CA that lives as long as the process: no key is ever stored in the source tree.
#include "tests/sandbox/tls.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace sandbox {
namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using x509_ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using bio_ptr = std::unique_ptr<BIO, decltype(&BIO_free)>;

key_ptr make_key() {
  key_ptr k(EVP_EC_gen("P-256"), EVP_PKEY_free);
  if (!k) throw std::runtime_error("sandbox: no P-256 key");
  return k;
}

void extend(X509* cert, X509* issuer, int nid, const char* value) {
  X509V3_CTX ctx;
  X509V3_set_ctx_nodb(&ctx);
  X509V3_set_ctx(&ctx, issuer, cert, nullptr, nullptr, 0);
  X509_EXTENSION* e = X509V3_EXT_conf_nid(nullptr, &ctx, nid, value);
  if (!e) throw std::runtime_error("sandbox: certificate extension refused");
  X509_add_ext(cert, e, -1);
  X509_EXTENSION_free(e);
}

x509_ptr make_cert(EVP_PKEY* key, const char* name, X509* issuer, EVP_PKEY* signer, long serial) {
  x509_ptr c(X509_new(), X509_free);
  X509_set_version(c.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(c.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(c.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(c.get()), 24L * 3600);
  X509_set_pubkey(c.get(), key);
  X509_NAME* n = X509_get_subject_name(c.get());
  X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name),
                             -1, -1, 0);
  X509* from = issuer ? issuer : c.get();
  X509_set_issuer_name(c.get(), X509_get_subject_name(from));
  extend(c.get(), from, NID_subject_key_identifier, "hash");
  extend(c.get(), from, NID_authority_key_identifier, "keyid:always");
  if (issuer) {
    extend(c.get(), from, NID_basic_constraints, "critical,CA:FALSE");
    extend(c.get(), from, NID_key_usage, "critical,digitalSignature");
    extend(c.get(), from, NID_ext_key_usage, "serverAuth");
    extend(c.get(), from, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
  } else {
    extend(c.get(), from, NID_basic_constraints, "critical,CA:TRUE");
    extend(c.get(), from, NID_key_usage, "critical,keyCertSign,cRLSign");
  }
  if (!X509_sign(c.get(), signer, EVP_sha256()))
    throw std::runtime_error("sandbox: certificate not signed");
  return c;
}

std::string contents(BIO* b) {
  char* data = nullptr;
  const long n = BIO_get_mem_data(b, &data);
  return {data, static_cast<std::size_t>(n)};
}

std::string pem(X509* c) {
  bio_ptr b(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_X509(b.get(), c);
  return contents(b.get());
}

std::string pem(EVP_PKEY* k) {
  bio_ptr b(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PrivateKey(b.get(), k, nullptr, nullptr, 0, nullptr, nullptr);
  return contents(b.get());
}

}  // namespace

certificates make_certificates() {
  const key_ptr ca_key = make_key();
  const x509_ptr ca = make_cert(ca_key.get(), "sandbox CA", nullptr, ca_key.get(), 1);
  const key_ptr key = make_key();
  const x509_ptr leaf = make_cert(key.get(), "localhost", ca.get(), ca_key.get(), 2);
  return {pem(ca.get()), pem(leaf.get()), pem(key.get())};
}

}  // namespace sandbox
