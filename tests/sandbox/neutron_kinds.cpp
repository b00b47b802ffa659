// Networking, kind by kind: the table, what a new object looks like, and what keeps it from going.
#include <fmt/core.h>

#include "tests/sandbox/neutron.hpp"

namespace sandbox {
namespace {

json::object with(const std::string& id, json::object more) {
  json::object o{{"id", id}, {"name", ""}, {"description", ""}};
  merge(o, more);
  return o;
}

json::object dated(const std::string& id, json::object more) {
  json::object o = with(id, std::move(more));
  o["tags"] = json::array{};
  o["created_at"] = o["updated_at"] = now_iso();
  o["revision_number"] = 0;
  return o;
}

json::object fresh_network(const std::string& id) {
  return dated(id, {{"admin_state_up", true},
                    {"mtu", 1450},
                    {"status", "ACTIVE"},
                    {"subnets", json::array{}},
                    {"shared", false},
                    {"router:external", false},
                    {"is_default", false},
                    {"port_security_enabled", true},
                    {"qos_policy_id", nullptr},
                    {"availability_zone_hints", json::array{}},
                    {"availability_zones", json::array{}},
                    {"ipv4_address_scope", nullptr},
                    {"ipv6_address_scope", nullptr}});
}

json::object fresh_subnet(const std::string& id) {
  return dated(id, {{"network_id", ""},
                    {"ip_version", 4},
                    {"subnetpool_id", nullptr},
                    {"enable_dhcp", true},
                    {"ipv6_ra_mode", nullptr},
                    {"ipv6_address_mode", nullptr},
                    {"gateway_ip", nullptr},
                    {"cidr", ""},
                    {"allocation_pools", json::array{}},
                    {"host_routes", json::array{}},
                    {"dns_nameservers", json::array{}},
                    {"service_types", json::array{}}});
}

json::object fresh_port(const std::string& id) {
  return dated(id, {{"network_id", ""},
                    {"mac_address", ""},
                    {"admin_state_up", true},
                    {"status", "DOWN"},
                    {"device_id", ""},
                    {"device_owner", ""},
                    {"fixed_ips", json::array{}},
                    {"port_security_enabled", true},
                    {"qos_policy_id", nullptr},
                    {"qos_network_policy_id", nullptr},
                    {"security_groups", json::array{}},
                    {"binding:vnic_type", "normal"},
                    {"allowed_address_pairs", json::array{}},
                    {"extra_dhcp_opts", json::array{}}});
}

json::object fresh_router(const std::string& id) {
  return dated(id, {{"admin_state_up", true},
                    {"status", "ACTIVE"},
                    {"external_gateway_info", nullptr},
                    {"availability_zones", json::array{}},
                    {"availability_zone_hints", json::array{}},
                    {"routes", json::array{}},
                    {"flavor_id", nullptr}});
}

json::object fresh_floatingip(const std::string& id) {
  json::object o = dated(id, {{"floating_ip_address", ""},
                              {"floating_network_id", ""},
                              {"router_id", nullptr},
                              {"port_id", nullptr},
                              {"fixed_ip_address", nullptr},
                              {"status", "DOWN"},
                              {"qos_policy_id", nullptr},
                              {"port_details", nullptr}});
  o.erase("name");
  return o;
}

json::object fresh_group(const std::string& id) {
  return dated(id, {{"stateful", true}, {"shared", false}});
}

json::object fresh_rule(const std::string& id) {
  json::object o = dated(id, {{"security_group_id", ""},
                              {"ethertype", "IPv4"},
                              {"direction", "ingress"},
                              {"protocol", nullptr},
                              {"port_range_min", nullptr},
                              {"port_range_max", nullptr},
                              {"remote_ip_prefix", nullptr},
                              {"remote_address_group_id", nullptr},
                              {"normalized_cidr", nullptr},
                              {"remote_group_id", nullptr}});
  o.erase("name");
  return o;
}

json::object fresh_trunk(const std::string& id) {
  return dated(id, {{"admin_state_up", true},
                    {"port_id", ""},
                    {"status", "DOWN"},
                    {"sub_ports", json::array{}}});
}

json::object fresh_policy(const std::string& id) {
  return dated(id, {{"shared", false}, {"rules", json::array{}}, {"is_default", false}});
}

json::object fresh_rbac(const std::string& id) {
  return {
      {"id", id}, {"action", ""}, {"object_id", ""}, {"target_tenant", ""}, {"object_type", ""}};
}

json::object fresh_address_group(const std::string& id) {
  return with(id, {{"addresses", json::array{}}});
}

json::object fresh_address_scope(const std::string& id) {
  json::object o = with(id, {{"shared", false}, {"ip_version", 4}});
  o.erase("description");
  return o;
}

json::object fresh_subnetpool(const std::string& id) {
  return dated(id, {{"default_prefixlen", "24"},
                    {"min_prefixlen", "8"},
                    {"max_prefixlen", "32"},
                    {"is_default", false},
                    {"shared", false},
                    {"prefixes", json::array{}},
                    {"ip_version", 4},
                    {"default_quota", nullptr},
                    {"address_scope_id", nullptr}});
}

json::object fresh_label(const std::string& id) { return with(id, {{"shared", false}}); }

json::object fresh_label_rule(const std::string& id) {
  return {{"id", id},
          {"metering_label_id", ""},
          {"direction", "ingress"},
          {"remote_ip_prefix", nullptr},
          {"excluded", false}};
}

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

}  // namespace

std::span<const network_kind> network_kinds() {
  static constexpr network_kind table[] = {
      {"networks", "network", "networks", "network", "Network", "Network {} could not be found.",
       false, fresh_network, nullptr, nullptr, network_removing},
      {"subnets", "subnet", "subnets", "subnet", "Subnet", "Subnet {} could not be found.", false,
       fresh_subnet, subnet_created, nullptr, subnet_removing},
      {"ports", "port", "ports", "port", "Port", "Port {} could not be found.", false, fresh_port,
       port_created, nullptr, port_removing},
      {"routers", "router", "routers", "router", "Router", "Router {} could not be found", false,
       fresh_router, router_created, router_updated, router_removing},
      {"floatingips", "floatingip", "floatingips", "floatingip", "FloatingIP",
       "Floating IP {} could not be found", false, fresh_floatingip, floatingip_created,
       floatingip_updated, floatingip_removing},
      {"security-groups", "security_group", "security_groups", "security_group", "SecurityGroup",
       "Security group {} does not exist", false, fresh_group, group_created, nullptr,
       group_removing},
      {"security-group-rules", "security_group_rule", "security_group_rules", "security_group_rule",
       "SecurityGroupRule", "Security group rule {} does not exist", false, fresh_rule, nullptr,
       nullptr, nullptr},
      {"trunks", "trunk", "trunks", "trunk", "Trunk", "Trunk {} could not be found.", false,
       fresh_trunk, trunk_created, nullptr, trunk_removing},
      {"qos/policies", "policy", "policies", "qos_policy", "QosPolicy",
       "QoS policy {} could not be found.", true, fresh_policy, nullptr, nullptr, policy_removing},
      {"rbac-policies", "rbac_policy", "rbac_policies", "rbac_policy", "RbacPolicy",
       "RBAC policy of type None with ID {} not found", false, fresh_rbac, nullptr, nullptr,
       rbac_removing},
      {"address-groups", "address_group", "address_groups", "address_group", "AddressGroup",
       "Address group {} could not be found.", false, fresh_address_group, nullptr, nullptr,
       address_group_removing},
      {"address-scopes", "address_scope", "address_scopes", "address_scope", "AddressScope",
       "Address scope {} could not be found.", false, fresh_address_scope, nullptr, nullptr,
       address_scope_removing},
      {"subnetpools", "subnetpool", "subnetpools", "subnetpool", "SubnetPool",
       "Subnet pool {} could not be found.", false, fresh_subnetpool, nullptr, nullptr,
       subnetpool_removing},
      {"metering/metering-labels", "metering_label", "metering_labels", "metering_label",
       "MeteringLabel", "Metering label {} does not exist", true, fresh_label, nullptr, nullptr,
       label_removing},
      {"metering/metering-label-rules", "metering_label_rule", "metering_label_rules",
       "metering_label_rule", "MeteringLabelRule", "Metering label rule {} does not exist", true,
       fresh_label_rule, nullptr, nullptr, nullptr},
  };
  return table;
}

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
