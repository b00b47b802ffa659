// The oracle's third part: what others have on the targets' things, and the rule about the
// interfaces of routers, which is checked on what is there afterwards.
#include <algorithm>

#include "tests/cli/world_checks.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
namespace {

std::set<std::string> subnets_of(const thing& port) {
  std::set<std::string> all;
  for (const auto& ip : port.body.at("fixed_ips").as_array())
    all.insert(sandbox::text(ip.as_object(), "subnet_id"));
  return all;
}

bool leads_to(const thing& subnet, const thing& leg) {
  const auto& ips = leg.body.at("fixed_ips").as_array();
  return std::any_of(ips.begin(), ips.end(), [&](const json::value& ip) {
    return sandbox::text(ip.as_object(), "subnet_id") == subnet.id &&
           sandbox::text(ip.as_object(), "ip_address") == subnet.text("gateway_ip");
  });
}

}  // namespace

/// Neutron shows a user the ports on his own networks, and those of others there too.
bool oracle::is_seen(const thing& port, const thing& ground) const {
  if (!how_.as_user) return true;
  const auto* network = at_.find("network", port.text("network_id"));
  return network && network->owner == ground.owner;
}

void oracle::stand_on(const thing& port) {
  for (const auto& subnet : subnets_of(port)) {
    const auto* ground = at_.find("subnet", subnet);
    if (ground && is_target(*ground) && is_seen(port, *ground)) must_.insert("subnet/" + subnet);
  }
  const auto* network = at_.find("network", port.text("network_id"));
  if (network && is_target(*network)) must_.insert("network/" + network->id);
}

void oracle::find_neighbours() {
  for (const auto& [key, one] : at_.things) {
    if (one.kind == "router_interface" && is_target(one)) {
      if (is_gateway_of_others(one)) may_fail_.insert(key);
      for (const auto& id : subnets_of(one))
        if (const auto* subnet = at_.find("subnet", id);
            subnet && subnet->owner != one.owner && is_target(*subnet) && leads_to(*subnet, one))
          add("subnet/" + id, key, false);
    }
    if (how_.owns(one)) continue;
    if (one.kind == "port") stand_on(one);
    if (one.kind == "port")
      for (const auto& [trunk, what] : at_.things)
        if (what.kind == "trunk" && is_target(what) &&
            json::serialize(what.body.at("sub_ports")).find(one.id) != std::string::npos)
          must_.insert(trunk);
    find_carried(one);
    if (one.kind != "volume" || how_.as_user) continue;
    for (const auto& a : one.body.at("attachments").as_array()) {
      const auto* server = at_.find("server", sandbox::text(a.as_object(), "server_id"));
      if (server && is_target(*server)) must_.insert("server/" + server->id);
    }
  }
}

/// What of the targets' names this neighbour's thing, which would lose by its end.
void oracle::find_carried(const thing& theirs) {
  for (const auto& [key, one] : at_.things) {
    if (!is_target(one)) continue;
    const bool address = one.kind == "floating_ip" || one.kind == "trunk";
    const bool leads =
        theirs.kind == "port" &&
        ((address && one.text("port_id") == theirs.id) ||
         (one.kind == "port_forwarding" && one.text("internal_port_id") == theirs.id));
    const bool shares = one.kind == "rbac_policy" && theirs.kind != "container" &&
                        one.text("object_id") == theirs.id;  // a container's is a name
    // Nova tells a user of no other project's servers.
    const bool groups =
        one.kind == "server_group" && theirs.kind == "server" && !how_.as_user &&
        json::serialize(one.body.at("members")).find(theirs.id) != std::string::npos;
    if (leads || shares || groups) must_.insert(key), may_fail_.insert(key);
  }
}

bool oracle::shows(const std::string& network, const std::string& project) const {
  const auto* known = at_.find("network", network);
  return (known && known->owner == project) || is_shared(network, project);
}

bool oracle::is_gateway_of_others(const thing& leg) const {
  const auto* router = at_.find("router", leg.text("device_id"));
  if (!router || !how_.owns(*router)) return false;
  for (const auto& id : subnets_of(leg)) {
    const auto* subnet = at_.find("subnet", id);
    if (!subnet || how_.owns(*subnet) || !leads_to(*subnet, leg)) continue;
    if (!how_.as_user || shows(subnet->text("network_id"), router->owner)) return true;
  }
  return false;
}

/// An interface goes only with its subnet, whoever's router has it.
void examination::legs() const {
  if (how_.faulty) return;
  for (const auto& [key, one] : before_.things) {
    if (one.kind != "router_interface" || after_.things.count(key) > 0) continue;
    if (rules_.is_gateway_of_others(one)) complain("the gateway of a neighbour is gone: " + key);
    for (const auto& id : subnets_of(one)) {
      const auto* subnet = before_.find("subnet", id);
      if (!subnet || !how_.owns(*subnet) || after_.things.count("subnet/" + id) == 0) continue;
      // One target's router on the subnet of another is its own way, unless it is the gateway; a
      // user to whom the network is not shared cannot know what it leads to.
      const bool known = leads_to(*subnet, one) &&
                         (!how_.as_user || rules_.shows(one.text("network_id"), one.owner));
      if (how_.owns(one) && one.owner != subnet->owner && !known) continue;
      complain("the interface " + key + " is gone, and its subnet is not: " + id + " of project " +
               subnet->owner + ", " + json::serialize(one.body));
    }
  }
}

}  // namespace cli
