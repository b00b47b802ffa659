// Zones: an administrator sees other projects' only with a header, and a delete is only pending.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/world.hpp"

namespace sandbox {
namespace {

[[noreturn]] void fail(context& c, int status, const char* type, const std::string& message) {
  throw refusal{reply(status, json::object{{"code", status},
                                           {"type", type},
                                           {"message", message},
                                           {"request_id", "req-" + c.w.uuid()}})};
}

bool everybody(const context& c) {
  const std::string v = c.req.header("X-Auth-All-Projects");
  return v == "true" || v == "True" || v == "1";
}

std::string acting(const context& c) {
  const std::string sudo = c.req.header("X-Auth-Sudo-Project-ID");
  return c.admin() && !sudo.empty() ? sudo : c.project();
}

bool visible(const context& c, const record& r) {
  return everybody(c) || c.ignore_filter || r.owner == acting(c);
}

record& find_zone(context& c, const std::string& id) {
  if (id.size() != 36) fail(c, 400, "invalid_uuid", "Invalid UUID zone_id: " + id);
  record* r = c.of("zone").find(id);
  if (!r || !visible(c, *r)) fail(c, 404, "zone_not_found", "Could not find Zone");
  return *r;
}

/// Since 2023.1: others are shown the zone and put record sets in it.
bool shared_with(const context& c, const record& r) {
  return truth(r.body, "_shared_with_all") && r.owner != acting(c);
}

const record& find_shown(context& c, const std::string& id) {
  const record* r = c.of("zone").find(id);
  return r && shared_with(c, *r) ? *r : find_zone(c, id);
}

json::object zone_view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o["links"] = json::object{{"self", c.base + "/v2/zones/" + r.id}};
  add_newer_fields(c, "zone", o);
  return o;
}

reply pages(context& c, const char* key, const rows& all,
            const std::function<json::object(const record&)>& view) {
  refusal unknown{reply(400, json::object{{"code", 400},
                                          {"type", "marker_not_found"},
                                          {"message", "Marker None could not be found"},
                                          {"request_id", "req-" + c.w.uuid()}})};
  if (c.q("limit").find_first_not_of("0123456789") != std::string::npos)
    fail(c, 400, "invalid_limit", "limit should be an integer between 1 and 1000");
  const page p = cut(all, c.q("marker"), limit_of(c, 1000), unknown);
  json::array out;
  for (const record* r : p.items) out.push_back(view(*r));
  json::object links{{"self", c.w.url + c.req.target}};
  if (p.more) links["next"] = next_link(c, p.items.back()->id);
  return {200, json::object{{key, out},
                            {"links", links},
                            {"metadata", json::object{{"total_count", all.size()}}}}};
}

/// Designate orders by when a zone was made unless it is told otherwise.
void order(const context& c, rows& all) {
  const std::string key = c.q("sort_key");
  if (key.empty()) return;
  const bool down = c.q("sort_dir") == "desc";
  std::stable_sort(all.begin(), all.end(), [&](const record* a, const record* b) {
    const std::string x = text(a->body, key), y = text(b->body, key);
    return down ? y < x : x < y;
  });
}

reply list_zones(context& c) {
  static const std::set<std::string> known{"limit",    "marker",   "name",   "type",
                                           "sort_key", "sort_dir", "status", "email",
                                           "ttl",      "pool_id",  "serial", "description"};
  for (const auto& [key, value] : c.query)
    if (!known.count(key)) fail(c, 400, "bad_request", "Invalid filters " + key);
  rows all = select(
      c.of("zone"),
      [&](const record& r) {
        return (visible(c, r) || shared_with(c, r)) &&
               (!c.has("name") || text(r.body, "name") == c.q("name"));
      },
      false);
  order(c, all);
  return pages(c, "zones", all, [&](const record& r) { return zone_view(c, r); });
}

reply show_zone(context& c) { return {200, zone_view(c, find_shown(c, c.args[0]))}; }

void add_recordset(context& c, const record& zone, const std::string& name, const char* type,
                   const json::value& records) {
  const std::string id = c.w.uuid();
  c.of("recordset")
      .add(id, zone.owner,
           {{"id", id},
            {"zone_id", zone.id},
            {"project_id", zone.owner},
            {"name", name},
            {"zone_name", zone.body.at("name")},
            {"type", type},
            {"records", records},
            {"description", nullptr},
            {"ttl", nullptr},
            {"status", "PENDING"},
            {"action", "CREATE"},
            {"version", 1},
            {"created_at", now_iso("%Y-%m-%dT%H:%M:%S.000000")},
            {"updated_at", nullptr}});
  world& w = c.w;
  const std::string key = c.region + "recordset";
  c.later([&w, key, id] {
    if (record* r = w.of(key).find(id)) merge(r->body, {{"status", "ACTIVE"}, {"action", "NONE"}});
  });
}

void refuse_zone(context& c, const std::string& name, const std::string& owner) {
  if (!name.ends_with('.'))
    fail(c, 400, "invalid_object",
         "Provided object is not valid. Got a ValueError error with message Domain " + name +
             " does not end with a dot");
  for (const auto& [seq, r] : c.of("zone").rows()) {
    const std::string other = text(r.body, "name");
    if (other == name)
      fail(
          c, 409, "duplicate_zone",
          r.owner == owner ? "Duplicate Zone" : "Zone already exists, owned by a different tenant");
    if (r.owner != owner && name.ends_with("." + other))
      fail(c, 403, "illegal_child", "Unable to create subzone in another tenants zone");
  }
}

json::object recordset_view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o["links"] = json::object{
      {"self", c.base + "/v2/zones/" + text(r.body, "zone_id") + "/recordsets/" + r.id}};
  return o;
}

reply create_zone(context& c) {
  const json::object& sent = c.body.as_object();
  const std::string name = text(sent, "name"), id = c.w.uuid(), owner = acting(c);
  refuse_zone(c, name, owner);
  const record& r = c.of("zone").add(id, owner,
                                     {{"id", id},
                                      {"pool_id", "794ccc2c-d751-44fe-b57f-8894c9f5c842"},
                                      {"project_id", owner},
                                      {"name", name},
                                      {"email", text(sent, "email")},
                                      {"description", nullptr},
                                      {"ttl", 3600},
                                      {"serial", 1},
                                      {"status", "PENDING"},
                                      {"action", "CREATE"},
                                      {"version", 1},
                                      {"attributes", json::object{}},
                                      {"type", "PRIMARY"},
                                      {"masters", json::array{}},
                                      {"created_at", now_iso("%Y-%m-%dT%H:%M:%S.000000")},
                                      {"updated_at", nullptr},
                                      {"transferred_at", nullptr}});
  add_recordset(c, r, name, "NS", json::array{"ns1.example.org."});
  add_recordset(c, r, name, "SOA", json::array{"ns1.example.org. a.example.org. 1 1 1 1 1"});
  world& w = c.w;
  const std::string key = c.region + "zone";
  c.later([&w, key, id] {
    record* z = w.of(key).find(id);
    if (z && text(z->body, "action") == "CREATE")
      merge(z->body, {{"status", "ACTIVE"},
                      {"action", "NONE"},
                      {"updated_at", now_iso("%Y-%m-%dT%H:%M:%S.000000")}});
  });
  return reply(202, zone_view(c, r)).with("Location", c.base + "/v2/zones/" + id);
}

reply delete_zone(context& c) {
  record& r = find_zone(c, c.args[0]);
  for (const auto& [seq, z] : c.of("zone").rows())
    if (text(z.body, "name").ends_with("." + text(r.body, "name")))
      fail(c, 400, "zone_has_sub_zone", "Please delete any subzones before deleting this zone");
  merge(r.body, {{"status", "PENDING"}, {"action", "DELETE"}});
  world& w = c.w;
  const std::string region = c.region, id = r.id;
  const bool fails = c.fail_async;
  c.later([&w, region, id, fails] {
    record* z = w.of(region + "zone").find(id);
    if (!z) return;
    if (fails) {
      z->body["status"] = "ERROR";
      return;
    }
    std::vector<std::string> gone;
    for (const auto& [seq, s] : w.of(region + "recordset").rows())
      if (text(s.body, "zone_id") == id) gone.push_back(s.id);
    for (const auto& s : gone) w.of(region + "recordset").erase(s);
    w.of(region + "zone").erase(id);
  });
  return {202, zone_view(c, r)};
}

reply list_recordsets(context& c) {
  const record& zone = find_shown(c, c.args[0]);
  const rows all = select(
      c.of("recordset"), [&](const record& r) { return text(r.body, "zone_id") == zone.id; },
      false);
  return pages(c, "recordsets", all, [&](const record& r) { return recordset_view(c, r); });
}

reply create_recordset(context& c) {
  const record& zone = find_zone(c, c.args[0]);
  const json::object& sent = c.body.as_object();
  add_recordset(c, zone, text(sent, "name"), text(sent, "type").c_str(), sent.at("records"));
  for (auto& [seq, r] : c.of("recordset").rows())
    if (text(r.body, "zone_id") == zone.id && text(r.body, "type") == "SOA")
      r.body["updated_at"] = now_iso("%Y-%m-%dT%H:%M:%S.000000");
  const json::object o = recordset_view(c, c.of("recordset").rows().rbegin()->second);
  return reply(202, o).with("Location", std::string(o.at("links").at("self").as_string()));
}

reply show_recordset(context& c) {
  find_zone(c, c.args[0]);
  const record* r = c.of("recordset").find(c.args[1]);
  if (!r) fail(c, 404, "recordset_not_found", "Could not find RecordSet");
  return {200, recordset_view(c, *r)};
}

reply delete_recordset(context& c) {
  find_zone(c, c.args[0]);
  const record* r = c.of("recordset").find(c.args[1]);
  if (!r) fail(c, 404, "recordset_not_found", "Could not find RecordSet");
  const json::object o = shown(r->body);
  if (text(o, "type") == "SOA" || text(o, "type") == "NS")
    fail(c, 400, "bad_request", "Deleting a SOA or NS recordset is not allowed");
  c.of("recordset").erase(c.args[1]);
  return {202, o};
}

reply floating_ips(context& c) {
  return {200, json::object{{"floatingips", json::array{}},
                            {"links", json::object{{"self", c.w.url + c.req.target}}},
                            {"metadata", json::object{{"total_count", 0}}}}};
}

reply transfers(context& c) {
  return {200, json::object{{"transfer_requests", json::array{}},
                            {"links", json::object{{"self", c.w.url + c.req.target}}}}};
}

reply versions(const context& c) {
  const json::object self{{"href", c.base + "/v2"}, {"rel", "self"}};
  const json::object guide{{"href", "https://docs.openstack.org/api-ref/dns"}, {"rel", "help"}};
  json::array out;
  for (const char* id : {"v2", "v2.0", "v2.1"})
    out.push_back({{"id", id},
                   {"status", id == std::string_view("v2.1") ? "CURRENT" : "SUPPORTED"},
                   {"links", json::array{self, guide}},
                   {"updated", "2022-06-29T00:00:00Z"}});
  reply all(200, json::object{{"versions", out}});
  return all.unnamed();
}

constexpr route designate_table[] = {
    {"GET", "v2/zones", list_zones},
    {"POST", "v2/zones", create_zone},
    {"GET", "v2/zones/*", show_zone},
    {"DELETE", "v2/zones/*", delete_zone},
    {"GET", "v2/zones/tasks/transfer_requests", transfers},
    {"GET", "v2/zones/*/recordsets", list_recordsets},
    {"POST", "v2/zones/*/recordsets", create_recordset},
    {"GET", "v2/zones/*/recordsets/*", show_recordset},
    {"DELETE", "v2/zones/*/recordsets/*", delete_recordset},
    {"GET", "v2/reverse/floatingips", floating_ips},
};

}  // namespace

reply designate(context& c) {
  if (c.path.empty()) return versions(c);
  if (!c.who) return error_401_json(c);
  if (everybody(c) && !c.admin()) return {403, "", "text/html; charset=utf-8"};
  reply out(404);
  if (!dispatch(c, designate_table, out)) fail(c, 404, "not_found", "resource not found");
  return out;
}

}  // namespace sandbox
