// Block storage: volumes, with the project in the path that must be the token's.
#include "tests/sandbox/cinder.hpp"

#include <fmt/core.h>

namespace sandbox {

const char* const cinder_time = "%Y-%m-%dT%H:%M:%S.000000";

record& cinder_find(context& c, const std::string& kind, const char* name, const std::string& id) {
  record* r = c.of(kind).find(id);
  if (!r || !c.mine(*r)) compute_fail(404, fmt::format("{} {} could not be found.", name, id));
  return *r;
}

json::array cinder_self(const context& c, const std::string& collection, const std::string& id) {
  const std::string rest = "/" + c.project() + "/" + collection + "/" + id;
  return {json::object{{"rel", "self"}, {"href", c.base + "/v3" + rest}},
          json::object{{"rel", "bookmark"}, {"href", c.base + rest}}};
}

reply cinder_accepted() { return {202, "", "text/html; charset=UTF-8"}; }

void cinder_delete_later(context& c, const std::string& kind, const std::string& id,
                         double factor) {
  world& w = c.w;
  const std::string key = c.region + kind;
  const bool fails = c.fail_async;
  w.of(key).find(id)->body["status"] = "deleting";
  c.later(
      [&w, key, id, fails] {
        record* r = w.of(key).find(id);
        if (!r) return;
        if (fails)
          r->body["status"] =
              key.ends_with("backup") || key.ends_with("group") ? "error" : "error_deleting";
        else
          w.of(key).erase(id);
      },
      factor);
}

reply cinder_force(context& c, const std::string& kind, const std::string& id) {
  const auto* actions = c.body.if_object();
  const std::string name(actions && !actions->empty() ? actions->begin()->key() : "");
  if (name != "os-force_delete") compute_fail(400, "There is no such action: " + name);
  if (!c.admin())
    compute_fail(403, "Policy doesn't allow volume_extension:" + kind +
                          "_admin_actions:force_delete to be performed.");
  cinder_delete_later(c, kind, id);
  return cinder_accepted();
}

void cinder_finish(context& c, const std::string& kind, const std::string& id, const char* status) {
  world& w = c.w;
  const std::string key = c.region + kind;
  const std::string end = c.fail_async ? "error" : status;
  c.later([&w, key, id, end] {
    if (record* r = w.of(key).find(id); r && text(r->body, "status") == "creating") {
      r->body["status"] = end;
      if (r->body.if_contains("updated_at")) r->body["updated_at"] = now_iso(cinder_time);
    }
  });
}

/// Groups and their snapshots have it in the singular.
std::string links_of(std::string_view key) {
  if (key.starts_with("group")) key.remove_suffix(1);
  return std::string(key) + "_links";
}

reply cinder_list(context& c, const char* kind, const char* key, cinder_view view,
                  const std::vector<const char*>& fields) {
  const auto keep = tenant_filter(c, fields);
  const std::string marker = c.q("marker");
  refusal unknown{reply(404)};
  try {
    compute_fail(404, fmt::format("Volume {} could not be found.", marker));
  } catch (const refusal& r) {
    unknown = r;
  }
  if (c.q("limit").find_first_not_of("0123456789") != std::string::npos)
    compute_fail(400, "limit param must be an integer");
  const page p = cut(select(c.of(kind), keep, true), marker, limit_of(c, 1000), unknown);
  const bool detail = c.path.back() == "detail";
  json::array out;
  for (const record* r : p.items) {
    json::object o = view(c, *r);
    if (!detail) {
      json::object brief{{"id", r->id}, {"name", o["name"]}};
      if (o.if_contains("links")) brief["links"] = o["links"];
      if (std::string_view(key) == "transfers") brief["volume_id"] = o["volume_id"];
      if (std::string_view(key) != "snapshots") o = brief;
      for (const char* k : {"project_id", "progress"})
        o.erase(std::string("os-extended-snapshot-attributes:") + k);
    }
    out.push_back(o);
  }
  json::object body{{key, out}};
  if (p.more)
    body[links_of(key)] =
        json::array{json::object{{"rel", "next"}, {"href", next_link(c, p.items.back()->id)}}};
  return {200, body};
}

namespace {

json::object volume_view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o["links"] = cinder_self(c, "volumes", r.id);
  o["os-vol-tenant-attr:tenant_id"] = r.owner;
  if (c.minor < 13) o.erase("group_id");
  if (c.admin()) {
    o["os-vol-host-attr:host"] = "sandbox@tiny#tiny";
    o["os-vol-mig-status-attr:migstat"] = nullptr;
    o["os-vol-mig-status-attr:name_id"] = nullptr;
    o["migration_status"] = nullptr;
  }
  if (c.minor >= 48) {
    const bool fresh = text(r.body, "status") == "creating";
    o["service_uuid"] = fresh ? json::value() : json::value("b5b4ef06-d6af-46e3-8644-4bb0a9644330");
    o["shared_targets"] = fresh;
  }
  return o;
}

reply list_volumes(context& c) {
  return cinder_list(c, "volume", "volumes", volume_view, {"name", "status", "bootable"});
}

reply show_volume(context& c) {
  const record& r = cinder_find(c, "volume", "Volume", c.args[1]);
  return {200, json::object{{"volume", volume_view(c, r)}}};
}

/// What a volume knows of the image it was made of, once it is written.
void image_arrives(context& c, const std::string& id, const std::string& image) {
  json::object known{{"image_id", image}};
  if (const record* r = c.of("image").find(image)) {
    known["image_name"] = text(r->body, "name");
    for (const char* key :
         {"checksum", "container_format", "disk_format", "min_disk", "min_ram", "size"})
      if (const auto* v = r->body.if_contains(key))
        known[key] = v->is_string() ? *v : json::value(json::serialize(*v));
  }
  world& w = c.w;
  const std::string key = c.region + "volume";
  c.later([&w, key, id, known] {
    if (record* v = w.of(key).find(id))
      merge(v->body, {{"bootable", "true"}, {"volume_image_metadata", known}});
  });
}

reply create_volume(context& c) {
  const json::object sent = c.sent("volume");
  const std::string id = c.w.uuid(), snapshot = text(sent, "snapshot_id");
  if (!snapshot.empty()) cinder_find(c, "snapshot", "Snapshot", snapshot);
  const std::string image = text(sent, "imageRef");
  if (snapshot.empty() && !sent.if_contains("size") && !sent.if_contains("source_volid"))
    compute_fail(400,
                 "The server could not comply with the request since it is either malformed or "
                 "otherwise incorrect.");
  const auto get = [&](const char* k) {
    const auto* v = sent.if_contains(k);
    return v ? *v : json::value();
  };
  json::object o{{"id", id},
                 {"status", "creating"},
                 {"size", get("size").is_null() ? json::value(1) : get("size")},
                 {"availability_zone", "nova"},
                 {"created_at", now_iso(cinder_time)},
                 {"updated_at", nullptr},
                 {"name", get("name")},
                 {"description", get("description")},
                 {"volume_type", "tiny"},
                 {"snapshot_id", get("snapshot_id")},
                 {"source_volid", get("source_volid")},
                 {"metadata", get("metadata").is_object() ? get("metadata") : json::object{}},
                 {"user_id", c.who->user},
                 {"bootable", "false"},
                 {"encrypted", false},
                 {"replication_status", nullptr},
                 {"consistencygroup_id", nullptr},
                 {"multiattach", false},
                 {"group_id", get("group_id")},
                 {"attachments", json::array{}}};
  const record& r = c.of("volume").add(id, c.project(), std::move(o));
  cinder_finish(c, "volume", id, "available");
  if (!image.empty()) image_arrives(c, id, image);
  json::object out = volume_view(c, r);
  for (const char* k : {"tenant_id", "host", "migstat", "name_id"})
    for (const char* group : {"tenant", "host", "mig-status"})
      out.erase(fmt::format("os-vol-{}-attr:{}", group, k));
  return {202, json::object{{"volume", out}}};
}

std::vector<std::string> snapshots_of(context& c, const std::string& volume) {
  std::vector<std::string> out;
  for (const auto& [seq, s] : c.of("snapshot").rows())
    if (text(s.body, "volume_id") == volume) out.push_back(s.id);
  return out;
}

reply delete_volume(context& c) {
  record& r = cinder_find(c, "volume", "Volume", c.args[1]);
  const std::string status = text(r.body, "status");
  const bool cascade = c.q("cascade") == "true" || c.q("cascade") == "True";
  const auto snapshots = snapshots_of(c, r.id);
  const bool free = status == "available" || status == "error" || status == "error_restoring" ||
                    status == "error_extending" || status == "error_managing";
  const bool grouped = !text(r.body, "group_id").empty();
  if (!free || grouped || !r.body["attachments"].as_array().empty() ||
      (!snapshots.empty() && !cascade))
    compute_fail(400,
                 "Invalid volume: Volume status must be available or error or error_restoring or "
                 "error_extending or error_managing and must not be migrating, attached, belong "
                 "to a group, have snapshots, awaiting a transfer, or be disassociated from "
                 "snapshots after volume transfer.");
  for (const auto& s : snapshots) cinder_delete_later(c, "snapshot", s, 0.5);
  cinder_delete_later(c, "volume", r.id);
  return cinder_accepted();
}

reply update_volume(context& c) {
  record& r = cinder_find(c, "volume", "Volume", c.args[1]);
  merge(r.body, c.sent("volume"));
  return {200, json::object{{"volume", volume_view(c, r)}}};
}

reply volume_action(context& c) {
  record& r = cinder_find(c, "volume", "Volume", c.args[1]);
  const auto& actions = c.body.as_object();
  const std::string name(actions.begin()->key());
  const json::value argument = actions.begin()->value();
  if (name == "os-set_image_metadata") {
    json::object merged;
    if (auto* had = r.body.if_contains("volume_image_metadata")) merged = had->as_object();
    merge(merged, argument.as_object().at("metadata").as_object());
    r.body["volume_image_metadata"] = merged;
    return {200, json::object{{"metadata", merged}}};
  }
  if (name == "os-show_image_metadata") {
    auto* had = r.body.if_contains("volume_image_metadata");
    return {200, json::object{{"metadata", had ? *had : json::object{}}}};
  }
  if (name == "os-reset_status" || name == "os-force_delete") {
    if (!c.admin())
      compute_fail(403, "Policy doesn't allow volume_extension:volume_admin_actions:" +
                            name.substr(3) + " to be performed.");
    if (name == "os-reset_status")
      r.body["status"] = text(argument.as_object(), "status");
    else
      cinder_delete_later(c, "volume", r.id);
    return {202, ""};
  }
  compute_fail(400, "There is no such action: " + name +
                        ". Verify the request body and Content-Type header and try again.");
}

constexpr route cinder_table[] = {
    {"GET", "v3/*/volumes", list_volumes},
    {"GET", "v3/*/volumes/detail", list_volumes},
    {"POST", "v3/*/volumes", create_volume},
    {"GET", "v3/*/volumes/*", show_volume},
    {"PUT", "v3/*/volumes/*", update_volume},
    {"DELETE", "v3/*/volumes/*", delete_volume},
    {"POST", "v3/*/volumes/*/action", volume_action},
};

}  // namespace

reply cinder(context& c) {
  if (c.path.empty()) return cinder_versions(c);
  if (!c.who) return error_401_json(c);
  if (c.path.size() < 2) return cinder_versions(c);
  reply out(404);
  try {
    read_microversion(c, "volume", 3, 0, cinder_newest(c));
    // /v3/volumes works without the project too.
    if (c.path[1] == "volumes" || c.path[1] == "snapshots" || c.path[1] == "backups")
      c.path.insert(c.path.begin() + 1, c.project());
    if (c.path[1] != c.project()) compute_fail(400, "Malformed request url");
    if (!dispatch(c, cinder_table, out) && !dispatch(c, cinder_snapshot_routes(), out) &&
        !dispatch(c, cinder_group_routes(), out) && !dispatch(c, cinder_more_routes(), out) &&
        !dispatch(c, cinder_type_routes(), out))
      return no_such_path();
  } catch (const refusal& r) {
    out = r.answer;
    if (c.minor < 0) return out;
  }
  return out.with("OpenStack-API-Version", fmt::format("volume 3.{}", c.minor));
}

}  // namespace sandbox
