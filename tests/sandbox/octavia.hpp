// What the files of the load balancer service share.
#pragma once

#include "tests/sandbox/world.hpp"

namespace sandbox {

// The machine behind a load balancer, which is Octavia's own: its ports stand on the balancer's
// network and on those of its members, and belong to Octavia's project.
void plug_amphora(context& c, const record& balancer);
void plug_member(context& c, const std::string& balancer, const std::string& subnet);
void unplug_amphora(world& w, const std::string& region, const std::string& balancer);
std::span<const route> octavia_other_routes();  ///< what is no part of a balancer

[[noreturn]] void octavia_fail(int status, const std::string& why);
/// next and previous, which keep the size and the order of the pages and forget every filter.
json::array octavia_links(const context& c, const page& got);
void octavia_order(const context& c, rows& all);
void octavia_check(const context& c);  ///< refuses a filter that nobody knows
reply octavia_versions(const context& c);
/// What a new listener or pool says besides what was sent.
json::object octavia_defaults(std::string_view kind);

}  // namespace sandbox
