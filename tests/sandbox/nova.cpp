// Compute: servers. What a list shows depends on the microversion, a delete is a promise kept
// later, and a server lets go of its volumes and ports when it goes.
#include "tests/sandbox/nova.hpp"

#include <fmt/core.h>

#include <regex>

namespace sandbox {

json::array nova_links(const context& c, const std::string& what, const std::string& id) {
  const std::string rest = "/" + what + "/" + id;
  return {json::object{{"rel", "self"}, {"href", c.base + "/v2.1" + rest}},
          json::object{{"rel", "bookmark"}, {"href", c.base + rest}}};
}

record& nova_server(context& c, const std::string& id) {
  record* r = c.of("server").find(id);
  if (!r || !c.mine(*r)) compute_fail(404, fmt::format("Instance {} could not be found.", id));
  return *r;
}

void nova_finish_delete(world& w, const std::string& region, const std::string& id,
                        bool as_administrator) {
  record* r = w.of(region + "server").find(id);
  if (!r) return;
  release_volumes(w, region, *r, as_administrator);
  release_ports(w, region, *r, as_administrator);
  w.of(region + "secret").erase(text(r->body, "_vtpm_secret"));
  for (auto& [seq, g] : w.of(region + "server_group").rows()) {
    auto& all = g.body["members"].as_array();
    const auto at = std::find(all.begin(), all.end(), json::value(id));
    if (at != all.end()) all.erase(at);
  }
  merge(r->body, {{"status", "DELETED"},
                  {"OS-EXT-STS:task_state", nullptr},
                  {"OS-EXT-STS:vm_state", "deleted"}});
}

namespace {

json::object flavor_view(const context& c, const std::string& id) {
  const record* f = c.of("flavor").find(id);
  if (c.minor < 47 || !f)
    return {{"id", id}, {"links", json::array{nova_links(c, "flavors", id)[1]}}};
  return {{"vcpus", f->body.at("vcpus")},
          {"ram", f->body.at("ram")},
          {"disk", f->body.at("disk")},
          {"ephemeral", 0},
          {"swap", 0},
          {"original_name", f->body.at("name")},
          {"extra_specs", json::object{}}};
}

json::object addresses(const context& c, const record& r) {
  json::object out;
  for (const auto& [seq, p] : c.of("port").rows()) {
    if (text(p.body, "device_id") != r.id) continue;
    const record* n = c.of("network").find(text(p.body, "network_id"));
    const std::string name = n ? text(n->body, "name") : "net";
    if (!out.if_contains(name)) out[name] = json::array{};
    for (const auto& ip : p.body.at("fixed_ips").as_array())
      out[name].as_array().push_back(
          json::object{{"version", 4},
                       {"addr", ip.at("ip_address")},
                       {"OS-EXT-IPS:type", "fixed"},
                       {"OS-EXT-IPS-MAC:mac_addr", p.body.at("mac_address")}});
  }
  return out;
}

json::array attached(const context& c, const record& r) {
  json::array out;
  for (const auto& [seq, v] : c.of("volume").rows())
    for (const auto& a : v.body.at("attachments").as_array())
      if (text(a.as_object(), "server_id") == r.id) {
        json::object o{{"id", v.id}};
        const auto& doomed = r.body.at("_delete_on_termination").as_array();
        if (c.minor >= 3)
          o["delete_on_termination"] =
              std::find(doomed.begin(), doomed.end(), json::value(v.id)) != doomed.end();
        out.push_back(o);
      }
  return out;
}

json::array groups_of(const context& c, const record& r) {
  json::array out;
  for (const auto& [seq, g] : c.of("server_group").rows())
    for (const auto& member : g.body.at("members").as_array())
      if (member == json::value(r.id)) out.push_back(json::value(g.id));
  return out;
}

/// What only an administrator is shown.
void add_attributes(const context& c, const record& r, json::object& o) {
  merge(o, {{"OS-EXT-SRV-ATTR:host", "compute-1"},
            {"OS-EXT-SRV-ATTR:hypervisor_hostname", "compute-1"},
            {"OS-EXT-SRV-ATTR:instance_name", "instance-00000001"}});
  if (c.minor >= 3)
    merge(o, {{"OS-EXT-SRV-ATTR:hostname", r.body.at("name")},
              {"OS-EXT-SRV-ATTR:kernel_id", ""},
              {"OS-EXT-SRV-ATTR:launch_index", 0},
              {"OS-EXT-SRV-ATTR:ramdisk_id", ""},
              {"OS-EXT-SRV-ATTR:reservation_id", "r-sandbox1"},
              {"OS-EXT-SRV-ATTR:root_device_name", "/dev/sda"},
              {"OS-EXT-SRV-ATTR:user_data", nullptr}});
  if (c.minor >= 16) o["host_status"] = "UP";
}

json::object view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o["links"] = nova_links(c, "servers", r.id);
  o["flavor"] = flavor_view(c, text(r.body, "_flavor"));
  o["addresses"] = addresses(c, r);
  o["os-extended-volumes:volumes_attached"] = attached(c, r);
  const std::string image = text(r.body, "_image");
  if (image.empty())
    o["image"] = "";
  else
    o["image"] =
        json::object{{"id", image}, {"links", json::array{nova_links(c, "images", image)[1]}}};
  if (c.minor < 9) o.erase("locked");
  if (c.minor >= 73) o["locked_reason"] = nullptr;
  if (c.minor < 19) o.erase("description");
  if (c.minor >= 63) o["trusted_image_certificates"] = nullptr;
  if (c.minor >= 71) o["server_groups"] = groups_of(c, r);
  if (c.minor < 26) o.erase("tags");
  if (c.minor >= 26) o.emplace("tags", json::array{});
  if (c.admin()) add_attributes(c, r, o);
  return o;
}

bool all_tenants(const context& c) {
  const std::string v = c.q("all_tenants");
  return c.has("all_tenants") && v != "0" && v != "false" && v != "False";
}

/// The filter is a regular expression; what is none is looked for as it is.
bool names(const std::string& pattern, const std::string& name) {
  try {
    return pattern.empty() || std::regex_search(name, std::regex(pattern));
  } catch (const std::regex_error&) {
    return name.find(pattern) != std::string::npos;
  }
}

/// A page size that is no number, and since 2.75 a filter that nobody knows.
void check_query(const context& c) {
  const std::string limit = c.q("limit");
  if (limit.find_first_not_of("0123456789") != std::string::npos)
    compute_fail(400, fmt::format("Invalid input for query parameters limit. Value: {0}. '{0}' "
                                  "does not match '^[0-9]*$'",
                                  limit));
  static const std::set<std::string> known{
      "limit",      "marker", "all_tenants", "project_id",    "tenant_id", "name",
      "status",     "image",  "flavor",      "changes-since", "user_id",   "host",
      "ip",         "ip6",    "sort_key",    "sort_dir",      "deleted",   "vm_state",
      "task_state", "tags",   "uuid",        "locked",        "key_name",  "changes-before"};
  for (const auto& [key, value] : c.query)
    if (c.minor >= 75 && !known.count(key))
      compute_fail(400, fmt::format("'{}' does not match any of the regexes: '^_'", key));
}

json::object row_of(const context& c, const record& r, bool detail) {
  if (nova_cell_is_down(r)) return nova_view_from_afar(c, r);
  if (detail) return view(c, r);
  return {{"id", r.id}, {"name", r.body.at("name")}, {"links", nova_links(c, "servers", r.id)}};
}

reply list(context& c) {
  const bool detail = c.path.back() == "detail";
  if (all_tenants(c) && !c.admin())
    compute_fail(403, fmt::format("Policy doesn't allow os_compute_api:servers:{}:get_all_tenants "
                                  "to be performed.",
                                  detail ? "detail" : "index"));
  check_query(c);
  const auto keep = tenant_filter(c, {"status", "user_id", "_image"});
  std::string elsewhere = all_tenants(c) || c.ignore_filter ? "" : c.q("project_id");
  const std::string name = c.q("name"), image = c.q("image"), since = c.q("changes-since");
  const rows all = select(
      c.of("server"),
      [&](const record& r) {
        return keep(r) && nova_is_asked_for(c, r) && (elsewhere.empty() || elsewhere == r.owner) &&
               names(name, text(r.body, "name")) &&
               (image.empty() || image == text(r.body, "_image")) &&
               text(r.body, "updated") >= since;
      },
      true);
  const json::object why{{"code", 400},
                         {"message", fmt::format("marker [{}] not found", c.q("marker"))}};
  const page p = cut(all, c.q("marker"), limit_of(c, 1000),
                     refusal{reply(400, json::object{{"badRequest", why}})});
  json::array out;
  for (const record* r : p.items) out.push_back(row_of(c, *r, detail));
  json::object body{{"servers", out}};
  if (p.more)
    body["servers_links"] =
        json::array{json::object{{"rel", "next"}, {"href", next_link(c, p.items.back()->id)}}};
  return {200, body};
}

reply show(context& c) {
  const record& r = nova_server(c, c.args[0]);
  if (nova_cell_is_down(r) && c.minor < 69)
    compute_fail(500,
                 "Unexpected API Error. Cell is not responding and hence instance info is not "
                 "available.");
  return {200,
          json::object{{"server", nova_cell_is_down(r) ? nova_view_from_afar(c, r) : view(c, r)}}};
}

}  // namespace

reply nova_remove(context& c) {
  record& r = nova_server(c, c.args[0]);
  if (truth(r.body, "locked") && !c.admin())
    compute_fail(409, fmt::format("Instance {} is locked", r.id));
  reply done(204);
  done.with("Content-Type", "application/json");
  if (text(r.body, "OS-EXT-STS:task_state") == "deleting") return done;
  if (text(r.body, "status") == "DELETED")
    compute_fail(404, fmt::format("Instance {} could not be found.", r.id));
  world& w = c.w;
  const std::string region = c.region, id = r.id;
  // At once, whatever becomes of the server (nova/compute/api.py _delete).
  if (text(r.body, "OS-EXT-STS:vm_state").starts_with("shelved"))
    nova_drop_shelved(c.w, c.region, r, c.project(), c.admin());
  if (w.opts.soft_delete && c.method == "DELETE") {
    r.body["OS-EXT-STS:task_state"] = "soft-deleting";
    c.later([&w, region, id] {
      if (record* s = w.of(region + "server").find(id))
        merge(s->body, {{"status", "SOFT_DELETED"},
                        {"OS-EXT-STS:task_state", nullptr},
                        {"OS-EXT-STS:vm_state", "soft-delete"}});
    });
    return done;
  }
  r.body["OS-EXT-STS:task_state"] = "deleting";
  if (c.fail_async) {
    c.later([&w, region, id] {
      if (record* s = w.of(region + "server").find(id))
        merge(s->body, {{"status", "ERROR"},
                        {"OS-EXT-STS:task_state", nullptr},
                        {"OS-EXT-STS:vm_state", "error"}});
    });
    return done;
  }
  c.later([&w, region, id, as_administrator = c.admin()] {
    nova_finish_delete(w, region, id, as_administrator);
    w.gone.insert(id);
    w.later([&w, region, id] { w.of(region + "server").erase(id); }, 0.2);
  });
  return done;
}

namespace {

reply update(context& c) {
  record& r = nova_server(c, c.args[0]);
  merge(r.body, c.sent("server"));
  return {200, json::object{{"server", view(c, r)}}};
}

constexpr route nova_table[] = {
    {"GET", "v2.1/servers", list},         {"GET", "v2.1/servers/detail", list},
    {"POST", "v2.1/servers", nova_create}, {"GET", "v2.1/servers/*", show},
    {"PUT", "v2.1/servers/*", update},     {"DELETE", "v2.1/servers/*", nova_remove},
};

}  // namespace

reply nova(context& c) {
  if (c.path.size() < 2) return nova_versions(c);
  if (!c.who) return error_401_json(c);
  reply out(404);
  // The old API takes no notice of a microversion, and says none.
  const bool old = c.path[0] == "v2";
  if (old) c.path[0] = "v2.1";
  try {
    if (!old) read_microversion(c, "compute", 2, 1, nova_newest(c));
    if (!dispatch(c, nova_table, out) && !dispatch(c, nova_action_routes(), out) &&
        !dispatch(c, nova_more_routes(), out))
      return no_such_path();
  } catch (const refusal& r) {
    out = r.answer;
    out.with("Content-Type", "application/json; charset=UTF-8");
    if (c.minor < 1) return out;
  }
  if (old) return out;
  const std::string version = fmt::format("2.{}", c.minor);
  return out.with("OpenStack-API-Version", "compute " + version)
      .with("X-OpenStack-Nova-API-Version", version);
}

}  // namespace sandbox
