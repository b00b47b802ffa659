// What the steps of one selection by the caller share; seen by services/selection*.cpp only.
#pragma once

#include "core/time.hpp"
#include "services/selection.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ostclean::services {

class selection_run {
 public:
  selection_run(identity& from, const policy& rules, const auth::token& caller, selectors wanted,
                is_lent lent, sys_time now)
      : from(from),
        rules(rules),
        caller(caller),
        wanted(std::move(wanted)),
        lent(lent ? std::move(lent) : [](const auto&, const auto&, const auto&) { return false; }),
        now(now) {}

  identity& from;
  const policy& rules;
  const auth::token& caller;
  selectors wanted;
  is_lent lent;
  sys_time now;

  selection made;
  role_book book;
  std::vector<user> everyone;
  std::map<std::string, target> targets;     ///< by project id
  std::vector<std::string> order;            ///< project ids as they were selected
  std::map<std::string, error> refused;      ///< by project id, of those reached through users
  std::set<std::string> overridden;          ///< named by --project: others may use them
  std::set<std::string> selected;            ///< ids of the users that may be touched
  std::map<std::string, std::string> names;  ///< of users, by id

  void add(const project& what, std::string origin) {
    if (targets.contains(what.id)) return;
    target one;
    one.project_id = what.id;
    one.project_name = what.name;
    one.project_domain_id = what.domain_id;
    one.project_enabled = what.enabled;
    one.origin = std::move(origin);
    targets.emplace(what.id, std::move(one));
    order.push_back(what.id);
  }
};

/// True or an error: a step of a selection.
using selection_step = identity::answer<bool>;

/// errc::refused when somebody who is not selected has a direct role in a project that was reached
/// through a user, alone or as a member of a group, or calls it the own one.
selection_step check_others(selection_run& all);

}  // namespace ostclean::services
