// Random worlds, the network: own things first, then what hangs between projects.
#include <fmt/core.h>

#include "tests/cli/random_world.hpp"

namespace cli {
namespace {

const std::string k_net = "/network/v2.0/";

void add_pools(builder& b, tenant& t) {
  const auto prefix = fmt::format("10.{}.0.0/16", 100 + b.w.counters["pool"]++ % 150);
  if (b.any.chance(50))
    b.make(t, "address_scope", k_net + "address-scopes", "address_scope",
           {{"name", b.name()}, {"ip_version", 4}});
  json::object pool{{"name", b.name()}, {"prefixes", json::array{prefix}}};
  if (const auto scope = b.pick(t, "address_scope"); !scope.empty() && b.any.chance(70))
    pool["address_scope_id"] = scope;
  if (b.any.chance(50)) b.make(t, "subnetpool", k_net + "subnetpools", "subnetpool", pool);
}

void add_policies(builder& b, tenant& t) {
  for (auto [kind, path, key] :
       {std::tuple("qos_policy", "qos/policies", "policy"),
        std::tuple("metering_label", "metering/metering-labels", "metering_label")})
    if (b.any.chance(40))
      t.has[kind].push_back(
          b.admin.make(k_net + path, key, {{"name", b.name()}, {"project_id", t.project_id}}));
}

void add_groups(builder& b, tenant& t) {
  if (b.any.chance(40))
    b.make(t, "address_group", k_net + "address-groups", "address_group",
           {{"name", b.name()}, {"addresses", json::array{"10.0.0.0/8"}}});
  const auto n = b.any.between(0, 3);
  for (std::size_t i = 0; i < n; ++i) {
    std::string name = b.name();
    if (name == "default") name = "not default";
    b.make(t, "security_group", k_net + "security-groups", "security_group", {{"name", name}});
  }
  for (const auto& group : words(t.has["security_group"])) {
    json::object rule{{"security_group_id", group}, {"direction", "ingress"}};
    if (b.any.chance(50)) rule["remote_group_id"] = b.pick(t, "security_group");
    if (const auto ag = b.pick(t, "address_group");
        !ag.empty() && !rule.contains("remote_group_id"))
      rule["remote_address_group_id"] = ag;
    b.make(t, "rule", k_net + "security-group-rules", "security_group_rule", rule);
  }
}

/// A network that the tenant may use: its own, or one that is shared with it.
std::string usable_network(builder& b, const tenant& t) {
  const auto& others = b.shared_with[t.project_id];
  if (!others.empty() && b.any.chance(30)) return b.any.one_of(others);
  return b.pick(t, "network");
}

std::string subnet_of(builder& b, const std::string& network) {
  for (const auto& [seq, s] : b.w.of("subnet").rows())
    if (sandbox::text(s.body, "network_id") == network) return s.id;
  return {};
}

void share(builder& b, tenant& from, const tenant* with) {
  const auto network = b.pick(from, "network");
  if (network.empty()) return;
  json::object wanted{{"object_type", "network"},
                      {"object_id", network},
                      {"action", "access_as_shared"},
                      {"target_tenant", with ? with->project_id : "*"}};
  // Only an administrator shares with everybody, and nobody shares twice.
  if (!with) wanted["project_id"] = from.project_id;
  if (!b.attempt([&] {
        const auto id =
            (with ? *from.user : b.admin).make(k_net + "rbac-policies", "rbac_policy", wanted);
        if (with) from.has["rbac_policy"].push_back(id);
      }))
    return;
  for (const auto& t : b.tenants)
    if (&t != &from && (!with || with == &t)) b.shared_with[t.project_id].push_back(network);
}

}  // namespace

void add_networks(builder& b, tenant& t) {
  add_pools(b, t);
  add_policies(b, t);
  add_groups(b, t);
  const auto n = b.any.between(0, 3);
  for (std::size_t i = 0; i < n; ++i) {
    json::object fields{{"name", b.name()}};
    if (const auto qos = b.pick(t, "qos_policy"); b.any.chance(20) && !qos.empty())
      fields["qos_policy_id"] = qos;
    const auto network = b.make(t, "network", k_net + "networks", "network", fields);
    const auto subnets = b.any.chance(85) ? b.any.between(1, 2) : 0;
    for (std::size_t k = 0; k < subnets; ++k) {
      json::object subnet{{"name", b.name()}, {"network_id", network}, {"ip_version", 4}};
      if (const auto pool = b.pick(t, "subnetpool"); b.any.chance(40) && !pool.empty())
        subnet["subnetpool_id"] = pool;
      else
        subnet["cidr"] = b.next_cidr();
      b.make(t, "subnet", k_net + "subnets", "subnet", subnet);
    }
    // The agent's own port, which nobody deletes.
    if (subnets > 0 && b.any.chance(50))
      sandbox::create_port(b.w, "", t.project_id, network,
                           {{"device_owner", "network:dhcp"}, {"device_id", "dhcp-agent"}});
  }
}

void share_networks(builder& b) {
  if (b.tenants.size() < 2) return;
  const auto n = b.any.between(0, 3);
  for (std::size_t i = 0; i < n; ++i) {
    tenant& from = b.any.one_of(b.tenants).ours ? b.tenants.front() : b.tenants.back();
    const tenant& with = b.another(from);
    share(b, from, b.any.chance(75) ? &with : nullptr);
  }
}

void add_ports(builder& b, tenant& t) {
  const auto n = b.any.between(0, 3);
  for (std::size_t i = 0; i < n; ++i) {
    const auto network = usable_network(b, t);
    if (network.empty()) return;
    json::object port{{"name", b.name()}, {"network_id", network}};
    if (const auto group = b.pick(t, "security_group"); b.any.chance(50) && !group.empty())
      port["security_groups"] = json::array{group};
    if (const auto qos = b.pick(t, "qos_policy"); b.any.chance(25) && !qos.empty())
      port["qos_policy_id"] = qos;
    b.make(t, "port", k_net + "ports", "port", port);
  }
}

void add_routers(builder& b, tenant& t) {
  const auto n = b.any.between(0, 2);
  for (std::size_t i = 0; i < n; ++i) {
    json::object fields{{"name", b.name()}};
    if (b.any.chance(70)) fields["external_gateway_info"] = json::object{{"network_id", b.outside}};
    const auto router = b.make(t, "router", k_net + "routers", "router", fields);
    const auto at = k_net + "routers/" + router;
    const auto legs = b.any.between(0, 2);
    for (std::size_t k = 0; k < legs; ++k) {
      const auto network = usable_network(b, t), subnet = subnet_of(b, network);
      if (subnet.empty()) continue;
      b.attempt([&] {
        json::object leg{{"subnet_id", subnet}};
        if (b.any.chance(40))
          leg = {{"port_id", b.make(t, "port", k_net + "ports", "port",
                                    {{"name", b.name()}, {"network_id", network}})}};
        t.user->call("PUT", at + "/add_router_interface", leg);
      });
    }
    if (legs > 0 && b.any.chance(25))
      t.user->call("PUT", at,
                   {{"router",
                     {{"routes",
                       json::array{{{"destination", "192.0.2.0/24"}, {"nexthop", "10.0.0.7"}}}}}}});
  }
}

}  // namespace cli
