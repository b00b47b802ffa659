#include "services/recheck.hpp"

#include "services/selection.hpp"

#include <algorithm>

namespace ostclean::services {
namespace {

/// A protected project protects whose own it is; its tags are known only to itself.
identity::answer<std::string> why_home_is_protected(identity& from, std::string project_id,
                                                    const policy& rules) {
  if (project_id.empty()) co_return std::string();
  auto place = co_await from.project_by_id(std::move(project_id));
  if (!place && place.error().code == errc::not_found) co_return std::string();
  if (!place) co_return place.error();
  const auth::token nobody;
  const auto why = why_protected(*place, rules, nobody, is_lent());
  co_return why ? why->message : std::string();
}

}  // namespace

identity::answer<fresh_look> recheck::look(std::string user_id) {
  auto who = co_await from_.user_by_id(user_id);
  if (!who) co_return who.error();
  auto own = co_await from_.assignments_of_user(user_id, false);
  if (!own) co_return own.error();
  auto all = co_await from_.assignments_of_user(user_id, true);
  if (!all) co_return all.error();
  std::vector<held_role> roles;
  for (const auto& row : *own) roles.push_back(book_.held_by_way_of(row, false));
  for (const auto& row : *all) {
    const auto same = [&row](const assignment& mine) { return mine.role_id == row.role_id; };
    if (std::none_of(own->begin(), own->end(), same))
      roles.push_back(book_.held_by_way_of(row, true));
  }
  fresh_look made;
  verdict judged = judge(*who, roles, rules_, book_.protected_projects, now_);
  if (judged.state != trial_state::protected_) {
    std::string home = who->own_project();
    auto why = co_await why_home_is_protected(from_, std::move(home), rules_);
    if (!why) co_return why.error();
    if (!why->empty()) {
      judged.state = trial_state::protected_;
      judged.rule = protection::project;
      judged.reason = std::move(*why);
    }
  }
  made.who = account(std::move(*who), std::move(roles), std::move(judged));
  made.own = std::move(*own);
  made.effective = std::move(*all);
  co_return made;
}

}  // namespace ostclean::services
