// The connections of beast_transport.cpp and what became of one exchange on them. Private to that
// file: with it, the only place that sees Beast and TLS, which cost ten seconds of compile time
// wherever they are included.
#pragma once

#include "core/http/beast_transport.hpp"
#include "core/http/resolver.hpp"
#include "core/http/tls.hpp"

#include <sys/socket.h>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <cerrno>
#include <list>
#include <memory>
#include <optional>
#include <string>

namespace ostclean::http {

namespace beast = boost::beast;
using boost::system::error_code;
using tls_stream = asio::ssl::stream<beast::tcp_stream&>;

constexpr auto k_idle_for = std::chrono::seconds{30};
constexpr std::size_t k_most_idle = 64;

class connection {
 public:
  explicit connection(const asio::any_io_executor& executor) : tcp(executor) {}

  beast::tcp_stream tcp;
  std::unique_ptr<tls_stream> tls;  ///< refers to tcp
  std::string key;
  std::chrono::steady_clock::time_point idle_since;
  bool after_bodyless = false;  ///< the last answer had no body, but some services send one

  /// Nothing to read: bytes, or the end of the stream, mean that the server is done with it.
  bool quiet() {
    char byte = 0;
    const auto got = ::recv(tcp.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
};

using connection_ptr = std::unique_ptr<connection>;

/// What one exchange on one connection came to.
class outcome {
 public:
  outcome() = default;
  error_code failure;
  bool written = false;   ///< the whole request left
  bool answered = false;  ///< at least one byte came back
  bool reusable = false;
  response answer;
};

/// Shared with the coroutines, because the transport may go while they wait.
class pool {
 public:
  pool(asio::any_io_executor ex, connect_options o)
      : executor(std::move(ex)), options(std::move(o)), names(executor) {}

  connection_ptr take(const std::string& key, bool repeatable) {
    const auto now = std::chrono::steady_clock::now();
    idle_.remove_if([&](auto& c) { return now - c->idle_since > k_idle_for; });
    for (auto at = idle_.begin(); at != idle_.end();) {
      auto& c = **at;
      if (c.key != key || (c.after_bodyless && !repeatable)) {
        ++at;
        continue;
      }
      auto found = std::move(*at);
      at = idle_.erase(at);
      if (found->quiet()) return found;
    }
    return nullptr;
  }

  void give_back(connection_ptr c) {
    c->tcp.expires_never();
    c->idle_since = std::chrono::steady_clock::now();
    idle_.push_front(std::move(c));
    if (idle_.size() > k_most_idle) idle_.pop_back();
  }

  void drop_idle() { idle_.clear(); }

  /// Built when the first TLS connection wants it: reading the system's CAs costs milliseconds.
  result<asio::ssl::context*> tls_context() {
    if (!context_) {
      context_.emplace(asio::ssl::context::tls_client);
      bad_context_ = configure_tls(context_->native_handle(), options);
    }
    if (bad_context_) return *bad_context_;
    return &*context_;
  }

  asio::any_io_executor executor;
  connect_options options;
  resolver names;

 private:
  std::optional<asio::ssl::context> context_;  // before the connections that refer to it
  std::optional<error> bad_context_;
  std::list<connection_ptr> idle_;  // most recently used first
};

using pool_ptr = std::shared_ptr<pool>;

}  // namespace ostclean::http
