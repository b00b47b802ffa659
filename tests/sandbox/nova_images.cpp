// Compute: the images that are made of a server: of its disk; of its volumes, without data of its
// own but with the snapshots that it names; and the one that a shelved server comes back from.
#include <fmt/core.h>

#include "tests/sandbox/cinder.hpp"
#include "tests/sandbox/nova.hpp"

namespace sandbox {
namespace {

/// Nova makes it in the name of whoever asks, and so it is theirs.
json::object image_of(const context& c, const record& server, const std::string& id,
                      const std::string& name) {
  return {{"name", name},
          {"disk_format", "raw"},
          {"container_format", "bare"},
          {"visibility", "private"},
          {"size", 4096},
          {"status", "active"},
          {"protected", false},
          {"min_ram", 0},
          {"min_disk", 0},
          {"owner", c.project()},
          {"os_hidden", false},
          {"id", id},
          {"created_at", now_iso()},
          {"updated_at", now_iso()},
          {"tags", json::array{}},
          {"image_type", "snapshot"},
          {"base_image_ref", text(server.body, "_image")},
          {"instance_uuid", server.id},
          {"user_id", c.who->user},
          {"owner_project_name", ""}};
}

std::string snapshot_of(const context& c, const record& volume, const std::string& image) {
  std::string id = c.w.uuid();
  c.of("snapshot")
      .add(id, volume.owner,
           {{"id", id},
            {"created_at", now_iso(cinder_time)},
            {"updated_at", nullptr},
            {"name", "snapshot for " + image},
            {"description", ""},
            {"volume_id", volume.id},
            {"status", "available"},
            {"size", volume.body.at("size")},
            {"metadata", json::object{}},
            {"group_snapshot_id", nullptr},
            {"user_id", c.who->user}});
  return id;
}

/// As Glance keeps it: a property is a text, whatever is in it.
std::string mapping_of(const context& c, const record& server, const std::string& image) {
  json::array mapping;
  for (const auto& [seq, v] : c.of("volume").rows())
    for (const auto& a : v.body.at("attachments").as_array()) {
      if (text(a.as_object(), "server_id") != server.id) continue;
      mapping.push_back(json::object{{"source_type", "snapshot"},
                                     {"destination_type", "volume"},
                                     {"device_name", a.at("device")},
                                     {"boot_index", mapping.empty() ? json::value(0) : nullptr},
                                     {"delete_on_termination", false},
                                     {"volume_size", v.body.at("size")},
                                     {"snapshot_id", snapshot_of(c, v, image)},
                                     {"volume_id", nullptr},
                                     {"image_id", nullptr},
                                     {"no_device", nullptr},
                                     {"encryption_secret_uuid", nullptr}});
    }
  return json::serialize(mapping);
}

}  // namespace

reply nova_create_image(context& c, const record& server, const json::object& sent) {
  const std::string id = c.w.uuid(), name = text(sent, "name");
  json::object o = image_of(c, server, id, name);
  if (text(server.body, "_image").empty())
    merge(o, {{"size", 0},
              {"bdm_v2", "True"},
              {"root_device_name", "/dev/sda"},
              {"block_device_mapping", mapping_of(c, server, name)}});
  c.of("image").add(id, c.project(), std::move(o));
  if (c.minor >= 45) return {202, json::object{{"image_id", id}}};
  return reply(202, "").with("Location", c.base + "/images/" + id);
}

void nova_shelve_image(context& c, record& server) {
  if (text(server.body, "_image").empty()) return;
  const std::string id = c.w.uuid();
  c.of("image").add(id, c.project(),
                    image_of(c, server, id, text(server.body, "name") + "-shelved"));
  server.body["_shelved_image"] = id;
}

bool nova_lost_image(context& c, const record& server) {
  const std::string id = text(server.body, "_shelved_image");
  return !id.empty() && !c.of("image").find(id);
}

/// In the name of whoever asked, so that Glance refuses it to a tenant where it is another's, and
/// Nova goes on.
void nova_drop_shelved(world& w, const std::string& region, record& server,
                       const std::string& project, bool admin) {
  const record* image = w.of(region + "image").find(text(server.body, "_shelved_image"));
  if (image && !truth(image->body, "protected") && (admin || image->owner == project))
    w.of(region + "image").erase(image->id);
  server.body.erase("_shelved_image");
}

}  // namespace sandbox
