// A real server on 127.0.0.1 inside the test's loop that can misbehave byte by byte: it sends what
// a test tells it to, over TCP or TLS, and can play the proxy before itself.
#pragma once

#include "core/http/message.hpp"

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ostclean::testing {

/// What the server does with one request.
class reply {
 public:
  explicit reply(std::string bytes) : bytes(std::move(bytes)) {}
  reply& then_close() {
    close = true;
    return *this;
  }
  reply& then_endless() {
    endless = true;
    return *this;
  }
  reply& then_silence() {
    silent = true;
    return *this;
  }
  reply& then_tls() {
    tls = true;
    return *this;
  }

  std::string bytes;     ///< sent as they are
  bool close = false;    ///< without close_notify
  bool endless = false;  ///< 'x' for as long as somebody reads
  bool silent = false;   ///< keeps the connection and never says a word again
  bool tls = false;      ///< goes on with a TLS handshake: the end of a tunnel
};

/// "HTTP/1.1 200 OK" with a length and `body`.
std::string ok(const std::string& body, const std::string& more_fields = "");

class http_server {
 public:
  /// The request (its url is the request target) and the number of its connection, from 1.
  using handler = std::function<reply(const http::request&, int)>;

  /// `certificate`: a PEM file with chain and key for TLS from the first byte (empty: plain TCP)
  /// and for then_tls. `client_ca`: demand a client certificate of that CA.
  http_server(boost::asio::io_context& io, handler handle, const std::string& certificate = "",
              bool tls = false, const std::string& client_ca = "");
  ~http_server();

  unsigned short port() const;
  int connections() const;
  /// Closes every connection, as an idle timeout of the server would.
  void drop_connections();
  const std::vector<http::request>& requests() const;
  /// The SNI of the last handshake, empty when there was none.
  const std::string& server_name() const;

  struct state;

 private:
  std::shared_ptr<state> state_;
};

}  // namespace ostclean::testing
