// Networking, what is asked before an object is made, what its view shows to whom, and what every
// kind has in common besides: tags, quotas, extensions.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/neutron.hpp"

namespace sandbox {

bool neutron_reserved(const std::string& key) {
  for (const char* k : {"fields", "limit", "marker", "sort_key", "sort_dir", "page_reverse", "tags",
                        "tags-any", "not-tags", "not-tags-any", "changed_since"})
    if (key == k) return true;
  return false;
}

bool neutron_filters(const network_kind& k, const std::string& key) {
  return k.fresh("x").if_contains(key) || key == "tenant_id" || key == "project_id" ||
         key == "fixed_ips" || key == "shared" || key == "id";
}

/// With any of the plugins that do not check filters loaded, as the second cloud has, Neutron
/// checks none: the older kinds ignore what they do not know, and show everything; the newer ones
/// refuse.
void refuse_unknown_filters(const context& c, const network_kind& k) {
  const std::string_view kind = k.kind;
  const bool newer = kind == "address_group" || kind == "trunk" || kind == "qos_policy";
  for (const auto& [key, v] : c.query) {
    if (neutron_reserved(key) || neutron_filters(k, key)) continue;
    if (!c.epoxy())
      neutron_fail(400, "HTTPBadRequest",
                   fmt::format("['{}'] is invalid attribute for filtering", key));
    if (newer)
      neutron_fail(
          400, "InvalidInput",
          fmt::format("Invalid input for operation: '{}' is not supported for filtering.", key));
  }
}

std::size_t neutron_limit(const context& c) {
  if (!c.has("limit")) return 0;
  const std::string said = c.q("limit");
  if (said.empty() || said.find_first_not_of("0123456789") != std::string::npos)
    neutron_fail(
        400, "BadRequest",
        fmt::format("Bad limit request: Limit must be an integer 0 or greater and not '{}'.",
                    said));
  return std::stoul(said);
}

namespace {

std::size_t owned(const context& c, const char* kind) {
  std::size_t n = 0;
  for (const auto& [seq, r] : c.of(kind).rows()) n += r.owner == c.project() ? 1 : 0;
  return n;
}

void refuse_network(const context& c, const json::object& sent) {
  if (truth(sent, "shared") && !c.admin())
    neutron_fail(403, "PolicyNotAuthorized",
                 "(rule:create_network and rule:create_network:shared) is disallowed by policy");
  const json::object known = network_kind_of("network").fresh("x");
  for (const auto& [key, v] : sent)
    if (!known.if_contains(key) && key != "tenant_id" && key != "project_id" &&
        !key.starts_with("provider:") && key != "dns_domain" && key != "vlan_transparent")
      neutron_fail(400, "HTTPBadRequest",
                   fmt::format("Unrecognized attribute(s) '{}'", std::string_view(key)));
  const record* quota = c.of("quota").find(c.project());
  const auto* most = quota ? quota->body.if_contains("network") : nullptr;
  if (most && most->to_number<int>() >= 0 && owned(c, "network") >= most->to_number<std::size_t>())
    neutron_fail(409, "OverQuota", "Quota exceeded for resources: ['network'].");
}

bool alike(const record& r, const json::object& sent, std::initializer_list<const char*> keys) {
  return std::all_of(keys.begin(), keys.end(),
                     [&](const char* key) { return text(r.body, key) == text(sent, key); });
}

void refuse_share(const context& c, const json::object& sent) {
  if (text(sent, "target_tenant") == "*" && !c.admin())
    neutron_fail(403, "PolicyNotAuthorized",
                 "((((rule:create_rbac_policy and rule:create_rbac_policy:object_type) and "
                 "rule:create_rbac_policy:object_id) and rule:create_rbac_policy:target_tenant) "
                 "and rule:create_rbac_policy:action) is disallowed by policy");
  for (const auto& [seq, r] : c.of("rbac_policy").rows())
    if (alike(r, sent, {"object_id", "target_tenant", "action"}))
      neutron_fail(409, "DuplicateRbacPolicy", "An RBAC policy already exists with those values.");
}

void refuse_rule(const context& c, const json::object& sent) {
  for (const auto& [seq, r] : c.of("security_group_rule").rows()) {
    const auto port = [](const json::object& o, const char* key) {
      const auto* v = o.if_contains(key);
      return v ? json::serialize(*v) : "null";
    };
    if (alike(r, sent,
              {"security_group_id", "direction", "ethertype", "protocol", "remote_ip_prefix",
               "remote_group_id", "remote_address_group_id"}) &&
        port(r.body, "port_range_min") == port(sent, "port_range_min") &&
        port(r.body, "port_range_max") == port(sent, "port_range_max"))
      neutron_fail(409, "SecurityGroupRuleExists",
                   fmt::format("Security group rule already exists. Rule id is {}.", r.id));
  }
}

void refuse_trunk(const context& c, const json::object& sent) {
  for (const auto& [seq, r] : c.of("trunk").rows())
    if (alike(r, sent, {"port_id"}))
      neutron_fail(409, "ParentPortInUse",
                   fmt::format("Port {} is currently in use and is not eligible for use as a "
                               "parent port.",
                               text(sent, "port_id")));
}

}  // namespace

void refuse_unfit(const context& c, const network_kind& k, const json::object& sent) {
  const std::string_view kind = k.kind;
  for (const char* key : {"project_id", "tenant_id"})
    if (!c.admin() && !text(sent, key).empty() && text(sent, key) != c.project())
      neutron_fail(400, "HTTPBadRequest",
                   "Specifying 'project_id' or 'tenant_id' other than the authenticated project "
                   "in request requires admin or advsvc privileges");
  if (kind == "network") refuse_network(c, sent);
  if (kind == "rbac_policy") refuse_share(c, sent);
  if (kind == "security_group_rule") refuse_rule(c, sent);
  if (kind == "trunk") refuse_trunk(c, sent);
}

void refuse_bad_subnet(const context& c, const json::object& sent) {
  const std::string cidr = text(sent, "cidr"), network = text(sent, "network_id");
  if (cidr.empty() || cidr.find(':') != std::string::npos) return;
  if (cidr.find('/') == std::string::npos)
    neutron_fail(400, "InvalidInput",
                 fmt::format("Invalid input for operation: {} is not in a CIDR format.", cidr));
  for (const auto& [seq, s] : c.of("subnet").rows()) {
    const std::string other = text(s.body, "cidr");
    if (text(s.body, "network_id") == network && (inside(cidr.substr(0, cidr.find('/')), other) ||
                                                  inside(other.substr(0, other.find('/')), cidr)))
      neutron_fail(400, "InvalidInput",
                   fmt::format("Invalid input for operation: Requested subnet with cidr: {} for "
                               "network: {} overlaps with another subnet.",
                               cidr, network));
  }
}

namespace {

/// A trunk's port shows the trunk and its children.
void add_trunk(const context& c, const record& port, json::object& o) {
  for (const auto& [seq, t] : c.of("trunk").rows()) {
    if (text(t.body, "port_id") != port.id) continue;
    json::array children;
    for (const auto& one : t.body.at("sub_ports").as_array()) {
      json::object child = one.as_object();
      const record* p = c.of("port").find(text(child, "port_id"));
      child["mac_address"] = p ? p->body.at("mac_address") : json::value();
      children.push_back(child);
    }
    o["trunk_details"] = json::object{{"trunk_id", t.id}, {"sub_ports", children}};
  }
}

void for_administrators(const std::string_view kind, json::object& o) {
  if (kind == "network" && !o.if_contains("provider:network_type"))
    merge(o, {{"provider:network_type", "vxlan"},
              {"provider:physical_network", nullptr},
              {"provider:segmentation_id", 1}});
  if (kind == "router") merge(o, {{"distributed", false}, {"ha", false}});
  if (kind == "port")
    merge(o, {{"binding:host_id", ""},
              {"binding:profile", json::object{}},
              {"binding:vif_details", json::object{}},
              {"binding:vif_type", "unbound"},
              {"resource_request", nullptr}});
}

}  // namespace

void dress(context& c, const network_kind& k, const record& r, json::object& o) {
  const std::string_view kind = k.kind;
  if (kind == "network" && !truth(o, "router:external")) o.erase("is_default");
  if (kind == "security_group_rule") o.erase("tags");
  if (kind == "security_group")
    for (auto& rule : o["security_group_rules"].as_array())
      rule.as_object()["standard_attr_id"] = 1;
  if (kind == "floatingip")
    for (auto& one : o["port_forwardings"].as_array())
      for (const char* key : {"description", "internal_port_range", "external_port_range"})
        one.as_object().erase(key);
  if (kind == "port") add_trunk(c, r, o);
  add_newer_fields(c, kind, o);
  if (c.admin()) for_administrators(kind, o);
}

namespace {

json::object quota_of(const context& c) {
  json::object all{{"network", 100},    {"subnet", 100},        {"subnetpool", -1},
                   {"port", 500},       {"router", 10},         {"floatingip", 50},
                   {"rbac_policy", 10}, {"security_group", 10}, {"security_group_rule", 100},
                   {"trunk", -1}};
  if (c.epoxy())
    for (const char* of : {"bgpvpn", "endpoint_group", "flow_classifier", "ikepolicy",
                           "ipsec_site_connection", "ipsecpolicy", "port_chain", "port_pair",
                           "port_pair_group", "service_graph", "vpnservice"})
      all[of] = -1;
  if (const record* r = c.of("quota").find(c.args[0])) merge(all, r->body);
  return all;
}

/// Below what is there already.
void refuse_low_quota(const context& c, const json::object& sent) {
  for (const auto& [kind, most] : sent) {
    const auto limit = most.to_number<std::int64_t>();
    std::int64_t used = 0;
    for (const auto& [seq, r] : c.of(kind).rows()) used += r.owner == c.args[0] ? 1 : 0;
    if (c.epoxy() && limit >= 0 && limit < used)
      neutron_fail(400, "HTTPBadRequest",
                   fmt::format("Quota limit {} for {} must be greater than or equal to already "
                               "used {}",
                               limit, std::string_view(kind), used));
  }
}

reply quota(context& c) {
  if (c.method == "DELETE") {
    c.of("quota").erase(c.args[0]);
    return reply(204);
  }
  if (c.method == "PUT") {
    refuse_low_quota(c, c.sent("quota"));
    c.of("quota").add(c.args[0], c.args[0], c.sent("quota"));
  }
  return {200, json::object{{"quota", quota_of(c)}}};
}

reply extension(context& c) {
  return {200, json::object{{"extension", json::object{{"alias", c.args[0]},
                                                       {"name", c.args[0]},
                                                       {"description", "An extension."},
                                                       {"updated", "2012-07-20T10:00:00-00:00"},
                                                       {"links", json::array{}}}}}};
}

reply tags(context& c) {
  for (const auto& k : network_kinds()) {
    if (c.args[0] != k.path) continue;
    record& r = neutron_find(c, k, c.args[1]);
    json::array& all = r.body["tags"].as_array();
    if (c.method == "GET") return {200, json::object{{"tags", all}}};
    const auto at = std::find(all.begin(), all.end(), json::value(c.args[2]));
    if (c.method == "PUT" && at == all.end()) all.push_back(json::value(c.args[2]));
    if (c.method == "DELETE" && at != all.end()) all.erase(at);
    return c.method == "PUT" ? reply(201, "null") : reply(204);
  }
  neutron_fail(404, "HTTPNotFound", "The resource could not be found.");
}

constexpr route neutron_checks_table[] = {
    {"GET", "v2.0/quotas/*", quota},     {"PUT", "v2.0/quotas/*", quota},
    {"DELETE", "v2.0/quotas/*", quota},  {"GET", "v2.0/extensions/*", extension},
    {"GET", "v2.0/*/*/tags", tags},      {"PUT", "v2.0/*/*/tags/*", tags},
    {"DELETE", "v2.0/*/*/tags/*", tags},
};

}  // namespace

std::span<const route> neutron_common_routes() { return neutron_checks_table; }

}  // namespace sandbox
