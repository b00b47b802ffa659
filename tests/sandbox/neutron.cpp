// Networking, what all kinds have in common: lists with filters, fields, order and pages; who sees
// what; create, update, delete.
#include "tests/sandbox/neutron.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace sandbox {

void neutron_fail(int status, const std::string& type, const std::string& message) {
  const json::object e{{"type", type}, {"message", message}, {"detail", ""}};
  throw refusal{reply(status, json::object{{"NeutronError", e}})};
}

const network_kind& network_kind_of(const std::string& kind) {
  for (const auto& k : network_kinds())
    if (kind == k.kind) return k;
  throw std::runtime_error("no network kind " + kind);
}

void neutron_touch(record& r) {
  if (r.body.if_contains("updated_at")) r.body["updated_at"] = now_iso();
  if (auto* n = r.body.if_contains("revision_number")) *n = n->to_number<int>() + 1;
}

namespace {

bool granted(const context& c, const std::string& object, std::string_view action) {
  for (const auto& [seq, r] : c.of("rbac_policy").rows()) {
    const std::string target = text(r.body, "target_tenant");
    if (text(r.body, "object_id") == object && text(r.body, "action") == action &&
        (target == "*" || target == c.project()))
      return true;
  }
  return false;
}

bool visible(const context& c, const network_kind& k, const record& r) {
  if (c.admin() || c.ignore_filter || r.owner == c.project()) return true;
  const std::string kind = k.kind;
  if (truth(r.body, "shared") || granted(c, r.id, "access_as_shared")) return true;
  if (kind == "network") return truth(r.body, "router:external");
  if (kind != "subnet" && kind != "port") return false;
  const record* n = c.of("network").find(text(r.body, "network_id"));
  if (!n) return false;
  if (kind == "port") return n->owner == c.project();
  return n->owner == c.project() || granted(c, n->id, "access_as_shared");
}

bool same(const json::value* v, const std::string& want) {
  if (!v || v->is_null()) return want.empty();
  if (v->is_string()) return v->get_string() == want;
  if (v->is_bool()) return v->get_bool() == (want == "True" || want == "true" || want == "1");
  if (v->is_array()) {
    for (const auto& one : v->get_array())
      if (one.is_string() && one.get_string() == want) return true;
    return false;
  }
  return json::serialize(*v) == want;
}

/// fixed_ips=subnet_id=ID.
bool has_address(const json::object& port, const std::string& want) {
  const auto equals = want.find('=');
  const auto* ips = port.if_contains("fixed_ips");
  if (equals == std::string::npos || !ips) return false;
  for (const auto& ip : ips->as_array())
    if (text(ip.as_object(), want.substr(0, equals)) == want.substr(equals + 1)) return true;
  return false;
}

bool passes(context& c, const network_kind& k, const record& r) {
  const json::object o = neutron_view(c, k, r);
  for (const auto& [key, v] : c.query) {
    if (neutron_reserved(key) || (c.epoxy() && !neutron_filters(k, key))) continue;
    if ((key == "project_id" || key == "tenant_id") && c.ignore_filter) continue;
    const auto values = c.all(key);
    if (std::none_of(values.begin(), values.end(), [&, name = key](const auto& one) {
          return name == "fixed_ips" ? has_address(o, one) : same(o.if_contains(name), one);
        }))
      return false;
  }
  for (const auto& tag : c.all("tags"))
    if (!same(o.if_contains("tags"), tag)) return false;
  return true;
}

void order(const context& c, rows& all) {
  const std::string key = c.has("sort_key") ? c.q("sort_key") : "id";
  const bool down = c.q("sort_dir") == "desc";
  std::stable_sort(all.begin(), all.end(), [&](const record* a, const record* b) {
    const std::string x = key == "id" ? a->id : text(a->body, key);
    const std::string y = key == "id" ? b->id : text(b->body, key);
    return down ? y < x : x < y;
  });
}

json::object only(const context& c, json::object o) {
  if (!c.has("fields")) return o;
  json::object out;
  for (const auto& f : c.all("fields"))
    if (const auto* v = o.if_contains(f)) out[f] = *v;
  return out;
}

refusal unknown_marker(const network_kind& k, const std::string& marker) {
  try {
    neutron_fail(404, std::string(k.type) + "NotFound",
                 fmt::format(fmt::runtime(k.missing), marker));
  } catch (const refusal& r) {
    return r;
  }
}

/// A short page ends the list on the side to which it was read, and only there.
json::array links(const context& c, const page& p, std::size_t limit, bool back) {
  json::array out;
  const bool full = p.items.size() >= limit;
  context way(c);
  std::erase_if(way.query, [](const auto& q) { return q.first == "page_reverse"; });
  if (full || back) {
    const std::string last = p.items.empty() ? "" : p.items.back()->id;
    out.push_back({{"rel", "next"}, {"href", next_link(way, last)}});
  }
  if (full || !back) {
    const std::string first = p.items.empty() ? "" : p.items.front()->id;
    out.push_back({{"rel", "previous"}, {"href", next_link(way, first) + "&page_reverse=True"}});
  }
  return out;
}

reply list(context& c, const network_kind& k) {
  const std::string_view kind = k.kind;
  if (kind == "security_group" || kind == "security_group_rule") neutron_make_default_group(c);
  refuse_unknown_filters(c, k);
  rows all = select(
      c.of(k.kind), [&](const record& r) { return visible(c, k, r) && passes(c, k, r); }, false);
  order(c, all);
  const bool back = c.q("page_reverse") == "True" || c.q("page_reverse") == "true";
  if (back) std::reverse(all.begin(), all.end());
  const std::size_t limit = neutron_limit(c);
  page p =
      cut(all, c.q("marker"), limit ? limit : all.size() + 1, unknown_marker(k, c.q("marker")));
  if (back) std::reverse(p.items.begin(), p.items.end());
  json::array out;
  for (const record* r : p.items) out.push_back(only(c, neutron_view(c, k, *r)));
  json::object body{{k.many, out}};
  if (limit) body[std::string(k.many) + "_links"] = links(c, p, limit, back);
  return {200, body};
}

[[noreturn]] void forbid(const network_kind& k, const char* verb) {
  neutron_fail(403, "PolicyNotAuthorized",
               fmt::format("rule:{}_{} is disallowed by policy", verb, k.one));
}

reply create(context& c, const network_kind& k) {
  const json::object sent = c.sent(k.one);
  if (sent.empty() && !(c.body.is_object() && c.body.get_object().if_contains(k.one)))
    neutron_fail(400, "HTTPBadRequest", fmt::format("Unable to find '{}' in request body", k.one));
  if (k.admin_writes && !c.admin()) forbid(k, "create");
  refuse_unfit(c, k, sent);
  std::string owner = text(sent, "project_id");
  if (owner.empty()) owner = text(sent, "tenant_id");
  if (owner.empty() || !c.admin()) owner = c.project();
  const std::string id = c.w.uuid();
  json::object o = k.fresh(id);
  if (c.epoxy() && std::string_view(k.kind) == "address_group")
    merge(o, {{"created_at", now_iso()}, {"updated_at", now_iso()}, {"revision_number", 0}});
  merge(o, sent);
  o["project_id"] = owner;
  o["tenant_id"] = owner;
  default_group(c.w, c.region, owner);
  record& r = c.of(k.kind).add(id, owner, std::move(o));
  try {
    if (k.created) k.created(c, r, sent);
  } catch (const refusal&) {
    c.of(k.kind).erase(id);
    throw;
  }
  json::object answer = neutron_view(c, k, *c.of(k.kind).find(id));
  if (std::string_view(k.kind) == "network") answer["is_default"] = false;
  return {201, json::object{{k.one, answer}}};
}

reply show(context& c, const network_kind& k, const std::string& id) {
  return {200, json::object{{k.one, only(c, neutron_view(c, k, neutron_find(c, k, id)))}}};
}

reply update(context& c, const network_kind& k, const std::string& id) {
  record& r = neutron_find(c, k, id);
  if (!c.mine(r)) forbid(k, "update");
  const json::object sent = c.sent(k.one);
  if (k.updated)
    k.updated(c, r, sent);
  else
    merge(r.body, sent);
  neutron_touch(r);
  return {200, json::object{{k.one, neutron_view(c, k, r)}}};
}

reply remove(context& c, const network_kind& k, const std::string& id) {
  record& r = neutron_find(c, k, id);
  const record* n = c.of("network").find(text(r.body, "network_id"));
  const bool on_my_network = std::string_view(k.kind) == "port" && n && c.mine(*n);
  if ((!c.mine(r) && !on_my_network) || (k.admin_writes && !c.admin())) forbid(k, "delete");
  if (k.removing) k.removing(c, r);
  c.of(k.kind).erase(id);
  return reply(204);
}

reply versions(const context& c) {
  const json::object self{{"rel", "self"}, {"href", c.base + "/v2.0/"}};
  const json::object v{{"id", "v2.0"}, {"status", "CURRENT"}, {"links", json::array{self}}};
  reply all(200, json::object{{"versions", json::array{v}}});
  return all.unnamed();
}

reply resources(const context& c) {
  json::array out;
  for (const char* name : {"network", "subnet", "subnetpool", "port"}) {
    const std::string many = std::string(name) + "s";
    const json::object self{{"rel", "self"}, {"href", c.base + "/v2.0/" + many}};
    out.push_back({{"name", name}, {"collection", many}, {"links", json::array{self}}});
  }
  return {200, json::object{{"resources", out}}};
}

/// The kind whose path this is, and the id behind it if there is one.
const network_kind* kind_at(const context& c, std::string& id) {
  std::string path;
  for (std::size_t i = 1; i < c.path.size(); ++i) {
    path += (i == 1 ? "" : "/") + c.path[i];
    for (const auto& k : network_kinds())
      if (path == k.path && c.path.size() - i <= 2) {
        id = c.path.size() - i == 2 ? c.path.back() : "";
        return &k;
      }
  }
  return nullptr;
}

}  // namespace

record& neutron_find(context& c, const network_kind& k, const std::string& id) {
  record* r = c.of(k.kind).find(id);
  if (!r && c.w.gone.count(std::string("rbac ") + id))
    neutron_fail(404, "RbacPolicyNotFound",
                 fmt::format("RBAC policy of type network with ID {} not found", id));
  if (!r || !visible(c, k, *r)) throw unknown_marker(k, id);
  return *r;
}

json::object neutron_view(context& c, const network_kind& k, const record& r) {
  json::object o = shown(r.body);
  const std::string kind = k.kind;
  if (kind == "network")
    o["shared"] = truth(r.body, "shared") || granted(c, r.id, "access_as_shared");
  const auto children = [&](const char* of, const char* key) {
    json::array out;
    for (const auto& [seq, one] : c.of(of).rows())
      if (text(one.body, key) == r.id) out.push_back(shown(one.body));
    return out;
  };
  if (kind == "security_group")
    o["security_group_rules"] = children("security_group_rule", "security_group_id");
  if (kind == "floatingip") o["port_forwardings"] = children("port_forwarding", "_floatingip");
  dress(c, k, r, o);
  return o;
}

reply neutron(context& c) {
  if (c.path.empty()) return versions(c);
  if (!c.who) return error_401_json(c);
  if (c.path.size() == 1) return resources(c);
  if (c.path.back().ends_with(".json")) c.path.back().resize(c.path.back().size() - 5);
  reply out(404);
  if (c.path[0] == "v2.0") {
    if (dispatch(c, neutron_action_routes(), out) || dispatch(c, neutron_floating_routes(), out) ||
        dispatch(c, neutron_common_routes(), out))
      return out;
    std::string id;
    if (const network_kind* k = kind_at(c, id)) {
      if (id.empty() && c.method == "GET") return list(c, *k);
      if (id.empty() && c.method == "POST") return create(c, *k);
      if (!id.empty() && c.method == "GET") return show(c, *k, id);
      if (!id.empty() && c.method == "PUT") return update(c, *k, id);
      if (!id.empty() && c.method == "DELETE") return remove(c, *k, id);
    }
  }
  neutron_fail(404, "HTTPNotFound", "The resource could not be found.");
}

}  // namespace sandbox
