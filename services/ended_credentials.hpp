// Keystone lets an application credential in with those of its roles that its user still has, and
// not at all when that is none: who loses a role loses them silently.
#pragma once

#include "services/recategorize.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ostclean::services {

/// Ids of roles by project.
using roles_by_project = std::map<std::string, std::set<std::string>>;

roles_by_project roles_in_effect(const fresh_look& now);
/// What will be left of them, as far as that can be known before.
roles_by_project after_moves(roles_by_project before, const std::vector<role_move>& moves);

/// "application credentials that stop working: NAME (ID); that lose roles: NAME (ID): ROLE", empty
/// when none does.
std::string ended_credentials(const std::vector<application_credential>& all,
                              const roles_by_project& before, const roles_by_project& after);

}  // namespace ostclean::services
