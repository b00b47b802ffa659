// How connections are made: trust, client certificate, proxies. Plain values, so that the layers
// above can fill them without knowing the HTTP library.
#pragma once

#include "core/http/url.hpp"

#include <chrono>
#include <string>

namespace ostclean::http {

class connect_options {
 public:
  connect_options() = default;
  /// The defaults with http_proxy, https_proxy, all_proxy and no_proxy (either case, lower first).
  static connect_options from_environment();

  /// The proxy's URL for a request to `to`, empty for a direct connection. A proxy without a
  /// scheme is an http one.
  std::string proxy_for(const url_parts& to) const;

  bool verify = true;     ///< false: neither the chain nor the host name is checked
  std::string cacert;     ///< PEM file or hashed folder; empty for the system's
  std::string cert, key;  ///< PEM files; an empty key means it stands in cert
  std::chrono::milliseconds connect_timeout{10000};  ///< per address; twice this for all together
  std::string http_proxy, https_proxy, all_proxy, no_proxy;
};

}  // namespace ostclean::http
