// The policy file: what protects is never lost, a rule is complete, and a policy survives being
// written.
#include "services/policy.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

using namespace ostclean;
using namespace ostclean::fuzz;
using services::policy;
namespace json = boost::json;

namespace {

bool has(const std::vector<std::string>& list, const char* word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

void check_policy(const policy& found) {
  require(has(found.protected_projects, "admin") && has(found.protected_projects, "service"),
          "admin and service are protected");
  require(has(found.protected_roles, "admin"), "administrators are protected");
  require(!found.protected_tag.empty(), "the tag is not empty");
  require(found.grace_days >= 0, "the grace is not negative");
  require(found.notify_sendmail.empty() || found.notify_url.empty(), "one way to notify");
  std::set<std::string> names;
  for (const auto& rule : found.roles) {
    require(!rule.role.empty() && names.insert(rule.role).second, "a role has one rule", rule.role);
    require(rule.days >= 0 && rule.warn_days >= 0, "days are not negative", rule.role);
    require(rule.becomes != rule.role, "a role does not become itself", rule.role);
    require(!rule.started.empty() && !rule.duration.empty(), "a rule names its attributes",
            rule.role);
  }
}

json::array list_of(const std::vector<std::string>& all) {
  return json::array(all.begin(), all.end());
}

json::object written(const policy& from) {
  json::object roles;
  for (const auto& rule : from.roles) {
    json::object one{{"days", rule.days}, {"warn_days", rule.warn_days}};
    one["started"] = rule.started;
    one["duration"] = rule.duration;
    if (!rule.becomes.empty()) one["becomes"] = rule.becomes;
    roles[rule.role] = std::move(one);
  }
  json::object notify;
  if (!from.notify_sendmail.empty()) notify["sendmail"] = from.notify_sendmail;
  if (!from.notify_url.empty()) notify["url"] = from.notify_url;
  json::object protect{{"email_domains", list_of(from.protected_email_domains)},
                       {"users", list_of(from.protected_users)},
                       {"projects", list_of(from.protected_projects)},
                       {"roles", list_of(from.protected_roles)},
                       {"tag", from.protected_tag}};
  return {{"roles", std::move(roles)},
          {"protect", std::move(protect)},
          {"grace_days", from.grace_days},
          {"notify", std::move(notify)}};
}

/// yaml-cpp wants the end of a key within 1024 bytes, and JSON bytes that are text.
bool is_writable(const std::string& text) {
  boost::system::error_code ec;
  (void)json::parse(text, ec);
  return !ec && text.size() < 1000;
}

}  // namespace

extern "C" int fuzz_policy(const std::uint8_t* data, std::size_t size) {
  const std::string file = scratch_file("policy.yaml", text_of(data, size));
  const auto found = services::load_policy(file);
  if (!found) {
    require(found.error().code == errc::config, "a policy that is refused is a mistake in it");
    require(found.error().message.starts_with(file + ":"), "an error names file and line",
            found.error().message);
    return 0;
  }
  check_policy(*found);
  const std::string text = json::serialize(written(*found));
  if (!is_writable(text)) return 0;
  const auto again = services::load_policy(scratch_file("again.yaml", text));
  require(again.has_value(), "a policy that was written is one", again ? "" : again.error().line());
  require(json::serialize(written(*again)) == text, "a policy survives being written", text);
  return 0;
}
