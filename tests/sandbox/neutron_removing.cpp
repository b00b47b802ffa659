// Networking, what keeps each kind from going, and what goes with it.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/neutron.hpp"

namespace sandbox {
namespace {

/// Whether any object of a kind holds `id` under `key`.
const record* user_of(const context& c, const char* kind, const char* key, const std::string& id) {
  for (const auto& [seq, r] : c.of(kind).rows())
    if (text(r.body, key) == id) return &r;
  return nullptr;
}

void erase_where(const context& c, const char* kind, const std::function<bool(const record&)>& f) {
  std::vector<std::string> gone;
  for (const auto& [seq, r] : c.of(kind).rows())
    if (f(r)) gone.push_back(r.id);
  for (const auto& id : gone) c.of(kind).erase(id);
}

bool is_automatic(const record& subnet) {
  for (const char* key : {"ipv6_address_mode", "ipv6_ra_mode"})
    if (const auto mode = text(subnet.body, key); mode == "slaac" || mode == "dhcpv6-stateless")
      return true;
  return false;
}

/// What ports gave themselves in an automatic subnet goes with it, without a word; only a router's
/// interface is in the way.
void take_addresses(context& c, const std::string& subnet) {
  for (auto& [seq, p] : c.of("port").rows()) {
    if (text(p.body, "device_owner").rfind("network:router_interface", 0) == 0) continue;
    auto& ips = p.body["fixed_ips"].as_array();
    ips.erase(
        std::remove_if(ips.begin(), ips.end(),
                       [&](const auto& ip) { return text(ip.as_object(), "subnet_id") == subnet; }),
        ips.end());
  }
}

}  // namespace

void network_removing(context& c, record& r) {
  std::string ports;
  for (const auto& [seq, p] : c.of("port").rows())
    if (text(p.body, "network_id") == r.id && text(p.body, "device_owner") != "network:dhcp")
      ports += (ports.empty() ? "" : ",") + p.id;
  if (!ports.empty())
    neutron_fail(409, "NetworkInUse",
                 fmt::format("Unable to complete operation on network {}. There are one or more "
                             "ports still in use on the network, id for these ports is: {}.",
                             r.id, ports));
  const std::string id = r.id;
  erase_where(c, "port", [&](const record& p) { return text(p.body, "network_id") == id; });
  erase_where(c, "subnet", [&](const record& s) { return text(s.body, "network_id") == id; });
  erase_where(c, "rbac_policy", [&](const record& p) { return text(p.body, "object_id") == id; });
}

void subnet_removing(context& c, record& r) {
  if (is_automatic(r)) take_addresses(c, r.id);
  for (const auto& [seq, p] : c.of("port").rows())
    for (const auto& ip : p.body.at("fixed_ips").as_array())
      if (text(ip.as_object(), "subnet_id") == r.id &&
          text(p.body, "device_owner") != "network:dhcp")
        neutron_fail(409, "SubnetInUse",
                     fmt::format("Unable to complete operation on subnet {}: One or more ports "
                                 "have an IP allocation from this subnet.",
                                 r.id));
  if (record* n = c.of("network").find(text(r.body, "network_id"))) {
    auto& all = n->body["subnets"].as_array();
    const auto at = std::find(all.begin(), all.end(), json::value(r.id));
    if (at != all.end()) all.erase(at);
  }
}

void port_removing(context& c, record& r) {
  const std::string owner = text(r.body, "device_owner");
  if (owner.rfind("network:router_interface", 0) == 0 || owner == "network:router_gateway" ||
      owner == "network:floatingip")
    neutron_fail(409, "ServicePortInUse",
                 fmt::format("Port {} cannot be deleted directly via the port API: has device "
                             "owner {}.",
                             r.id, owner));
  for (const auto& [seq, t] : c.of("trunk").rows()) {
    if (text(t.body, "port_id") == r.id)
      neutron_fail(409, "PortInUseAsTrunkParent",
                   fmt::format("Port {} is currently a parent port for trunk {}.", r.id, t.id));
    for (const auto& s : t.body.at("sub_ports").as_array())
      if (text(s.as_object(), "port_id") == r.id)
        neutron_fail(409, "PortInUseAsSubPort",
                     fmt::format("Port {} is currently a subport for trunk {}.", r.id, t.id));
  }
  const std::string id = r.id;
  for (auto& [seq, f] : c.of("floatingip").rows())
    if (text(f.body, "port_id") == id) disassociate(f);
  erase_where(c, "port_forwarding",
              [&](const record& f) { return text(f.body, "internal_port_id") == id; });
}

void group_removing(context& c, record& r) {
  if (text(r.body, "name") == "default" && !c.admin())
    neutron_fail(409, "SecurityGroupCannotRemoveDefault",
                 "Insufficient rights for removing default security group.");
  for (const auto& [seq, p] : c.of("port").rows())
    for (const auto& g : p.body.at("security_groups").as_array())
      if (g.as_string() == r.id)
        neutron_fail(409, "SecurityGroupInUse", fmt::format("Security Group {} in use.", r.id));
  const std::string id = r.id;
  erase_where(c, "security_group_rule", [&](const record& x) {
    return text(x.body, "security_group_id") == id || text(x.body, "remote_group_id") == id;
  });
  erase_where(c, "rbac_policy", [&](const record& p) { return text(p.body, "object_id") == id; });
}

void policy_removing(context& c, record& r) {
  for (const char* kind : {"port", "network", "floatingip"})
    if (const record* u = user_of(c, kind, "qos_policy_id", r.id))
      neutron_fail(409, "QosPolicyInUse",
                   fmt::format("QoS Policy {} is used by {} {}.", r.id, kind, u->id));
}

void rbac_removing(context& c, record& r) {
  const std::string object = text(r.body, "object_id"), target = text(r.body, "target_tenant");
  if (text(r.body, "object_type") != "network") return;
  c.w.gone.insert("rbac " + r.id);
  const record* n = c.of("network").find(object);
  for (const auto& [seq, p] : c.of("port").rows())
    if (text(p.body, "network_id") == object && !p.owner.empty() && n && p.owner != n->owner &&
        (target == "*" || target == p.owner) && text(r.body, "action") == "access_as_shared")
      neutron_fail(409, "RbacPolicyInUse",
                   fmt::format("RBAC policy on object {} cannot be removed because other objects "
                               "depend on it.\nDetails: Unable to reconfigure sharing settings for "
                               "network {}. Multiple tenants are using it.",
                               object, object));
}

void address_group_removing(context& c, record& r) {
  if (user_of(c, "security_group_rule", "remote_address_group_id", r.id))
    neutron_fail(
        409, "AddressGroupInUse",
        fmt::format("Address group {} is in use on one or more security group rules.", r.id));
}

void address_scope_removing(context& c, record& r) {
  if (user_of(c, "subnetpool", "address_scope_id", r.id))
    neutron_fail(409, "AddressScopeInUse",
                 fmt::format("Unable to complete operation on address scope {}. There are one or "
                             "more subnet pools in use on the address scope.",
                             r.id));
}

void subnetpool_removing(context& c, record& r) {
  if (user_of(c, "subnet", "subnetpool_id", r.id))
    neutron_fail(400, "SubnetPoolDeleteError",
                 "Unable to delete subnet pool: Subnet pool has existing allocations.");
}

void label_removing(context& c, record& r) {
  const std::string id = r.id;
  erase_where(c, "metering_label_rule",
              [&](const record& x) { return text(x.body, "metering_label_id") == id; });
}

}  // namespace sandbox
