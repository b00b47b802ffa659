#include "core/auth/settings.hpp"

#include "core/auth/catalog.hpp"
#include "core/auth/cloud_choice.hpp"
#include "core/auth/contradictions.hpp"
#include "core/auth/service_settings.hpp"

#include <fmt/core.h>
#include <strings.h>
#include <algorithm>
#include <array>

namespace ostclean::auth {
namespace {

constexpr std::array<std::string_view, 31> environment_names{"auth_url",
                                                             "auth_type",
                                                             "auth_plugin",
                                                             "username",
                                                             "user_id",
                                                             "password",
                                                             "passcode",
                                                             "token",
                                                             "user_domain_id",
                                                             "user_domain_name",
                                                             "project_id",
                                                             "project_name",
                                                             "project_domain_id",
                                                             "project_domain_name",
                                                             "tenant_id",
                                                             "tenant_name",
                                                             "domain_id",
                                                             "domain_name",
                                                             "default_domain",
                                                             "trust_id",
                                                             "system_scope",
                                                             "application_credential_id",
                                                             "application_credential_name",
                                                             "application_credential_secret",
                                                             "region_name",
                                                             "interface",
                                                             "endpoint_type",
                                                             "cacert",
                                                             "cert",
                                                             "key",
                                                             "insecure"};

bool is_true(const std::string& text) { return ::strcasecmp(text.c_str(), "true") == 0; }

std::string upper(std::string text) {
  for (auto& c : text) c = c == '-' ? '_' : static_cast<char>(::toupper(c));
  return text;
}

void take_variable(setting_map& to, const environment& env, const std::string& key) {
  auto name = "OS_" + upper(key);
  if (auto value = env(name); value && !value->empty()) to[key] = setting{*value, name};
}

setting_map from_environment(const environment& env) {
  setting_map found;
  for (auto key : environment_names) take_variable(found, env, std::string{key});
  for (auto type : known_service_types())
    for (auto suffix : service_suffixes()) {
      std::string key{type};
      std::replace(key.begin(), key.end(), '-', '_');
      take_variable(found, env, key.append(suffix));
    }
  modernise(found);
  return found;
}

setting_map from_options(const std::map<std::string, std::string>& options) {
  setting_map found;
  for (const auto& [name, value] : options) {
    if (value.empty()) continue;
    auto key = name, flag = name;
    std::replace(key.begin(), key.end(), '-', '_');
    std::replace(flag.begin(), flag.end(), '_', '-');
    found[key] = setting{value, (key == "insecure" ? "--" : "--os-") + flag};
  }
  modernise(found);
  return found;
}

void take(settings& to, const setting_map& from, std::string_view key, std::string& field) {
  auto at = from.find(key);
  if (at == from.end()) return;
  field = at->second.value;
  to.sources[std::string{key}] = at->second.source;
}

void fill_identity(settings& s, const setting_map& all) {
  take(s, all, "auth_url", s.auth_url);
  take(s, all, "user_id", s.user_id);
  take(s, all, "username", s.username);
  take(s, all, "user_domain_id", s.user_domain_id);
  take(s, all, "user_domain_name", s.user_domain_name);
  take(s, all, "password", s.password);
  take(s, all, "passcode", s.passcode);
  take(s, all, "token", s.token);
  take(s, all, "application_credential_id", s.application_credential_id);
  take(s, all, "application_credential_name", s.application_credential_name);
  take(s, all, "application_credential_secret", s.application_credential_secret);
  s.auth_type = guess_auth_type(all);
  s.sources["auth_type"] = "guessed";
  take(s, all, "auth_type", s.auth_type);
  s.auth_type = normalise_auth_type(s.auth_type);
}

// A trust has a project of its own; OS_PROJECT_* inherited from the trustee must not go along.
std::optional<error> fill_scope(settings& s, setting_map all) {
  spread_domain(all);
  if (all.contains("trust_id"))
    for (auto name : {"project_id", "project_name", "project_domain_id", "project_domain_name"})
      if (auto at = all.find(name); at != all.end()) all.erase(at);
  take(s, all, "user_domain_id", s.user_domain_id);
  take(s, all, "user_domain_name", s.user_domain_name);
  take(s, all, "project_id", s.scope.project_id);
  take(s, all, "project_name", s.scope.project_name);
  take(s, all, "project_domain_id", s.scope.project_domain_id);
  take(s, all, "project_domain_name", s.scope.project_domain_name);
  take(s, all, "domain_id", s.scope.domain_id);
  take(s, all, "domain_name", s.scope.domain_name);
  take(s, all, "trust_id", s.scope.trust_id);
  std::string system;
  take(s, all, "system_scope", system);
  if (!system.empty() && system != "all")
    return error{errc::config, "system_scope " + system + " is not known, there is only all"};
  s.scope.system = !system.empty();
  auto domain = !s.scope.domain_id.empty() || !s.scope.domain_name.empty();
  auto project = !s.scope.project_id.empty() || !s.scope.project_name.empty();
  if (domain + project + s.scope.system + !s.scope.trust_id.empty() > 1)
    return error{errc::config,
                 "authentication cannot be scoped to multiple targets. Pick one of: project, "
                 "domain, trust, system or unscoped"};
  return {};
}

// python-openstackclient: names without a domain are of OS_DEFAULT_DOMAIN.
void fill_default_domain(settings& s, const setting_map& all) {
  std::string domain = "default", source = "default";
  if (auto at = all.find("default_domain"); at != all.end()) {
    domain = at->second.value;
    source = at->second.source;
  }
  if (!s.username.empty() && s.user_domain_id.empty() && s.user_domain_name.empty()) {
    s.user_domain_id = domain;
    s.sources["user_domain_id"] = source;
  }
  if (!s.scope.project_name.empty() && s.scope.project_domain_id.empty() &&
      s.scope.project_domain_name.empty()) {
    s.scope.project_domain_id = domain;
    s.sources["project_domain_id"] = source;
  }
}

void expand_home(std::string& path, const environment& env) {
  if (path == "~" || path.starts_with("~/")) path.replace(0, 1, home_folder(env));
}

void fill_connection(settings& s, const setting_map& all, const environment& env) {
  std::string text = "true";
  take(s, all, "verify", text);
  // TLS is checked unless somebody said no in so many words.
  for (auto no : {"false", "no", "off"})
    if (::strcasecmp(text.c_str(), no) == 0) s.verify = false;
  text.clear();
  take(s, all, "insecure", text);
  if (!text.empty()) s.verify = !is_true(text);
  take(s, all, "cacert", s.cacert);
  take(s, all, "cert", s.cert);
  take(s, all, "key", s.key);
  for (auto name : {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})
    if (auto value = env(name); s.cacert.empty() && s.verify && value && !value->empty()) {
      s.cacert = *value;
      s.sources["cacert"] = name;
    }
  for (auto* path : {&s.cacert, &s.cert, &s.key}) expand_home(*path, env);
  take(s, all, "region_name", s.region);
  take(s, all, "interface", s.interface);
}

void fill_services(settings& s, const setting_map& all) {
  for (const auto& [key, value] : all)
    if (is_service_setting(key)) {
      s.services[key] = value.value;
      s.sources[key] = value.source;
    }
}

// What the environment or an option says beats a region's own word too, of the one that is chosen.
void fill_regional(settings& s, const cloud_choice& chosen, const setting_map& all,
                   const setting_map& stronger) {
  s.regions = chosen.regions;
  s.differing = chosen.differing;
  const auto one = value_of(all, "region_name");
  for (const auto& [region, own] : chosen.regional) {
    const bool reached = one.empty() || one == region;
    const auto beaten = [&](const std::string& key) { return reached && stronger.contains(key); };
    auto there = all;
    for (const auto& [key, value] : own)
      if (!beaten(key)) there[key] = value;
    there["region_name"] = setting{region, ""};
    expand_braces(there);
    for (const auto& [key, value] : own) {
      if (beaten(key)) continue;
      s.regional[region][key] = there[key].value;
      s.sources[fmt::format("{} of {}", key, region)] = value.source;
    }
  }
}

std::string first_of(std::initializer_list<std::string> texts) {
  for (const auto& text : texts)
    if (!text.empty()) return text;
  return {};
}

cloud_request request_for(const setting_map& options, const setting_map& variables,
                          const environment& env) {
  cloud_request wanted;
  wanted.cloud = first_of({value_of(options, "cloud"), env("OS_CLOUD").value_or("")});
  wanted.region = first_of({value_of(options, "region_name"), value_of(variables, "region_name")});
  // A region alone does not describe a cloud.
  wanted.set_by_environment = variables.size() > variables.count("region_name");
  return wanted;
}

result<settings> assemble(cloud_choice chosen, setting_map all, const setting_map& stronger,
                          const environment& env) {
  settings s;
  fill_regional(s, chosen, all, stronger);
  expand_braces(all);
  s.cloud = chosen.name;
  s.cache = chosen.cache;
  s.warnings = std::move(chosen.warnings);
  s.known_clouds = std::move(chosen.known);
  fill_identity(s, all);
  if (auto failed = fill_scope(s, all)) return *failed;
  fill_default_domain(s, all);
  fill_connection(s, all, env);
  fill_services(s, all);
  return s;
}

}  // namespace

result<settings> load_settings(const std::map<std::string, std::string>& options,
                               const environment& env) {
  auto given = from_options(options);
  auto variables = from_environment(env);
  auto wanted = request_for(given, variables, env);
  auto chosen = choose_cloud(wanted, env);
  if (!chosen) return chosen.error();
  auto all = chosen->values;
  auto stronger = variables;
  overlay(stronger, given);
  overlay(all, stronger);
  std::vector<std::string> wrong, odd;
  if (!wanted.cloud.empty()) {
    wrong = find_contradictions(*chosen, variables, given);
    odd = find_differences(chosen->values, variables, given);
  }
  auto source = value_of(given, "cloud").empty() ? "OS_CLOUD" : "--os-cloud";
  auto s = assemble(std::move(*chosen), std::move(all), stronger, env);
  if (!s) return s;
  s->contradictions = std::move(wrong);
  for (const auto& name : odd)
    s->warnings.push_back(name + " holds, although cloud " + s->cloud + " says otherwise");
  if (!wanted.cloud.empty()) s->sources["cloud"] = source;
  return s;
}

}  // namespace ostclean::auth
