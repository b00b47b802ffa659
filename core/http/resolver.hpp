// Names are looked up once per host and run: getaddrinfo cannot be cancelled and may take many
// seconds, so nobody waits for it longer than their own deadline and everybody shares its answer.
#pragma once

#include "core/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace ostclean::http {

namespace asio = boost::asio;

class resolver {
 public:
  using endpoints = std::vector<asio::ip::tcp::endpoint>;

  explicit resolver(asio::any_io_executor executor);
  ~resolver();

  /// At least one endpoint, in the system's order; errc::network when the name is unknown or
  /// `deadline` passed. An address needs no lookup. Failures are not remembered. A lookup that is
  /// still under way keeps its io_context busy for as long as resolv.conf allows.
  asio::awaitable<result<endpoints>> find(std::string host, std::uint16_t port,
                                          std::chrono::steady_clock::time_point deadline);

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace ostclean::http
