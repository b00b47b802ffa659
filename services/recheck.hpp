// One user as Keystone has it at this moment. Lists are minutes old when their last user's turn
// comes; whoever was promoted or extended meanwhile is to be left alone.
#pragma once

#include "core/time.hpp"
#include "services/accounts.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace ostclean::services {

/// An account and the assignments that are the user's own, on projects, domains and the system.
class fresh_look {
 public:
  fresh_look() = default;
  account who;
  std::vector<assignment> own;
  std::vector<assignment> effective;  ///< also through groups, inheritance and implication
};

class recheck {
 public:
  /// `book` gives the names of roles and the protected projects; what it says of users is not used.
  recheck(identity& from, const policy& rules, role_book book, sys_time now)
      : from_(from), rules_(rules), book_(std::move(book)), now_(now) {}

  /// Three reads, and one of the own project. errc::not_found when the user is gone.
  identity::answer<fresh_look> look(std::string user_id);
  const role_book& book() const { return book_; }

 private:
  identity& from_;
  const policy& rules_;
  role_book book_;
  sys_time now_;
};

}  // namespace ostclean::services
