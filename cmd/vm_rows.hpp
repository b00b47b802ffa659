// What the commands for os-vm-expire show: its own fields under their own names, and beside them
// what a person or a script wants to read instead of an epoch or a number.
#pragma once

#include "cmd/context.hpp"
#include "services/vm_exclusion.hpp"
#include "services/vm_expiration.hpp"

#include <boost/json/object.hpp>
#include <vector>

namespace ostclean::cmd {

/// The keys of an expiration. `time_left` is among them for people only, or where -c asks for it.
report::table expiration_head(const context& ctx);
report::table exclusion_head();
/// With "argument" before and "outcome" and "reason" behind: what a change came to.
report::table with_outcome(report::table head);

/// The service's fields, `expires_at` and `time_left`.
boost::json::object shown(const services::vm_expiration& row, sys_time now);
/// past, or near: a week at most.
report::tone tone_of(const services::vm_expiration& row, sys_time now);

/// One row for `head`; a field that it does not know becomes one more hidden key, where `extends`.
std::vector<boost::json::value> cells(report::table& head, const boost::json::object& body,
                                      bool extends = true);

}  // namespace ostclean::cmd
