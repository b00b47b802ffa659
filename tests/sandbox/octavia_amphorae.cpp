// Load balancers, the machines behind them: one each, with its ports, and the list that only an
// administrator is shown.
#include <algorithm>

#include "tests/sandbox/neutron.hpp"
#include "tests/sandbox/octavia.hpp"

namespace sandbox {
namespace {

std::string octavias_project(world& w) {
  for (const auto& [seq, p] : w.of("project").rows())
    if (text(p.body, "name") == "service") return p.id;
  return {};
}

bool is_named(const record& port) {
  return text(port.body, "name").starts_with("octavia-lb-vrrp-");
}

record* amphora_port(world& w, const std::string& region, const std::string& balancer) {
  for (auto& [seq, p] : w.of(region + "port").rows())
    if (text(p.body, "_lb") == balancer && is_named(p)) return &p;
  return nullptr;
}

}  // namespace

void plug_amphora(context& c, const record& balancer) {
  const std::string subnet = text(balancer.body, "vip_subnet_id");
  const record* s = c.of("subnet").find(subnet);
  if (!s) return;
  const json::object address{{"subnet_id", subnet},
                             {"ip_address", allocate_address(c.w, c.region, *s)}};
  const json::object pair{{"ip_address", text(balancer.body, "vip_address")}};
  create_port(c.w, c.region, octavias_project(c.w), text(balancer.body, "vip_network_id"),
              {{"name", "octavia-lb-vrrp-" + c.w.uuid()},
               {"device_id", c.w.uuid()},
               {"device_owner", "compute:nova"},
               {"fixed_ips", json::array{address}},
               {"allowed_address_pairs", json::array{pair}},
               {"_lb", balancer.id},
               {"_for", balancer.owner}});
}

/// A member's subnet has one more port of the amphora, which Nova makes and nobody names.
void plug_member(context& c, const std::string& balancer, const std::string& subnet) {
  const record* s = c.of("subnet").find(subnet);
  const record* first = amphora_port(c.w, c.region, balancer);
  if (!s || !first) return;
  const std::string network = text(s->body, "network_id");
  const auto& all = c.of("port").rows();
  if (std::any_of(all.begin(), all.end(), [&](const auto& row) {
        return text(row.second.body, "_lb") == balancer &&
               text(row.second.body, "network_id") == network;
      }))
    return;
  const json::object address{{"subnet_id", subnet},
                             {"ip_address", allocate_address(c.w, c.region, *s)}};
  json::object more{{"device_id", text(first->body, "device_id")},
                    {"device_owner", "compute:nova"},
                    {"fixed_ips", json::array{address}},
                    {"_lb", balancer},
                    {"_for", text(first->body, "_for")}};
  create_port(c.w, c.region, first->owner, network, std::move(more));
}

void unplug_amphora(world& w, const std::string& region, const std::string& balancer) {
  std::vector<std::string> gone;
  for (const auto& [seq, p] : w.of(region + "port").rows())
    if (text(p.body, "_lb") == balancer) gone.push_back(p.id);
  for (const auto& id : gone) remove_port(w, region, id);
}

namespace {

reply amphorae(context& c) {
  if (!c.admin()) octavia_fail(403, "Policy does not allow this request to be performed.");
  json::array out;
  for (const auto& [seq, p] : c.of("port").rows()) {
    const std::string balancer = text(p.body, "_lb");
    if (balancer.empty() || !is_named(p)) continue;
    if (c.has("loadbalancer_id") && c.q("loadbalancer_id") != balancer) continue;
    out.push_back({{"id", text(p.body, "name").substr(16)},
                   {"loadbalancer_id", balancer},
                   {"compute_id", text(p.body, "device_id")},
                   {"vrrp_port_id", p.id},
                   {"status", "ALLOCATED"},
                   {"role", "STANDALONE"}});
  }
  return {200, json::object{{"amphorae", out}, {"amphorae_links", json::array{}}}};
}

reply flavors(context&) {
  return {200, json::object{{"flavors", json::array{}}, {"flavors_links", json::array{}}}};
}

constexpr route octavia_amphorae_table[] = {
    {"GET", "v2/octavia/amphorae", amphorae},
    {"GET", "v2/lbaas/flavors", flavors},
};

}  // namespace

std::span<const route> octavia_other_routes() { return octavia_amphorae_table; }

}  // namespace sandbox
