// From one role to another, where the assignment is: on a project, a domain or the system,
// inherited or not. The new role is granted before the old one goes, so that a crash in between
// leaves somebody with both and never with none.
#pragma once

#include "services/recheck.hpp"

#include <string>
#include <vector>

namespace ostclean::services {

/// One assignment that is to be replaced by another at the same place.
class role_move {
 public:
  role_move(named from, named to, assignment where)
      : from(std::move(from)), to(std::move(to)), where(std::move(where)) {}
  named from, to;
  assignment where;

  /// "project ID", "domain ID" or "the system".
  std::string place() const;
};

class role_moves {
 public:
  role_moves() = default;
  std::vector<role_move> list;
  std::string left_alone;  ///< why there is nothing to do, empty when there is something
};

/// What is to be done for one user. `from` and `to` are ids or names; an empty `from` stands for
/// the policy's roles, which are only taken from somebody whose trial is over; an empty `to` for
/// what the policy makes of the role. errc::config when a role does not exist or nothing says what
/// becomes of one.
result<role_moves> plan_moves(const fresh_look& now, const role_book& book, const policy& rules,
                              const std::string& from, const std::string& to);

class role_changer {
 public:
  /// `admin` adds the token; `base` ends with /v3.
  role_changer(http::transport& admin, std::string base) : admin_(admin), base_(std::move(base)) {}

  /// PUT of the new role. It being there already is fine.
  identity::answer<bool> grant(role_move what);
  /// DELETE of the old one. It being gone already is fine.
  identity::answer<bool> take_away(role_move what);
  /// POST of {user_id, role_id, notify} to an account-category service.
  identity::answer<bool> ask_service(std::string url, std::string user_id, std::string role_id);

 private:
  identity::answer<bool> send(http::verb method, std::string url, std::string body);

  http::transport& admin_;
  std::string base_;
};

/// What is not as it has to be after the moves, empty when all is well.
std::string why_unmoved(const fresh_look& now, const std::vector<role_move>& done);

}  // namespace ostclean::services
