// The policy file: which roles expire, after how many days, what they become, and what is never
// touched.
// --config, $XDG_CONFIG_HOME/ostclean/config.yaml, /etc/ostclean/config.yaml; without a file the
// built-in roles hold.
#pragma once

#include "core/error.hpp"

#include <string>
#include <vector>

namespace ostclean::services {

class role_rule {
 public:
  role_rule() = default;
  std::string role;  ///< name or id
  int days = 14;     ///< used when the user has no duration attribute
  int warn_days = 7;
  std::string started, duration;  ///< names of the user's attributes
  std::string becomes;
};

class policy {
 public:
  policy() = default;
  std::vector<role_rule> roles;
  std::vector<std::string> protected_email_domains, protected_users, protected_projects,
      protected_roles;
  std::string protected_tag = "ostclean:keep";
  int grace_days = 7;
  std::string notify_sendmail, notify_url;
  std::string file;  ///< where it came from, empty for the built-in one

  static policy built_in();
};

/// `file` empty: the default places, else that file must exist. Unknown keys are errors: a misspelt
/// protection protects nothing.
result<policy> load_policy(const std::string& file);

}  // namespace ostclean::services
