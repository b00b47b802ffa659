// Volume groups: a volume in a group goes neither by itself nor, without a word, with the group.
#include <fmt/core.h>

#include "tests/sandbox/cinder.hpp"

namespace sandbox {

void cinder_need(const context& c, int minor) {
  if (c.minor < minor) compute_fail(404, "The resource could not be found.");
}

namespace {

json::object group_view(const context& c, const record& r) {
  json::object o = shown(r.body);
  if (c.minor >= 58 && c.admin()) o["project_id"] = r.owner;
  if (c.q("list_volume") == "true") {
    json::array volumes;
    for (const auto& [seq, v] : c.of("volume").rows())
      if (text(v.body, "group_id") == r.id) volumes.push_back(json::value(v.id));
    o["volumes"] = volumes;
  }
  return o;
}

reply list_groups(context& c) {
  cinder_need(c, 13);
  return cinder_list(c, "volume_group", "groups", group_view, {"name", "status"});
}

reply show_group(context& c) {
  cinder_need(c, 13);
  const record& r = cinder_find(c, "volume_group", "Group", c.args[1]);
  return {200, json::object{{"group", group_view(c, r)}}};
}

reply create_group(context& c) {
  cinder_need(c, 13);
  const json::object sent = c.sent("group");
  const std::string id = c.w.uuid();
  const auto* types = sent.if_contains("volume_types");
  c.of("volume_group")
      .add(id, c.project(),
           {{"id", id},
            {"status", "creating"},
            {"availability_zone", "nova"},
            {"created_at", now_iso(cinder_time)},
            {"name", text(sent, "name")},
            {"description", nullptr},
            {"group_type", text(sent, "group_type")},
            {"volume_types", types ? *types : json::array{}},
            {"group_snapshot_id", nullptr},
            {"source_group_id", nullptr},
            {"replication_status", "disabled"}});
  cinder_finish(c, "volume_group", id, "available");
  return {202, json::object{{"group", json::object{{"id", id}, {"name", text(sent, "name")}}}}};
}

/// Takes volumes out of the group: accepted, and `updating` until it is done.
reply update_group(context& c) {
  cinder_need(c, 13);
  record& r = cinder_find(c, "volume_group", "Group", c.args[1]);
  const std::string out = text(c.sent("group"), "remove_volumes");
  if (out.empty())
    compute_fail(
        400,
        fmt::format("Invalid Group: Cannot update group {} because no valid name, description, "
                    "add_volumes, or remove_volumes were provided.",
                    r.id));
  if (text(r.body, "status") != "available")
    compute_fail(400, "Invalid Group: Group status must be available");
  std::vector<std::string> volumes;
  for (std::size_t from = 0; from < out.size(); from = out.find(',', from) + 1) {
    volumes.push_back(out.substr(from, out.find(',', from) - from));
    const record* v = c.of("volume").find(volumes.back());
    if (!v || text(v->body, "group_id") != r.id)
      compute_fail(400, fmt::format("Invalid volume: Cannot remove volume {} from group {} because "
                                    "it is not in the group.",
                                    volumes.back(), r.id));
    if (out.find(',', from) == std::string::npos) break;
  }
  r.body["status"] = "updating";
  world& w = c.w;
  c.later([&w, volumes, region = c.region, id = r.id] {
    for (const auto& one : volumes)
      if (record* v = w.of(region + "volume").find(one)) v->body["group_id"] = nullptr;
    if (record* g = w.of(region + "volume_group").find(id)) g->body["status"] = "available";
  });
  return cinder_accepted();
}

reply group_action(context& c) {
  cinder_need(c, 13);
  record& r = cinder_find(c, "volume_group", "Group", c.args[1]);
  const json::object what = c.sent("delete");
  if (what.empty()) compute_fail(400, "There is no such action.");
  for (const auto& [seq, s] : c.of("group_snapshot").rows())
    if (text(s.body, "group_id") == r.id)
      compute_fail(400, "Invalid Group: Group has existing snapshots.");
  std::vector<std::string> volumes;
  for (const auto& [seq, v] : c.of("volume").rows())
    if (text(v.body, "group_id") == r.id) volumes.push_back(v.id);
  if (!volumes.empty() && !truth(what, "delete-volumes"))
    compute_fail(400, fmt::format("Invalid Group: Group {} still contains volumes. The "
                                  "delete-volumes flag is required to delete it.",
                                  r.id));
  for (const auto& v : volumes) cinder_delete_later(c, "volume", v);
  cinder_delete_later(c, "volume_group", r.id);
  return cinder_accepted();
}

json::object group_snapshot_view(const context& c, const record& r) {
  json::object o = shown(r.body);
  if (c.minor >= 58 && c.admin()) o["project_id"] = r.owner;
  return o;
}

reply list_group_snapshots(context& c) {
  cinder_need(c, 14);
  return cinder_list(c, "group_snapshot", "group_snapshots", group_snapshot_view,
                     {"name", "group_id"});
}

/// The snapshot of one of the group's volumes, which comes and goes with the group's.
void add_part(context& c, const std::string& whole, const std::string& name, const record& volume) {
  const std::string id = c.w.uuid();
  c.of("snapshot")
      .add(id, volume.owner,
           {{"id", id},
            {"created_at", now_iso(cinder_time)},
            {"updated_at", nullptr},
            {"name", name},
            {"description", nullptr},
            {"volume_id", volume.id},
            {"status", "creating"},
            {"size", volume.body.at("size")},
            {"metadata", json::object{}},
            {"group_snapshot_id", whole},
            {"user_id", c.who->user}});
  cinder_finish(c, "snapshot", id, "available");
}

reply show_group_snapshot(context& c) {
  cinder_need(c, 14);
  const record& r = cinder_find(c, "group_snapshot", "GroupSnapshot", c.args[1]);
  return {200, json::object{{"group_snapshot", group_snapshot_view(c, r)}}};
}

reply create_group_snapshot(context& c) {
  cinder_need(c, 14);
  const json::object sent = c.sent("group_snapshot");
  const record& g = cinder_find(c, "volume_group", "Group", text(sent, "group_id"));
  const std::string id = c.w.uuid(), type = text(g.body, "group_type");
  c.of("group_snapshot")
      .add(id, g.owner,
           {{"id", id},
            {"group_id", g.id},
            {"group_type_id", type},
            {"status", "creating"},
            {"created_at", now_iso(cinder_time)},
            {"name", text(sent, "name")},
            {"description", nullptr}});
  cinder_finish(c, "group_snapshot", id, "available");
  for (const auto& [seq, v] : c.of("volume").rows())
    if (text(v.body, "group_id") == g.id) add_part(c, id, text(sent, "name"), v);
  return {202, json::object{{"group_snapshot", json::object{{"id", id},
                                                            {"name", text(sent, "name")},
                                                            {"group_type_id", type}}}}};
}

reply delete_group_snapshot(context& c) {
  cinder_need(c, 14);
  const record& r = cinder_find(c, "group_snapshot", "GroupSnapshot", c.args[1]);
  std::vector<std::string> parts;
  for (const auto& [seq, s] : c.of("snapshot").rows())
    if (text(s.body, "group_snapshot_id") == r.id) parts.push_back(s.id);
  for (const auto& part : parts) cinder_delete_later(c, "snapshot", part, 0.5);
  cinder_delete_later(c, "group_snapshot", r.id);
  return cinder_accepted();
}

reply delete_group(context& c) {
  cinder_need(c, 13);
  compute_fail(500,
               "The server has either erred or is incapable of performing the requested "
               "operation.");
}

constexpr route cinder_groups_table[] = {
    {"GET", "v3/*/groups", list_groups},
    {"GET", "v3/*/groups/detail", list_groups},
    {"POST", "v3/*/groups", create_group},
    {"GET", "v3/*/groups/*", show_group},
    {"PUT", "v3/*/groups/*", update_group},
    {"DELETE", "v3/*/groups/*", delete_group},
    {"POST", "v3/*/groups/*/action", group_action},
    {"GET", "v3/*/group_snapshots", list_group_snapshots},
    {"GET", "v3/*/group_snapshots/detail", list_group_snapshots},
    {"POST", "v3/*/group_snapshots", create_group_snapshot},
    {"GET", "v3/*/group_snapshots/*", show_group_snapshot},
    {"DELETE", "v3/*/group_snapshots/*", delete_group_snapshot},
};

}  // namespace

std::span<const route> cinder_group_routes() { return cinder_groups_table; }

}  // namespace sandbox
