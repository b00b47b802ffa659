// Keeps the load on a cloud bounded: so many requests in flight, so many a second, and fewer for a
// service that says it is too many.
#pragma once

#include "core/http/sleeper.hpp"
#include "core/http/transport.hpp"

#include <memory>
#include <string>

namespace ostclean::http {

class limits {
 public:
  limits() = default;
  std::size_t in_flight = 32;    ///< all services together
  std::size_t per_service = 32;  ///< for each request::service
  double per_second = 0;         ///< requests begun a second, all together; 0 for no such limit
};

class limit : public transport {
 public:
  /// `next` outlives the limit. Single-threaded: everything runs on one io_context.
  limit(transport& next, limits how, asio::any_io_executor executor, sleeper sleep);

  /// Waits for its turn, first come first served within a service. A 429 or 503 halves what the
  /// service may have in flight, once for all requests that were under way; every 20 good answers
  /// give one back.
  asio::awaitable<result<response>> send(request r) override;

  /// What `service` may have in flight now.
  std::size_t allowed(const std::string& service) const;

 private:
  struct state;
  transport& next_;
  std::shared_ptr<state> state_;
};

}  // namespace ostclean::http
