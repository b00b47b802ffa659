// The policy file: which roles expire, after how many days, what they become, and what is never
// touched.
// --config, $XDG_CONFIG_HOME/ostclean/config.yaml, /etc/ostclean/config.yaml; without a file the
// built-in roles hold.
#pragma once

#include "core/error.hpp"

#include <string>
#include <utility>
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

/// A name under `protect` that somebody or something is expected to have.
class expected_name {
 public:
  enum class kind { user, project, role };
  expected_name(kind what, std::string name, int line)
      : what(what), name(std::move(name)), line(line) {}
  kind what;
  std::string name;  ///< or an id
  int line;          ///< of the policy file
};

class policy {
 public:
  policy() = default;
  std::vector<role_rule> roles;
  std::vector<std::string> protected_email_domains, protected_users, protected_projects,
      protected_roles;
  /// The names of these lists but those marked optional and those that are always in them.
  std::vector<expected_name> expected;
  std::string protected_tag = "ostclean:keep";
  bool project_tags_protect = true, resource_tags_protect = true;
  std::vector<std::string> not_ours;  ///< service types and extensions that need not be looked at
  bool strict = false;                ///< as --strict
  int grace_days = 7;
  std::string notify_sendmail, notify_url;
  std::string file;  ///< where it came from, empty for the built-in one

  /// The tag where it protects, else empty: a tenant may set it on what is his.
  std::string tag_of_projects() const;
  std::string tag_of_resources() const;

  static policy built_in();
};

/// `file` empty: the default places, else that file must exist. Unknown keys are errors: a misspelt
/// protection protects nothing.
result<policy> load_policy(const std::string& file);

}  // namespace ostclean::services
