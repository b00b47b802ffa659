// Where the bytes of a request go first: to the server, through a tunnel, or to a proxy that is
// told the whole URL. Decided without a socket, so that it can be tested without one.
#pragma once

#include "core/http/connect_options.hpp"

namespace ostclean::http {

class route {
 public:
  route() = default;
  url_parts server;
  std::string dial_host;  ///< the server's, or the proxy's
  std::uint16_t dial_port = 0;
  bool tls = false;        ///< TLS with the server
  bool tunnel = false;     ///< CONNECT first
  bool whole_url = false;  ///< the request line holds the absolute URL
  std::string proxy_authorization;

  std::string name() const { return host_and_port(server.host, server.port); }
  /// Connections of equal keys are interchangeable.
  std::string key() const;
};

/// errc::config when `url` or the proxy it falls under cannot be used.
result<route> find_route(const std::string& url, const connect_options& options);

}  // namespace ostclean::http
