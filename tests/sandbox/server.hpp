// The sandbox's socket: HTTPS on 127.0.0.1 with keep-alive, and the ways a connection can go wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "tests/sandbox/tls.hpp"
#include "tests/sandbox/world.hpp"

namespace sandbox {

class server {
 public:
  using answer = std::function<outcome(const http_request&)>;

  /// Listens at once; port 0 takes any. `f` is called on the server's own thread.
  server(std::uint16_t port, const certificates& certs, answer f);
  ~server();  ///< closes every connection and joins the thread
  std::uint16_t port() const;
  std::size_t connections() const;
  void release();       ///< the answers that are held back go
  void listen_again();  ///< ends the time in which nobody listens; returns when somebody does

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace sandbox
