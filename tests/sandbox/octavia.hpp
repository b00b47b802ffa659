// What the files of the load balancer service share.
#pragma once

#include "tests/sandbox/world.hpp"

namespace sandbox {

[[noreturn]] void octavia_fail(int status, const std::string& why);
/// next and previous, which keep the size and the order of the pages and forget every filter.
json::array octavia_links(const context& c, const page& got);
void octavia_order(const context& c, rows& all);
void octavia_check(const context& c);  ///< refuses a filter that nobody knows
reply octavia_versions(const context& c);
/// What a new listener or pool says besides what was sent.
json::object octavia_defaults(std::string_view kind);

}  // namespace sandbox
