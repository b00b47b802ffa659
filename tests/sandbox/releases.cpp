// What a newer release of OpenStack shows that Zed did not: fields, kind by kind. What it does
// otherwise is where it is done, behind context::epoxy().
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/world.hpp"

namespace sandbox {
namespace {

void port_names(json::object& o) {
  json::array out;
  for (const auto& ip : o["fixed_ips"].as_array()) {
    const std::string address = text(ip.as_object(), "ip_address");
    std::string host = "host-" + address;
    std::replace(host.begin(), host.end(), '.', '-');
    out.push_back(
        {{"ip_address", address}, {"hostname", host}, {"fqdn", host + ".openstacklocal."}});
  }
  o["dns_assignment"] = out;
}

const json::object& more_of(std::string_view kind) {
  static const std::map<std::string_view, json::object> table{
      {"network", {{"dns_domain", ""}, {"l2_adjacency", true}}},
      {"subnet", {{"router:external", false}}},
      {"port",
       {{"dns_name", ""},
        {"dns_domain", ""},
        {"data_plane_status", nullptr},
        {"ip_allocation", "immediate"},
        {"propagate_uplink_status", true}}},
      {"router", {{"conntrack_helpers", json::array{}}, {"enable_ndp_proxy", false}}},
      {"floatingip", {{"dns_name", ""}, {"dns_domain", ""}}},
      {"security_group_rule", {{"belongs_to_default_sg", false}}},
      {"loadbalancer", {{"vip_sg_ids", json::array{}}, {"vip_vnic_type", "normal"}}},
      {"listener",
       {{"hsts_include_subdomains", false}, {"hsts_max_age", nullptr}, {"hsts_preload", false}}},
      {"zone", {{"shared", false}}}};
  static const json::object nothing;
  const auto at = table.find(kind);
  return at == table.end() ? nothing : at->second;
}

}  // namespace

void add_newer_fields(const context& c, std::string_view kind, json::object& o) {
  if (!c.epoxy()) return;
  for (const auto& [key, value] : more_of(kind))
    if (!o.if_contains(key)) o[key] = value;
  if (kind == "port") port_names(o);
  if (kind != "security_group") return;
  // Of a default group Neutron has not looked it up where the group is shown.
  for (auto& rule : o["security_group_rules"].as_array())
    rule.as_object()["belongs_to_default_sg"] =
        text(o, "name") == "default" ? json::value() : json::value(false);
}

}  // namespace sandbox
