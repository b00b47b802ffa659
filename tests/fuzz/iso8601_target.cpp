// Times from services and files: whatever is read as one is the same after it was written again.
#include "core/time.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <cstring>

using namespace ostclean;
using namespace ostclean::fuzz;

namespace {

void check(sys_time time, std::string_view text) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const std::string written = format_rfc3339(time);
  const auto again = parse_iso8601(written);
  require(again.has_value(), "what was written can be read", text);
  require(*again == whole, "a time survives being written", text);
  const auto day = parse_iso8601(written.substr(0, 10));
  require(day && *day == std::chrono::floor<std::chrono::days>(time), "a day begins at midnight",
          text);
}

// "2026-11-22T05:36:25+HH:MM" is that much earlier in UTC.
void check_offset(sys_time time, unsigned offset) {
  const int hours = static_cast<int>(offset % 24), minutes = static_cast<int>(offset / 24 % 60);
  std::string text = format_rfc3339(time);
  text.pop_back();
  char zone[8];
  std::snprintf(zone, sizeof zone, "+%02d:%02d", hours, minutes);
  const auto west = parse_iso8601(text + zone);
  const auto here = parse_iso8601(text + "Z");
  require(west && here, "an offset can be read", text + zone);
  require(*here - *west == std::chrono::hours{hours} + std::chrono::minutes{minutes},
          "an offset counts", text + zone);
}

}  // namespace

extern "C" int fuzz_iso8601(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  if (const auto time = parse_iso8601(text)) check(*time, text);
  if (const auto time = parse_http_date(text)) check(*time, text);
  std::int64_t seconds = 0;
  if (size < sizeof seconds) return 0;
  std::memcpy(&seconds, data, sizeof seconds);
  const sys_time time{std::chrono::seconds{seconds % 2000000000}};
  check(time, "a number");
  const sys_time after{std::chrono::seconds{std::abs(seconds % 60000000000)}};
  check_offset(after, static_cast<unsigned>(static_cast<std::uint64_t>(seconds) >> 40U));
  return 0;
}
