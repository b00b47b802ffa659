// The oracle's second half: what stands on what, kind by kind. Written from the services'
// documentation and not from the program's rows.
#include "tests/cli/world_oracle.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
namespace {

enum class tie { none, may, must };

class law {
 public:
  const char *from, *to;  ///< `from` names `to` in one of its fields
  tie down;               ///< while `from` stays, `to` does
  tie up;                 ///< while `to` stays, `from` does
};

constexpr law k_laws[] = {
    {"server", "image", tie::must, tie::none},
    {"server", "secret", tie::must, tie::must},
    {"image", "snapshot", tie::must, tie::none},
    {"image", "volume", tie::must, tie::may},
    {"image", "image", tie::may, tie::none},
    {"server_group", "server", tie::none, tie::must},
    {"volume", "server", tie::none, tie::must},
    {"volume", "snapshot", tie::may, tie::may},
    {"volume", "group", tie::must, tie::may},
    {"snapshot", "volume", tie::must, tie::none},
    {"snapshot", "group_snapshot", tie::may, tie::may},
    {"group_snapshot", "group", tie::must, tie::none},
    {"backup", "backup", tie::must, tie::none},
    {"volume_transfer", "volume", tie::must, tie::none},
    {"port", "server", tie::may, tie::must},
    {"port", "load_balancer", tie::may, tie::must},
    {"port", "trunk", tie::may, tie::may},
    {"port", "network", tie::must, tie::none},
    {"port", "subnet", tie::must, tie::none},
    {"port", "security_group", tie::must, tie::none},
    {"port", "qos_policy", tie::must, tie::none},
    {"floating_ip", "port", tie::none, tie::must},
    {"floating_ip", "router", tie::must, tie::none},
    {"floating_ip", "qos_policy", tie::must, tie::none},
    {"port_forwarding", "port", tie::must, tie::must},
    {"port_forwarding", "floating_ip", tie::must, tie::may},
    {"trunk", "port", tie::must, tie::may},
    {"router_interface", "router", tie::must, tie::may},
    {"router_interface", "subnet", tie::must, tie::must},
    {"router_interface", "network", tie::must, tie::none},
    {"subnet", "network", tie::must, tie::may},
    {"subnet", "subnet_pool", tie::must, tie::none},
    {"network", "qos_policy", tie::must, tie::none},
    {"subnet_pool", "address_scope", tie::must, tie::none},
    {"load_balancer", "port", tie::must, tie::none},
    {"load_balancer", "subnet", tie::must, tie::none},
    {"load_balancer", "network", tie::must, tie::none},
    {"secret_container", "secret", tie::must, tie::none},
    {"secret", "server", tie::none, tie::must},
    {"secret", "volume", tie::none, tie::must},
    {"secret", "image", tie::none, tie::must},
    {"secret", "load_balancer", tie::none, tie::must},
};

/// Something for others: an address, a trunk's way, a policy.
bool holds(const std::string& kind) {
  return kind == "floating_ip" || kind == "port_forwarding" || kind == "trunk" ||
         kind == "server_group";
}

}  // namespace

/// By what is not shown nobody can know it.
void oracle::add(const std::string& from, const std::string& to, bool strong) {
  for (const auto& key : {from, to})
    if (const auto at = at_.things.find(key); at != at_.things.end() && !is_shown(at->second))
      strong = false;
  edges_.emplace(from, edge(from, to, strong));
}

void oracle::edges_between(const std::string& key, const thing& one, const std::string& other,
                           const thing& what) {
  for (const auto& l : k_laws) {
    // What one target's thing holds for another's stays as long as that does.
    if (one.kind == l.from && what.kind == l.to && one.owner != what.owner && holds(one.kind))
      add(other, key, false);
    // What a neighbour's image or network has to do with it, no project can know.
    if (one.kind != l.from || what.kind != l.to || one.owner != what.owner) continue;
    if (l.down != tie::none) add(key, other, l.down == tie::must);
    if (l.up != tie::none) add(other, key, l.up == tie::must);
  }
  if (one.kind == "rbac_policy") {
    add(key, other, true);
    add(other, key, false);
  }
  // A stack's list of resources binds both ways: Heat takes away what it made, and of others'
  // projects it makes nothing.
  if (one.kind == "stack" && one.owner == what.owner) {
    add(key, other, true);
    add(other, key, false);
  }
}

void oracle::edges_of(const std::string& key, const thing& one) {
  for (const auto& other : at_.mentioned_by(one)) {
    const thing& what = at_.things.at(other);
    if (is_target(one) && is_target(what)) edges_between(key, one, other, what);
    // Rules are part of their group. To a user Neutron shows no other's.
    if (one.kind != "security_group_rule" || !is_target(what)) continue;
    const std::string group = "security_group/" + one.text("security_group_id");
    if (other != group && (!how_.as_user || one.owner == what.owner)) add(group, other, true);
  }
  if (one.kind == "server")
    for (const auto& doomed : one.body.at("_delete_on_termination").as_array())
      add("volume/" + std::string(doomed.as_string()), key, false);
  if (is_target(one)) edges_by_name(key, one);
  if (one.kind == "port" && is_target(one)) edges_by_address(key, one);
  // What only the balancer takes away stands there until it is gone.
  if (one.kind == "amphora_port")
    for (const auto& ground : at_.mentioned_by(one))
      if (is_target(at_.things.at(ground))) add("load_balancer/" + one.text("_lb"), ground, true);
}

namespace {

std::set<std::string> addresses_of(const thing& port) {
  std::set<std::string> all;
  for (const auto& ip : port.body.at("fixed_ips").as_array())
    all.insert(sandbox::text(ip.as_object(), "ip_address"));
  return all;
}

bool has_device(const thing& port) {
  return !port.text("device_id").empty() && !port.text("device_owner").empty();
}

}  // namespace

/// An address that another port answers for, and the next hop of a router's route.
void oracle::edges_by_address(const std::string& key, const thing& port) {
  const auto own = addresses_of(port);
  for (const auto& [other, what] : at_.things) {
    if (what.kind == "port" && other != key && !has_device(port) && is_target(what) &&
        what.text("network_id") == port.text("network_id"))
      for (const auto& pair : what.body.at("allowed_address_pairs").as_array())
        if (own.count(sandbox::text(pair.as_object(), "ip_address")) > 0) add(other, key, true);
    if (what.kind != "router" || !is_target(what)) continue;
    for (const auto& route : what.body.at("routes").as_array())
      if (own.count(sandbox::text(route.as_object(), "nexthop")) > 0) add(other, key, false);
  }
}

/// What one field tells more closely than its kind.
void oracle::edges_by_field(const std::string& key, const thing& one, const std::string& other,
                            const thing& what) {
  // Nova takes the image that a shelved server comes back from away with it.
  if (one.kind == "server" && one.text("_shelved_image") == what.id) add(other, key, true);
  // Which image of a server that is, Nova does not say.
  if (one.kind == "server" && what.kind == "image" && what.text("instance_uuid") == one.id)
    add(key, other, false), add(other, key, false);
  // Glance takes the volume of an image's data along.
  if (one.kind == "image" && one.text("_data_volume") == what.id) add(other, key, true);
  if (one.kind == "image")
    for (const char* part : {"kernel_id", "ramdisk_id"})
      if (one.text(part) == what.id) add(key, other, true);
}

/// Nobody but Octavia and Cinder knows which of the project's secrets are whose.
void oracle::edges_to_secret(const std::string& key, const thing& one, const std::string& other,
                             const thing& what) {
  const bool encrypted = one.kind == "volume" && sandbox::truth(one.body, "encrypted");
  if (one.kind == "load_balancer" || encrypted) add(key, other, true);
  if (one.kind == "backup") add(key, other, what.text("secret_type") == "symmetric");
}

/// What no id tells.
void oracle::edges_by_name(const std::string& key, const thing& one) {
  for (const auto& [other, what] : at_.things) {
    if (!is_target(what) || other == key) continue;
    if (one.kind == "server" && what.kind == "keypair" && what.owner == one.text("user_id") &&
        what.text("name") == one.text("key_name"))
      // A user is shown the servers of one project.
      add(key, other, !how_.as_user || one.owner == what.text("_for"));
    if (one.owner != what.owner) continue;
    edges_by_field(key, one, other, what);
    if (what.kind == "secret" || what.kind == "secret_container")
      edges_to_secret(key, one, other, what);
    if (one.kind == "zone" && what.kind == "zone" &&
        one.text("name").ends_with("." + what.text("name")))
      add(key, other, true);
    if (one.kind == "backup" && what.kind == "backup" &&
        one.text("volume_id") == what.text("volume_id") &&
        sandbox::truth(one.body, "is_incremental") && what.created <= one.created)
      add(key, other, false);
    const bool stored = (one.kind == "backup" && one.text("container") == what.id) ||
                        (one.kind == "image" && what.id == "glance_" + one.id);
    if (stored && what.kind == "container") add(key, other, true), add(other, key, what.has_tag());
    if (one.kind != "container" || what.kind != "container") continue;
    const auto& headers = one.body.at("headers").as_object();
    const auto archive = sandbox::decode(sandbox::text(headers, "x-versions-location"));
    if (what.id == one.id + "_segments" || what.id == archive) add(key, other, false);
    // Only of what stays on purpose the manifests are read.
    if (one.body.at("segments").as_object().contains(what.id)) add(key, other, one.has_tag());
  }
}

void oracle::find_edges() {
  for (const auto& [key, one] : at_.things) edges_of(key, one);
}

}  // namespace cli
