// Block storage, the rest: backups and their chains, transfers, types, limits.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/cinder.hpp"
#include "tests/sandbox/swift.hpp"

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
  if (c.epoxy() && text(r.body, "status") != "creating") o["availability_zone"] = "nova";
  if (c.minor >= 18 && c.admin()) o["os-backup-project-attr:project_id"] = r.owner;
  if (c.minor < 43) o.erase("metadata");
  if (c.minor >= 56 && c.admin()) o["user_id"] = r.body.at("_user");
  return o;
}

reply list_backups(context& c) {
  return cinder_list(c, "backup", "backups", backup_view, {"name", "status", "volume_id"});
}

reply show_backup(context& c) {
  const record& r = cinder_find(c, "backup", "Backup", c.args[1]);
  return {200, json::object{{"backup", backup_view(c, r)}}};
}

/// Where Cinder keeps its data in Swift, it is in the project's own account, and in the container
/// that was asked for.
std::string data_of(const std::string& volume, const std::string& backup) {
  return fmt::format("volume_{}/20261129120000/az_nova_backup_{}-00001", volume, backup);
}

void store_data(context& c, const record& volume, const std::string& box, const std::string& id) {
  swift_object o;
  o.body = "x", o.etag = md5(o.body), o.modified = swift_time();
  swift_container& into = swift_account_of(c, volume.owner)[box];
  if (into.modified.empty()) into.modified = o.modified;
  into.objects[data_of(volume.id, id)] = o;
}

/// Where it cannot list them, Cinder's driver leaves them and goes on.
void delete_data(context& c, const record& backup) {
  auto& account = swift_account_of(c, backup.owner);
  if (const auto at = account.find(text(backup.body, "container")); at != account.end())
    at->second.objects.erase(data_of(text(backup.body, "volume_id"), backup.id));
}

reply create_backup(context& c) {
  const json::object sent = c.sent("backup");
  const record& v = cinder_find(c, "volume", "Volume", text(sent, "volume_id"));
  const std::string id = c.w.uuid(), snapshot = text(sent, "snapshot_id");
  const std::string box = text(sent, "container");
  std::string parent;
  if (truth(sent, "incremental")) {
    for (const auto& [seq, b] : c.of("backup").rows())
      if (text(b.body, "volume_id") == v.id) parent = b.id;
    if (parent.empty())
      compute_fail(400, "Invalid backup: No backups available to do an incremental backup.");
  }
  const json::object metadata =
      sent.if_contains("metadata") ? sent.at("metadata").as_object() : json::object{};
  json::object o{{"id", id},
                 {"status", "creating"},
                 {"size", v.body.at("size")},
                 {"metadata", metadata},
                 {"object_count", 1},
                 {"availability_zone", nullptr},
                 {"container", box.empty() ? id.substr(0, 2) + "/" + id : box},
                 {"created_at", now_iso(cinder_time)},
                 {"updated_at", now_iso(cinder_time)},
                 {"name", text(sent, "name")},
                 {"description", nullptr},
                 {"fail_reason", nullptr},
                 {"volume_id", v.id},
                 {"is_incremental", !parent.empty()},
                 {"snapshot_id", snapshot.empty() ? json::value() : json::value(snapshot)},
                 {"data_timestamp", now_iso(cinder_time)},
                 {"_user", c.who->user},
                 {"_parent", parent}};
  if (!box.empty()) store_data(c, v, box, id);
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
  delete_data(c, r);
  cinder_delete_later(c, "backup", r.id);
  return {202, ""};
}

reply backup_action(context& c) {
  const record& r = cinder_find(c, "backup", "Backup", c.args[1]);
  return cinder_force(c, "backup", r.id);
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
  const std::string asked = text(sent, "volume_id");
  if (asked.size() != 36)
    compute_fail(400, fmt::format("Invalid input for field/attribute volume_id. Value: {0}. "
                                  "'{0}' is not a 'uuid'",
                                  asked));
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

reply attachments(context& c) {
  if (c.minor < 27) compute_fail(404, "The resource could not be found.");
  return {200, json::object{{"attachments", json::array{}}}};
}

constexpr route cinder_more_table[] = {
    {"GET", "v3/*/backups", list_backups},
    {"GET", "v3/*/backups/detail", list_backups},
    {"POST", "v3/*/backups", create_backup},
    {"GET", "v3/*/backups/*", show_backup},
    {"DELETE", "v3/*/backups/*", delete_backup},
    {"POST", "v3/*/backups/*/action", backup_action},
    {"GET", "v3/*/os-volume-transfer", list_transfers},
    {"GET", "v3/*/os-volume-transfer/detail", list_transfers},
    {"POST", "v3/*/os-volume-transfer", create_transfer},
    {"GET", "v3/*/os-volume-transfer/*", show_transfer},
    {"DELETE", "v3/*/os-volume-transfer/*", delete_transfer},
    {"GET", "v3/*/volume-transfers", list_transfers},
    {"GET", "v3/*/volume-transfers/detail", list_transfers},
    {"POST", "v3/*/volume-transfers", create_transfer},
    {"DELETE", "v3/*/volume-transfers/*", delete_transfer},
    {"GET", "v3/*/attachments", attachments},
    {"GET", "v3/*/attachments/detail", attachments},
};

}  // namespace

std::span<const route> cinder_more_routes() { return cinder_more_table; }

void release_volumes(world& w, const std::string& region, const record& server,
                     bool as_administrator) {
  const json::array doomed = server.body.at("_delete_on_termination").as_array();
  std::vector<std::string> gone;
  for (auto& [seq, v] : w.of(region + "volume").rows()) {
    if (v.owner != server.owner && !as_administrator) continue;
    if (std::find(doomed.begin(), doomed.end(), json::value(v.id)) != doomed.end())
      gone.push_back(v.id);
    auto& all = v.body["attachments"].as_array();
    for (auto i = all.begin(); i != all.end();)
      i = text(i->as_object(), "server_id") == server.id ? all.erase(i) : i + 1;
    if (all.empty() && text(v.body, "status") == "in-use") v.body["status"] = "available";
  }
  for (const auto& id : gone) w.of(region + "volume").erase(id);
}

}  // namespace sandbox
