#include "tests/cli/world_checks.hpp"

#include <algorithm>

#include "tests/sandbox/world.hpp"

namespace cli {
namespace {

bool is_gone(const picture& p, const std::string& key) { return p.things.count(key) == 0; }

std::string shown(const std::string& key, const thing& one) {
  return key + " (owner " + one.owner + ") " + json::serialize(one.body).substr(0, 600);
}

}  // namespace

/// Without what goes from it because it was ours: subnets on a neighbour's network.
json::object examination::comparable(const thing& one) const {
  json::object body = one.body;
  if (one.kind != "network") return body;
  json::array left;
  for (const auto& subnet : body["subnets"].as_array()) {
    const auto* known = before_.find("subnet", std::string(subnet.as_string()));
    if (!known || !how_.owns(*known)) left.push_back(subnet);
  }
  body["subnets"] = left;
  return body;
}

/// What Neutron itself does to others when a user's own port or group goes; only an administrator
/// can know before.
bool examination::is_consequence(const thing& one) const {
  if (one.kind == "amphora_port") return is_gone(after_, "load_balancer/" + one.text("_lb"));
  if (!how_.as_user) return false;
  const char* field = one.kind == "floating_ip"           ? "port_id"
                      : one.kind == "port_forwarding"     ? "internal_port_id"
                      : one.kind == "security_group_rule" ? "remote_group_id"
                                                          : nullptr;
  if (!field) return false;
  const std::string kind = one.kind == "security_group_rule" ? "security_group" : "port";
  const auto* ours = before_.find(kind, one.text(field));
  return ours && how_.owns(*ours) && is_gone(after_, kind + "/" + ours->id);
}

void examination::other(const std::string& key, const thing& one) const {
  const auto now = after_.things.find(key);
  if (now == after_.things.end()) {
    if (!rules_.may_be_taken_off(one) && !is_consequence(one))
      complain("somebody else's is gone: " + shown(key, one));
    return;
  }
  if (now->second.owner != one.owner)
    complain("changed hands: " + shown(key, one) + " to " + now->second.owner);
  if (comparable(one) != comparable(now->second) && !is_consequence(one))
    complain("somebody else's has changed: " + shown(key, one) + " is now " +
             json::serialize(now->second.body));
}

void examination::others() const {
  for (const auto& [key, one] : before_.things) {
    if (!how_.owns(one))
      other(key, one);
    else if (one.kind == "default_group" && is_gone(after_, key))
      complain("the default group is gone: " + key);
  }
  for (const auto& [key, one] : after_.things)
    if (!how_.owns(one) && is_gone(before_, key)) complain("new: " + shown(key, one));
  if (before_.assignments != after_.assignments) complain("roles are not as they were");
}

/// Cinder takes its own out with the backup.
bool examination::is_data_of_backup(std::string_view object) const {
  const auto at = object.find("_backup_");
  return at != std::string_view::npos &&
         is_gone(after_, "backup/" + std::string(object.substr(at + 8, 36)));
}

/// Objects that are newer than the limit or than the plan.
void examination::kept_objects(const std::string& key, const thing& box) const {
  const auto now = after_.things.find(key);
  const thing* planned = nullptr;
  if (how_.planned)
    if (const auto at = how_.planned->things.find(key); at != how_.planned->things.end())
      planned = &at->second;
  for (const auto& [name, o] : box.body.at("objects").as_object()) {
    const auto* then =
        planned ? planned->body.at("objects").as_object().if_contains(name) : nullptr;
    const bool newer =
        !how_.created_before.empty() && std::string(o.at(1).as_string()) >= how_.created_before;
    if (is_data_of_backup(name)) continue;
    if (!newer && !(how_.planned && (!then || *then != o)) && !box.has_tag()) continue;
    const auto* still = now == after_.things.end()
                            ? nullptr
                            : now->second.body.at("objects").as_object().if_contains(name);
    if (!still || *still != o)
      complain("an object that was to stay is gone: " + key + "/" + std::string(name));
    needed_objects(box, name);
  }
}

/// What a large object that was to stay is made of.
void examination::needed_objects(const thing& box, std::string_view name) const {
  const auto* paths = box.body.at("needs").as_object().if_contains(name);
  if (!paths) return;
  for (const auto& path : paths->as_array())
    for (const auto& [key, other] : before_.things) {
      if (other.kind != "container" || other.owner != box.owner) continue;
      const auto now = after_.things.find(key);
      for (const auto& [object, o] : other.body.at("objects").as_object())
        if ((other.id + "/" + std::string(object)).starts_with(path.as_string()) &&
            (now == after_.things.end() ||
             !now->second.body.at("objects").as_object().contains(object)))
          complain("a part of " + box.id + "/" + std::string(name) + " is gone: " + other.id + "/" +
                   std::string(object));
    }
}

/// With --only, other kinds go only where a service takes them along.
void examination::unselected(const std::string& key, const thing& one) const {
  if (how_.only.empty() || how_.only.count(one.kind) > 0 || one.kind == "port") return;
  if (how_.only.count("stack") > 0)
    for (const auto& [other, stack] : before_.things)
      if (stack.kind == "stack" && before_.mentioned_by(stack).count(key) > 0) return;
  // Nova takes these along with their server.
  for (const auto& [other, server] : before_.things)
    if (server.kind == "server" && is_gone(after_, other) &&
        (server.text("_shelved_image") == one.id || server.text("_vtpm_secret") == one.id))
      return;
  if (one.kind == "port_forwarding" &&
      after_.things.count("port/" + one.text("internal_port_id")) == 0)
    return;
  complain("not among --only, and gone: " + shown(key, one));
}

void examination::kept() const {
  legs();
  for (const auto& key : rules_.must_stay())
    if (is_gone(after_, key))
      complain("was to stay: " + shown(key, before_.things.at(key)) + rules_.because(key));
  for (const auto& [key, one] : before_.things) {
    if (!rules_.is_target(one)) continue;
    if (one.kind == "container") kept_objects(key, one);
    if (is_gone(after_, key)) unselected(key, one);
  }
}

void examination::nothing() const {
  for (const auto& [key, one] : before_.things) {
    const auto now = after_.things.find(key);
    if (now == after_.things.end())
      complain("gone, and nothing was to change: " + shown(key, one));
    else if (one.kind == "load_balancer" && how_.owns(one))
      continue;  // what somebody else was changing is done by now
    else if (now->second.body != one.body || now->second.owner != one.owner)
      complain("changed, and nothing was to: " + shown(key, one));
  }
  for (const auto& [key, one] : after_.things)
    if (is_gone(before_, key)) complain("new, and nothing was to change: " + shown(key, one));
  if (before_.assignments != after_.assignments) complain("roles are not as they were");
}

std::size_t examination::gone() const {
  std::size_t n = 0;
  for (const auto& [key, one] : before_.things)
    n += rules_.is_target(one) && is_gone(after_, key) ? 1U : 0U;
  return n;
}

std::size_t examination::neighbours() const {
  return static_cast<std::size_t>(
      std::count_if(before_.things.begin(), before_.things.end(),
                    [&](const auto& entry) { return !how_.owns(entry.second); }));
}

}  // namespace cli
