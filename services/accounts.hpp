// The accounts a policy speaks about: who holds its roles, directly or through a group, and what
// the trial rules say about each of them. `users` prints them, every command that selects users
// judges by them.
#pragma once

#include "core/time.hpp"
#include "services/identity.hpp"
#include "services/policy.hpp"
#include "services/trial.hpp"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ostclean::services {

/// Who holds which of the roles that matter, and the ids of the projects the policy protects.
class role_book {
 public:
  role_book() = default;
  /// The role of that id or name, null when Keystone has none.
  const named* find(const std::string& id_or_name) const;
  const std::vector<held_role>& held_by(const std::string& user_id) const;
  held_role held_by_way_of(const assignment& from, bool via_group) const;

  std::vector<named> roles;
  std::map<std::string, std::vector<held_role>> by_user;
  std::set<std::string> protected_projects;
  std::vector<std::string> missing;  ///< roles that were asked for and that Keystone does not know
};

/// Reads the assignments of the policy's roles, of the protected roles and of `more` (ids or
/// names): one request a role, one a group that holds one.
identity::answer<role_book> read_role_book(identity& from, const policy& rules,
                                           std::vector<std::string> more);

class account {
 public:
  account() = default;
  account(user who, std::vector<held_role> held, verdict judged)
      : who(std::move(who)), held(std::move(held)), judged(std::move(judged)) {}
  user who;
  std::vector<held_role> held;
  verdict judged;
};

class account_filter {
 public:
  account_filter() = default;
  std::vector<std::string> roles;  ///< ids or names; empty: every role of the policy
  std::vector<trial_state> states;
  std::string domain, project;  ///< ids or names
};

class account_list {
 public:
  account_list() = default;
  std::vector<account> accounts;  ///< by remaining days (unknown last), then name
  std::vector<std::string> notes;
};

/// Every account that holds one of the roles. errc::config when a role, the domain or the project
/// that was asked for does not exist.
identity::answer<account_list> list_accounts(identity& from, const policy& rules,
                                             account_filter filter, sys_time now);

}  // namespace ostclean::services
