// The oracle's fourth part: what only few clouds have.
#include <algorithm>
#include <set>

#include "tests/cli/world_oracle.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
namespace {

/// What an administrator's deletion of a stack does to whom.
enum class harm { none, to_a_target, to_others };

/// What Heat deletes by the id that its list shows, or does not delete at all.
bool is_plain(const std::string& type) {
  return type.starts_with("OS::Neutron::") || type.starts_with("OS::Nova::") ||
         type.starts_with("OS::Cinder::") || type.starts_with("OS::Octavia::") ||
         type == "OS::Heat::RandomString" || type == "OS::Heat::Value";
}

/// What the tenant's environment makes of a type.
std::string meaning(const thing& stack, const std::string& type) {
  const auto* environment = stack.body.if_contains("_environment");
  if (!environment) return type;
  const auto* other = environment->at("resource_registry").as_object().if_contains(type);
  return other && other->is_string() ? std::string(other->as_string()) : type;
}

}  // namespace

/// An administrator is told of any cell, a user of the servers of the own project. Who leaves all
/// servers alone wants no list of them.
std::set<std::string> orders::unseen(const picture& at) const {
  std::set<std::string> some;
  if (skip.count("server") > 0) return some;
  for (const auto& [key, one] : at.things) {
    if (one.kind != "server" || !sandbox::truth(one.body, "_cell_down")) continue;
    if (!as_user) return projects;
    if (owns(one)) some.insert(one.owner);
  }
  return some;
}

bool orders::are_blind(const picture& at) const { return unseen(at) == projects; }

/// The others go on without a project that is not seen whole.
void oracle::find_unseen() {
  const auto some = how_.unseen(at_);
  for (const auto& [key, one] : at_.things) {
    const std::string project = one.kind == "keypair" ? one.text("_for") : one.owner;
    if (!is_target(one) || some.count(project) == 0) continue;
    may_fail_.insert(key);
    must_.insert(key);
  }
}

bool oracle::is_chosen(const thing& one) const {
  return how_.only.empty() || how_.only.count(one.kind) > 0;
}

/// Heat deletes with the rights of whoever asks, and what it deletes the tenant has written: an
/// administrator leaves a stack that names another's, or of which nobody knows what it does.
void oracle::find_harmful() {
  if (how_.as_user) return;
  for (const auto& [key, stack] : at_.things) {
    if (stack.kind != "stack" || !is_target(stack)) continue;
    harm worst = harm::none;
    for (const auto& one : stack.body.at("_resources").as_array()) {
      const auto& resource = one.as_object();
      if (!is_plain(meaning(stack, sandbox::text(resource, "resource_type"))))
        worst = harm::to_others;
      const auto id = sandbox::text(resource, "physical_resource_id");
      auto [at, end] = at_.by_id.equal_range(id.substr(0, id.find(':')));
      for (; at != end; ++at) {
        const auto& what = at_.things.at(at->second);
        if (what.owner == stack.owner) continue;
        // Another target's may be gone when it is asked whose it is.
        worst = std::max(worst, how_.owns(what) ? harm::to_a_target : harm::to_others);
      }
    }
    if (worst == harm::none) continue;
    may_fail_.insert(key);
    if (worst == harm::to_others && is_chosen(stack)) must_.insert(key);
  }
}

namespace {

bool is_set_aside(const thing& one) {
  return one.kind == "server" && one.text("status") == "SOFT_DELETED";
}

}  // namespace

bool oracle::is_shown(const thing& one) const { return !how_.as_user || !is_set_aside(one); }

/// Somebody may want it back: without --force it is left as it is.
void oracle::find_set_aside() {
  for (const auto& [key, one] : at_.things) {
    if (one.kind != "server" || !is_target(one)) continue;
    if (!is_shown(one)) may_fail_.insert(key);
    if (how_.force || (!is_set_aside(one) && !how_.sets_aside)) continue;
    may_fail_.insert(key);
    if (is_set_aside(one) && is_shown(one) && is_chosen(one)) must_.insert(key);
  }
}

}  // namespace cli
