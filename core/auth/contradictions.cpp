#include "core/auth/contradictions.hpp"

#include <strings.h>
#include <algorithm>
#include <array>
#include <initializer_list>

namespace ostclean::auth {
namespace {

// Settings of one group say the same thing in different ways: one of them in the cloud and another
// one in the environment cannot be told to agree.
using group = std::initializer_list<std::string_view>;

bool any_of(const setting_map& settings, group names) {
  return std::any_of(names.begin(), names.end(),
                     [&](auto name) { return settings.contains(name); });
}

std::string comparable(std::string_view key, std::string value) {
  if (key == "auth_url") {
    while (value.ends_with('/')) value.pop_back();
    if (value.ends_with("/v3")) value.resize(value.size() - 3);
    while (value.ends_with('/')) value.pop_back();
  }
  return key == "auth_type" ? normalise_auth_type(value) : value;
}

// The domain every cloud has: id "default", name "Default".
bool is_default_domain(std::string_view key, const std::string& value) {
  return key.find("domain") != key.npos && ::strcasecmp(value.c_str(), "default") == 0;
}

bool agrees(const setting_map& cloud, std::string_view key, const std::string& value, group names) {
  auto at = cloud.find(key);
  if (at != cloud.end()) return comparable(key, at->second.value) == comparable(key, value);
  if (!is_default_domain(key, value)) return false;
  return std::any_of(names.begin(), names.end(),
                     [&](auto name) { return is_default_domain(name, value_of(cloud, name)); });
}

void compare(const setting_map& cloud, const setting_map& environment, const setting_map& options,
             group names, std::vector<std::string>& found) {
  if (!any_of(cloud, names) || any_of(options, names)) return;
  for (auto name : names)
    if (auto at = environment.find(name);
        at != environment.end() && !agrees(cloud, name, at->second.value, names))
      found.push_back(at->second.source);
}

}  // namespace

std::vector<std::string> find_contradictions(const setting_map& cloud,
                                             const setting_map& environment,
                                             const setting_map& options) {
  auto says = cloud;
  if (!says.empty()) says.try_emplace("auth_type", guess_auth_type(cloud), "");
  auto spread = says;
  spread_domain(spread);
  says.merge(spread);
  std::vector<std::string> found;
  auto check = [&](group names) { compare(says, environment, options, names, found); };
  check({"auth_url"});
  check({"auth_type"});
  check({"user_id", "username"});
  check({"user_domain_id", "user_domain_name"});
  check({"project_id", "project_name", "domain_id", "domain_name", "trust_id", "system_scope"});
  check({"project_domain_id", "project_domain_name"});
  check({"password", "token", "passcode", "application_credential_id",
         "application_credential_name", "application_credential_secret"});
  return found;
}

std::string guess_auth_type(const setting_map& settings) {
  auto has = [&](std::string_view name) { return settings.contains(name); };
  if (has("application_credential_secret") && !has("password")) return "v3applicationcredential";
  if (has("username") || has("user_id")) return "password";
  return has("token") ? "token" : "password";
}

std::string normalise_auth_type(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(::tolower(c)); });
  return name == "v3password" || name == "v3token" ? name.substr(2) : name;
}

}  // namespace ostclean::auth
