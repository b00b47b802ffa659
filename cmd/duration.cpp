#include "cmd/duration.hpp"

#include <charconv>

namespace ostclean::cmd {
namespace {

using std::chrono::seconds;

constexpr seconds k_minute{60}, k_hour{3600}, k_day{86400}, k_week{7 * 86400};
constexpr seconds k_longest{100L * 366 * 86400};

std::optional<seconds> unit(char letter) {
  switch (letter) {
    case 's':
      return seconds{1};
    case 'm':
      return k_minute;
    case 'h':
      return k_hour;
    case 'd':
      return k_day;
    case 'w':
      return k_week;
    default:
      return std::nullopt;
  }
}

std::string counted(long n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

}  // namespace

std::optional<seconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  seconds all{0};
  while (!text.empty()) {
    unsigned number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (ec != std::errc{} || text.empty()) return std::nullopt;
    const auto one = unit(text.front());
    if (!one || number > k_longest / *one) return std::nullopt;
    all += number * *one;
    text.remove_prefix(1);
  }
  return all <= k_longest ? std::optional{all} : std::nullopt;
}

std::string in_words(seconds time) {
  if (time >= 2 * k_day) return counted(time / k_day, "day");
  if (time >= k_hour) return counted(time / k_hour, "hour");
  if (time >= k_minute) return counted(time / k_minute, "minute");
  return "less than a minute";
}

std::string time_left(sys_time end, sys_time now) {
  if (end > now) return in_words(std::chrono::duration_cast<seconds>(end - now));
  return "expired " + in_words(std::chrono::duration_cast<seconds>(now - end)) + " ago";
}

}  // namespace ostclean::cmd
