// Networking, kind by kind: the table, what a new object looks like.
#include "tests/sandbox/neutron.hpp"

namespace sandbox {
namespace {

json::object with(const std::string& id, const json::object& more) {
  json::object o{{"id", id}, {"name", ""}, {"description", ""}};
  merge(o, more);
  return o;
}

json::object dated(const std::string& id, const json::object& more) {
  json::object o = with(id, more);
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
       "Subnet pool {} could not be found.", false, fresh_subnetpool, subnetpool_created, nullptr,
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

}  // namespace sandbox
