#include "core/time.hpp"

#include <date/date.h>

#include <algorithm>

namespace ostclean {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int k_first_year = 1900;

/// A cursor over the text; every step says whether it could be taken.
class scanner {
 public:
  explicit scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool skip(std::string_view one_of) {
    if (rest_.empty() || one_of.find(rest_.front()) == std::string_view::npos) return false;
    last_ = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }
  char last() const { return last_; }
  bool word(std::string_view text) {
    if (rest_.substr(0, text.size()) != text) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  bool digits(std::size_t count, int& value) {
    if (rest_.size() < count) return false;
    value = 0;
    for (char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }
  /// Digits after the point; those beyond microseconds are cut off.
  bool fraction(int& micros) {
    constexpr std::string_view decimal = "0123456789";
    int scale = 100000;
    micros = 0;
    if (rest_.empty() || decimal.find(rest_.front()) == std::string_view::npos) return false;
    for (; skip(decimal); scale /= 10) micros += (last_ - '0') * scale;
    return true;
  }

 private:
  std::string_view rest_;
  char last_ = '\0';
};

bool read_date(scanner& in, date::year_month_day& day) {
  int y = 0;
  int m = 0;
  int d = 0;
  if (!in.digits(4, y) || !in.skip("-") || !in.digits(2, m) || !in.skip("-") || !in.digits(2, d))
    return false;
  day = date::year{y} / m / d;
  return day.ok() && y >= k_first_year;
}

bool read_clock(scanner& in, microseconds& time) {
  int h = 0;
  int m = 0;
  int s = 0;
  int micros = 0;
  if (!in.digits(2, h) || !in.skip(":") || !in.digits(2, m)) return false;
  if (in.skip(":") && !in.digits(2, s)) return false;
  if (in.skip(".,") && !in.fraction(micros)) return false;
  time = hours{h} + minutes{m} + seconds{s} + microseconds{micros};
  return h < 24 && m < 60 && s <= 60;  // 60: a leap second
}

bool read_zone(scanner& in, minutes& offset) {
  in.skip(" ");
  if (in.at_end() || in.skip("Zz") || in.word("UTC")) return true;
  if (!in.skip("+-")) return false;
  const int sign = in.last() == '-' ? -1 : 1;
  int h = 0;
  int m = 0;
  if (!in.digits(2, h)) return false;
  in.skip(":");
  if (!in.at_end() && !in.digits(2, m)) return false;
  offset = sign * (hours{h} + minutes{m});
  return h < 24 && m < 60;
}

/// "Sun", or the `whole` "Sunday".
bool read_weekday(scanner& in, bool& whole) {
  for (std::string_view name :
       {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}) {
    whole = in.word(name);
    if (whole || in.word(name.substr(0, 3))) return true;
  }
  return false;
}

bool read_month(scanner& in, int& month) {
  month = 0;
  for (std::string_view name :
       {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}) {
    ++month;
    if (in.word(name)) return true;
  }
  return false;
}

/// "06 Nov 1994" or "06-Nov-94".
bool read_day(scanner& in, std::string_view between, std::size_t year_digits,
              date::year_month_day& day) {
  int y = 0;
  int m = 0;
  int d = 0;
  if (!in.digits(2, d) || !in.word(between) || !read_month(in, m) || !in.word(between) ||
      !in.digits(year_digits, y))
    return false;
  if (year_digits == 2) y += y < 69 ? 2000 : 1900;  // as POSIX has it
  day = date::year{y} / m / d;
  return true;
}

/// " Nov  6 08:49:37 1994"
bool read_asctime(scanner& in, date::year_month_day& day, microseconds& clock) {
  int y = 0;
  int m = 0;
  int d = 0;
  if (!in.skip(" ") || !read_month(in, m) || !in.skip(" ") ||
      !(in.skip(" ") ? in.digits(1, d) : in.digits(2, d)) || !in.skip(" ") ||
      !read_clock(in, clock) || !in.skip(" ") || !in.digits(4, y))
    return false;
  day = date::year{y} / m / d;
  return true;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}  // namespace

sys_time wall_clock() { return std::chrono::floor<microseconds>(std::chrono::system_clock::now()); }

std::optional<sys_time> parse_iso8601(std::string_view text) {
  scanner in{trimmed(text)};
  date::year_month_day day;
  microseconds clock{0};
  minutes offset{0};
  if (!read_date(in, day)) return std::nullopt;
  if (!in.at_end() && (!in.skip("Tt ") || !read_clock(in, clock) || !read_zone(in, offset)))
    return std::nullopt;
  if (!in.at_end()) return std::nullopt;
  // The offset may lead into the year before or after.
  constexpr sys_time begin = date::sys_days{date::year{k_first_year} / 1 / 1};
  constexpr sys_time end = date::sys_days{date::year{10000} / 1 / 1} - seconds{1};
  const sys_time time = date::sys_days{day} + clock - offset;
  if (time < begin) return std::nullopt;
  return std::min(time, end);
}

std::optional<sys_time> parse_http_date(std::string_view text) {
  bool whole = false;
  scanner in{trimmed(text)};
  if (!read_weekday(in, whole)) return std::nullopt;
  const bool comma = in.word(", ");
  date::year_month_day day;
  microseconds clock{0};
  const bool good = comma ? read_day(in, whole ? "-" : " ", whole ? 2 : 4, day) && in.skip(" ") &&
                                read_clock(in, clock) && in.word(" GMT")
                          : read_asctime(in, day, clock);
  if (!good || !in.at_end() || !day.ok() || day.year() < date::year{k_first_year})
    return std::nullopt;
  return date::sys_days{day} + clock;
}

std::string format_rfc3339(sys_time time) {
  return date::format("%FT%TZ", date::floor<seconds>(time));
}

}  // namespace ostclean
