// Networking, floating IPs and their port forwardings: what keeps a router's interface in place.
#include <fmt/core.h>

#include "tests/sandbox/neutron.hpp"

namespace sandbox {

std::string subnet_of_port(const record& port) {
  const auto& ips = port.body.at("fixed_ips").as_array();
  return ips.empty() ? "" : text(ips[0].as_object(), "subnet_id");
}

void disassociate(record& f) {
  merge(f.body, {{"port_id", nullptr},
                 {"router_id", nullptr},
                 {"fixed_ip_address", nullptr},
                 {"port_details", nullptr},
                 {"status", "DOWN"}});
}

namespace {

/// Of the router that has a leg where the port is; empty when there is none.
std::string router_of(const context& c, const record& port) {
  std::string router;
  for (const auto& [seq, i] : c.of("port").rows())
    if (text(i.body, "device_owner") == "network:router_interface" &&
        subnet_of_port(i) == subnet_of_port(port))
      router = text(i.body, "device_id");
  return router;
}

void associate(context& c, record& f, const std::string& port) {
  if (port.empty()) {
    disassociate(f);
    return;
  }
  const record& p = neutron_find(c, network_kind_of("port"), port);
  const auto& ips = p.body.at("fixed_ips").as_array();
  const std::string router = router_of(c, p);
  if (router.empty())
    neutron_fail(404, "ExternalGatewayForFloatingIPNotFound",
                 fmt::format("External network {} is not reachable from subnet {}.  Therefore, "
                             "cannot associate Port {} with a Floating IP.",
                             text(f.body, "floating_network_id"), subnet_of_port(p), port));
  json::object details;
  for (const char* k : {"name", "network_id", "mac_address", "admin_state_up", "status",
                        "device_id", "device_owner"})
    details[k] = p.body.at(k);
  merge(f.body, {{"port_id", port},
                 {"router_id", router},
                 {"port_details", details},
                 {"fixed_ip_address", ips[0].at("ip_address")}});
}

record& floating_ip_in_path(context& c) {
  return neutron_find(c, network_kind_of("floatingip"), c.args[0]);
}

reply list_forwardings(context& c) {
  const record& f = floating_ip_in_path(c);
  json::array out;
  for (const auto& [seq, r] : c.of("port_forwarding").rows())
    if (text(r.body, "_floatingip") == f.id) out.push_back(shown(r.body));
  return {200, json::object{{"port_forwardings", out}}};
}

reply create_forwarding(context& c) {
  record& f = floating_ip_in_path(c);
  const json::object sent = c.sent("port_forwarding");
  const record& p = neutron_find(c, network_kind_of("port"), text(sent, "internal_port_id"));
  const std::string id = c.w.uuid();
  json::object o{{"id", id}, {"description", ""}, {"_floatingip", f.id}};
  merge(o, sent);
  const int inner = sent.at("internal_port").to_number<int>();
  const int outer = sent.at("external_port").to_number<int>();
  o["internal_port_range"] = fmt::format("{0}:{0}", inner);
  o["external_port_range"] = fmt::format("{0}:{0}", outer);
  for (const auto& [seq, other] : c.of("port_forwarding").rows())
    if (text(other.body, "internal_port_id") == p.id &&
        text(other.body, "internal_port_range") == text(o, "internal_port_range"))
      neutron_fail(400, "BadRequest",
                   fmt::format("Bad port_forwarding request: There is a port collision with the "
                               "internal_port_range. The following ranges collides: {0}:{0} and "
                               "{0}:{0}.",
                               inner));
  const std::string router = router_of(c, p);
  if (router.empty())
    neutron_fail(400, "BadRequest",
                 fmt::format("Bad port_forwarding request: External network {} is not reachable "
                             "from subnet {}. Cannot set Port forwarding for port {} with Floating "
                             "IP {}.",
                             text(f.body, "floating_network_id"), subnet_of_port(p), p.id, f.id));
  const record& r = c.of("port_forwarding").add(id, f.owner, std::move(o));
  f.body["router_id"] = router;
  return {201, json::object{{"port_forwarding", shown(r.body)}}};
}

reply show_forwarding(context& c) {
  floating_ip_in_path(c);
  const record* r = c.of("port_forwarding").find(c.args[1]);
  if (!r)
    neutron_fail(404, "PortForwardingNotFound",
                 fmt::format("Port Forwarding {} could not be found.", c.args[1]));
  return {200, json::object{{"port_forwarding", shown(r->body)}}};
}

reply delete_forwarding(context& c) {
  record& f = floating_ip_in_path(c);
  if (!c.of("port_forwarding").erase(c.args[1]))
    neutron_fail(404, "PortForwardingNotFound",
                 fmt::format("Port Forwarding {} could not be found.", c.args[1]));
  if (text(f.body, "port_id").empty()) f.body["router_id"] = nullptr;
  return reply(204);
}

constexpr route neutron_floating_table[] = {
    {"GET", "v2.0/floatingips/*/port_forwardings", list_forwardings},
    {"POST", "v2.0/floatingips/*/port_forwardings", create_forwarding},
    {"GET", "v2.0/floatingips/*/port_forwardings/*", show_forwarding},
    {"DELETE", "v2.0/floatingips/*/port_forwardings/*", delete_forwarding},
};

}  // namespace

std::span<const route> neutron_floating_routes() { return neutron_floating_table; }

void floatingip_created(context& c, record& r, const json::object& sent) {
  const std::string network = text(sent, "floating_network_id");
  neutron_find(c, network_kind_of("network"), network);
  const std::string wanted = text(sent, "port_id");
  r.body["port_id"] = nullptr;
  if (!wanted.empty()) associate(c, r, wanted);
  const std::string port =
      create_port(c.w, c.region, "", network,
                  {{"device_id", r.id}, {"device_owner", "network:floatingip"}, {"_for", r.owner}});
  const auto& ips = c.of("port").find(port)->body["fixed_ips"].as_array();
  r.body["floating_ip_address"] = ips[0].at("ip_address");
  r.body["_port"] = port;
}

void floatingip_updated(context& c, record& r, const json::object& sent) {
  json::object rest = sent;
  if (sent.if_contains("port_id")) associate(c, r, text(sent, "port_id"));
  rest.erase("port_id");
  merge(r.body, rest);
}

void floatingip_removing(context& c, record& r) {
  for (const auto& [seq, f] : c.of("port_forwarding").rows())
    if (text(f.body, "_floatingip") == r.id)
      neutron_fail(409, "FipInUseByPortForwarding",
                   fmt::format("Floating IP {} in use by Port Forwarding resources.", r.id));
  c.of("port").erase(text(r.body, "_port"));
}

}  // namespace sandbox
