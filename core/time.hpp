// Times as OpenStack writes them. Its services leave out the zone (and mean UTC), write +00:00, add
// microseconds or a space, and the seed's user attributes hold bare dates.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ostclean {

/// UTC. Of microseconds, so that the span between any two years that can be written has its number:
/// in nanoseconds 1730 and 2026 are too far apart.
using sys_time = std::chrono::sys_time<std::chrono::microseconds>;

sys_time wall_clock();

/// "2026-11-22", optionally with 'T' or ' ' and "05:36[:25[.123456]]", optionally with "Z", "UTC"
/// or an offset; no zone means UTC. What an offset leads beyond 9999 becomes its end, so that it
/// can be written. Years before 1900 are refused: "0001-01-01" is some language's zero, not a time.
std::optional<sys_time> parse_iso8601(std::string_view text);

/// The three forms of RFC 9110, 5.6.7.
std::optional<sys_time> parse_http_date(std::string_view text);

std::string format_rfc3339(sys_time time);  ///< "2026-11-22T05:36:25Z", fractions cut off

}  // namespace ostclean
