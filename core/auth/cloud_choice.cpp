#include "core/auth/cloud_choice.hpp"

#include "core/auth/service_settings.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <set>

namespace ostclean::auth {
namespace {

namespace json = boost::json;

constexpr int most_profiles = 8;  // a profile may name a profile, and that one the first

bool is_of_the_session(std::string_view key) {
  for (auto part : {"auth", "user", "pass", "token", "project", "domain", "trust", "system_scope",
                    "application_credential", "verify", "insecure", "cacert", "cert", "key"})
    if (key.starts_with(part)) return true;
  return false;
}

class files {
 public:
  files() = default;
  config_file clouds, secure, profiles;
};

result<files> find_files(const environment& env) {
  files all;
  auto clouds = find_config("clouds", env("OS_CLIENT_CONFIG_FILE"), env);
  if (!clouds) return clouds.error();
  auto secure = find_config("secure", env("OS_CLIENT_SECURE_FILE"), env);
  if (!secure) return secure.error();
  all.clouds = std::move(*clouds);
  all.secure = std::move(*secure);
  return all;
}

// The named section of a file, or null. `file` outlives the answer.
result<const json::object*> section(const config_file& file, std::string_view name) {
  const auto* found = file.root.if_contains(name);
  if (found == nullptr || found->is_null()) return nullptr;
  if (!found->is_object())
    return error{errc::config, std::string{name} + " in " + file.path + " is not a mapping"};
  return &found->get_object();
}

result<const json::object*> entry(const config_file& file, std::string_view part,
                                  const std::string& name) {
  static const json::object nothing;
  auto all = section(file, part);
  if (!all || *all == nullptr) return all;
  const auto* found = (*all)->if_contains(name);
  if (found == nullptr) return nullptr;
  if (found->is_null()) return &nothing;
  if (!found->is_object())
    return error{errc::config, "cloud " + name + " in " + file.path + " is not a mapping"};
  return &found->get_object();
}

class merger {
 public:
  merger(files& all, const environment& env, cloud_choice& out)
      : files_(all), env_(env), out_(out) {}

  // Adds one layer; what it says of profiles lies beneath it.
  void add(const json::object& layer, const std::string& source) {
    overlay(out_.values, flatten(layer, source));
    if (const auto* list = layer.if_contains("regions"); list != nullptr && list->is_array()) {
      regions_ = &list->get_array();
      regions_source_ = source;
    }
  }

  std::optional<error> add_profiles(const std::string& name, int depth) {
    if (name.empty()) return {};
    if (depth > most_profiles)
      return error{errc::config, "the profile " + name + " contains itself"};
    if (auto failed = load_profiles()) return failed;
    auto found = entry(files_.profiles, "public-clouds", name);
    if (!found) return found.error();
    if (*found == nullptr) {
      out_.warnings.push_back("profile " + name + " is not in clouds-public.yaml, it is ignored");
      return {};
    }
    const json::value profile(**found);
    auto words = text_at(profile, "message");
    if (text_at(profile, "status") == "shutdown")
      return error{errc::config, "the profile " + name + " was shut down: " + words};
    if (!words.empty()) out_.warnings.push_back("profile " + name + ": " + words);
    if (auto failed = add_profiles(profile_of(**found), depth + 1)) return failed;
    add(**found, "profile " + name);
    return {};
  }

  static std::string profile_of(const json::object& layer) {
    const json::value copy(layer);
    auto name = text_at(copy, "profile");
    return name.empty() ? text_at(copy, "cloud") : name;
  }

  // Several regions and none chosen: the values of the first hold, as in openstacksdk, but for what
  // is said of services: a command may go through all regions.
  std::optional<error> add_region(std::string region) {
    if (regions_ == nullptr || regions_->empty()) return {};
    if (region.empty()) region = value_of(out_.values, "region_name");
    std::string names;
    const json::value* chosen = region.empty() ? &regions_->front() : nullptr;
    for (const auto& item : *regions_) {
      const auto name = name_of(item);
      names += (names.empty() ? "" : ", ") + name;
      if (chosen == nullptr && name == region) chosen = &item;
      keep_for_region(item, name);
    }
    if (chosen != nullptr) {
      if (region.empty()) note_differing();
      take_region(*chosen, !region.empty() || regions_->size() == 1);
      return {};
    }
    error e{errc::config, "region " + region + " is not a region of cloud " + out_.name};
    e.hint = "valid are " + names;
    return e;
  }

 private:
  static std::string name_of(const json::value& item) {
    return item.is_string() ? std::string{item.get_string()} : text_at(item, "name");
  }

  setting_map values_of(const json::value& item) const {
    const auto* values = find(item, "values");
    if (values == nullptr || !values->is_object()) return {};
    return flatten(values->get_object(), "region " + name_of(item) + " in " + regions_source_);
  }

  static bool is_regional(std::string_view key) {
    return key == "interface" || is_service_setting(key);
  }

  void keep_for_region(const json::value& item, const std::string& name) {
    if (name.empty()) return;
    out_.regions.push_back(name);
    for (const auto& [key, value] : values_of(item))
      if (is_regional(key)) out_.regional[name][key] = value;
  }

  /// One session knows one identity and one way to check certificates.
  void note_differing() {
    std::set<std::string> keys;
    for (const auto& item : *regions_)
      for (const auto& [key, value] : values_of(item))
        if (is_of_the_session(key)) keys.insert(key);
    for (const auto& key : keys) {
      std::set<std::string> said;
      for (const auto& item : *regions_) {
        const auto values = values_of(item);
        said.insert(values.contains(key) ? value_of(values, key) : value_of(out_.values, key));
      }
      if (said.size() > 1) out_.differing.push_back(key);
    }
  }

  void take_region(const json::value& item, bool alone) {
    const auto name = name_of(item);
    if (regions_->size() == 1 && !name.empty())
      out_.values["region_name"] = setting{name, "region " + name + " in " + regions_source_};
    auto values = values_of(item);
    std::erase_if(values, [&](const auto& one) {
      return is_service_setting(one.first) ? !name.empty() : !alone && one.first == "interface";
    });
    overlay(out_.values, values);
  }

  std::optional<error> load_profiles() {
    if (loaded_) return {};
    auto found = find_config("clouds-public", std::nullopt, env_);
    if (!found) return found.error();
    files_.profiles = std::move(*found);
    loaded_ = true;
    return {};
  }

  files& files_;
  const environment& env_;
  cloud_choice& out_;
  const json::array* regions_ = nullptr;
  std::string regions_source_;
  bool loaded_ = false;
};

std::optional<error> list_known(const files& all, cloud_choice& out) {
  for (const auto* file : {&all.clouds, &all.secure}) {
    auto clouds = section(*file, "clouds");
    if (!clouds) return clouds.error();
    if (*clouds != nullptr)
      for (const auto& [name, ignored] : **clouds) out.known.emplace_back(name);
  }
  std::sort(out.known.begin(), out.known.end());
  out.known.erase(std::unique(out.known.begin(), out.known.end()), out.known.end());
  return {};
}

error unknown_cloud(const std::string& name, const cloud_choice& out, const files& all) {
  error e{errc::config, "Cloud " + name + " was not found"};
  std::string names;
  for (const auto& known : out.known) names += (names.empty() ? "" : ", ") + known;
  e.hint = all.clouds.path.empty() ? "there is no clouds.yaml"
                                   : "the clouds in " + all.clouds.path + " are: " + names;
  return e;
}

void notice(const files& all, cloud_choice& out) {
  if (all.secure.open_to_others)
    out.warnings.push_back(all.secure.path + " holds secrets and others may read it; chmod 600");
  const json::value root(all.clouds.root);
  if (const auto* cache = find(root, "cache"))
    if (const auto* auth = find(*cache, "auth"))
      out.cache = !(auth->is_string() && auth->get_string() == "false") &&
                  !(auth->is_bool() && !auth->get_bool());
}

// Nullopt: the name is chosen, its layers are to be merged.
std::optional<error> choose_name(const cloud_request& wanted, const environment& env,
                                 const files& all, cloud_choice& out) {
  auto pseudo = env("OS_CLOUD_NAME").value_or("");
  if (pseudo.empty()) pseudo = "envvars";
  auto known = [&](const std::string& name) {
    return std::binary_search(out.known.begin(), out.known.end(), name);
  };
  if (wanted.set_by_environment && known(pseudo))
    return error{errc::config, "cloud " + pseudo + " is in " + all.clouds.path +
                                   " and the name of the cloud that OS_* describes; set "
                                   "OS_CLOUD_NAME to another name"};
  out.name = wanted.cloud;
  if (out.name.empty() && wanted.set_by_environment) out.name = pseudo;
  if (out.name.empty() && out.known.size() == 1) out.name = out.known.front();
  auto described = wanted.set_by_environment && out.name == pseudo;
  if (!out.name.empty() && !described && !known(out.name)) return unknown_cloud(out.name, out, all);
  return {};
}

std::optional<error> merge_layers(const cloud_request& wanted, const environment& env, files& all,
                                  cloud_choice& out) {
  auto open = entry(all.clouds, "clouds", out.name);
  if (!open) return open.error();
  auto secret = entry(all.secure, "clouds", out.name);
  if (!secret) return secret.error();
  merger merge{all, env, out};
  if (*open != nullptr) {
    if (auto failed = merge.add_profiles(merger::profile_of(**open), 0)) return failed;
    merge.add(**open, all.clouds.path);
  }
  if (*secret != nullptr) merge.add(**secret, all.secure.path);
  return merge.add_region(wanted.region);
}

}  // namespace

result<cloud_choice> choose_cloud(const cloud_request& wanted, const environment& env) {
  auto all = find_files(env);
  if (!all) return all.error();
  cloud_choice out;
  if (auto failed = list_known(*all, out)) return *failed;
  notice(*all, out);
  if (auto failed = choose_name(wanted, env, *all, out)) return *failed;
  if (!out.name.empty())
    if (auto failed = merge_layers(wanted, env, *all, out)) return *failed;
  return out;
}

}  // namespace ostclean::auth
