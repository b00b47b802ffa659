// Lengths of time as people write and read them: "7d" on the command line, "3 days" in a table.
#pragma once

#include "core/time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ostclean::cmd {

/// "7d", "36h", "2w", "30m", "45s", or several of them together: "1d12h". Nothing for anything
/// else, also for a number without a unit and for more than a hundred years.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

/// "30 days", "47 hours", "5 minutes", "less than a minute"; one unit, rounded down.
std::string in_words(std::chrono::seconds time);

/// "30 days", or "expired 3 days ago".
std::string time_left(sys_time end, sys_time now);

}  // namespace ostclean::cmd
