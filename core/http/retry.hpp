// Sends again what is safe to send again, within a budget: a cloud under load answers 429, 503 or
// nothing, and thousands of deletes must neither give up on it nor make it worse.
#pragma once

#include "core/http/sleeper.hpp"
#include "core/http/transport.hpp"
#include "core/time.hpp"

#include <optional>
#include <string_view>

namespace ostclean::http {

class retry_policy {
 public:
  retry_policy() = default;
  unsigned retries = 4;                          ///< attempts after the first
  std::chrono::milliseconds total_sleep{60000};  ///< for one request, all its pauses together
  std::chrono::milliseconds first_pause{500};    ///< doubled every time, full jitter
  std::chrono::milliseconds longest_pause{16000};
  /// Connecting is not tried again later than this after the first attempt began: who cannot be
  /// reached is reported within half a minute.
  std::chrono::milliseconds connect_budget{15000};
};

/// What a retry takes from outside; tests replace each.
class retry_tools {
 public:
  retry_tools() = default;
  static retry_tools real(asio::any_io_executor executor);
  sleeper sleep;
  std::function<double()> random;  ///< in [0, 1)
  std::function<std::chrono::steady_clock::time_point()> steady;
  std::function<sys_time()> wall;
};

/// Retry-After in seconds or as an HTTP date (RFC 9110, 10.2.3); a date that has passed is 0.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, sys_time now);

class retry : public transport {
 public:
  /// `next` outlives the retry.
  retry(transport& next, retry_policy policy, retry_tools tools);

  /// The last answer or error when the budget is spent, or at once when the service wants a longer
  /// pause than the budget has.
  asio::awaitable<result<response>> send(request r) override;

 private:
  using pause = std::optional<std::chrono::milliseconds>;
  pause before_next(const request& r, const result<response>& answer, unsigned attempt,
                    std::chrono::milliseconds elapsed);
  pause after_answer(const request& r, const response& answer, unsigned attempt);
  std::chrono::milliseconds backoff(unsigned attempt);

  transport& next_;
  retry_policy policy_;
  retry_tools tools_;
};

}  // namespace ostclean::http
