// Random worlds, the network once more: addresses and trunks, and the references between projects,
// which Neutron allows in more ways than anybody uses on purpose.
#include "tests/cli/random_world.hpp"
#include "tests/sandbox/neutron.hpp"

namespace cli {
namespace {

const std::string k_tangle_net = "/network/v2.0/";

/// A port that no device holds.
std::string free_port(builder& b, const tenant& t) {
  const auto port = b.pick(t, "port");
  return b.field("port", port, "device_id").empty() ? port : std::string();
}

std::string any_port(builder& b, const tenant& t) {
  words all;
  for (const auto& [seq, p] : b.w.of("port").rows())
    if (p.owner == t.project_id && !p.body.at("fixed_ips").as_array().empty() &&
        !sandbox::text(p.body, "device_owner").starts_with("network:"))
      all.push_back(p.id);
  return all.empty() ? std::string() : b.any.one_of(all);
}

/// Where a router leads from the one to the other.
void forward(builder& b, sandbox::hand& by, tenant& whose, const std::string& address,
             const std::string& port) {
  const json::object wanted{{"protocol", "tcp"},
                            {"internal_port_id", port},
                            {"internal_ip_address", "10.0.0.9"},
                            {"internal_port", b.any.between(1, 9999)},
                            {"external_port", b.any.between(1, 9999)}};
  b.attempt([&] {
    whose.has["port_forwarding"].push_back(by.make(
        k_tangle_net + "floatingips/" + address + "/port_forwardings", "port_forwarding", wanted));
  });
}

void add_forwarding(builder& b, tenant& t, const std::string& address) {
  const auto port = any_port(b, t);
  if (port.empty()) return;
  forward(b, *t.user, t, address, port);
}

void add_trunk(builder& b, tenant& t) {
  const auto parent = free_port(b, t);
  json::array below;
  for (int i = 0; i < 2; ++i) {
    const auto sub = free_port(b, t);
    if (sub.empty() || sub == parent ||
        (!below.empty() && below[0].at("port_id") == json::value(sub)))
      continue;
    below.push_back({{"port_id", sub}, {"segmentation_type", "vlan"}, {"segmentation_id", 5 + i}});
  }
  for (const auto& trunk : t.has["trunk"])
    if (b.field("trunk", trunk, "port_id") == parent) return;
  if (parent.empty()) return;
  b.make(t, "trunk", k_tangle_net + "trunks", "trunk",
         {{"name", b.name()}, {"port_id", parent}, {"sub_ports", below}});
}

/// What keepalived does: an address that a port without a device keeps, on another port.
void add_address_pair(builder& b, tenant& t) {
  const auto keeper = free_port(b, t), port = any_port(b, t);
  const auto* r = b.w.of("port").find(keeper);
  if (!r || keeper == port ||
      sandbox::text(r->body, "network_id") != b.field("port", port, "network_id"))
    return;
  const auto& ips = r->body.at("fixed_ips").as_array();
  if (ips.empty()) return;
  const json::object pair{{"ip_address", ips[0].at("ip_address")}};
  b.set("port", port, {{"allowed_address_pairs", json::array{pair}}});
}

std::string owned_subnet(builder& b, const tenant& t) { return b.pick(t, "subnet"); }

/// As its gateway, or with another address beside it.
void router_on_foreign_subnet(builder& b, tenant& mine, tenant& theirs) {
  const auto subnet = owned_subnet(b, mine), router = b.pick(theirs, "router");
  if (subnet.empty() || router.empty()) return;
  const auto add = k_tangle_net + "routers/" + router + "/add_router_interface";
  if (b.attempt([&] { b.admin.call("PUT", add, json::object{{"subnet_id", subnet}}); })) return;
  const json::object address{
      {"subnet_id", subnet},
      {"ip_address", sandbox::allocate_address(b.w, "", *b.w.of("subnet").find(subnet))}};
  const auto port = b.admin.make(k_tangle_net + "ports", "port",
                                 {{"network_id", b.field("subnet", subnet, "network_id")},
                                  {"fixed_ips", json::array{address}},
                                  {"project_id", theirs.project_id}});
  b.attempt([&] { b.admin.call("PUT", add, json::object{{"port_id", port}}); });
}

void port_on_network(builder& b, tenant& mine, tenant& theirs) {
  if (const auto network = b.pick(mine, "network"); !network.empty())
    theirs.has["port"].push_back(b.admin.make(
        k_tangle_net + "ports", "port",
        {{"name", b.name()}, {"network_id", network}, {"project_id", theirs.project_id}}));
}

void address_on_port(builder& b, tenant& mine, tenant& theirs) {
  const auto port = any_port(b, mine), address = b.pick(theirs, "floatingip");
  if (port.empty() || address.empty()) return;
  b.attempt([&] {
    b.admin.call("PUT", k_tangle_net + "floatingips/" + address,
                 json::object{{"floatingip", json::object{{"port_id", port}}}});
  });
}

void forwarding_to_port(builder& b, tenant& mine, tenant& theirs) {
  const auto port = any_port(b, mine), address = b.pick(theirs, "floatingip");
  if (port.empty() || address.empty() || !b.field("floatingip", address, "port_id").empty()) return;
  forward(b, b.admin, theirs, address, port);
}

void subnet_on_network(builder& b, tenant& mine, tenant& theirs) {
  if (const auto network = b.pick(mine, "network"); !network.empty())
    theirs.has["subnet"].push_back(b.admin.make(k_tangle_net + "subnets", "subnet",
                                                {{"name", b.name()},
                                                 {"network_id", network},
                                                 {"ip_version", 4},
                                                 {"cidr", b.next_cidr()},
                                                 {"project_id", theirs.project_id}}));
}

void rule_to_group(builder& b, tenant& mine, tenant& theirs) {
  const auto group = b.pick(mine, "security_group"), from = b.pick(theirs, "security_group");
  if (!group.empty() && !from.empty())
    b.make(theirs, "rule", k_tangle_net + "security-group-rules", "security_group_rule",
           {{"security_group_id", from}, {"direction", "ingress"}, {"remote_group_id", group}});
}

void group_on_port(builder& b, tenant& mine, tenant& theirs) {
  const auto group = b.pick(mine, "security_group"), port = free_port(b, theirs);
  if (!group.empty() && !port.empty())
    b.set("port", port, {{"security_groups", json::array{group}}});
}

void policy_on_port(builder& b, tenant& mine, tenant& theirs) {
  const auto policy = b.pick(mine, "qos_policy"), port = free_port(b, theirs);
  if (!policy.empty() && !port.empty()) b.set("port", port, {{"qos_policy_id", policy}});
}

void pool_in_scope(builder& b, tenant& mine, tenant& theirs) {
  const auto scope = b.pick(mine, "address_scope"), pool = b.pick(theirs, "subnetpool");
  if (!scope.empty() && !pool.empty()) b.set("subnetpool", pool, {{"address_scope_id", scope}});
}

void subport_of_trunk(builder& b, tenant& mine, tenant& theirs) {
  const auto port = free_port(b, mine), trunk = b.pick(theirs, "trunk");
  if (port.empty() || trunk.empty()) return;
  for (const auto& own : mine.has["trunk"])
    if (b.field("trunk", own, "port_id") == port) return;
  b.attempt([&] {
    const json::object sub{
        {"port_id", port}, {"segmentation_type", "vlan"}, {"segmentation_id", 99}};
    b.admin.call("PUT", k_tangle_net + "trunks/" + trunk + "/add_subports",
                 json::object{{"sub_ports", json::array{sub}}});
  });
}

void trunk_on_port(builder& b, tenant& mine, tenant& theirs) {
  const auto port = free_port(b, mine), trunk = b.pick(theirs, "trunk");
  if (port.empty() || trunk.empty()) return;
  for (const auto& t : b.tenants)
    for (const auto& other : t.has.count("trunk") > 0 ? t.has.at("trunk") : words())
      if (b.field("trunk", other, "port_id") == port) return;
  b.set("trunk", trunk, {{"port_id", port}});
}

/// An administrator's work, in the name of the one.
void share_of_anothers(builder& b, tenant& mine, tenant& theirs) {
  const auto network = b.pick(mine, "network");
  // With a network Neutron takes every policy about it, whoever's that is.
  if (network.empty() || mine.ours) return;
  b.attempt([&] {
    b.admin.make(k_tangle_net + "rbac-policies", "rbac_policy",
                 {{"object_type", "network"},
                  {"object_id", network},
                  {"action", "access_as_shared"},
                  {"target_tenant", b.w.hex()},
                  {"project_id", theirs.project_id}});
  });
}

/// Bound by hand to a device of somebody else, or to one that nobody knows.
void odd_device(builder& b, tenant& mine, tenant& theirs) {
  const auto port = free_port(b, mine);
  for (const auto& own : mine.has["trunk"])
    if (b.field("trunk", own, "port_id") == port) return;
  const auto server = b.pick(theirs, "server");
  const std::vector<json::object> devices{
      {{"device_owner", "compute:nova"}, {"device_id", server.empty() ? "gone" : server}},
      {{"device_owner", "Octavia"}, {"device_id", "lb-" + b.w.uuid()}},
      {{"device_owner", "compute:nova"}, {"device_id", b.w.uuid()}},
      {{"device_owner", "baremetal:none"}, {"device_id", b.w.uuid()}},
      {{"device_owner", ""}, {"device_id", "a note of its owner"}}};
  if (!port.empty()) b.set("port", port, b.any.one_of(devices));
}

void share_back(builder& b, tenant& mine, tenant& theirs) {
  for (const auto& [kind, type] :
       {std::pair("network", "network"), std::pair("qos_policy", "qos_policy"),
        std::pair("security_group", "security_group")})
    if (const auto id = b.pick(theirs, kind); !id.empty())
      b.attempt([&, kind = type] {  // not twice
        b.make(theirs, "rbac_policy", k_tangle_net + "rbac-policies", "rbac_policy",
               {{"object_type", kind},
                {"object_id", id},
                {"action", "access_as_shared"},
                {"target_tenant", mine.project_id}});
      });
}

}  // namespace

void add_addresses(builder& b, tenant& t) {
  const auto n = b.any.between(0, 3);
  for (std::size_t i = 0; i < n; ++i) {
    const auto address = b.make(t, "floatingip", k_tangle_net + "floatingips", "floatingip",
                                {{"floating_network_id", b.outside}, {"description", b.name()}});
    if (b.any.chance(25)) {
      add_forwarding(b, t, address);
      continue;
    }
    const auto port = any_port(b, t);
    if (!port.empty() && b.any.chance(70))
      b.attempt([&] {
        t.user->call("PUT", k_tangle_net + "floatingips/" + address,
                     json::object{{"floatingip", json::object{{"port_id", port}}}});
      });
  }
  if (b.any.chance(40)) add_trunk(b, t);
  if (b.any.chance(30)) add_address_pair(b, t);
}

void tangle_networks(builder& b) {
  using knot = void (*)(builder&, tenant&, tenant&);
  static const std::vector<knot> knots{router_on_foreign_subnet,
                                       router_on_foreign_subnet,
                                       port_on_network,
                                       address_on_port,
                                       forwarding_to_port,
                                       subnet_on_network,
                                       rule_to_group,
                                       group_on_port,
                                       policy_on_port,
                                       pool_in_scope,
                                       subport_of_trunk,
                                       trunk_on_port,
                                       share_of_anothers,
                                       odd_device,
                                       share_back};
  if (b.tenants.size() < 2 || b.any.chance(35)) return;
  const auto n = b.any.between(1, 5);
  for (std::size_t i = 0; i < n; ++i) {
    tenant& one = b.any.one_of(b.tenants).ours ? *b.of_ours() : b.tenants.front();
    b.any.one_of(knots)(b, one, b.another(one));
  }
}

}  // namespace cli
