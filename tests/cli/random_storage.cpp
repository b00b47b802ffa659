// Random worlds, images, volumes and what is made of them: chains, groups, transfers, and the
// states in which Cinder leaves things.
#include <fmt/core.h>

#include <algorithm>

#include "tests/cli/random_world.hpp"

namespace cli {
namespace {

const sandbox::pairs k_newer{{"OpenStack-API-Version", "volume 3.60"}};

std::string cinder(const tenant& t) { return "/volume/v3/" + t.project_id; }

/// The data of an image in Cinder: a volume of the project, which the image's location names where
/// Glance shows it, and else the volume's own name and metadata.
void move_to_cinder(builder& b, tenant& t, const std::string& image) {
  json::object volume{{"name", "image-" + image}, {"size", 1}};
  if (b.any.chance(70)) volume["metadata"] = json::object{{"glance_image_id", image}};
  const auto id = b.make(t, "data", cinder(t) + "/volumes", "volume", volume);
  b.set("image", image, {{"_data_volume", id}});
  const auto url = (b.any.chance(50) ? "cinder://" : "cinder://store/") + id;
  if (b.any.chance(30)) b.set("image", image, {{"direct_url", url}});
  if (b.any.chance(30))
    b.set("image", image, {{"locations", json::array{json::object{{"url", url}}}}});
}

/// Images that name others, or volumes, in a property that their owner has set.
void name_others(builder& b, tenant& t, const std::string& image) {
  if (const auto kernel = b.pick(t, "image"); b.any.chance(10) && kernel != image)
    b.set("image", image, {{b.any.chance(50) ? "kernel_id" : "ramdisk_id", kernel}});
  const auto volume = b.pick(t, "volume");
  if (volume.empty() || !b.any.chance(10)) return;
  const json::object disk{
      {"source_type", "volume"}, {"destination_type", "volume"}, {"volume_id", volume}};
  b.set("image", image, {{"block_device_mapping", json::serialize(json::array{disk})}});
}

void add_image(builder& b, tenant& t) {
  static const words visibilities{"private", "shared", "shared", "community"};
  const auto& visibility = b.any.one_of(visibilities);
  const auto made = t.user->call("POST", "/image/v2/images",
                                 json::object{{"name", b.name()},
                                              {"disk_format", "raw"},
                                              {"container_format", "bare"},
                                              {"visibility", visibility},
                                              {"os_hidden", b.any.chance(15)}});
  const auto id = sandbox::text(made.as_object(), "id");
  t.has["image"].push_back(id);
  if (b.any.chance(85))
    t.user->raw("PUT", "/image/v2/images/" + id + "/file", "i",
                {{"Content-Type", "application/octet-stream"}});
  for (const auto& other : b.tenants) {
    if (visibility != "shared" || &other == &t || !b.any.chance(40)) continue;
    t.user->call("POST", "/image/v2/images/" + id + "/members",
                 json::object{{"member", other.project_id}});
    if (b.any.chance(50))
      other.user->call("PUT", "/image/v2/images/" + id + "/members/" + other.project_id,
                       json::object{{"status", "accepted"}});
  }
}

/// A volume of a group, and sometimes a snapshot of the whole group.
void add_group(builder& b, tenant& t) {
  const auto group = b.make(t, "volume_group", cinder(t) + "/groups", "group",
                            {{"name", b.name()},
                             {"group_type", "65e9c28d-8f5e-46f0-8b97-35889b699937"},
                             {"volume_types", json::array{"tiny"}}},
                            k_newer);
  const auto n = b.any.between(0, 2);
  for (std::size_t i = 0; i < n; ++i)
    b.make(t, "grouped", cinder(t) + "/volumes", "volume",
           {{"name", b.name()}, {"size", 1}, {"group_id", group}}, k_newer);
  if (n > 0 && b.any.chance(40))
    b.make(t, "group_snapshot", cinder(t) + "/group_snapshots", "group_snapshot",
           {{"name", b.name()}, {"group_id", group}}, k_newer);
}

void add_snapshots(builder& b, tenant& t, const std::string& volume) {
  const auto n = b.any.chance(40) ? b.any.between(1, 2) : 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto id = b.make(t, "snapshot", cinder(t) + "/snapshots", "snapshot",
                           {{"name", b.name()}, {"volume_id", volume}, {"force", true}});
    if (b.any.chance(10)) b.set("snapshot", id, {{"status", "error"}});
    if (b.any.chance(5)) b.set("snapshot", id, {{"status", "error_deleting"}});
    if (b.any.chance(20))
      b.make(t, "volume", cinder(t) + "/volumes", "volume",
             {{"name", b.name()}, {"size", 1}, {"snapshot_id", id}});
  }
}

void change_state(builder& b, tenant& t, const std::string& volume) {
  if (b.any.chance(10))
    b.make(t, "volume_transfer", cinder(t) + "/os-volume-transfer", "transfer",
           {{"name", b.name()}, {"volume_id", volume}});
  else if (b.any.chance(10))
    b.set("volume", volume, {{"status", "error"}});
  else if (b.any.chance(4))
    b.set("volume", volume, {{"status", "error_deleting"}});
  if (b.any.chance(10)) b.set("volume", volume, {{"encrypted", true}});
}

/// Where Cinder's driver is Swift's, the data is in a container of the project's own.
json::object new_backup(builder& b, tenant& t, const std::string& volume, bool more) {
  json::object fields{{"name", b.name()}, {"volume_id", volume}, {"incremental", more}};
  if (!b.any.chance(30)) return fields;
  fields["container"] = "volumebackups";
  auto& all = t.has["container"];
  if (std::find(all.begin(), all.end(), "volumebackups") == all.end())
    all.emplace_back("volumebackups");
  return fields;
}

/// A volume of the one on a server of the other, with which it may be told to end.
void volume_on_foreign_server(builder& b) {
  tenant* theirs = b.a_neighbour();
  if (!theirs) return;
  tenant &ours = *b.of_ours(), &whose = b.any.chance(50) ? ours : *theirs;
  const auto volume = b.pick(whose, "volume");
  const auto server = b.pick(&whose == &ours ? *theirs : ours, "server");
  if (server.empty() || b.field("volume", volume, "status") != "available") return;
  const json::object at{{"id", volume},         {"attachment_id", b.w.uuid()},
                        {"volume_id", volume},  {"server_id", server},
                        {"host_name", nullptr}, {"device", "/dev/sdz"}};
  b.set("volume", volume, {{"status", "in-use"}, {"attachments", json::array{at}}});
  if (b.any.chance(50))
    b.w.of("server").find(server)->body["_delete_on_termination"].as_array().push_back(
        json::value(volume));
}

/// multiattach: two servers of one project share a volume.
void volume_on_two_servers(builder& b) {
  tenant& t = b.any.one_of(b.tenants);
  const auto volume = b.pick(t, "volume"), server = b.pick(t, "server");
  auto* r = b.w.of("volume").find(volume);
  if (!r || server.empty() || sandbox::text(r->body, "status") != "in-use") return;
  auto& all = r->body["attachments"].as_array();
  if (sandbox::text(all[0].as_object(), "server_id") == server) return;
  all.push_back(json::object{{"id", volume},
                             {"volume_id", volume},
                             {"server_id", server},
                             {"attachment_id", b.w.uuid()},
                             {"device", "/dev/sdy"}});
  r->body["multiattach"] = true;
}

}  // namespace

void add_images(builder& b, tenant& t) {
  const auto n = b.any.between(0, 3);
  for (std::size_t i = 0; i < n; ++i) add_image(b, t);
}

void add_volumes(builder& b, tenant& t) {
  const auto n = b.any.between(0, 4);
  for (std::size_t i = 0; i < n; ++i) {
    json::object fields{{"name", b.any.chance(10) ? json::value() : json::value(b.name())},
                        {"size", 1}};
    if (const auto image = b.pick(t, "image"); b.any.chance(20) && !image.empty())
      fields["imageRef"] = image;
    const auto volume = b.make(t, "volume", cinder(t) + "/volumes", "volume", fields);
    add_snapshots(b, t, volume);
    change_state(b, t, volume);
  }
  if (b.any.chance(35)) add_group(b, t);
}

/// After the servers: what is in use is backed up too.
void add_backups(builder& b, tenant& t) {
  for (const auto& volume : words(t.has["volume"])) {
    const auto n = b.any.chance(30) ? b.any.between(1, 4) : 0;
    for (std::size_t i = 0; i < n; ++i) {
      const bool more = i > 0 && b.any.chance(80);
      const auto id =
          b.make(t, "backup", cinder(t) + "/backups", "backup", new_backup(b, t, volume, more));
      if (b.any.chance(10)) b.set("backup", id, {{"status", "error"}});
    }
  }
}

void tangle_storage(builder& b) {
  for (auto& t : b.tenants)
    for (const auto& image : words(t.has["image"])) {
      name_others(b, t, image);
      if (b.any.chance(10)) move_to_cinder(b, t, image);
    }
  if (b.any.chance(20)) volume_on_foreign_server(b);
  if (b.any.chance(50)) volume_on_two_servers(b);
}

}  // namespace cli
