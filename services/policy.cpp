// Reads the policy file. Every key is checked against the list of those that exist, because a
// misspelt protection protects nothing, and every complaint names file, line and key.
#include "services/policy.hpp"

#include "core/yaml.hpp"

#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include <sys/stat.h>
#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string_view>

namespace ostclean::services {
namespace {

constexpr int k_most_policy_days = 1000000;

/// Thrown inside this file only; load_policy turns it into a value.
class complaint {
 public:
  complaint(const YAML::Mark& mark, std::string text)
      : line(mark.line + 1), text(std::move(text)) {}
  int line;
  std::string text;
};

void require_map(const YAML::Node& node, const std::string& path) {
  if (!node.IsMap()) throw complaint(node.Mark(), fmt::format("{} must be a mapping", path));
}

/// With white space around it, a name is equal to no name there is.
std::string text_of(const YAML::Node& node, const std::string& path) {
  if (!node.IsScalar() || node.Scalar().empty())
    throw complaint(node.Mark(), fmt::format("{} must be a non-empty text", path));
  if (boost::algorithm::trim_copy(node.Scalar()) != node.Scalar())
    throw complaint(node.Mark(), fmt::format("{} must not begin or end with white space: '{}'",
                                             path, boost::algorithm::trim_copy(node.Scalar())));
  return node.Scalar();
}

int days_of(const YAML::Node& node, const std::string& path) {
  const bool plain = node.IsScalar() && node.Tag() != "!";
  const std::string text = plain ? node.Scalar() : std::string();
  int days = -1;
  const auto end = text.data() + text.size();
  const auto [stop, ec] = std::from_chars(text.data(), end, days);
  if (!plain || ec != std::errc() || stop != end || days < 0 || days > k_most_policy_days)
    throw complaint(node.Mark(), fmt::format("{} must be a whole number of days from 0 to {}", path,
                                             k_most_policy_days));
  return days;
}

std::vector<std::string> texts_of(const YAML::Node& node, const std::string& path) {
  if (!node.IsDefined() || node.IsNull()) return {};
  if (!node.IsSequence()) throw complaint(node.Mark(), fmt::format("{} must be a list", path));
  std::vector<std::string> all;
  for (const auto& entry : node) all.push_back(text_of(entry, path));
  return all;
}

/// Unknown keys and keys given twice are complaints; `known` also makes the message.
void require_keys(const YAML::Node& map, const std::string& path,
                  std::initializer_list<std::string_view> known) {
  std::vector<std::string> seen;
  for (const auto& pair : map) {
    const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : "";
    const std::string full = path.empty() ? key : fmt::format("{}.{}", path, key);
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      std::string names;
      for (const auto name : known) names.append(names.empty() ? "" : ", ").append(name);
      throw complaint(pair.first.Mark(), fmt::format("unknown key {} (known: {})", full, names));
    }
    if (std::find(seen.begin(), seen.end(), key) != seen.end())
      throw complaint(pair.first.Mark(), fmt::format("key {} is given twice", full));
    seen.push_back(key);
  }
}

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

void read_protect(const YAML::Node& node, policy& into) {
  require_map(node, "protect");
  require_keys(node, "protect", {"email_domains", "users", "projects", "roles", "tag"});
  for (auto& domain : texts_of(node["email_domains"], "protect.email_domains")) {
    if (domain.front() == '@') domain.erase(0, 1);
    into.protected_email_domains.push_back(boost::algorithm::to_lower_copy(domain));
  }
  into.protected_users = texts_of(node["users"], "protect.users");
  into.protected_projects = texts_of(node["projects"], "protect.projects");
  into.protected_roles = texts_of(node["roles"], "protect.roles");
  if (node["tag"]) into.protected_tag = text_of(node["tag"], "protect.tag");
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
  require_keys(root, "", {"roles", "protect", "grace_days", "notify"});
  if (root["roles"]) found.roles = read_roles(root["roles"]);
  if (root["protect"]) read_protect(root["protect"], found);
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
