// Block storage: snapshots, which keep their volume from going.
#include <fmt/core.h>

#include "tests/sandbox/cinder.hpp"

namespace sandbox {
namespace {

json::object snapshot_view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o["os-extended-snapshot-attributes:project_id"] = r.owner;
  o["os-extended-snapshot-attributes:progress"] = "100%";
  if (c.minor < 14) o.erase("group_snapshot_id");
  if (c.minor < 41) o.erase("user_id");
  return o;
}

reply list_snapshots(context& c) {
  return cinder_list(c, "snapshot", "snapshots", snapshot_view, {"name", "status", "volume_id"});
}

reply show_snapshot(context& c) {
  const record& r = cinder_find(c, "snapshot", "Snapshot", c.args[1]);
  return {200, json::object{{"snapshot", snapshot_view(c, r)}}};
}

reply create_snapshot(context& c) {
  const json::object sent = c.sent("snapshot");
  const record& v = cinder_find(c, "volume", "Volume", text(sent, "volume_id"));
  const std::string status = text(v.body, "status"), id = c.w.uuid();
  if (status != "available" && !(truth(sent, "force") || c.minor >= 66))
    compute_fail(400, fmt::format("Invalid volume: Volume {} status must be available, but "
                                  "current status is: {}.",
                                  v.id, status));
  json::object o{{"id", id},
                 {"created_at", now_iso(cinder_time)},
                 {"updated_at", nullptr},
                 {"name", text(sent, "name")},
                 {"description", nullptr},
                 {"volume_id", v.id},
                 {"status", "creating"},
                 {"size", v.body.at("size")},
                 {"metadata", json::object{}},
                 {"group_snapshot_id", nullptr},
                 {"user_id", c.who->user}};
  const record& r = c.of("snapshot").add(id, v.owner, std::move(o));
  cinder_finish(c, "snapshot", id, "available");
  json::object answer = shown(r.body);
  if (c.minor < 14) answer.erase("group_snapshot_id");
  if (c.minor < 41) answer.erase("user_id");
  return {202, json::object{{"snapshot", answer}}};
}

reply delete_snapshot(context& c) {
  record& r = cinder_find(c, "snapshot", "Snapshot", c.args[1]);
  const std::string status = text(r.body, "status");
  if ((status != "available" && status != "error") || !text(r.body, "group_snapshot_id").empty())
    compute_fail(400,
                 "Invalid snapshot: Snapshot status must be available or error and must not "
                 "be part of a group.");
  cinder_delete_later(c, "snapshot", r.id);
  return cinder_accepted();
}

reply snapshot_action(context& c) {
  const record& r = cinder_find(c, "snapshot", "Snapshot", c.args[1]);
  return cinder_force(c, "snapshot", r.id);
}

reply update_snapshot(context& c) {
  record& r = cinder_find(c, "snapshot", "Snapshot", c.args[1]);
  merge(r.body, c.sent("snapshot"));
  return {200, json::object{{"snapshot", snapshot_view(c, r)}}};
}

constexpr route cinder_snapshots_table[] = {
    {"GET", "v3/*/snapshots", list_snapshots},
    {"GET", "v3/*/snapshots/detail", list_snapshots},
    {"POST", "v3/*/snapshots", create_snapshot},
    {"GET", "v3/*/snapshots/*", show_snapshot},
    {"PUT", "v3/*/snapshots/*", update_snapshot},
    {"DELETE", "v3/*/snapshots/*", delete_snapshot},
    {"POST", "v3/*/snapshots/*/action", snapshot_action},
};

}  // namespace

std::span<const route> cinder_snapshot_routes() { return cinder_snapshots_table; }

}  // namespace sandbox
