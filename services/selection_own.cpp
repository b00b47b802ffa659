// The users' own way of services/selection.hpp: each question about a user is asked with that
// user's own token, never with an administrator's.
#include "core/bounded.hpp"
#include "services/selection.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace ostclean::services {
namespace {

constexpr std::size_t k_logins_at_once = 8;

/// What was found out about one user of the file.
class finding {
 public:
  finding() = default;
  std::optional<target> found;
  std::optional<account> judged;
  std::optional<left_alone> spared;
  std::optional<locked_out> failed;
};

/// The roles of the token: those held in the user's project, directly or not.
std::vector<held_role> held_in(const std::string& project_id, const std::vector<named>& roles) {
  std::vector<held_role> held;
  for (const auto& role : roles) {
    held_role one;
    one.id = role.id;
    one.name = role.name;
    one.project_id = project_id;
    held.push_back(std::move(one));
  }
  return held;
}

std::vector<named> named_only(const std::vector<std::string>& names) {
  std::vector<named> roles;
  for (const auto& name : names) roles.emplace_back().name = name;
  return roles;
}

bool is_refusal_to_log_in(const error& e) {
  return e.code == errc::auth || e.code == errc::forbidden || e.code == errc::not_found;
}

class look_at_users {
 public:
  look_at_users(std::vector<credentials> users, const policy& rules, log_in open, sys_time now)
      : users(std::move(users)),
        findings(this->users.size()),
        rules_(rules),
        open_(std::move(open)),
        now_(now) {}

  http::asio::awaitable<void> operator()(std::size_t i) {
    if (stopped) co_return;
    auto entering = open_(users[i]);
    auto in = co_await std::move(entering);
    if (!in && is_refusal_to_log_in(in.error()))
      findings[i].failed.emplace(fmt::format("{} ({})", users[i].label(), users[i].where),
                                 in.error());
    else if (!in)
      stopped = in.error();
    if (!in) co_return;
    auto done = co_await look(findings[i], users[i], *in);
    if (!done && !stopped) stopped = done.error();
  }

  std::vector<credentials> users;
  std::vector<finding> findings;
  std::optional<error> stopped;

 private:
  identity::answer<bool> look(finding& into, const credentials& given, const acting& self) {
    identity from(*self.who, self.identity_url);
    auto who = co_await from.user_by_id(self.token.user_id);
    if (!who) co_return who.error();
    if (!given.user_id.empty() && given.user_id != who->id)
      co_return error(errc::config, fmt::format("{}: the login is that of user {}, not of {}",
                                                given.where, who->id, given.user_id));
    auto roles = co_await from.roles_of_token(self.token.id);
    // A trust's token may not ask about itself; the names in it are enough for a policy that names
    // roles.
    if (!roles && roles.error().code == errc::forbidden) roles = named_only(self.token.roles);
    if (!roles) co_return roles.error();
    account one(std::move(*who), held_in(self.token.project_id, *roles), verdict());
    one.judged = judge(one.who, one.held, rules_, std::set<std::string>(), now_);
    std::string why = why_spared(one, rules_);
    if (why.empty() && one.who.own_project() != self.token.project_id)
      why = fmt::format("project {} is not its own", self.token.project_id);
    if (!why.empty()) {
      into.spared.emplace(one.who.id, one.who.name, one.who.own_project(), std::move(why));
      co_return true;
    }
    auto place = co_await from.project_by_id(one.who.own_project());
    if (!place) co_return place.error();
    if (auto refused = why_protected(*place, rules_, self.token, is_lent())) co_return *refused;
    into.found = target_of(*place, one.who, given);
    into.judged = std::move(one);
    co_return true;
  }

  static target target_of(const project& place, const user& who, const credentials& given) {
    target made;
    made.project_id = place.id;
    made.project_name = place.name;
    made.project_domain_id = place.domain_id;
    made.project_enabled = place.enabled;
    made.keypair_users.push_back(who.id);
    made.acts_as.push_back(given);
    made.origin = "user " + who.name;
    return made;
  }

  const policy& rules_;
  log_in open_;
  sys_time now_;
};

/// Two users with one own project make one target with two sets of credentials.
void add(selection& made, target one) {
  for (auto& there : made.targets) {
    if (there.project_id != one.project_id) continue;
    there.keypair_users.push_back(one.keypair_users.front());
    there.acts_as.push_back(std::move(one.acts_as.front()));
    return;
  }
  made.targets.push_back(std::move(one));
}

/// The same user under two spellings in the file is one user.
bool known(const selection& made, const std::string& user_id) {
  return std::any_of(made.accounts.begin(), made.accounts.end(),
                     [&user_id](const account& one) { return one.who.id == user_id; });
}

bool known(const selection& made, const credentials& who) {
  return std::any_of(made.accounts.begin(), made.accounts.end(), [&who](const account& one) {
    return who.user_id.empty() ? one.who.name == who.user_name : one.who.id == who.user_id;
  });
}

/// A project is not emptied through one of its users while another of the file is left alone or
/// could not log in: as drop_refused does for an administrator.
class shared_projects {
 public:
  void add(const std::string& project_id, const std::string& user, const char* how) {
    if (!project_id.empty())
      reasons_.emplace(project_id,
                       fmt::format("also the own project of user {}, who {}", user, how));
  }

  result<void> drop_from(selection& made) const {
    std::optional<error> last;
    for (const auto& [id, why] : reasons_) {
      const auto at = std::find_if(made.targets.begin(), made.targets.end(),
                                   [&id = id](const target& one) { return one.project_id == id; });
      if (at == made.targets.end()) continue;
      last = error(errc::refused, fmt::format("project {} is {}", at->project_name, why));
      last->hint = "leave its users out of the file, or select it with --project";
      made.failed.emplace_back(at->origin, *last);
      made.targets.erase(at);
      std::erase_if(made.accounts,
                    [&id = id](const account& one) { return one.who.own_project() == id; });
    }
    if (last && made.targets.empty()) return *last;
    return {};
  }

 private:
  std::map<std::string, std::string> reasons_;  ///< by project
};

}  // namespace

identity::answer<selection> select_as_users(std::vector<credentials> users, const policy& rules,
                                            log_in open, sys_time now) {
  if (users.empty()) co_return error(errc::usage, "nothing is selected");
  look_at_users look(std::move(users), rules, std::move(open), now);
  co_await run_bounded(look.users.size(), k_logins_at_once, look);
  if (look.stopped) co_return *look.stopped;
  selection made;
  shared_projects shared;
  for (std::size_t i = 0; i < look.findings.size(); ++i) {
    auto& one = look.findings[i];
    if (one.failed) made.failed.push_back(std::move(*one.failed));
    if (one.spared) {
      shared.add(one.spared->project_id, one.spared->user_name, "is left alone");
      made.spared.push_back(std::move(*one.spared));
    }
    if (!one.found || known(made, one.judged->who.id)) continue;
    made.accounts.push_back(std::move(*one.judged));
    add(made, std::move(*one.found));
  }
  for (std::size_t i = 0; i < look.findings.size(); ++i)
    if (const auto& who = look.users[i]; look.findings[i].failed && !known(made, who))
      shared.add(who.project_id, who.label(), "could not log in");
  if (auto rest = shared.drop_from(made); !rest) co_return rest.error();
  co_return made;
}

}  // namespace ostclean::services
