#include "cmd/clock.hpp"

#include <date/date.h>
#include <sstream>

namespace ostclean::cmd {
namespace {

std::optional<std::chrono::system_clock::time_point> parsed(const std::string& text,
                                                            const char* format) {
  std::istringstream in{text};
  date::sys_time<std::chrono::microseconds> when;
  in >> date::parse(format, when);
  if (in.fail() || in.peek() != std::char_traits<char>::eof()) return std::nullopt;
  return when;
}

}  // namespace

std::optional<std::chrono::system_clock::time_point> parse_time(const std::string& text) {
  for (const char* format : {"%FT%TZ", "%FT%T%Ez", "%F"})
    if (auto when = parsed(text, format)) return when;
  return std::nullopt;
}

std::string time_text(std::chrono::system_clock::time_point when) {
  return date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(when));
}

}  // namespace ostclean::cmd
