// Which projects a changing command may touch, and as whom. Names, users and files become targets
// here, and every rule that keeps somebody else's things out of a run is applied before the first
// change: whose trial is not over is left alone, a project other people use is refused, a protected
// project is refused however it was reached.
#pragma once

#include "core/auth/session.hpp"
#include "core/time.hpp"
#include "services/accounts.hpp"
#include "services/selection_files.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace ostclean::services {

/// What the command line selects.
class selectors {
 public:
  selectors() = default;
  std::vector<std::string> projects, users;  ///< ids or names
  std::string project_domain, user_domain;   ///< ids or names; empty: all of them
  std::string users_file;                    ///< "-" is standard input
  bool auth_project = false;
  /// Once more in the same run: a project that was named itself and is protected by now, or gone,
  /// refuses nothing.
  bool again = false;

  bool empty() const {
    return projects.empty() && users.empty() && users_file.empty() && !auth_project;
  }
};

/// One project to work on.
class target {
 public:
  target() = default;
  std::string project_id, project_name, project_domain_id;
  bool project_enabled = true;
  /// Users whose own project it is and whose keypairs go with it: never a guest, never the
  /// administrator who acts, never a protected user.
  std::vector<std::string> keypair_users;
  /// Empty: the administrator (or, with --auth-project, the caller) acts. Else acts_as[0] acts on
  /// the project, and acts_as[i] on the keypairs of keypair_users[i].
  std::vector<credentials> acts_as;
  std::string origin;  ///< "--project", "--auth-project", or "user NAME"
};
static_assert(!std::is_aggregate_v<target>);

/// Somebody who was selected and stays untouched, and why.
class left_alone {
 public:
  left_alone(std::string user_id, std::string user_name, std::string project_id, std::string reason)
      : user_id(std::move(user_id)),
        user_name(std::move(user_name)),
        project_id(std::move(project_id)),
        reason(std::move(reason)) {}
  std::string user_id, user_name, project_id, reason;
};

/// A project that was named itself although the trial of somebody whose own it is runs.
class running_project {
 public:
  running_project() = default;
  std::string project_id, project_name, user_name, role;
  std::string until;  ///< YYYY-MM-DD, empty when not known
};
static_assert(!std::is_aggregate_v<running_project>);

/// Somebody whose credentials or trust Keystone refused: nothing was done, and nothing can be.
class locked_out {
 public:
  locked_out(std::string user, error why) : user(std::move(user)), why(std::move(why)) {}
  std::string user;
  error why;
};

class selection {
 public:
  selection() = default;
  std::vector<target> targets;    ///< each project once
  std::vector<account> accounts;  ///< the users that were selected and judged: they may be touched
  std::vector<left_alone> spared;
  std::vector<locked_out> failed;
  std::vector<running_project> running;
  std::vector<std::string> warnings;
};

/// True for a role that an unfinished journal lent: it neither makes its holder a guest of the
/// project nor the project the caller's own. An empty role: for any.
using is_lent = std::function<bool(const std::string& user_id, const std::string& project_id,
                                   const std::string& role_id)>;

/// Selects as the caller, mostly an administrator. `caller` is the caller's token. errc::config for
/// what does not exist or is ambiguous, errc::refused for a protected project and for one that
/// others use.
identity::answer<selection> select(identity& from, const policy& rules, const auth::token& caller,
                                   selectors wanted, is_lent lent, sys_time now);

/// A user acting with its own token.
class acting {
 public:
  acting(std::shared_ptr<http::transport> who, std::string identity_url, auth::token token)
      : who(std::move(who)), identity_url(std::move(identity_url)), token(std::move(token)) {}
  std::shared_ptr<http::transport> who;  ///< adds that user's token
  std::string identity_url;              ///< up to and including "/v3"
  auth::token token;
};

/// Logs in with a password or a trust, scoped to that user's project. Called with up to eight users
/// at a time.
using log_in = std::function<identity::answer<acting>(credentials)>;

/// Selects the users of a credentials or trusts file. Every question is asked with the user's own
/// token, so it cannot see who else works in the project: `reset` saw that when it wrote the file.
identity::answer<selection> select_as_users(std::vector<credentials> users, const policy& rules,
                                            log_in open, sys_time now);

/// Why nothing may be done in a project (errc::refused naming the rule), nullopt when there is no
/// reason.
std::optional<error> why_protected(const project& what, const policy& rules,
                                   const auth::token& caller, const is_lent& lent);

/// Why a judged user is left alone, empty when the trial is over or the user was recategorized.
std::string why_spared(const account& who, const policy& rules);

}  // namespace ostclean::services
