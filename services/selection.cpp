// The caller's way of services/selection.hpp: projects and users by name, judged and checked with
// the caller's own rights.
#include "services/selection.hpp"

#include "core/bounded.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace ostclean::services {
namespace {

constexpr std::size_t k_at_once = 16;

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

std::string label(const std::string& name, const std::string& id) {
  return name.empty() ? id : fmt::format("{} ({})", name, id);
}

error refusal(const project& what, std::string why) {
  return error(errc::refused,
               fmt::format("project {} is protected: {}", label(what.name, what.id), why));
}

/// Everything the steps of one selection share.
class run {
 public:
  run(identity& from, const policy& rules, const auth::token& caller, selectors wanted,
      is_lent lent, std::chrono::system_clock::time_point now)
      : from(from),
        rules(rules),
        caller(caller),
        wanted(std::move(wanted)),
        lent(lent ? std::move(lent) : [](const std::string&, const std::string&) { return false; }),
        now(now) {}

  identity& from;
  const policy& rules;
  const auth::token& caller;
  selectors wanted;
  is_lent lent;
  std::chrono::system_clock::time_point now;

  selection made;
  role_book book;
  std::vector<user> everyone;
  std::map<std::string, target> targets;     ///< by project id
  std::vector<std::string> order;            ///< project ids as they were selected
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

using step = identity::answer<bool>;

step add_projects(run& all) {
  for (const auto& name : all.wanted.projects) {
    auto found = co_await all.from.find_project(name, all.wanted.project_domain);
    if (!found) co_return found.error();
    if (auto why = why_protected(*found, all.rules, all.caller, all.lent)) co_return *why;
    all.overridden.insert(found->id);
    all.add(*found, "--project");
  }
  co_return true;
}

/// The project of the caller's token. The caller is the user here, so its own keypairs go too.
step add_auth_project(run& all) {
  if (all.caller.project_id.empty())
    co_return error(errc::config, "--auth-project: the credentials are not scoped to a project");
  auto found = co_await all.from.project_by_id(all.caller.project_id);
  if (!found) co_return found.error();
  if (auto why = why_protected(*found, all.rules, all.caller, all.lent)) co_return *why;
  all.overridden.insert(found->id);
  all.add(*found, "--auth-project");
  auto self = co_await all.from.user_by_id(all.caller.user_id);
  if (!self && self.error().code != errc::forbidden) co_return self.error();
  if (self && self->own_project() == found->id)
    all.targets.at(found->id).keypair_users.push_back(self->id);
  else
    all.made.warnings.push_back(
        fmt::format("project {} is not known to be the own project of user {}: keypairs stay",
                    found->name, all.caller.user_name));
  co_return true;
}

/// Users of --user and --users; the place they were named at is kept for messages.
identity::answer<std::vector<user>> named_users(run& all) {
  std::vector<user> found;
  for (const auto& name : all.wanted.users) {
    auto one = co_await all.from.find_user(name, all.wanted.user_domain);
    if (!one) co_return one.error();
    found.push_back(std::move(*one));
  }
  if (all.wanted.users_file.empty()) co_return found;
  auto listed = read_users_file(all.wanted.users_file);
  if (!listed) co_return listed.error();
  for (auto& warning : listed->warnings) all.made.warnings.push_back(std::move(warning));
  std::vector<std::string> ids;
  for (const auto& one : listed->entries) ids.push_back(one.id);
  auto known = co_await all.from.users_by_id(std::move(ids));
  if (!known) co_return known.error();
  for (const auto& one : listed->entries) {
    const auto who = known->find(one.id);
    if (who == known->end())
      co_return error(errc::config, fmt::format("{}: no user with id {}", one.where, one.id));
    found.push_back(std::move(who->second));
  }
  co_return found;
}

/// A protected own project is not looked at here: it refuses the run later, as with --project.
void judge_users(run& all, std::vector<user> users) {
  for (auto& who : users) {
    if (all.selected.contains(who.id)) continue;
    const auto& held = all.book.held_by(who.id);
    account one(std::move(who), held, verdict());
    one.judged = judge(one.who, held, all.rules, std::set<std::string>(), all.now);
    std::string why = why_spared(one, all.rules);
    if (why.empty()) {
      all.selected.insert(one.who.id);
      all.made.accounts.push_back(std::move(one));
    } else if (std::none_of(
                   all.made.spared.begin(), all.made.spared.end(),
                   [&one](const left_alone& other) { return other.user_id == one.who.id; })) {
      all.made.spared.emplace_back(one.who.id, one.who.name, one.who.own_project(), std::move(why));
    }
  }
}

step add_own_projects(run& all, std::vector<user> users) {
  std::vector<std::string> ids;
  for (const auto& who : users)
    if (!who.own_project().empty()) ids.push_back(who.own_project());
  auto projects = co_await all.from.projects_by_id(std::move(ids));
  if (!projects) co_return projects.error();
  judge_users(all, std::move(users));
  for (const auto& one : all.made.accounts) {
    const auto found = projects->find(one.who.own_project());
    if (found == projects->end()) {
      all.made.spared.emplace_back(
          one.who.id, one.who.name, one.who.own_project(),
          one.who.own_project().empty() ? "has no project of its own" : "its own project is gone");
      continue;
    }
    if (auto why = why_protected(found->second, all.rules, all.caller, all.lent)) co_return *why;
    all.add(found->second, "user " + one.who.name);
  }
  co_return true;
}

/// Whether somebody who is not selected has a direct role in a project, as a user or as a member of
/// a group, or calls it the own one.
class look_for_others {
 public:
  look_for_others(run& all, std::vector<std::string> projects)
      : projects(std::move(projects)), all_(all) {}

  http::asio::awaitable<void> operator()(std::size_t i) {
    if (failed) co_return;
    auto rows = co_await all_.from.assignments_on_project(projects[i]);
    if (!rows) {
      failed = rows.error();
      co_return;
    }
    for (const auto& row : *rows) {
      if (!row.user_id.empty()) look_at(projects[i], row.user_id, row.role_id, "");
      if (row.group_id.empty()) continue;
      auto members = co_await all_.from.group_members(row.group_id);
      if (!members) failed = members.error();
      if (failed) co_return;
      for (const auto& member : *members)
        look_at(projects[i], member.id, row.role_id, row.group_id);
    }
  }

  std::vector<std::string> projects;
  std::optional<error> failed;

 private:
  void look_at(const std::string& project_id, const std::string& user_id,
               const std::string& role_id, const std::string& group_id) {
    if (failed || all_.selected.contains(user_id) || all_.lent(user_id, project_id)) return;
    const auto* role = all_.book.find(role_id);
    const std::string through = group_id.empty() ? "" : " through group " + group_id;
    const auto name = all_.names.find(user_id);
    const auto& where = all_.targets.at(project_id);
    failed = error(
        errc::refused,
        fmt::format("user {} is not selected and has the role {} in project {}{}",
                    label(name == all_.names.end() ? "" : name->second, user_id),
                    role ? role->name : role_id, label(where.project_name, project_id), through));
    failed->hint = "select the project with --project when it is to be emptied all the same";
  }

  run& all_;
};

std::optional<error> others_own(run& all) {
  for (const auto& who : all.everyone) {
    const auto found = all.targets.find(who.own_project());
    if (found == all.targets.end() || all.overridden.contains(found->first)) continue;
    if (all.selected.contains(who.id)) continue;
    error e(errc::refused,
            fmt::format("project {} is also the own project of user {}, who is not selected",
                        label(found->second.project_name, found->first), label(who.name, who.id)));
    e.hint = "select the project with --project when it is to be emptied all the same";
    return e;
  }
  return std::nullopt;
}

void add_keypair_users(run& all) {
  for (const auto& who : all.everyone) {
    const auto found = all.targets.find(who.own_project());
    if (found == all.targets.end() || who.id == all.caller.user_id) continue;
    const auto judged =
        judge(who, all.book.held_by(who.id), all.rules, all.book.protected_projects, all.now);
    auto& list = found->second.keypair_users;
    if (judged.state != trial_state::protected_ && !contains(list, who.id)) list.push_back(who.id);
  }
}

step read_everybody(run& all) {
  auto everyone = co_await all.from.all_users();
  if (!everyone) co_return everyone.error();
  all.everyone = std::move(*everyone);
  for (const auto& who : all.everyone) all.names.emplace(who.id, who.name);
  co_return true;
}

step check_others(run& all) {
  if (auto why = others_own(all)) co_return *why;
  std::vector<std::string> reached;
  for (const auto& id : all.order)
    if (!all.overridden.contains(id)) reached.push_back(id);
  look_for_others look(all, std::move(reached));
  co_await run_bounded(look.projects.size(), k_at_once, look);
  if (look.failed) co_return *look.failed;
  co_return true;
}

step read_roles(run& all) {
  std::vector<std::string> becomes;
  for (const auto& rule : all.rules.roles)
    if (!rule.becomes.empty()) becomes.push_back(rule.becomes);
  auto book = co_await read_role_book(all.from, all.rules, std::move(becomes));
  if (!book) co_return book.error();
  all.book = std::move(*book);
  co_return true;
}

/// What only somebody who may list users and roles can do.
step with_users(run& all) {
  auto roles = co_await read_roles(all);
  if (!roles) co_return roles;
  auto users = co_await named_users(all);
  if (!users) co_return users.error();
  auto own = co_await add_own_projects(all, std::move(*users));
  if (!own || all.targets.empty()) co_return own;
  auto everybody = co_await read_everybody(all);
  if (!everybody) co_return everybody;
  auto checked = co_await check_others(all);
  if (!checked) co_return checked;
  add_keypair_users(all);
  co_return true;
}

}  // namespace

std::optional<error> why_protected(const project& what, const policy& rules,
                                   const auth::token& caller, const is_lent& lent) {
  if (what.is_domain) return refusal(what, "it is a domain");
  for (const auto& listed : rules.protected_projects)
    if (listed == what.id || listed == what.name)
      return refusal(what, "the policy lists it (protect.projects)");
  if (contains(what.tags, rules.protected_tag))
    return refusal(what, fmt::format("it has the tag {}", rules.protected_tag));
  const bool borrowed = lent && lent(caller.user_id, what.id);
  if (what.id == caller.project_id && contains(caller.roles, "admin") && !borrowed)
    return refusal(what, "it is the caller's own admin project");
  return std::nullopt;
}

std::string why_spared(const account& who, const policy& rules) {
  const auto& judged = who.judged;
  if (judged.state == trial_state::expired) return "";
  if (judged.state == trial_state::protected_) return judged.reason;
  if (judged.state == trial_state::none) return recategorized(who.held, rules) ? "" : judged.reason;
  const std::string state = fmt::format("not expired (role {})", judged.role);
  if (judged.remaining_days)
    return fmt::format("{}: {} days remain", state, *judged.remaining_days);
  return judged.reason.empty() ? state : fmt::format("{}: {}", state, judged.reason);
}

identity::answer<selection> select(identity& from, const policy& rules, const auth::token& caller,
                                   selectors wanted, is_lent lent,
                                   std::chrono::system_clock::time_point now) {
  run all(from, rules, caller, std::move(wanted), std::move(lent), now);
  if (all.wanted.empty()) co_return error(errc::usage, "nothing is selected");
  auto projects = co_await add_projects(all);
  if (!projects) co_return projects.error();
  if (all.wanted.auth_project) {
    auto own = co_await add_auth_project(all);
    if (!own) co_return own.error();
  }
  selectors others = all.wanted;
  others.auth_project = false;
  if (!others.empty()) {
    auto users = co_await with_users(all);
    if (!users) co_return users.error();
  }
  for (const auto& id : all.order) all.made.targets.push_back(std::move(all.targets.at(id)));
  co_return std::move(all.made);
}

}  // namespace ostclean::services
