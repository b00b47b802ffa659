#include "core/auth/contradictions.hpp"

#include "core/auth/catalog.hpp"
#include "core/auth/service_settings.hpp"

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

std::string without_last_slashes(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string comparable(std::string_view key, std::string value) {
  if (key == "auth_url") {
    value = without_last_slashes(std::move(value));
    if (value.ends_with("/v3")) value.resize(value.size() - 3);
  }
  if (key == "interface" && value.ends_with("URL")) value.resize(value.size() - 3);
  if (key.find("_endpoint") != key.npos || key == "auth_url") return without_last_slashes(value);
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

constexpr std::string_view k_service_words[] = {"_endpoint_override", "_endpoint", "_service_type"};

/// All spellings of a setting of a service: "volumev3_endpoint_override" is one of block storage.
std::vector<std::string> spellings_of(std::string_view key) {
  std::vector<std::string> all;
  for (auto suffix : k_service_words) {
    if (key.size() <= suffix.size() || !key.ends_with(suffix)) continue;
    std::string type{key.substr(0, key.size() - suffix.size())};
    std::replace(type.begin(), type.end(), '_', '-');
    for (auto alias : type_aliases(type)) {
      std::string name{alias};
      std::replace(name.begin(), name.end(), '-', '_');
      all.push_back(name.append(suffix));
    }
    break;
  }
  return all;
}

void compare_services(const setting_map& cloud, const setting_map& environment,
                      const setting_map& options, std::vector<std::string>& found) {
  for (const auto& [key, value] : environment) {
    bool settled = false, said = false, agreed = false;
    for (const auto& name : spellings_of(key)) {
      settled = settled || options.contains(name);
      const auto at = cloud.find(name);
      if (at == cloud.end()) continue;
      said = true;
      agreed = agreed || comparable(key, at->second.value) == comparable(key, value.value);
    }
    const bool known = std::find(found.begin(), found.end(), value.source) != found.end();
    if (said && !agreed && !settled && !known) found.push_back(value.source);
  }
}

/// "true" where certificates are to be checked, whichever word says so; empty where none does.
std::string checks(const setting_map& settings) {
  const auto no = [](const std::string& text) {
    for (auto word : {"false", "no", "off"})
      if (::strcasecmp(text.c_str(), word) == 0) return true;
    return false;
  };
  const auto insecure = value_of(settings, "insecure"), verify = value_of(settings, "verify");
  if (!insecure.empty()) return ::strcasecmp(insecure.c_str(), "true") == 0 ? "false" : "true";
  return verify.empty() ? "" : no(verify) ? "false" : "true";
}

}  // namespace

std::vector<std::string> find_contradictions(const cloud_choice& cloud,
                                             const setting_map& environment,
                                             const setting_map& options) {
  auto says = cloud.values;
  if (!says.empty()) says.try_emplace("auth_type", guess_auth_type(cloud.values), "");
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
  check({"region_name"});
  compare_services(says, environment, options, found);
  auto chosen = value_of(options, "region_name");
  for (const auto* more : {&environment, &cloud.values})
    if (chosen.empty()) chosen = value_of(*more, "region_name");
  for (const auto& [region, own] : cloud.regional)
    if (chosen.empty() || region == chosen) compare_services(own, environment, options, found);
  return found;
}

std::vector<std::string> find_differences(const setting_map& cloud, const setting_map& environment,
                                          const setting_map& options) {
  std::vector<std::string> found;
  for (auto name : {"interface", "cacert"}) compare(cloud, environment, options, {name}, found);
  const auto said = checks(cloud), here = checks(environment);
  if (!said.empty() && !here.empty() && said != here && checks(options).empty())
    found.push_back(environment.at("insecure").source);
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
