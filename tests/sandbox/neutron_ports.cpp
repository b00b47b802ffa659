// Networking, addresses: what a new subnet, port and group get, and what other services ask for.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/neutron.hpp"

namespace sandbox {
namespace {

std::uint32_t number(const std::string& address) {
  std::uint32_t out = 0, part = 0;
  for (const char ch : address + ".")
    if (ch == '.') {
      out = (out << 8U) | part;
      part = 0;
    } else {
      part = part * 10 + static_cast<std::uint32_t>(ch - '0');
    }
  return out;
}

std::string dotted(std::uint32_t n) {
  return fmt::format("{}.{}.{}.{}", n >> 24U, (n >> 16U) & 255U, (n >> 8U) & 255U, n & 255U);
}

void add_rule(world& w, const std::string& region, const record& group, const char* ethertype,
              const char* direction = "egress") {
  const std::string id = w.uuid(), owner = group.owner;
  json::object o = network_kind_of("security_group_rule").fresh(id);
  merge(o, {{"security_group_id", group.id},
            {"direction", direction},
            {"ethertype", ethertype},
            {"description", nullptr},
            {"tenant_id", owner},
            {"project_id", owner}});
  if (direction == std::string_view("ingress")) o["remote_group_id"] = group.id;
  w.of(region + "security_group_rule").add(id, owner, std::move(o));
}

json::array addresses_for(world& w, const std::string& region, const std::string& network) {
  json::array out;
  for (const auto& [seq, s] : w.of(region + "subnet").rows())
    if (text(s.body, "network_id") == network) {
      out.push_back({{"subnet_id", s.id}, {"ip_address", allocate_address(w, region, s)}});
      break;
    }
  return out;
}

std::string new_mac(world& w) {
  const std::string h = w.hex();
  return fmt::format("fa:16:3e:{}:{}:{}", h.substr(0, 2), h.substr(2, 2), h.substr(4, 2));
}

}  // namespace

bool inside(const std::string& address, const std::string& cidr) {
  const auto slash = cidr.find('/');
  if (slash == std::string::npos || cidr.find(':') != std::string::npos) return false;
  const int bits = std::stoi(cidr.substr(slash + 1));
  const std::uint32_t mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
  return (number(address) & mask) == (number(cidr.substr(0, slash)) & mask);
}

std::string allocate_address(world& w, const std::string& region, const record& subnet) {
  const std::string cidr = text(subnet.body, "cidr");
  const int n = ++w.counters[region + subnet.id];
  return dotted(number(cidr.substr(0, cidr.find('/'))) + 1 + static_cast<std::uint32_t>(n));
}

static json::array pools_of(const std::string& cidr) {
  const auto slash = cidr.find('/');
  if (slash == std::string::npos || cidr.find(':') != std::string::npos) return {};
  const std::uint32_t first = number(cidr.substr(0, slash));
  const std::uint32_t count =
      1U << (32U - static_cast<unsigned>(std::stoi(cidr.substr(slash + 1))));
  return {json::object{{"start", dotted(first + 2)}, {"end", dotted(first + count - 2)}}};
}

void subnet_created(context& c, record& r, const json::object& sent) {
  for (const char* key : {"ip_version", "network_id"})
    if (!sent.if_contains(key))
      neutron_fail(
          400, "HTTPBadRequest",
          fmt::format("Failed to parse request. Required attribute '{}' not specified", key));
  record& n = neutron_find(c, network_kind_of("network"), text(sent, "network_id"));
  if (!c.mine(n))
    neutron_fail(403, "PolicyNotAuthorized", "rule:create_subnet is disallowed by policy");
  c.of("subnet").find(r.id)->body["network_id"] = "";  // it does not overlap itself
  refuse_bad_subnet(c, sent);
  r.body["network_id"] = n.id;
  const std::string pool = text(sent, "subnetpool_id");
  if (!pool.empty()) {
    const record& p = neutron_find(c, network_kind_of("subnetpool"), pool);
    const std::string prefix(p.body.at("prefixes").as_array().at(0).as_string());
    const std::uint32_t start = number(prefix.substr(0, prefix.find('/')));
    const auto k = static_cast<std::uint32_t>(c.w.counters[pool]++);
    const auto* bits = sent.if_contains("prefixlen");
    r.body["cidr"] =
        fmt::format("{}/{}", dotted(start + (k << 8U)), bits ? bits->to_number<int>() : 24);
    r.body.erase("prefixlen");
  }
  const std::string cidr = text(r.body, "cidr");
  if (!sent.if_contains("gateway_ip"))
    r.body["gateway_ip"] = dotted(number(cidr.substr(0, cidr.find('/'))) + 1);
  if (!sent.if_contains("allocation_pools")) r.body["allocation_pools"] = pools_of(cidr);
  n.body["subnets"].as_array().push_back(json::value(r.id));
}

/// Lengths are shown as words, however they were sent.
void subnetpool_created(context&, record& r, const json::object&) {
  for (const char* key : {"default_prefixlen", "min_prefixlen", "max_prefixlen"})
    if (!r.body[key].is_string()) r.body[key] = json::serialize(r.body[key]);
}

void port_created(context& c, record& r, const json::object& sent) {
  neutron_find(c, network_kind_of("network"), text(sent, "network_id"));
  if (!sent.if_contains("fixed_ips"))
    r.body["fixed_ips"] = addresses_for(c.w, c.region, text(sent, "network_id"));
  if (!sent.if_contains("security_groups"))
    r.body["security_groups"] = json::array{default_group(c.w, c.region, r.owner)};
  r.body["mac_address"] = new_mac(c.w);
}

void group_created(context& c, record& r, const json::object& sent) {
  if (text(sent, "name") == "default")
    neutron_fail(409, "SecurityGroupDefaultAlreadyExists",
                 "Default security group already exists.");
  add_rule(c.w, c.region, r, "IPv4");
  add_rule(c.w, c.region, r, "IPv6");
}

std::string default_group(world& w, const std::string& region, const std::string& project) {
  if (project.empty()) return {};
  for (const auto& [seq, g] : w.of(region + "security_group").rows())
    if (g.owner == project && text(g.body, "name") == "default") return g.id;
  std::string id = w.uuid();
  json::object o = network_kind_of("security_group").fresh(id);
  merge(o, {{"name", "default"},
            {"description", "Default security group"},
            {"tenant_id", project},
            {"project_id", project}});
  const record& g = w.of(region + "security_group").add(id, project, std::move(o));
  for (const char* direction : {"egress", "ingress"})
    for (const char* ethertype : {"IPv4", "IPv6"}) add_rule(w, region, g, ethertype, direction);
  return id;
}

/// Whoever lists groups or rules makes the default group of the project that the filter names
/// first, or of its own; only an administrator another's.
void neutron_make_default_group(context& c) {
  std::string project = c.has("project_id") ? c.q("project_id") : c.q("tenant_id");
  if (project.empty()) project = c.project();
  if (project != c.project() && !c.admin()) return;
  const record* quota = c.of("_quota").find(project);
  const auto& groups = c.of("security_group").rows();
  const bool there = std::any_of(groups.begin(), groups.end(), [&](const auto& row) {
    return row.second.owner == project && text(row.second.body, "name") == "default";
  });
  if (!there && quota && quota->body.contains("security_group_rule"))
    neutron_fail(409, "OverQuota", "Quota exceeded for resources: ['security_group_rule'].");
  default_group(c.w, c.region, project);
}

std::string create_port(world& w, const std::string& region, const std::string& project,
                        const std::string& network, json::object extra) {
  std::string id = w.uuid();
  json::object o = network_kind_of("port").fresh(id);
  o["network_id"] = network;
  o["mac_address"] = new_mac(w);
  o["tenant_id"] = o["project_id"] = project;
  if (!project.empty()) o["security_groups"] = json::array{default_group(w, region, project)};
  if (!extra.if_contains("fixed_ips")) o["fixed_ips"] = addresses_for(w, region, network);
  merge(o, extra);
  w.of(region + "port").add(id, project, std::move(o));
  return id;
}

void remove_port(world& w, const std::string& region, const std::string& id) {
  for (auto& [seq, f] : w.of(region + "floatingip").rows())
    if (text(f.body, "port_id") == id) disassociate(f);
  auto& forwardings = w.of(region + "port_forwarding");
  std::vector<std::string> gone;
  for (const auto& [seq, f] : forwardings.rows())
    if (text(f.body, "internal_port_id") == id) gone.push_back(f.id);
  for (const auto& one : gone) forwardings.erase(one);
  w.of(region + "port").erase(id);
}

/// Ports that nova made go with the server; those it was given are only let go.
void release_ports(world& w, const std::string& region, const record& server,
                   bool as_administrator) {
  std::vector<std::string> gone;
  for (auto& [seq, p] : w.of(region + "port").rows()) {
    const bool of_others = p.owner != server.owner;
    if (text(p.body, "device_id") != server.id || (of_others && !as_administrator)) continue;
    if (truth(p.body, "_by_nova") || of_others) {
      gone.push_back(p.id);
      continue;
    }
    merge(p.body, {{"device_id", ""}, {"device_owner", ""}, {"status", "DOWN"}});
    neutron_touch(p);
  }
  for (const auto& id : gone) remove_port(w, region, id);
}

}  // namespace sandbox
