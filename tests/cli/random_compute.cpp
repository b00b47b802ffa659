// Random worlds, servers: on any network, from any image or volume, in any state, in groups, with
// key pairs that neighbours have too.
#include <fmt/core.h>

#include "tests/cli/random_world.hpp"

namespace cli {
namespace {

const std::string k_nova = "/compute/v2.1/";

/// Nova takes only some characters; what is equal is the point.
void add_keypairs(builder& b, tenant& t) {
  static const words names{"key", "my key", "id_rsa", "KEY", "a-b_c", "x@y.z"};
  const auto n = b.any.between(0, 3);
  for (std::size_t i = 0; i < n; ++i) {
    const auto& name = b.any.one_of(names);
    if (b.attempt([&] {
          t.user->call("POST", k_nova + "os-keypairs",
                       json::object{{"keypair", json::object{{"name", name}}}});
        }))
      t.has["keypair"].push_back(name);
  }
}

json::array nics(builder& b, tenant& t) {
  json::array all;
  const auto n = b.any.between(0, 2);
  for (std::size_t i = 0; i < n; ++i) {
    const auto& others = b.shared_with[t.project_id];
    const auto network =
        !others.empty() && b.any.chance(25) ? b.any.one_of(others) : b.pick(t, "network");
    const auto port = b.pick(t, "port");
    const bool is_free = !port.empty() && b.field("port", port, "device_id").empty();
    const json::object by_port{{"port", port}}, by_network{{"uuid", network}};
    if (is_free && all.empty() && b.any.chance(40))
      all.push_back(by_port);
    else if (!network.empty())
      all.push_back(by_network);
  }
  return all;
}

std::string free_volume(builder& b, const tenant& t) {
  const auto volume = b.pick(t, "volume");
  return b.field("volume", volume, "status") == "available" ? volume : std::string();
}

/// An image of its own, one that a neighbour shares, or the cloud's.
std::string any_image(builder& b, tenant& t) {
  auto own = b.pick(t, "image");
  const auto foreign = b.pick(b.another(t), "image");
  if (!own.empty() && b.any.chance(40)) return own;
  return !foreign.empty() && b.any.chance(15) ? foreign : b.public_image;
}

void boot_from(builder& b, tenant& t, json::object& server) {
  const auto volume = free_volume(b, t);
  if (volume.empty() || !b.any.chance(35)) {
    server["imageRef"] = any_image(b, t);
    return;
  }
  const json::object disk{{"uuid", volume},
                          {"source_type", "volume"},
                          {"destination_type", "volume"},
                          {"boot_index", 0},
                          {"delete_on_termination", b.any.chance(50)}};
  server["block_device_mapping_v2"] = json::array{disk};
}

void attach(builder& b, tenant& t, const std::string& server) {
  const auto n = b.any.between(0, 2);
  for (std::size_t i = 0; i < n; ++i)
    if (const auto volume = free_volume(b, t); !volume.empty())
      t.user->call("POST", k_nova + "servers/" + server + "/os-volume_attachments",
                   json::object{{"volumeAttachment", json::object{{"volumeId", volume}}}});
}

void change_power(builder& b, tenant& t, const std::string& server) {
  static const std::vector<std::pair<const char*, const char*>> states{
      {"ERROR", "error"},         {"SHUTOFF", "stopped"},
      {"PAUSED", "paused"},       {"RESCUE", "rescued"},
      {"SUSPENDED", "suspended"}, {"SHELVED_OFFLOADED", "shelved_offloaded"}};
  if (!b.any.chance(40)) return;
  const auto& [status, state] = b.any.one_of(states);
  if (std::string_view(state) == "shelved_offloaded") {  // with the image it comes back from
    t.user->call("POST", k_nova + "servers/" + server + "/action",
                 json::object{{"shelve", nullptr}});
    b.settle();
  } else {
    b.set("server", server, {{"status", status}, {"OS-EXT-STS:vm_state", state}});
  }
}

/// What stands by a server and is named by none of its fields: the secret of its virtual TPM, and
/// images, which of a server of volumes are but a text that names snapshots.
void add_company(builder& b, tenant& t, const std::string& server) {
  if (b.any.chance(12)) {
    const auto made = t.user->call("POST", "/key-manager/v1/secrets",
                                   json::object{{"name", "vTPM secret for instance " + server},
                                                {"secret_type", "passphrase"},
                                                {"payload", "x"},
                                                {"payload_content_type", "text/plain"}});
    const auto where = sandbox::text(made.as_object(), "secret_ref");
    b.set("server", server, {{"_vtpm_secret", where.substr(where.rfind('/') + 1)}});
  }
  if (!b.any.chance(20)) return;
  const auto made = t.user->call("POST", k_nova + "servers/" + server + "/action",
                                 json::object{{"createImage", json::object{{"name", b.name()}}}},
                                 {{"X-OpenStack-Nova-API-Version", "2.45"}});
  t.has["image"].push_back(sandbox::text(made.as_object(), "image_id"));
}

void add_server(builder& b, tenant& t) {
  json::object server{{"name", b.name()}, {"flavorRef", "1"}};
  boot_from(b, t, server);
  server["networks"] = nics(b, t);
  if (const auto key = b.pick(t, "keypair"); !key.empty() && b.any.chance(60))
    server["key_name"] = key;
  if (const auto group = b.pick(t, "security_group"); !group.empty() && b.any.chance(50))
    server["security_groups"] = json::array{json::object{{"name", group}}};
  json::object wanted{{"server", server}};
  if (const auto group = b.pick(t, "server_group"); !group.empty() && b.any.chance(50))
    wanted["os:scheduler_hints"] = json::object{{"group", group}};
  const auto made = t.user->call("POST", k_nova + "servers", wanted);
  const auto id = sandbox::text(made.at("server").as_object(), "id");
  t.has["server"].push_back(id);
  b.settle();
  attach(b, t, id);
  add_company(b, t, id);
  change_power(b, t, id);
}

}  // namespace

void add_servers(builder& b, tenant& t) {
  add_keypairs(b, t);
  const auto groups = b.any.between(0, 2);
  for (std::size_t i = 0; i < groups; ++i)
    b.make(t, "server_group", k_nova + "os-server-groups", "server_group",
           {{"name", b.name()}, {"policies", json::array{"affinity"}}});
  const auto n = b.any.between(0, 4);
  for (std::size_t i = 0; i < n; ++i) add_server(b, t);
}

}  // namespace cli
