// Zones: an administrator sees other projects' only with a header, and a delete is only pending.
#include <fmt/core.h>

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
  record* r = c.of("zone").find(id);
  if (!r || !visible(c, *r)) fail(c, 404, "zone_not_found", "Could not find Zone");
  return *r;
}

json::object zone_view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o["links"] = json::object{{"self", c.base + "/v2/zones/" + r.id}};
  return o;
}

reply pages(context& c, const char* key, const rows& all,
            const std::function<json::object(const record&)>& view) {
  refusal unknown{reply(
      400, json::object{
               {"code", 400}, {"type", "invalid_marker"}, {"request_id", "req-" + c.w.uuid()}})};
  const page p = cut(all, c.q("marker"), limit_of(c, 1000), unknown);
  json::array out;
  for (const record* r : p.items) out.push_back(view(*r));
  json::object links{{"self", c.w.url + c.req.target}};
  if (p.more) links["next"] = next_link(c, p.items.back()->id);
  return {200, json::object{{key, out},
                            {"links", links},
                            {"metadata", json::object{{"total_count", all.size()}}}}};
}

reply list_zones(context& c) {
  const rows all = select(
      c.of("zone"),
      [&](const record& r) {
        return visible(c, r) && (!c.has("name") || text(r.body, "name") == c.q("name"));
      },
      false);
  return pages(c, "zones", all, [&](const record& r) { return zone_view(c, r); });
}

reply show_zone(context& c) { return {200, zone_view(c, find_zone(c, c.args[0]))}; }

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
            {"status", "ACTIVE"},
            {"action", "NONE"},
            {"version", 1},
            {"created_at", now_iso("%Y-%m-%dT%H:%M:%S.000000")},
            {"updated_at", nullptr}});
}

reply create_zone(context& c) {
  const json::object& sent = c.body.as_object();
  const std::string name = text(sent, "name"), id = c.w.uuid(), owner = acting(c);
  for (const auto& [seq, r] : c.of("zone").rows())
    if (text(r.body, "name") == name) fail(c, 409, "duplicate_zone", "Duplicate Zone");
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
      merge(z->body, {{"status", "ACTIVE"}, {"action", "NONE"}});
  });
  return reply(202, zone_view(c, r)).with("Location", c.base + "/v2/zones/" + id);
}

reply delete_zone(context& c) {
  record& r = find_zone(c, c.args[0]);
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
  const record& zone = find_zone(c, c.args[0]);
  const rows all = select(
      c.of("recordset"), [&](const record& r) { return text(r.body, "zone_id") == zone.id; },
      false);
  return pages(c, "recordsets", all, [](const record& r) { return shown(r.body); });
}

reply create_recordset(context& c) {
  const record& zone = find_zone(c, c.args[0]);
  const json::object& sent = c.body.as_object();
  add_recordset(c, zone, text(sent, "name"), text(sent, "type").c_str(), sent.at("records"));
  return {202, shown(c.of("recordset").rows().rbegin()->second.body)};
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
  const json::object v{{"id", "v2.0"},
                       {"status", "CURRENT"},
                       {"links", json::array{self}},
                       {"updated", "2022-06-29T00:00:00Z"}};
  return {200, json::object{{"versions", json::array{v}}}};
}

constexpr route table[] = {
    {"GET", "v2/zones", list_zones},
    {"POST", "v2/zones", create_zone},
    {"GET", "v2/zones/*", show_zone},
    {"DELETE", "v2/zones/*", delete_zone},
    {"GET", "v2/zones/tasks/transfer_requests", transfers},
    {"GET", "v2/zones/*/recordsets", list_recordsets},
    {"POST", "v2/zones/*/recordsets", create_recordset},
    {"DELETE", "v2/zones/*/recordsets/*", delete_recordset},
    {"GET", "v2/reverse/floatingips", floating_ips},
};

}  // namespace

reply designate(context& c) {
  if (c.path.empty()) return versions(c);
  if (!c.who) return error_401_json(c);
  if (everybody(c) && !c.admin()) return {403, "", "text/html; charset=utf-8"};
  reply out(404);
  if (!dispatch(c, table, out)) fail(c, 404, "not_found", "resource not found");
  return out;
}

}  // namespace sandbox
