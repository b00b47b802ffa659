// Networking, routers and what hangs on them: interfaces and gateways; the trunk and policy
// actions.
#include <fmt/core.h>

#include "tests/sandbox/neutron.hpp"

namespace sandbox {

namespace {

record* gateway_port(const context& c, const std::string& router) {
  for (auto& [seq, p] : c.of("port").rows())
    if (text(p.body, "device_id") == router &&
        text(p.body, "device_owner") == "network:router_gateway")
      return &p;
  return nullptr;
}

std::vector<record*> interfaces(const context& c, const std::string& router) {
  std::vector<record*> out;
  for (auto& [seq, p] : c.of("port").rows())
    if (text(p.body, "device_id") == router &&
        text(p.body, "device_owner") == "network:router_interface")
      out.push_back(&p);
  return out;
}

bool needed_by_floating_ip(const context& c, const std::string& router, const std::string& subnet) {
  for (const auto& [seq, f] : c.of("floatingip").rows()) {
    if (text(f.body, "router_id") != router) continue;
    std::vector<std::string> ports{text(f.body, "port_id")};
    for (const auto& [s, pf] : c.of("port_forwarding").rows())
      if (text(pf.body, "_floatingip") == f.id) ports.push_back(text(pf.body, "internal_port_id"));
    for (const auto& id : ports) {
      const record* p = c.of("port").find(id);
      if (p && (subnet.empty() || subnet_of_port(*p) == subnet)) return true;
    }
  }
  return false;
}

void set_gateway(context& c, record& r, const json::object* info) {
  const std::string network = info ? text(*info, "network_id") : "";
  record* old = gateway_port(c, r.id);
  if (old && text(old->body, "network_id") == network) return;
  if (old && needed_by_floating_ip(c, r.id, ""))
    neutron_fail(409, "RouterExternalGatewayInUseByFloatingIp",
                 fmt::format("Gateway cannot be updated for router {}, since a gateway to external "
                             "network {} is required by one or more floating IPs.",
                             r.id, text(old->body, "network_id")));
  if (old) c.of("port").erase(old->id);
  r.body["external_gateway_info"] = nullptr;
  if (network.empty()) return;
  neutron_find(c, network_kind_of("network"), network);
  const std::string id = create_port(
      c.w, c.region, "", network,
      {{"device_id", r.id}, {"device_owner", "network:router_gateway"}, {"_for", r.owner}});
  r.body["external_gateway_info"] =
      json::object{{"network_id", network},
                   {"external_fixed_ips", c.of("port").find(id)->body["fixed_ips"]},
                   {"enable_snat", true}};
}

record& own_router(context& c, const char* verb) {
  record& r = neutron_find(c, network_kind_of("router"), c.args[0]);
  if (!c.mine(r))
    neutron_fail(403, "PolicyNotAuthorized",
                 fmt::format("rule:{}_router_interface is disallowed by policy", verb));
  return r;
}

json::object interface_answer(const record& router, const record& port) {
  const std::string subnet = subnet_of_port(port);
  return {{"id", router.id},     {"tenant_id", router.owner},
          {"port_id", port.id},  {"network_id", text(port.body, "network_id")},
          {"subnet_id", subnet}, {"subnet_ids", json::array{subnet}}};
}

void refuse_used(const context& c, const std::string& address, const std::string& subnet) {
  for (const auto& [seq, p] : c.of("port").rows())
    for (const auto& ip : p.body.at("fixed_ips").as_array())
      if (text(ip.as_object(), "subnet_id") == subnet &&
          text(ip.as_object(), "ip_address") == address)
        neutron_fail(409, "IpAddressAlreadyAllocated",
                     fmt::format("IP address {} already allocated in subnet {}", address, subnet));
}

reply add_interface(context& c) {
  record& r = own_router(c, "add");
  const json::object sent = c.body.as_object();
  const std::string port = text(sent, "port_id"), subnet = text(sent, "subnet_id");
  if (!port.empty()) {
    record& p = neutron_find(c, network_kind_of("port"), port);
    merge(
        p.body,
        {{"device_id", r.id}, {"device_owner", "network:router_interface"}, {"status", "ACTIVE"}});
    return {200, interface_answer(r, p)};
  }
  const record& s = neutron_find(c, network_kind_of("subnet"), subnet);
  for (const record* p : interfaces(c, r.id))
    if (subnet_of_port(*p) == subnet)
      neutron_fail(
          400, "BadRequest",
          fmt::format("Bad router request: Router already has a port on subnet {}.", subnet));
  const json::object address{{"subnet_id", subnet}, {"ip_address", s.body.at("gateway_ip")}};
  refuse_used(c, text(address, "ip_address"), subnet);
  const std::string id = create_port(c.w, c.region, r.owner, text(s.body, "network_id"),
                                     {{"device_id", r.id},
                                      {"device_owner", "network:router_interface"},
                                      {"fixed_ips", json::array{address}},
                                      {"port_security_enabled", false},
                                      {"security_groups", json::array{}}});
  return {200, interface_answer(r, *c.of("port").find(id))};
}

void refuse_interface_in_use(const context& c, const record& r, const std::string& subnet) {
  if (needed_by_floating_ip(c, r.id, subnet))
    neutron_fail(409, "RouterInterfaceInUseByFloatingIP",
                 fmt::format("Router interface for subnet {} on router {} cannot be deleted, as it "
                             "is required by one or more floating IPs.",
                             subnet, r.id));
  const record* s = c.of("subnet").find(subnet);
  for (const auto& route : r.body.at("routes").as_array())
    if (s && inside(text(route.as_object(), "nexthop"), text(s->body, "cidr")))
      neutron_fail(409, "RouterInterfaceInUseByRoute",
                   fmt::format("Router interface for subnet {} on router {} cannot be deleted, as "
                               "it is required by one or more routes.",
                               subnet, r.id));
}

reply remove_interface(context& c) {
  record& r = own_router(c, "remove");
  const json::object sent = c.body.as_object();
  const std::string port = text(sent, "port_id"), subnet = text(sent, "subnet_id");
  if (port.empty() && subnet.size() != 36)
    neutron_fail(400, "BadRequest",
                 fmt::format("Bad router request: '{}' is not a valid UUID.", subnet));
  for (record* p : interfaces(c, r.id)) {
    if (port.empty() ? subnet_of_port(*p) != subnet : p->id != port) continue;
    refuse_interface_in_use(c, r, subnet_of_port(*p));
    const json::object out = interface_answer(r, *p);
    c.of("port").erase(std::string(p->id));
    return {200, out};
  }
  if (!port.empty())
    neutron_fail(404, "RouterInterfaceNotFound",
                 fmt::format("Router {} does not have an interface with id {}", r.id, port));
  neutron_fail(404, "RouterInterfaceNotFoundForSubnet",
               fmt::format("Router {} has no interface on subnet {}", r.id, subnet));
}

reply change_subports(context& c) {
  record& t = neutron_find(c, network_kind_of("trunk"), c.args[0]);
  auto& all = t.body["sub_ports"].as_array();
  for (const auto& one : c.body.as_object().at("sub_ports").as_array()) {
    const std::string port = text(one.as_object(), "port_id");
    const auto at = std::find_if(all.begin(), all.end(), [&](const json::value& v) {
      return text(v.as_object(), "port_id") == port;
    });
    const bool adds = c.path[3] == "add_subports";
    if (record* p = c.of("port").find(port))
      merge(p->body,
            {{"device_owner", adds ? "trunk:subport" : ""}, {"device_id", adds ? t.id : ""}});
    if (adds) {
      all.push_back(one);
    } else if (at == all.end()) {
      neutron_fail(404, "SubPortNotFound",
                   fmt::format("SubPort {} on trunk {} could not be found.", port, t.id));
    } else {
      all.erase(at);
    }
  }
  neutron_touch(t);
  return {200, shown(t.body)};
}

reply add_policy_rule(context& c) {
  record& p = neutron_find(c, network_kind_of("qos_policy"), c.args[0]);
  if (!c.admin())
    neutron_fail(403, "PolicyNotAuthorized", "rule:create_policy_rule is disallowed by policy");
  json::object rule = c.sent("bandwidth_limit_rule");
  rule["id"] = c.w.uuid();
  rule["type"] = "bandwidth_limit";
  p.body["rules"].as_array().push_back(rule);
  return {201, json::object{{"bandwidth_limit_rule", rule}}};
}

reply extensions(context& c) {
  json::array out;
  for (const char* a : {"address-group",
                        "address-scope",
                        "agent",
                        "external-net",
                        "extraroute",
                        "expose-port-forwarding-in-fip",
                        "floating-ip-port-forwarding",
                        "metering",
                        "pagination",
                        "project-id",
                        "qos",
                        "quotas",
                        "rbac-policies",
                        "router",
                        "security-group",
                        "sorting",
                        "standard-attr-tag",
                        "subnet_allocation",
                        "trunk",
                        "trunk-details"})
    out.push_back({{"alias", a}, {"name", a}, {"links", json::array{}}});
  for (const auto& a : c.w.opts.further_extensions)
    out.push_back({{"alias", a}, {"name", a}, {"links", json::array{}}});
  return {200, json::object{{"extensions", out}}};
}

reply empty_list(context& c) {
  std::string key = c.path[1];
  std::replace(key.begin(), key.end(), '-', '_');
  return {200, json::object{{key, json::array{}}}};
}

constexpr route neutron_routers_table[] = {
    {"PUT", "v2.0/routers/*/add_router_interface", add_interface},
    {"PUT", "v2.0/routers/*/remove_router_interface", remove_interface},
    {"PUT", "v2.0/trunks/*/add_subports", change_subports},
    {"PUT", "v2.0/trunks/*/remove_subports", change_subports},
    {"POST", "v2.0/qos/policies/*/bandwidth_limit_rules", add_policy_rule},
    {"GET", "v2.0/extensions", extensions},
    {"GET", "v2.0/agents", empty_list},
    {"GET", "v2.0/availability_zones", empty_list},
    {"GET", "v2.0/network-ip-availabilities", empty_list},
    {"GET", "v2.0/flavors", empty_list},
};

}  // namespace

std::span<const route> neutron_action_routes() { return neutron_routers_table; }

void router_created(context& c, record& r, const json::object& sent) {
  const auto* info = sent.if_contains("external_gateway_info");
  r.body["external_gateway_info"] = nullptr;
  set_gateway(c, r, info ? info->if_object() : nullptr);
}

void router_updated(context& c, record& r, const json::object& sent) {
  json::object rest = sent;
  if (const auto* info = sent.if_contains("external_gateway_info"))
    set_gateway(c, r, info->if_object());
  rest.erase("external_gateway_info");
  merge(r.body, rest);
}

void router_removing(context& c, record& r) {
  std::string ports;
  for (const record* p : interfaces(c, r.id)) ports += (ports.empty() ? "" : ",") + p->id;
  if (!ports.empty())
    neutron_fail(409, "RouterInUse",
                 fmt::format("Router {} has ports still attached: {}", r.id, ports));
  if (const record* g = gateway_port(c, r.id)) c.of("port").erase(std::string(g->id));
}

void trunk_created(context& c, record& r, const json::object& sent) {
  neutron_find(c, network_kind_of("port"), text(sent, "port_id"));
  for (auto& s : r.body["sub_ports"].as_array()) {
    record& p = neutron_find(c, network_kind_of("port"), text(s.as_object(), "port_id"));
    merge(p.body, {{"device_owner", "trunk:subport"}, {"device_id", r.id}});
  }
}

void trunk_removing(context& c, record& r) {
  for (auto& s : r.body["sub_ports"].as_array())
    if (record* p = c.of("port").find(text(s.as_object(), "port_id")))
      merge(p->body, {{"device_owner", ""}, {"device_id", ""}});
}

}  // namespace sandbox
