#include "tests/cli/world_state.hpp"

#include "tests/sandbox/world.hpp"

namespace cli {
namespace {

const std::map<std::string, std::string>& rows() {
  static const std::map<std::string, std::string> names{{"stack", "stack"},
                                                        {"loadbalancer", "load_balancer"},
                                                        {"server", "server"},
                                                        {"keypair", "keypair"},
                                                        {"server_group", "server_group"},
                                                        {"zone", "zone"},
                                                        {"port_forwarding", "port_forwarding"},
                                                        {"floatingip", "floating_ip"},
                                                        {"trunk", "trunk"},
                                                        {"router", "router"},
                                                        {"port", "port"},
                                                        {"rbac_policy", "rbac_policy"},
                                                        {"subnet", "subnet"},
                                                        {"network", "network"},
                                                        {"security_group", "security_group"},
                                                        {"address_group", "address_group"},
                                                        {"subnetpool", "subnet_pool"},
                                                        {"address_scope", "address_scope"},
                                                        {"qos_policy", "qos_policy"},
                                                        {"metering_label", "metering_label"},
                                                        {"image", "image"},
                                                        {"volume_transfer", "volume_transfer"},
                                                        {"backup", "backup"},
                                                        {"group_snapshot", "group_snapshot"},
                                                        {"snapshot", "snapshot"},
                                                        {"volume_group", "group"},
                                                        {"volume", "volume"},
                                                        {"secret_container", "secret_container"},
                                                        {"secret", "secret"}};
  return names;
}

std::string kind_of(const std::string& kind, const json::object& body) {
  const auto owner = sandbox::text(body, "device_owner");
  if (kind == "port" && owner.starts_with("network:router_interface")) return "router_interface";
  if (kind == "port" && body.contains("_lb")) return "amphora_port";
  // What Neutron makes for itself it gives to nobody, but for a network's own; whoever may name the
  // owner of a port as he likes has made any other.
  const bool of_network = owner == "network:dhcp" || owner == "network:distributed" ||
                          owner == "network:floatingip_agent_gateway";
  const bool nobodys = owner.starts_with("network:") && sandbox::text(body, "project_id").empty();
  if (kind == "port" && (of_network || nobodys)) return "neutrons_port";
  if (kind == "security_group" && sandbox::text(body, "name") == "default") return "default_group";
  const auto at = rows().find(kind);
  return at == rows().end() ? kind : at->second;
}

bool is_time(std::string_view key) {
  for (const char* one : {"created_at", "updated_at", "created", "updated", "creation_time",
                          "updated_time", "deletion_time", "revision_number"})
    if (key == one) return true;
  return false;
}

thing thing_of(const std::string& kind, const sandbox::record& r) {
  thing one;
  one.kind = kind_of(kind, r.body), one.id = r.id, one.owner = r.owner;
  if (one.owner.empty()) one.owner = sandbox::text(r.body, "_for");
  for (const auto& [key, value] : r.body)
    if (!is_time(key)) one.body[key] = value;
  for (const char* field : {"created_at", "created", "creation_time"})
    if (one.created.empty()) one.created = sandbox::text(r.body, field);
  if (kind == "keypair") one.created.clear();  // no list shows it
  return one;
}

/// What a large object is made of: "CONTAINER/OBJECT", or how such begin.
std::set<std::string> needs_of(const sandbox::swift_object& o) {
  std::set<std::string> all;
  if (!o.dlo.empty()) all.insert(sandbox::decode(o.dlo));
  if (o.manifest.empty()) return all;
  const auto segments = json::parse(o.manifest);
  for (const auto& one : segments.as_array())
    all.insert(sandbox::text(one.as_object(), "name").substr(1));
  return all;
}

thing thing_of(const std::string& account, const std::string& name,
               const sandbox::swift_container& box) {
  thing one;
  one.kind = "container", one.id = name, one.owner = account;
  json::object objects, versions, headers, segments, needs;
  for (const auto& [key, o] : box.objects) {
    objects[key] = json::array{o.etag, o.modified};
    json::array paths;
    for (const auto& path : needs_of(o)) {
      paths.emplace_back(path);
      segments[path.substr(0, path.find('/'))] = true;
    }
    if (!paths.empty()) needs[key] = std::move(paths);
  }
  for (const auto& [key, all] : box.versions)
    for (const auto& v : all) versions[key + " " + v.version] = v.etag;
  for (const auto& [key, value] : box.headers) headers[key] = value;
  one.body = {{"objects", objects},   {"versions", versions}, {"headers", headers},
              {"segments", segments}, {"needs", needs},       {"modified", box.modified}};
  return one;
}

/// A text may hold more than a word: an image's mapping of its disks is JSON.
void add_words(const json::value& v, std::set<std::string>& all) {
  if (const auto* s = v.if_string()) {
    all.emplace(*s);
    boost::system::error_code ec;
    if (const auto inner = json::parse(*s, ec); !ec && inner.is_array()) add_words(inner, all);
  }
  if (const auto* a = v.if_array())
    for (const auto& one : *a) add_words(one, all);
  if (const auto* o = v.if_object())
    for (const auto& [key, one] : *o)
      if (key != "name" && key != "stack_name" && key != "description" && key != "id")
        add_words(one, all);
}

}  // namespace

std::string thing::text(const char* member) const { return sandbox::text(body, member); }

bool thing::has_tag() const {
  static const std::string tag = "ostclean:keep";
  if (const auto* tags = body.if_contains("tags"); tags && tags->is_array())
    for (const auto& one : tags->get_array())
      if (one == json::value(tag)) return true;
  for (const char* bag : {"metadata", "attributes"})
    if (const auto* o = body.if_contains(bag); o && o->is_object() && o->get_object().contains(tag))
      return true;
  if (kind == "container")
    return body.at("headers").as_object().contains("x-container-meta-ostclean-keep");
  return kind == "image" && body.contains(tag);
}

const thing* picture::find(const std::string& kind, const std::string& id) const {
  const auto at = things.find(kind + "/" + id);
  return at == things.end() ? nullptr : &at->second;
}

std::set<std::string> picture::mentioned_by(const thing& one) const {
  std::set<std::string> all, keys;
  add_words(one.body, all);
  for (std::string word : all) {
    if (word.starts_with("lb-")) word.erase(0, 3);
    if (const auto slash = word.rfind('/'); slash != std::string::npos) word.erase(0, slash + 1);
    auto [at, end] = by_id.equal_range(word);
    for (; at != end; ++at)
      if (at->second != one.kind + "/" + one.id) keys.insert(at->second);
  }
  return keys;
}

picture take_picture(const sandbox::cloud& it) {
  picture all;
  it.arrange([&](sandbox::world& w) {
    for (const auto& [kind, rows] : w.kinds) {
      if (kind.starts_with("_gone") || kind == "trust") continue;
      for (const auto& [seq, r] : rows.rows()) {
        thing one = thing_of(kind, r);
        if (one.text("status") == "DELETED") continue;
        if (one.id.size() >= 32 && one.id.find('/') == std::string::npos)
          all.by_id.emplace(one.id, one.kind + "/" + one.id);
        all.things.emplace(one.kind + "/" + one.id, std::move(one));
      }
    }
    for (const auto& [account, boxes] : w.accounts)
      for (const auto& [name, box] : boxes)
        all.things.emplace("container/" + account + "/" + name, thing_of(account, name, box));
    for (const auto& a : w.assignments)
      all.assignments.insert(a.role + " " + a.user + a.group + " " + a.project + a.domain);
  });
  return all;
}

bool is_row(const thing& one) {
  if (one.kind == "container" || one.kind == "router_interface") return true;
  for (const auto& [kind, name] : rows())
    if (one.kind == name) return true;
  return false;
}

}  // namespace cli
