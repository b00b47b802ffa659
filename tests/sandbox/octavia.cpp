// Load balancers: a tree that is immutable while any part of it changes, and a VIP port that is a
// real port of the network service.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/octavia.hpp"

namespace sandbox {
namespace {

struct part {
  const char* path;  ///< the collection's segment
  const char* one;
  const char* kind;
  const char* name;    ///< in messages
  const char* parent;  ///< the key that names its parent
  const char* parent_kind;
};

constexpr part parts[] = {
    {"loadbalancers", "loadbalancer", "loadbalancer", "Load Balancer", "", ""},
    {"listeners", "listener", "listener", "Listener", "loadbalancer_id", "loadbalancer"},
    {"pools", "pool", "pool", "Pool", "listener_id", "listener"},
    {"members", "member", "member", "Member", "pool_id", "pool"},
    {"healthmonitors", "healthmonitor", "healthmonitor", "Health Monitor", "pool_id", "pool"},
    {"l7policies", "l7policy", "l7policy", "L7Policy", "listener_id", "listener"},
    {"rules", "rule", "l7rule", "L7Rule", "l7policy_id", "l7policy"},
};

const part& part_of(const context& c, bool item) {
  const std::string& segment = c.path[c.path.size() - (item ? 2 : 1)];
  for (const auto& p : parts)
    if (segment == p.path) return p;
  throw refusal{
      reply(404, json::object{{"code", 404}, {"title", "Not Found"}, {"description", ""}})};
}

record& find(context& c, const part& p, const std::string& id) {
  record* r = c.of(p.kind).find(id);
  if (!r) octavia_fail(404, fmt::format("{} {} not found.", p.name, id));
  if (!c.mine(*r)) octavia_fail(403, "Policy does not allow this request to be performed.");
  return *r;
}

json::array children(const context& c, const std::string& kind, const std::string& parent) {
  json::array out;
  for (const auto& [seq, r] : c.of(kind).rows())
    if (text(r.body, "_parent") == parent) out.push_back(json::object{{"id", r.id}});
  return out;
}

json::array below(const context& c, const std::string& kind, const std::string& lb) {
  json::array out;
  for (const auto& [seq, r] : c.of(kind).rows())
    if (text(r.body, "_lb") == lb) out.push_back(json::object{{"id", r.id}});
  return out;
}

json::object view(const context& c, const part& p, const record& r) {
  json::object o = shown(r.body);
  const std::string kind = p.kind, lb = text(r.body, "_lb");
  const json::array above{json::object{{"id", text(r.body, "_parent")}}};
  if (kind == "loadbalancer") {
    o["listeners"] = below(c, "listener", r.id);
    o["pools"] = below(c, "pool", r.id);
  }
  if (kind == "listener" || kind == "pool")
    o["loadbalancers"] = json::array{json::object{{"id", lb}}};
  if (kind == "listener") o["l7policies"] = children(c, "l7policy", r.id);
  if (kind == "pool") {
    o["members"] = children(c, "member", r.id);
    o["listeners"] = text(r.body, "_parent") == lb ? json::array{} : above;
  }
  if (kind == "healthmonitor") o["pools"] = above;
  add_newer_fields(c, kind, o);
  return o;
}

reply list(context& c) {
  const part& p = part_of(c, false);
  octavia_check(c);
  const std::string parent = c.path.size() > 4 ? c.path[3] : "";
  const std::string owner = c.has("project_id") ? c.q("project_id") : c.q("tenant_id");
  if (!owner.empty() && owner != c.project() && !c.admin() && !c.ignore_filter)
    octavia_fail(403, "Policy does not allow this request to be performed.");
  rows all = select(
      c.of(p.kind),
      [&](const record& r) {
        return (c.mine(r) || c.ignore_filter) &&
               (owner.empty() || c.ignore_filter || r.owner == owner) &&
               (parent.empty() || text(r.body, "_parent") == parent) &&
               (!c.has("name") || text(r.body, "name") == c.q("name"));
      },
      false);
  octavia_order(c, all);
  const std::string why =
      fmt::format("Supplied pagination marker '{}' is not valid.", c.q("marker"));
  const refusal unknown{reply(
      400, json::object{{"faultcode", "Client"}, {"faultstring", why}, {"debuginfo", nullptr}})};
  const std::size_t limit = c.has("limit") ? limit_of(c, 0) : 1000;
  const page got = cut(all, c.q("marker"), limit, unknown);
  json::array out;
  for (const record* r : got.items) {
    json::object o = view(c, p, *r);
    if (c.has("fields")) {
      json::object some;
      for (const auto& f : c.all("fields")) some[f] = o[f];
      o = some;
    }
    out.push_back(o);
  }
  return {200,
          json::object{{p.path, out}, {std::string(p.path) + "_links", octavia_links(c, got)}}};
}

reply show(context& c) {
  const part& p = part_of(c, true);
  return {200, json::object{{p.one, view(c, p, find(c, p, c.path.back()))}}};
}

record& mutable_balancer(context& c, const std::string& id) {
  record& lb = find(c, parts[0], id);
  const std::string status = text(lb.body, "provisioning_status");
  if (status != "ACTIVE" && status != "ERROR")
    octavia_fail(409, fmt::format("Load Balancer {} is immutable and cannot be updated.", id));
  return lb;
}

void settle(context& c, const std::string& kind, const std::string& id, const std::string& lb) {
  world& w = c.w;
  const std::string region = c.region, end = c.fail_async ? "ERROR" : "ACTIVE";
  c.later([&w, region, kind, id, lb, end] {
    for (const auto& [k, i] : {std::pair(kind, id), std::pair(std::string("loadbalancer"), lb)})
      if (record* r = w.of(region + k).find(i);
          r && text(r->body, "provisioning_status") != "PENDING_DELETE")
        merge(r->body, {{"provisioning_status", end},
                        {"operating_status", "ONLINE"},
                        {"updated_at", now_iso("%Y-%m-%dT%H:%M:%S")}});
  });
}

json::object base_of(context& c, const std::string& id) {
  return {{"id", id},
          {"name", ""},
          {"description", ""},
          {"provisioning_status", "PENDING_CREATE"},
          {"operating_status", "OFFLINE"},
          {"admin_state_up", true},
          {"project_id", c.project()},
          {"tenant_id", c.project()},
          {"created_at", now_iso("%Y-%m-%dT%H:%M:%S")},
          {"updated_at", nullptr},
          {"tags", json::array{}}};
}

reply create_balancer(context& c, const json::object& sent) {
  const std::string id = c.w.uuid(), subnet = text(sent, "vip_subnet_id");
  if (subnet.empty() && !sent.if_contains("vip_network_id") && !sent.if_contains("vip_port_id"))
    octavia_fail(400,
                 "Validation failure: VIP must contain one of: vip_port_id, vip_network_id, "
                 "vip_subnet_id.");
  const record* s = c.of("subnet").find(subnet);
  if (!s) octavia_fail(400, fmt::format("Subnet {} not found.", subnet));
  json::object o = base_of(c, id);
  merge(o, sent);
  const std::string network = text(s->body, "network_id");
  const std::string port = create_port(c.w, c.region, c.project(), network,
                                       {{"name", "octavia-lb-" + id},
                                        {"device_id", "lb-" + id},
                                        {"device_owner", "Octavia"},
                                        {"admin_state_up", false}});
  merge(o, {{"vip_network_id", network},
            {"vip_port_id", port},
            {"provider", "amphora"},
            {"vip_address", c.of("port").find(port)->body["fixed_ips"].at(0).at("ip_address")},
            {"additional_vips", json::array{}},
            {"flavor_id", nullptr},
            {"availability_zone", nullptr},
            {"vip_qos_policy_id", nullptr},
            {"_lb", id},
            {"_parent", ""}});
  const record& r = c.of("loadbalancer").add(id, c.project(), std::move(o));
  plug_amphora(c, r);
  settle(c, "loadbalancer", id, id);
  return {201, json::object{{"loadbalancer", view(c, parts[0], r)}}};
}

void refuse_same_port(const context& c, const part& p, const json::object& sent,
                      const std::string& lb) {
  if (std::string_view(p.kind) != "listener") return;
  const int port = sent.at("protocol_port").to_number<int>();
  for (const auto& [seq, r] : c.of("listener").rows())
    if (text(r.body, "_lb") == lb && r.body.at("protocol_port").to_number<int>() == port)
      octavia_fail(
          409, fmt::format("Another Listener on this Load Balancer is already using protocol {} "
                           "and protocol_port {}",
                           text(sent, "protocol"), port));
}

reply create(context& c) {
  const part& p = part_of(c, false);
  const json::object sent = c.sent(p.one);
  if (std::string_view(p.kind) == "loadbalancer") return create_balancer(c, sent);
  std::string parent = c.path.size() > 4 ? c.path[3] : text(sent, p.parent);
  std::string parent_kind = p.parent_kind;
  if (parent.empty()) parent = text(sent, "loadbalancer_id"), parent_kind = "loadbalancer";
  const record* up = c.of(parent_kind).find(parent);
  if (!up) octavia_fail(404, fmt::format("{} {} not found.", parent_kind, parent));
  const std::string lb = text(up->body, "_lb"), id = c.w.uuid();
  record& balancer = mutable_balancer(c, lb);
  json::object o = base_of(c, id);
  merge(o, octavia_defaults(p.kind));
  refuse_same_port(c, p, sent, lb);
  merge(o, sent);
  merge(o, {{"_lb", lb}, {"_parent", parent}});
  for (const char* key : {"loadbalancer_id", "listener_id", "pool_id"}) o.erase(key);
  const record& r = c.of(p.kind).add(id, balancer.owner, std::move(o));
  if (std::string_view(p.kind) == "member") plug_member(c, lb, text(sent, "subnet_id"));
  balancer.body["provisioning_status"] = "PENDING_UPDATE";
  settle(c, p.kind, id, lb);
  return {201, json::object{{p.one, view(c, p, r)}}};
}

void erase_below(world& w, const std::string& region, const std::string& id) {
  for (const auto& p : parts) {
    std::vector<std::string> gone;
    for (const auto& [seq, r] : w.of(region + p.kind).rows())
      if (text(r.body, "_parent") == id) gone.push_back(r.id);
    for (const auto& g : gone) {
      erase_below(w, region, g);
      w.of(region + p.kind).erase(g);
    }
  }
}

void delete_later(context& c, const part& p, record& r) {
  r.body["provisioning_status"] = "PENDING_DELETE";
  world& w = c.w;
  const std::string region = c.region, kind = p.kind, id = r.id, lb = text(r.body, "_lb");
  const std::string port = text(r.body, "vip_port_id");
  const bool fails = c.fail_async;
  c.later([=, &w] {
    if (fails) {
      if (record* x = w.of(region + kind).find(id)) x->body["provisioning_status"] = "ERROR";
    } else {
      erase_below(w, region, id);
      w.of(region + kind).erase(id);
      if (!port.empty()) remove_port(w, region, port);
      if (lb == id) unplug_amphora(w, region, id);
    }
    record* b = w.of(region + "loadbalancer").find(lb);
    if (b && lb != id) b->body["provisioning_status"] = "ACTIVE";
  });
}

reply remove(context& c) {
  const part& p = part_of(c, true);
  record& r = find(c, p, c.path.back());
  const std::string status = text(r.body, "provisioning_status");
  if (std::string_view(p.kind) != "loadbalancer") {
    mutable_balancer(c, text(r.body, "_lb")).body["provisioning_status"] = "PENDING_UPDATE";
    delete_later(c, p, r);
    return reply(204);
  }
  const bool cascade = c.q("cascade") == "true" || c.q("cascade") == "True";
  if (!cascade && (!below(c, "listener", r.id).empty() || !below(c, "pool", r.id).empty()))
    octavia_fail(
        400,
        fmt::format("Validation failure: Cannot delete Load Balancer {} - it has children", r.id));
  // Children are looked for before the state is.
  if (status.rfind("PENDING", 0) == 0)
    octavia_fail(409, fmt::format("Invalid state {} of loadbalancer resource {}", status, r.id));
  delete_later(c, p, r);
  return reply(204);
}

constexpr route octavia_table[] = {
    {"GET", "v2/lbaas/*", list},       {"POST", "v2/lbaas/*", create},
    {"GET", "v2/lbaas/*/*", show},     {"DELETE", "v2/lbaas/*/*", remove},
    {"GET", "v2/lbaas/*/*/*", list},   {"POST", "v2/lbaas/*/*/*", create},
    {"GET", "v2/lbaas/*/*/*/*", show}, {"DELETE", "v2/lbaas/*/*/*/*", remove},
};

}  // namespace

reply octavia(context& c) {
  if (c.path.empty()) return octavia_versions(c);
  if (!c.who) return error_401_json(c).unnamed();
  const std::string said = c.path[0];
  if (said == "v2.0") c.path[0] = "v2";
  reply out(404, json::object{{"code", 404}, {"title", "Not Found"}, {"description", ""}});
  if (!dispatch(c, octavia_other_routes(), out)) dispatch(c, octavia_table, out);
  return out;
}

}  // namespace sandbox
