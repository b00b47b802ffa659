// Every setting that decides who we are, towards which cloud and how: clouds.yaml, secure.yaml,
// clouds-public.yaml, OS_* and
// --os-*, merged by the rules of openstacksdk and python-openstackclient, with the source of each
// value kept for `auth`.
#pragma once

#include "core/error.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ostclean::auth {

/// What a token is for. At most one of project, domain, trust, system is set.
class scope {
 public:
  scope() = default;
  std::string project_id, project_name, project_domain_id, project_domain_name;
  std::string domain_id, domain_name;
  std::string trust_id;
  bool system = false;
  static scope of_project(std::string id);
  static scope of_trust(std::string id);
};

class settings {
 public:
  settings() = default;

  std::string cloud;      ///< name in clouds.yaml, "envvars" or empty
  std::string auth_type;  ///< normalised: password, token, v3applicationcredential, ...
  std::string auth_url;
  std::string user_id, username, user_domain_id, user_domain_name, password;
  std::string token;
  std::string application_credential_id, application_credential_name, application_credential_secret;
  std::string passcode;  ///< v3totp: good for one authentication
  auth::scope scope;

  std::string region;                ///< empty: all or the first, as the command decides
  std::string interface = "public";  ///< may be a comma list
  bool verify = true;
  std::string cacert, cert, key;  ///< file names, ~ expanded
  bool cache = true;              ///< the shared auth cache
  bool fresh_catalog = false;     ///< a catalog out of it is not believed: services come and go
  std::map<std::string, std::string>
      services;                      ///< "compute_endpoint_override", "volume_api_version", ...
  std::vector<std::string> regions;  ///< those clouds.yaml lists: where there is no `region`, these
  /// Region -> what clouds.yaml says of services, and "interface", for that region alone.
  std::map<std::string, std::map<std::string, std::string>> regional;
  /// What else the listed regions differ in, when none is chosen: the first one's values hold.
  std::vector<std::string> differing;
  std::map<std::string, std::string>
      sources;  ///< setting -> where its value came from, for `ostclean auth`
  std::vector<std::string>
      contradictions;  ///< OS_* settings that differ from the named cloud: "OS_PROJECT_NAME"
  std::vector<std::string> warnings;      ///< one line each, for stderr
  std::vector<std::string> known_clouds;  ///< the names in clouds.yaml, sorted

  /// The regions to work in: the one that was chosen, else those listed; empty: all there are.
  std::vector<std::string> wanted_regions() const;

  /// What keeps these settings from being an identity: the first setting that is missing, and how
  /// to give it; or an auth_type that is not supported. Nullopt when a token can be asked for.
  std::optional<error> incomplete() const;

  /// The same person with another scope (an application credential cannot: errc::auth).
  result<settings> rescoped(auth::scope to) const;
};

/// `options`: what --os-* gave, keys as in clouds.yaml ("auth_url", "project_name", "cloud",
/// "cacert", "insecure", ...; empty values do not count). `env`: looks a variable up, nullopt when
/// unset. A missing user or password is no error here: see settings::incomplete(). Errors are
/// errc::config with the file and the line.
result<settings> load_settings(
    const std::map<std::string, std::string>& options,
    const std::function<std::optional<std::string>(const std::string&)>& env);

}  // namespace ostclean::auth
