// Times as OpenStack writes them. Its services leave out the zone (and mean UTC), write +00:00, add
// microseconds or a space, and the seed's user attributes hold bare dates.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ostclean {

using sys_time = std::chrono::system_clock::time_point;  ///< UTC

/// "2026-11-22", optionally with 'T' or ' ' and "05:36[:25[.123456]]", optionally with "Z", "UTC"
/// or an offset; no zone means UTC. Years after 2261 ("9999-12-31": never) become the end of 2261,
/// the last that sys_time can hold; years before 1678 are refused.
std::optional<sys_time> parse_iso8601(std::string_view text);

/// The three forms of RFC 9110, 5.6.7.
std::optional<sys_time> parse_http_date(std::string_view text);

std::string format_rfc3339(sys_time time);  ///< "2026-11-22T05:36:25Z", fractions cut off
std::string format_date(sys_time time);     ///< "2026-11-22"

sys_time start_of_day(sys_time time);
sys_time add_days(sys_time time, int days);
/// Calendar days from the day of `from` to the day of `to`: negative when `to` is earlier.
int days_between(sys_time from, sys_time to);

}  // namespace ostclean
