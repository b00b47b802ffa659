// Users that were named in any of the ways a command line can name them, each once.
#pragma once

#include "services/identity.hpp"

#include <string>
#include <vector>

namespace ostclean::services {

class user_choice {
 public:
  user_choice() = default;
  std::vector<std::string> projects, users;  ///< ids or names
  std::string project_domain, user_domain;   ///< ids or names; empty: all of them
  std::string users_file, credentials_file, trusts_file;

  bool empty() const {
    return projects.empty() && users.empty() && users_file.empty() && credentials_file.empty() &&
           trusts_file.empty();
  }
};

class chosen_users {
 public:
  chosen_users() = default;
  std::vector<user> users;
  std::vector<std::string> warnings;
};

/// errc::config for what does not exist or is ambiguous, and for a damaged file.
identity::answer<chosen_users> choose_users(identity& from, user_choice wanted);

/// The users whose own project it is; errc::config when there are none.
identity::answer<std::vector<user>> users_of_project(identity& from, std::string id_or_name,
                                                     std::string domain);

}  // namespace ostclean::services
