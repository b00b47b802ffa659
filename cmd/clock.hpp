// Times as the command line writes them.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace ostclean::cmd {

/// RFC 3339 ("2026-01-31T12:00:00Z", "...+01:00") or a date alone, which is its midnight UTC.
std::optional<std::chrono::system_clock::time_point> parse_time(const std::string& text);
/// "2026-01-31T12:00:00Z"
std::string time_text(std::chrono::system_clock::time_point when);

}  // namespace ostclean::cmd
