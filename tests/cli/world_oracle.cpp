#include "tests/cli/world_oracle.hpp"

#include <algorithm>

#include "tests/sandbox/world.hpp"

namespace cli {
namespace {

bool among(const std::string& word, std::initializer_list<const char*> all) {
  for (const char* one : all)
    if (word == one) return true;
  return false;
}

}  // namespace

bool orders::owns(const thing& one) const {
  return one.kind == "keypair" ? users.count(one.owner) > 0 : projects.count(one.owner) > 0;
}

oracle::oracle(const picture& before, const orders& how) : at_(before), how_(how) {
  find_edges();
  find_seeds();
  find_neighbours();
  spread(may_keep_, false);
  spread(may_fail_, false);
  spread(must_, true);
}

bool oracle::is_protected(const thing& one) const {
  if (one.has_tag()) return true;
  if (how_.include_protected) return false;
  return (one.kind == "server" && sandbox::truth(one.body, "locked")) ||
         (one.kind == "image" && sandbox::truth(one.body, "protected"));
}

bool oracle::is_left_out(const std::string& key, const thing& one) const {
  if (how_.skip.count(one.kind) > 0) return true;
  if (how_.planned) {
    const auto then = how_.planned->things.find(key);
    if (then == how_.planned->things.end()) return true;
    if (one.kind == "container" && then->second.body != one.body) return true;
  }
  if (how_.created_before.empty()) return false;
  if (one.kind == "container") return true;         // object by object
  if (one.kind == "port_forwarding") return false;  // as old as its address
  const bool on_device = one.kind == "port" && !one.text("device_id").empty();
  return !on_device && (one.created.empty() || one.created >= how_.created_before);
}

/// What Cinder neither deletes nor is forced to.
bool oracle::is_stuck(const thing& one) const {
  // An object deleted for its age would bring an older one back.
  if (how_.as_user && among(one.kind, {"metering_label", "qos_policy"})) return true;
  if (one.kind == "container" && !how_.created_before.empty())
    return one.body.at("headers").as_object().contains("x-versions-location");
  const bool storage = one.kind == "volume" || one.kind == "snapshot";
  if (storage && one.text("status") == "error_deleting") return !how_.force || how_.as_user;
  if (one.kind == "volume")
    for (const auto& a : one.body.at("attachments").as_array()) {
      const auto* server = at_.find("server", sandbox::text(a.as_object(), "server_id"));
      if (!server || server->owner != one.owner) return true;
    }
  if (one.kind != "port" || one.text("device_id").empty() || one.text("device_owner").empty())
    return false;
  for (const auto& key : at_.mentioned_by(one))
    if (const auto& device = at_.things.at(key);
        among(device.kind, {"server", "load_balancer", "trunk"}) && device.owner == one.owner)
      return false;
  return true;
}

bool oracle::is_shared(const std::string& network, const std::string& project) const {
  for (const auto& [key, one] : at_.things)
    if (one.kind == "rbac_policy" && one.text("object_id") == network &&
        (one.text("target_tenant") == "*" || one.text("target_tenant") == project))
      return true;
  return false;
}

bool oracle::may_be_taken_off(const thing& leg) const {
  const auto* router = at_.find("router", leg.text("device_id"));
  const auto* network = at_.find("network", leg.text("network_id"));
  return leg.kind == "router_interface" && !how_.as_user && router && network &&
         how_.owns(*network) && !is_shared(network->id, router->owner);
}

/// And nothing of its router's own holds it.
bool oracle::may_come_off(const thing& leg) const {
  if (!may_be_taken_off(leg)) return false;
  const auto* router = at_.find("router", leg.text("device_id"));
  for (const auto& [key, one] : at_.things)
    if (one.kind == "floating_ip" && one.text("router_id") == router->id) return false;
  return router->body.at("routes").as_array().empty();
}

/// Somebody else's thing that keeps what it names from going.
bool oracle::is_in_the_way(const thing& one) const {
  if (one.owner.empty()) return false;
  // The legs of another target come off in its own time.
  if (one.kind == "router_interface") return how_.owns(one) || !may_come_off(one);
  if (one.kind == "amphora_port") {
    const auto* balancer = at_.find("load_balancer", one.text("_lb"));
    return !balancer || !how_.owns(*balancer);
  }
  return among(one.kind, {"port", "subnet", "floating_ip", "security_group_rule", "trunk",
                          "subnet_pool", "network", "zone", "port_forwarding", "server",
                          "server_group", "volume", "backup"});
}

/// What stayed out of the plan for whatever reason stays now.
void oracle::find_unplanned() {
  orders then = how_;
  then.planned.reset();
  const oracle planned(*how_.planned, then);
  may_keep_.insert(planned.may_keep_.begin(), planned.may_keep_.end());
  may_keep_.insert(planned.may_fail_.begin(), planned.may_fail_.end());
}

/// Key pairs that servers of their user name elsewhere: only an administrator can know.
void oracle::find_used_elsewhere() {
  for (const auto& [key, one] : at_.things) {
    if (one.kind != "server" || one.text("key_name").empty()) continue;
    const auto pair = "keypair/" + one.text("user_id") + "/" + one.text("key_name");
    const auto at = at_.things.find(pair);
    if (at == at_.things.end() || !is_target(at->second)) continue;
    // In the run of another target's it is known only when that has ended.
    if (how_.projects.size() > 1) may_keep_.insert(pair);
    if (how_.owns(one) || how_.as_user) continue;
    may_keep_.insert(pair);
    must_.insert(pair);
  }
}

/// What somebody says to use whom the project does not know.
void oracle::find_consumed() {
  for (const auto& [key, one] : at_.things) {
    if (one.kind != "secret" || !is_target(one)) continue;
    for (const auto& consumer : one.body.at("consumers").as_array()) {
      const auto id = sandbox::text(consumer.as_object(), "resource_id");
      const auto [at, end] = at_.by_id.equal_range(id);
      const auto is_of = [this, at = at, end = end](const auto& whose) {
        return std::any_of(at, end, [&](const auto& known) {
          const auto& who = at_.things.at(known.second);
          return is_target(who) && whose(who.owner);
        });
      };
      const auto& own = one.owner;
      if (is_of([&](const auto& owner) { return owner == own; })) continue;
      may_fail_.insert(key);
      // Another target's goes in the same run, or stays, and the secret with it.
      if (is_of([&](const auto& owner) { return owner != own; })) continue;
      must_.insert(key);
    }
  }
}

void oracle::find_seeds() {
  if (how_.planned) find_unplanned();
  find_used_elsewhere();
  find_consumed();
  find_harmful();
  find_set_aside();
  find_unseen();
  for (const auto& [key, one] : at_.things) {
    if (is_target(one)) {
      const bool unselected = !how_.only.empty() && how_.only.count(one.kind) == 0;
      const bool kept = is_protected(one) || is_left_out(key, one);
      if (kept || unselected) may_keep_.insert(key);
      // What came after the plan does not go along with what was chosen either.
      const bool later = how_.planned && how_.planned->things.count(key) == 0;
      if (kept && one.kind != "container" && (!unselected || later)) must_.insert(key);
      if (one.kind == "container" && (one.has_tag() || how_.skip.count("container") > 0))
        must_.insert(key);
      if (is_stuck(one)) may_fail_.insert(key);
    }
    if (!is_in_the_way(one)) continue;
    for (const auto& other : at_.mentioned_by(one))
      if (const auto& what = at_.things.at(other); is_target(what) && what.owner != one.owner)
        may_fail_.insert(other);
    if (one.kind == "zone")
      for (const auto& [above, zone] : at_.things)
        if (is_target(zone) && zone.kind == "zone" && zone.owner != one.owner &&
            one.text("name").ends_with("." + zone.text("name")))
          may_fail_.insert(above);
    // The leg through which a neighbour's address is reached.
    if (one.kind == "floating_ip" || one.kind == "port_forwarding")
      for (const auto& [leg, port] : at_.things)
        if (port.kind == "router_interface" && is_target(port) && port.owner != one.owner &&
            port.text("device_id") == one.text("router_id"))
          may_fail_.insert(leg);
  }
}

std::string oracle::because(std::string key) const {
  std::string all;
  for (auto at = held_by_.find(key); at != held_by_.end(); at = held_by_.find(key)) {
    key = at->second;
    all += " <- " + key;
  }
  return all;
}

void oracle::spread(std::set<std::string>& all, bool strong_only) {
  std::vector<std::string> queue(all.begin(), all.end());
  while (!queue.empty()) {
    const std::string from = queue.back();
    queue.pop_back();
    auto [at, end] = edges_.equal_range(from);
    for (; at != end; ++at) {
      if (strong_only && !at->second.strong) continue;
      if (!all.insert(at->second.to).second) continue;
      queue.push_back(at->second.to);
      if (strong_only) held_by_[at->second.to] = from;
    }
  }
}

}  // namespace cli
