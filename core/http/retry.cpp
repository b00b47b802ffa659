#include "core/http/retry.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <random>

namespace ostclean::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds k_longest{1L << 30};

/// Cinder and old Novas say it in the body only: {"overLimit": {"retryAfter": "0"}}.
std::optional<seconds> retry_after_in_body(const std::string& body) {
  boost::system::error_code ec;
  auto value = boost::json::parse(body, ec);
  if (ec || !value.is_object() || value.as_object().empty()) return std::nullopt;
  const auto* fault = value.as_object().begin()->value().if_object();
  const auto* after = fault != nullptr ? fault->if_contains("retryAfter") : nullptr;
  if (after == nullptr) return std::nullopt;
  if (const auto* number = after->if_int64())
    return seconds{std::clamp<std::int64_t>(*number, 0, k_longest.count())};
  if (const auto* text = after->if_string())
    return parse_retry_after({text->data(), text->size()}, {});
  return std::nullopt;
}

void mark_repeated(result<response>& answer) {
  if (answer) {
    answer->repeated = true;
    return;
  }
  error why = answer.error();
  why.repeated = true;
  answer = why;
}

bool may_be_done(const result<response>& answer) {
  return answer ? answer->status >= 500 : !answer.error().unsent;
}

}  // namespace

retry_tools retry_tools::real(asio::any_io_executor executor) {
  retry_tools tools;
  tools.sleep = timer_sleeper(std::move(executor));
  tools.random = [engine = std::mt19937{std::random_device{}()}]() mutable {
    return std::uniform_real_distribution<double>{0.0, 1.0}(engine);
  };
  tools.steady = std::chrono::steady_clock::now;
  tools.wall = wall_clock;
  return tools;
}

std::optional<seconds> parse_retry_after(std::string_view value, sys_time now) {
  while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
  if (value.empty()) return std::nullopt;
  std::int64_t number = 0;
  auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = end == value.data() + value.size();
  if (whole && ec == std::errc::result_out_of_range && value.front() != '-') return k_longest;
  if (whole && ec == std::errc{})
    return number < 0 ? std::nullopt : std::optional{seconds{std::min(number, k_longest.count())}};
  auto date = parse_http_date(value);
  if (!date) return std::nullopt;
  // Rounded up: a second too early is a refusal more.
  return std::clamp(std::chrono::ceil<seconds>(*date - now), seconds{0}, k_longest);
}

retry::retry(transport& next, retry_policy policy, retry_tools tools)
    : next_(next), policy_(policy), tools_(std::move(tools)) {}

milliseconds retry::backoff(unsigned attempt) {
  const auto ceiling =
      std::min(policy_.longest_pause, policy_.first_pause * (1L << std::min(attempt, 20U)));
  return milliseconds{static_cast<std::int64_t>(tools_.random() * double(ceiling.count()))};
}

retry::pause retry::after_answer(const request& r, const response& answer, unsigned attempt) {
  const int status = answer.status;
  if (status == 502 || status == 504) return r.repeatable ? pause{backoff(attempt)} : std::nullopt;
  if (status != 429 && status != 503 && status != 413) return std::nullopt;
  auto wanted = parse_retry_after(answer.headers.get("retry-after"), tools_.wall());
  if (!wanted && status == 413) wanted = retry_after_in_body(answer.body);
  // A 413 that asks for no pause is a quota, and stays one.
  if (status == 413 && (!wanted || *wanted == seconds{0})) return std::nullopt;
  if (!wanted) return r.repeatable ? pause{backoff(attempt)} : std::nullopt;
  // Jitter on top, so that those who were told the same second do not come back together.
  return milliseconds{*wanted} + backoff(*wanted == seconds{0} ? attempt : 0);
}

retry::pause retry::before_next(const request& r, const result<response>& answer, unsigned attempt,
                                milliseconds elapsed) {
  if (answer) return after_answer(r, *answer, attempt);
  const error e = answer.error();
  if (r.reader && r.reader->passed_on()) return std::nullopt;
  if (e.code != errc::network && e.code != errc::timeout) return std::nullopt;
  if (e.unsent) {
    if (elapsed >= policy_.connect_budget) return std::nullopt;
  } else if (!r.repeatable) {
    return std::nullopt;
  }
  return backoff(attempt);
}

asio::awaitable<result<response>> retry::send(request r) {
  const auto begun = tools_.steady();
  auto left = policy_.total_sleep;
  bool done_before = false;
  for (unsigned attempt = 0;; ++attempt) {
    request copy = r;
    auto answer = co_await next_.send(std::move(copy));
    if (done_before) mark_repeated(answer);
    if (attempt == policy_.retries) co_return answer;
    const auto elapsed = std::chrono::duration_cast<milliseconds>(tools_.steady() - begun);
    const auto wait = before_next(r, answer, attempt, elapsed);
    if (!wait || *wait > left) co_return answer;
    done_before = done_before || may_be_done(answer);
    left -= *wait;
    co_await tools_.sleep(*wait);
  }
}

}  // namespace ostclean::http
