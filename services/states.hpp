// What the services' words for states and refusals mean for a delete.
#pragma once

#include "core/plan/engine.hpp"
#include "services/item.hpp"

#include <string>
#include <string_view>

namespace ostclean::services {

/// A server that was deleted on a cloud that keeps those for a while.
bool is_set_aside(const item& one);
/// "deleting", "PENDING_DELETE", "DELETE_IN_PROGRESS", and a server that is "DELETED" for a moment
/// before it vanishes.
bool is_being_deleted(const item& one, std::string_view status);
/// "creating", "PENDING_UPDATE", "backing-up": passes by itself.
bool is_busy(std::string_view status);
/// A server that is put on the shelf, or on the way there, or back.
bool is_or_gets_shelved(const boost::json::value& server);
/// Among the row's `broken`.
bool is_broken(const item& one, std::string_view status);
std::string state_of(const item& one);
std::string fault_of(const item& one);  ///< ": message" in the service's words, or nothing

/// The step a refused delete means: a conflict to try again, busy to wait out, or a failure.
plan::step step_of(const item& one, const error& why);

}  // namespace ostclean::services
