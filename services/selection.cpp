// The caller's way of services/selection.hpp: projects and users by name, judged and checked with
// the caller's own rights.
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "services/misspelt.hpp"
#include "services/selection_run.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace ostclean::services {
namespace {

error for_caller(error e) {
  if (e.code == errc::forbidden)
    e.hint = "only an administrator names projects; --auth-project is the one of the credentials";
  return e;
}

selection_step add_projects(selection_run& all) {
  for (const auto& name : all.wanted.projects) {
    auto found = co_await all.from.find_project(name, all.wanted.project_domain);
    if (!found && all.wanted.again && found.error().code != errc::forbidden) continue;
    if (!found) co_return for_caller(found.error());
    auto why = why_protected(*found, all.rules, all.caller, all.lent);
    if (why && all.wanted.again) continue;
    if (why) co_return *why;
    all.overridden.insert(found->id);
    all.add(*found, "--project");
  }
  co_return true;
}

/// The project of the caller's token. The caller is the user here, so its own keypairs go too.
selection_step add_auth_project(selection_run& all) {
  if (all.caller.project_id.empty())
    co_return error(errc::config, "--auth-project: the credentials are not scoped to a project");
  auto found = co_await all.from.project_by_id(all.caller.project_id);
  if (!found) co_return found.error();
  auto why = why_protected(*found, all.rules, all.caller, all.lent);
  if (why && all.wanted.again) co_return true;
  if (why) co_return *why;
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
identity::answer<std::vector<user>> named_users(selection_run& all) {
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

/// Who may list all users is no tenant, whatever its roles are called: where it works from is
/// nobody's trial.
std::optional<error> why_home(const selection_run& all, const target& what) {
  if (what.project_id != all.caller.project_id || what.origin == "--auth-project" ||
      all.lent(all.caller.user_id, what.project_id, ""))
    return std::nullopt;
  return error(errc::refused,
               fmt::format("project {} ({}) is protected: it is the caller's own, and the caller "
                           "is an administrator",
                           what.project_name, what.project_id));
}

/// A protected own project is not looked at here: it refuses the run later, as with --project.
void judge_users(selection_run& all, std::vector<user> users) {
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

selection_step add_own_projects(selection_run& all, std::vector<user> users) {
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
    all.add(found->second, "user " + one.who.name);
    if (all.overridden.contains(found->first)) continue;
    auto why = why_protected(found->second, all.rules, all.caller, all.lent);
    if (!why) why = why_home(all, all.targets.at(found->first));
    if (why) all.refused.emplace(found->first, std::move(*why));
  }
  co_return true;
}

void add_keypair_users(selection_run& all) {
  for (const auto& who : all.everyone) {
    const auto found = all.targets.find(who.own_project());
    if (found == all.targets.end() || who.id == all.caller.user_id) continue;
    const auto judged =
        judge(who, all.book.held_by(who.id), all.rules, all.book.protected_projects, all.now);
    auto& list = found->second.keypair_users;
    if (judged.state != trial_state::protected_ && !contains(list, who.id)) list.push_back(who.id);
  }
}

/// Who named the project may not have known whose it is.
void note_running(selection_run& all) {
  for (const auto& who : all.everyone) {
    const auto found = all.targets.find(who.own_project());
    if (found == all.targets.end() || !all.overridden.contains(found->first)) continue;
    const auto judged =
        judge(who, all.book.held_by(who.id), all.rules, all.book.protected_projects, all.now);
    if (!runs(judged)) continue;
    running_project one;
    one.project_id = found->first;
    one.project_name = found->second.project_name;
    one.user_name = who.name;
    one.role = judged.role;
    one.until = judged.expires_at;
    all.made.running.push_back(std::move(one));
  }
}

selection_step read_everybody(selection_run& all) {
  auto everyone = co_await all.from.all_users();
  if (!everyone) co_return everyone.error();
  all.everyone = std::move(*everyone);
  for (const auto& who : all.everyone) all.names.emplace(who.id, who.name);
  for (auto& line : unused_email_domains(all.everyone, all.rules))
    all.made.warnings.push_back(std::move(line));
  co_return true;
}

selection_step read_roles(selection_run& all) {
  std::vector<std::string> becomes;
  for (const auto& rule : all.rules.roles)
    if (!rule.becomes.empty()) becomes.push_back(rule.becomes);
  auto book = co_await read_role_book(all.from, all.rules, std::move(becomes));
  if (!book) co_return book.error();
  all.book = std::move(*book);
  co_return true;
}

/// What only somebody who may list users and roles can do.
selection_step with_users(selection_run& all) {
  for (const auto& [id, one] : all.targets)
    if (auto why = why_home(all, one)) co_return *why;
  auto users = co_await named_users(all);
  if (!users) co_return users.error();
  auto own = co_await add_own_projects(all, std::move(*users));
  if (!own || all.targets.empty()) co_return own;
  auto checked = co_await check_others(all);
  if (!checked) co_return checked;
  add_keypair_users(all);
  note_running(all);
  co_return true;
}

/// What every later step looks things up in, read side by side with the projects themselves.
selection_step read_all(selection_run& all, bool users_too) {
  std::optional<result<bool>> projects, roles, everybody;
  std::vector<http::asio::awaitable<void>> reads;
  reads.push_back(put(add_projects(all), projects));
  if (users_too) {
    reads.push_back(put(read_roles(all), roles));
    reads.push_back(put(read_everybody(all), everybody));
  }
  co_await all_of(std::move(reads));
  for (const auto* one : {&projects, &roles, &everybody})
    if (*one && !**one) co_return **one;
  co_return true;
}

}  // namespace

identity::answer<selection> select(identity& from, const policy& rules, const auth::token& caller,
                                   selectors wanted, is_lent lent, sys_time now) {
  selection_run all(from, rules, caller, std::move(wanted), std::move(lent), now);
  if (all.wanted.empty()) co_return error(errc::usage, "nothing is selected");
  selectors others = all.wanted;
  others.auth_project = false;
  auto read = co_await read_all(all, !others.empty());
  if (!read) co_return read.error();
  if (all.wanted.auth_project) {
    auto own = co_await add_auth_project(all);
    if (!own) co_return own.error();
  }
  if (!others.empty()) {
    auto users = co_await with_users(all);
    if (!users) co_return users.error();
  }
  for (const auto& id : all.order) all.made.targets.push_back(std::move(all.targets.at(id)));
  co_return std::move(all.made);
}

}  // namespace ostclean::services
