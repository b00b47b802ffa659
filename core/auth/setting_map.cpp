#include "core/auth/setting_map.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <utility>

namespace ostclean::auth {
namespace {

namespace json = boost::json;

using name_pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<name_pair, 6> spellings{
    {{"project_id", "project_name"},
     {"user_id", "username"},
     {"user_domain_id", "user_domain_name"},
     {"project_domain_id", "project_domain_name"},
     {"domain_id", "domain_name"},
     {"application_credential_id", "application_credential_name"}}};

constexpr std::array<name_pair, 6> old_names{{{"tenant_id", "project_id"},
                                              {"tenant_name", "project_name"},
                                              {"auth_plugin", "auth_type"},
                                              {"auth_token", "token"},
                                              {"endpoint_type", "interface"},
                                              {"user_name", "username"}}};

std::string scalar(const json::value& value) {
  if (value.is_string()) return std::string{value.get_string().data(), value.get_string().size()};
  if (value.is_bool()) return value.get_bool() ? "true" : "false";
  if (value.is_number()) return json::serialize(value);
  if (!value.is_array()) return {};
  std::string list;
  for (const auto& item : value.get_array())
    if (auto text = item.is_array() ? std::string{} : scalar(item); !text.empty())
      list += (list.empty() ? "" : ",") + text;
  return list;
}

void add_scalars(setting_map& to, const json::object& from, const std::string& source) {
  for (const auto& [name, value] : from) {
    std::string key{name};
    std::replace(key.begin(), key.end(), '-', '_');
    if (auto text = scalar(value); !text.empty()) to[key] = setting{text, source};
  }
}

void rename(setting_map& settings, setting_map::iterator from, const std::string& to) {
  auto node = settings.extract(from);
  node.key() = to;
  settings.insert(std::move(node));
}

}  // namespace

setting_map flatten(const json::object& from, const std::string& source) {
  setting_map flat;
  add_scalars(flat, from, source);
  modernise(flat);
  if (const auto* auth = from.if_contains("auth"); auth != nullptr && auth->is_object()) {
    setting_map inner;
    add_scalars(inner, auth->get_object(), source);
    modernise(inner);
    overlay(flat, inner);
  }
  // These select what is merged, they are no settings of the result.
  for (auto name : {"auth", "profile", "cloud", "regions", "cache"}) flat.erase(name);
  return flat;
}

void modernise(setting_map& settings) {
  for (const auto& [old_name, name] : old_names)
    if (auto at = settings.find(old_name); at != settings.end())
      rename(settings, at, std::string{name});
  constexpr std::string_view old_ending = "_endpoint_type";
  for (auto at = settings.begin(); at != settings.end();) {
    auto next = std::next(at);
    if (at->first.ends_with(old_ending))
      rename(settings, at,
             at->first.substr(0, at->first.size() - old_ending.size()) + "_interface");
    at = next;
  }
}

void overlay(setting_map& base, const setting_map& over) {
  auto drop_other = [&](std::string_view given, std::string_view other) {
    if (!over.contains(given) || over.contains(other)) return;
    if (auto at = base.find(other); at != base.end()) base.erase(at);
  };
  for (const auto& [id, name] : spellings) {
    drop_other(id, name);
    drop_other(name, id);
  }
  for (const auto& [key, value] : over) base[key] = value;
}

void spread_domain(setting_map& settings) {
  if (!settings.contains("project_id") && !settings.contains("project_name")) return;
  for (std::string suffix : {"_domain_id", "_domain_name"}) {
    auto at = settings.find(suffix.substr(1));
    if (at == settings.end()) continue;
    auto other = suffix == "_domain_id" ? "_domain_name" : "_domain_id";
    for (std::string who : {"user", "project"})
      if (!settings.contains(who + other)) settings.try_emplace(who + suffix, at->second);
    settings.erase(at);
  }
}

bool is_secret(std::string_view key) {
  return key == "password" || key == "token" || key == "passcode" ||
         key == "application_credential_secret";
}

void expand_braces(setting_map& settings) {
  const setting_map original = settings;
  for (auto& [key, it] : settings) {
    if (is_secret(key)) continue;
    std::string out;
    for (std::size_t at = 0; at < it.value.size();) {
      auto open = it.value.find('{', at);
      auto close = open == std::string::npos ? open : it.value.find('}', open);
      if (close == std::string::npos) {
        out += it.value.substr(at);
        break;
      }
      auto name = it.value.substr(open + 1, close - open - 1);
      auto known = original.contains(name) && !is_secret(name);
      out += it.value.substr(at, open - at);
      out += known ? value_of(original, name) : it.value.substr(open, close - open + 1);
      at = close + 1;
    }
    it.value = std::move(out);
  }
}

std::string value_of(const setting_map& settings, std::string_view key) {
  auto at = settings.find(key);
  return at == settings.end() ? std::string{} : at->second.value;
}

}  // namespace ostclean::auth
