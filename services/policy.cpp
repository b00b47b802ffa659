// Reads the policy file. Every key is checked against the list of those that exist, because a
// misspelt protection protects nothing, and every complaint names file, line and key.
#include "services/policy.hpp"

#include "core/yaml.hpp"
#include "services/policy_yaml.hpp"

#include <fmt/core.h>

#include <sys/stat.h>
#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

namespace ostclean::services {
namespace {

role_rule read_rule(const std::string& name, const YAML::Node& node) {
  const std::string path = "roles." + name;
  require_map(node, path);
  require_keys(node, path, {"days", "warn_days", "started", "duration", "becomes"});
  role_rule rule;
  rule.role = name;
  if (!node["days"]) throw complaint(node.Mark(), fmt::format("{}.days is missing", path));
  rule.days = days_of(node["days"], path + ".days");
  if (node["warn_days"]) rule.warn_days = days_of(node["warn_days"], path + ".warn_days");
  rule.started =
      node["started"] ? text_of(node["started"], path + ".started") : name + "_started_at";
  rule.duration =
      node["duration"] ? text_of(node["duration"], path + ".duration") : name + "_duration";
  if (node["becomes"]) rule.becomes = text_of(node["becomes"], path + ".becomes");
  if (rule.becomes == name)
    throw complaint(node["becomes"].Mark(), fmt::format("{}.becomes is the role itself", path));
  return rule;
}

std::vector<role_rule> read_roles(const YAML::Node& node) {
  require_map(node, "roles");
  std::vector<role_rule> rules;
  for (const auto& pair : node) {
    const std::string name = text_of(pair.first, "a role's name");
    const auto same = [&name](const role_rule& rule) { return rule.role == name; };
    if (std::any_of(rules.begin(), rules.end(), same))
      throw complaint(pair.first.Mark(), fmt::format("key roles.{} is given twice", name));
    rules.push_back(read_rule(name, pair.second));
  }
  return rules;
}

void add_always(std::vector<std::string>& list, std::string_view name) {
  if (std::find(list.begin(), list.end(), name) == list.end()) list.emplace_back(name);
}

/// Names, or {name: X, optional: true} for one that need not exist.
std::vector<std::string> read_names(const YAML::Node& list, const std::string& path,
                                    expected_name::kind what, policy& into) {
  if (!list.IsDefined() || list.IsNull()) return {};
  if (!list.IsSequence()) throw complaint(list.Mark(), fmt::format("{} must be a list", path));
  std::vector<std::string> all;
  for (const auto& entry : list) {
    if (entry.IsMap()) require_keys(entry, path, {"name", "optional"});
    const YAML::Node named = entry.IsMap() ? entry["name"] : entry;
    if (!named.IsDefined())
      throw complaint(entry.Mark(), fmt::format("{}: an entry has no name", path));
    all.push_back(text_of(named, path));
    const bool optional = entry.IsMap() && entry["optional"].IsDefined() &&
                          truth_of(entry["optional"], path + ".optional");
    if (!optional) into.expected.emplace_back(what, all.back(), entry.Mark().line + 1);
  }
  return all;
}

void read_protect(const YAML::Node& node, policy& into) {
  require_map(node, "protect");
  require_keys(node, "protect", {"email_domains", "users", "projects", "roles", "tag"});
  for (auto& domain : texts_of(node["email_domains"], "protect.email_domains")) {
    if (domain.front() == '@') domain.erase(0, 1);
    into.protected_email_domains.push_back(boost::algorithm::to_lower_copy(domain));
  }
  using kind = expected_name::kind;
  into.protected_users = read_names(node["users"], "protect.users", kind::user, into);
  into.protected_projects = read_names(node["projects"], "protect.projects", kind::project, into);
  into.protected_roles = read_names(node["roles"], "protect.roles", kind::role, into);
  const policy always = policy::built_in();
  std::erase_if(into.expected, [&always](const expected_name& one) {
    const auto& built_in =
        one.what == kind::project ? always.protected_projects : always.protected_roles;
    return one.what != kind::user &&
           std::find(built_in.begin(), built_in.end(), one.name) != built_in.end();
  });
  if (node["tag"]) into.protected_tag = text_of(node["tag"], "protect.tag");
}

void read_tags(const YAML::Node& node, policy& into) {
  if (node.IsNull()) return;  // a key without a value takes no protection away
  const auto whose = texts_of(node, "tags_that_protect");
  for (const auto& one : whose)
    if (one != "project" && one != "resource")
      throw complaint(node.Mark(),
                      fmt::format("tags_that_protect takes project and resource, not {}", one));
  const auto has = [&whose](const char* one) {
    return std::find(whose.begin(), whose.end(), one) != whose.end();
  };
  into.project_tags_protect = has("project");
  into.resource_tags_protect = has("resource");
}

void read_notify(const YAML::Node& node, policy& into) {
  require_map(node, "notify");
  require_keys(node, "notify", {"sendmail", "url"});
  if (node["sendmail"] && node["url"])
    throw complaint(node.Mark(), "notify takes sendmail or url, not both");
  if (node["sendmail"]) {
    into.notify_sendmail = text_of(node["sendmail"], "notify.sendmail");
    if (into.notify_sendmail.front() != '/')
      throw complaint(node["sendmail"].Mark(), "notify.sendmail must be an absolute path");
  }
  if (node["url"]) {
    into.notify_sendmail.clear();
    into.notify_url = text_of(node["url"], "notify.url");
    if (!into.notify_url.starts_with("https://") && !into.notify_url.starts_with("http://"))
      throw complaint(node["url"].Mark(), "notify.url must begin with https:// or http://");
  }
}

policy read_policy(const YAML::Node& root) {
  policy found = policy::built_in();
  if (root.IsNull()) return found;
  require_map(root, "the file");
  require_keys(
      root, "",
      {"roles", "protect", "tags_that_protect", "not_ours", "strict", "grace_days", "notify"});
  if (root["roles"]) found.roles = read_roles(root["roles"]);
  if (root["protect"]) read_protect(root["protect"], found);
  if (root["tags_that_protect"]) read_tags(root["tags_that_protect"], found);
  found.not_ours = texts_of(root["not_ours"], "not_ours");
  if (root["strict"]) found.strict = truth_of(root["strict"], "strict");
  if (root["grace_days"]) found.grace_days = days_of(root["grace_days"], "grace_days");
  if (root["notify"]) read_notify(root["notify"], found);
  add_always(found.protected_projects, "admin");
  add_always(found.protected_projects, "service");
  add_always(found.protected_roles, "admin");
  return found;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// The default places, best first. A relative XDG_CONFIG_HOME is ignored (XDG base directory
/// specification).
std::vector<std::string> default_files() {
  std::vector<std::string> files;
  const std::string xdg = variable("XDG_CONFIG_HOME"), home = variable("HOME");
  if (xdg.starts_with('/'))
    files.push_back(xdg + "/ostclean/config.yaml");
  else if (!home.empty())
    files.push_back(home + "/.config/ostclean/config.yaml");
  files.emplace_back("/etc/ostclean/config.yaml");
  return files;
}

/// Only a file that is not there counts as missing: one that cannot be read must not be skipped.
bool exists(const std::string& file) {
  struct stat info {};
  return ::stat(file.c_str(), &info) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

result<std::string> read_text(const std::string& file) {
  struct stat info {};
  int why = ::stat(file.c_str(), &info) != 0 ? errno : S_ISDIR(info.st_mode) ? EISDIR : 0;
  std::ifstream in;
  if (why == 0) {
    in.open(file, std::ios::binary);
    if (!in) why = errno;
  }
  if (why != 0)
    return error(errc::config,
                 fmt::format("cannot read the policy file {}: {}", file, std::strerror(why)));
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

std::string policy::tag_of_projects() const {
  return project_tags_protect ? protected_tag : std::string();
}

std::string policy::tag_of_resources() const {
  return resource_tags_protect ? protected_tag : std::string();
}

policy policy::built_in() {
  policy made;
  role_rule trial;
  trial.role = "trial";
  trial.days = 14;
  trial.warn_days = 7;
  trial.started = "trial_started_at";
  trial.duration = "trial_duration";
  trial.becomes = "basic";
  role_rule community = trial;
  community.role = "community";
  community.days = 100;
  community.warn_days = 30;
  community.started = "community_started_at";
  community.duration = "community_duration";
  made.roles = {trial, community};
  made.protected_projects = {"admin", "service"};
  made.protected_roles = {"admin"};
  made.notify_sendmail = "/usr/sbin/sendmail";
  return made;
}

result<policy> load_policy(const std::string& file) {
  std::string chosen = file;
  if (chosen.empty()) {
    const auto places = default_files();
    const auto found = std::find_if(places.begin(), places.end(), exists);
    if (found == places.end()) return policy::built_in();
    chosen = *found;
  }
  const auto text = read_text(chosen);
  if (!text) return text.error();
  try {
    policy found = read_policy(load_only_document(*text));
    found.file = chosen;
    return found;
  } catch (const complaint& wrong) {
    return error(errc::config, fmt::format("{}:{}: {}", chosen, wrong.line, wrong.text));
  } catch (const YAML::Exception& wrong) {
    return error(errc::config, fmt::format("{}:{}: {}", chosen, wrong.mark.line + 1, wrong.msg));
  }
}

}  // namespace ostclean::services
