// Block storage, the rest: backups and their chains, transfers, volume groups, types, limits.
#include <fmt/core.h>

#include "tests/sandbox/cinder.hpp"

namespace sandbox {
namespace {

bool has_dependents(const context& c, const std::string& id) {
  for (const auto& [seq, b] : c.of("backup").rows())
    if (text(b.body, "_parent") == id) return true;
  return false;
}

json::object backup_view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o["links"] = cinder_self(c, "backups", r.id);
  o["has_dependent_backups"] = has_dependents(c, r.id);
  if (c.minor >= 18) o["os-backup-project-attr:project_id"] = r.owner;
  return o;
}

reply list_backups(context& c) {
  return cinder_list(c, "backup", "backups", backup_view, {"name", "status", "volume_id"});
}

reply show_backup(context& c) {
  const record& r = cinder_find(c, "backup", "Backup", c.args[1]);
  return {200, json::object{{"backup", backup_view(c, r)}}};
}

reply create_backup(context& c) {
  const json::object sent = c.sent("backup");
  const record& v = cinder_find(c, "volume", "Volume", text(sent, "volume_id"));
  const std::string id = c.w.uuid(), snapshot = text(sent, "snapshot_id");
  std::string parent;
  if (truth(sent, "incremental")) {
    for (const auto& [seq, b] : c.of("backup").rows())
      if (text(b.body, "volume_id") == v.id) parent = b.id;
    if (parent.empty())
      compute_fail(400, "Invalid backup: No backups available to do an incremental backup.");
  }
  json::object o{{"id", id},
                 {"status", "creating"},
                 {"size", v.body.at("size")},
                 {"object_count", 1},
                 {"availability_zone", nullptr},
                 {"container", id.substr(0, 2) + "/" + id},
                 {"created_at", now_iso(cinder_time)},
                 {"updated_at", now_iso(cinder_time)},
                 {"name", text(sent, "name")},
                 {"description", nullptr},
                 {"fail_reason", nullptr},
                 {"volume_id", v.id},
                 {"is_incremental", !parent.empty()},
                 {"snapshot_id", snapshot.empty() ? json::value() : json::value(snapshot)},
                 {"data_timestamp", now_iso(cinder_time)},
                 {"_parent", parent}};
  const record& r = c.of("backup").add(id, v.owner, std::move(o));
  world& w = c.w;
  const std::string key = c.region + "backup", end = c.fail_async ? "error" : "available";
  c.later([&w, key, id, end] {
    if (record* b = w.of(key).find(id)) b->body["status"] = end;
  });
  return {202, json::object{{"backup", json::object{{"id", id},
                                                    {"name", text(r.body, "name")},
                                                    {"links", cinder_self(c, "backups", id)}}}}};
}

reply delete_backup(context& c) {
  record& r = cinder_find(c, "backup", "Backup", c.args[1]);
  const std::string status = text(r.body, "status");
  if (status != "available" && status != "error")
    compute_fail(400, "Invalid backup: Backup status must be available or error");
  if (has_dependents(c, r.id))
    compute_fail(400, "Invalid backup: Incremental backups exist for this backup.");
  cinder_delete_later(c, "backup", r.id);
  return {202, ""};
}

json::object transfer_view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o["links"] = cinder_self(c, "os-volume-transfer", r.id);
  return o;
}

reply list_transfers(context& c) {
  return cinder_list(c, "volume_transfer", "transfers", transfer_view, {"name", "volume_id"});
}

reply show_transfer(context& c) {
  const record& r = cinder_find(c, "volume_transfer", "Transfer", c.args[1]);
  return {200, json::object{{"transfer", transfer_view(c, r)}}};
}

reply create_transfer(context& c) {
  const json::object sent = c.sent("transfer");
  record& v = cinder_find(c, "volume", "Volume", text(sent, "volume_id"));
  if (text(v.body, "status") != "available")
    compute_fail(400, "Invalid volume: status must be available");
  v.body["status"] = "awaiting-transfer";
  const std::string id = c.w.uuid();
  const record& r = c.of("volume_transfer")
                        .add(id, v.owner,
                             {{"id", id},
                              {"created_at", now_iso(cinder_time)},
                              {"name", text(sent, "name")},
                              {"volume_id", v.id}});
  json::object o = transfer_view(c, r);
  o["auth_key"] = c.w.hex().substr(0, 16);
  return {202, json::object{{"transfer", o}}};
}

reply delete_transfer(context& c) {
  const record& r = cinder_find(c, "volume_transfer", "Transfer", c.args[1]);
  if (record* v = c.of("volume").find(text(r.body, "volume_id"))) v->body["status"] = "available";
  c.of("volume_transfer").erase(r.id);
  return cinder_accepted();
}

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

void need_groups(const context& c, int minor) {
  if (c.minor < minor) compute_fail(404, "The resource could not be found.");
}

reply list_groups(context& c) {
  need_groups(c, 13);
  return cinder_list(c, "volume_group", "groups", group_view, {"name", "status"});
}

reply show_group(context& c) {
  need_groups(c, 13);
  const record& r = cinder_find(c, "volume_group", "Group", c.args[1]);
  return {200, json::object{{"group", group_view(c, r)}}};
}

reply create_group(context& c) {
  need_groups(c, 13);
  const json::object sent = c.sent("group");
  const std::string id = c.w.uuid();
  const auto* types = sent.if_contains("volume_types");
  c.of("volume_group")
      .add(id, c.project(),
           {{"id", id},
            {"status", "available"},
            {"availability_zone", "nova"},
            {"created_at", now_iso(cinder_time)},
            {"name", text(sent, "name")},
            {"description", nullptr},
            {"group_type", text(sent, "group_type")},
            {"volume_types", types ? *types : json::array{}},
            {"group_snapshot_id", nullptr},
            {"source_group_id", nullptr},
            {"replication_status", "disabled"}});
  return {202, json::object{{"group", json::object{{"id", id}, {"name", text(sent, "name")}}}}};
}

reply group_action(context& c) {
  need_groups(c, 13);
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

// Cinder says 202 and is "updating" for a moment; what matters is that the volumes are the group's
// no more.
reply update_group(context& c) {
  need_groups(c, 13);
  const record& r = cinder_find(c, "volume_group", "Group", c.args[1]);
  const std::string leaving = "," + text(c.sent("group"), "remove_volumes") + ",";
  for (auto& [seq, v] : c.of("volume").rows())
    if (text(v.body, "group_id") == r.id && leaving.find("," + v.id + ",") != std::string::npos)
      v.body["group_id"] = nullptr;
  return cinder_accepted();
}

json::object plain_view(const context&, const record& r) { return shown(r.body); }

reply list_group_snapshots(context& c) {
  need_groups(c, 14);
  return cinder_list(c, "group_snapshot", "group_snapshots", plain_view, {"name", "group_id"});
}

reply create_group_snapshot(context& c) {
  need_groups(c, 14);
  const json::object sent = c.sent("group_snapshot");
  const record& g = cinder_find(c, "volume_group", "Group", text(sent, "group_id"));
  const std::string id = c.w.uuid(), type = text(g.body, "group_type");
  c.of("group_snapshot")
      .add(id, g.owner,
           {{"id", id},
            {"group_id", g.id},
            {"group_type_id", type},
            {"status", "available"},
            {"created_at", now_iso(cinder_time)},
            {"name", text(sent, "name")},
            {"description", nullptr}});
  return {202, json::object{{"group_snapshot", json::object{{"id", id},
                                                            {"name", text(sent, "name")},
                                                            {"group_type_id", type}}}}};
}

reply delete_group_snapshot(context& c) {
  need_groups(c, 14);
  const record& r = cinder_find(c, "group_snapshot", "GroupSnapshot", c.args[1]);
  cinder_delete_later(c, "group_snapshot", r.id);
  return cinder_accepted();
}

reply delete_group(context& c) {
  need_groups(c, 13);
  compute_fail(500,
               "The server has either erred or is incapable of performing the requested "
               "operation.");
}

reply group_types(context& c) {
  need_groups(c, 11);
  const json::object t{{"id", "65e9c28d-8f5e-46f0-8b97-35889b699937"},
                       {"name", "default_cgsnapshot_type"},
                       {"description", "Default group type for migrating cgsnapshot"},
                       {"is_public", true}};
  return {200, json::object{{"group_types", json::array{t}}}};
}

reply types(context& c) {
  json::array out;
  for (const auto& [seq, r] : c.of("volume_type").rows()) out.push_back(shown(r.body));
  return {200, json::object{{"volume_types", out}}};
}

reply limits(context&) {
  const json::object absolute{{"maxTotalVolumes", 10},
                              {"maxTotalSnapshots", 10},
                              {"maxTotalVolumeGigabytes", 1000},
                              {"maxTotalBackups", 10}};
  return {200,
          json::object{{"limits", json::object{{"rate", json::array{}}, {"absolute", absolute}}}}};
}

reply attachments(context& c) {
  if (c.minor < 27) compute_fail(404, "The resource could not be found.");
  return {200, json::object{{"attachments", json::array{}}}};
}

constexpr route table[] = {
    {"GET", "v3/*/backups", list_backups},
    {"GET", "v3/*/backups/detail", list_backups},
    {"POST", "v3/*/backups", create_backup},
    {"GET", "v3/*/backups/*", show_backup},
    {"DELETE", "v3/*/backups/*", delete_backup},
    {"GET", "v3/*/os-volume-transfer", list_transfers},
    {"GET", "v3/*/os-volume-transfer/detail", list_transfers},
    {"POST", "v3/*/os-volume-transfer", create_transfer},
    {"GET", "v3/*/os-volume-transfer/*", show_transfer},
    {"DELETE", "v3/*/os-volume-transfer/*", delete_transfer},
    {"GET", "v3/*/volume-transfers", list_transfers},
    {"GET", "v3/*/volume-transfers/detail", list_transfers},
    {"POST", "v3/*/volume-transfers", create_transfer},
    {"DELETE", "v3/*/volume-transfers/*", delete_transfer},
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
    {"DELETE", "v3/*/group_snapshots/*", delete_group_snapshot},
    {"GET", "v3/*/group_types", group_types},
    {"GET", "v3/*/types", types},
    {"GET", "v3/*/limits", limits},
    {"GET", "v3/*/attachments", attachments},
    {"GET", "v3/*/attachments/detail", attachments},
};

}  // namespace

std::span<const route> cinder_more_routes() { return table; }

}  // namespace sandbox
