// Certificates for the sandbox: clients under test verify TLS, so there must be something to
// verify.
#pragma once

#include <string>

namespace sandbox {

struct certificates {
  std::string authority;  ///< PEM of the CA to trust
  std::string chain;      ///< PEM of the server's certificate
  std::string key;        ///< PEM of its private key
};

/// A fresh CA and a certificate for localhost, 127.0.0.1 and ::1, valid for a day.
certificates make_certificates();

}  // namespace sandbox
