// How long a service makes us wait: never negative, never beyond the budget, and nothing is sent
// again that must not be.
#include "core/http/retry.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

using namespace ostclean;
using namespace ostclean::fuzz;
using namespace std::chrono_literals;

namespace {

const sys_time answered_at = *parse_iso8601("2026-11-22T05:36:25Z");
constexpr int statuses[] = {200, 413, 429, 500, 502, 503, 504, 404};

class busy : public http::transport {
 public:
  busy(std::string_view value, unsigned choice) : value_(value), choice_(choice) {}

  http::asio::awaitable<result<http::response>> send(http::request r) override {
    ++sent;
    http::response answer{statuses[choice_ % 8]};
    if ((choice_ & 8U) != 0) answer.headers.set("Retry-After", value_);
    boost::json::object fault{{"code", answer.status}, {"retryAfter", value_}};
    if (boost::json::object body{{"overLimit", std::move(fault)}}; (choice_ & 16U) != 0)
      answer.body = boost::json::serialize(body);
    if ((choice_ & 32U) != 0 && sent % 2 == 0) co_return error{errc::network, "reset"};
    (void)r;
    co_return answer;
  }

  unsigned sent = 0;

 private:
  std::string value_;
  unsigned choice_;
};

void check_value(std::string_view text) {
  const auto wait = http::parse_retry_after(text, answered_at);
  if (!wait) return;
  require(*wait >= 0s, "no wait is negative", text);
  require(*wait <= 1s * (1L << 30), "a wait is bounded", text);
  const auto same = http::parse_retry_after("  " + std::string{text} + " ", answered_at);
  require(same == wait, "blanks around it change nothing", text);
  const auto again = http::parse_retry_after(std::to_string(wait->count()), answered_at);
  require(again == wait, "a wait can be written in seconds", text);
}

void check_retry(std::string_view text, unsigned choice) {
  busy service(text, choice);
  std::chrono::milliseconds slept{0};
  http::retry_tools tools;
  tools.sleep = [&slept](std::chrono::milliseconds time) -> http::asio::awaitable<void> {
    require(time >= 0ms, "no pause is negative");
    slept += time;
    co_return;
  };
  tools.random = [choice] { return (choice & 64U) != 0 ? 0.999 : 0.0; };
  tools.steady = [&slept] { return std::chrono::steady_clock::time_point{slept}; };
  tools.wall = [] { return answered_at; };
  const http::retry_policy policy;
  http::retry again(service, policy, std::move(tools));
  const bool post = (choice & 128U) != 0;
  http::request r{post ? http::verb::post : http::verb::del, "http://cloud/x"};
  (void)run(again.send(std::move(r)));
  require(slept <= policy.total_sleep, "the pauses stay within the budget", text);
  require(service.sent <= policy.retries + 1, "the attempts stay within the budget", text);
  const int status = statuses[choice % 8];
  if (post && status != 429 && status != 503 && status != 413)
    require(service.sent == 1, "a POST that may have been done is not sent again", text);
}

}  // namespace

extern "C" int fuzz_retry_after(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  const unsigned choice = take_byte(text);
  check_value(text);
  check_retry(text, choice);
  return 0;
}
