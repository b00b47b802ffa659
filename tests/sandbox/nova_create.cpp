// Compute: how a server comes to be, with its ports, boot volumes and place in a group.
#include "tests/sandbox/nova.hpp"

namespace sandbox {
namespace {

void plug(context& c, const std::string& server, const json::object& sent) {
  const auto* networks = sent.if_contains("networks");
  std::vector<json::object> wanted;
  if (networks && networks->is_array())
    for (const auto& n : networks->get_array()) wanted.push_back(n.as_object());
  if (!networks)
    for (const auto& [seq, n] : c.of("network").rows())
      if (n.owner == c.project()) {
        wanted.push_back({{"uuid", n.id}});
        break;
      }
  for (const auto& n : wanted) {
    const json::object bound{
        {"device_id", server}, {"device_owner", "compute:nova"}, {"status", "ACTIVE"}};
    if (record* p = c.of("port").find(text(n, "port"))) {
      merge(p->body, bound);
      continue;
    }
    json::object extra = bound;
    extra["_by_nova"] = true;
    json::array groups;
    if (const auto* asked = sent.if_contains("security_groups"))
      for (const auto& g : asked->as_array())
        for (const auto& [seq, r] : c.of("security_group").rows())
          if (r.owner == c.project() && (text(r.body, "name") == text(g.as_object(), "name") ||
                                         r.id == text(g.as_object(), "name")))
            groups.push_back(json::value(r.id));
    if (!groups.empty()) extra["security_groups"] = groups;
    create_port(c.w, c.region, c.project(), text(n, "uuid"), extra);
  }
}

json::array boot_volumes(context& c, const std::string& server, const json::object& sent) {
  json::array doomed;
  const auto* all = sent.if_contains("block_device_mapping_v2");
  if (!all) return doomed;
  for (const auto& one : all->as_array()) {
    const json::object& o = one.as_object();
    record* v = c.of("volume").find(text(o, "uuid"));
    if (!v || text(o, "source_type") != "volume") continue;
    v->body["status"] = "in-use";
    v->body["attachments"].as_array().push_back(
        json::object{{"id", v->id},
                     {"attachment_id", c.w.uuid()},
                     {"volume_id", v->id},
                     {"server_id", server},
                     {"host_name", nullptr},
                     {"device", "/dev/sda"},
                     {"attached_at", now_iso("%Y-%m-%dT%H:%M:%S.000000")}});
    if (truth(o, "delete_on_termination")) doomed.push_back(json::value(v->id));
  }
  return doomed;
}

void join_group(context& c, const std::string& server) {
  const json::object hints = c.sent("os:scheduler_hints");
  if (record* g = c.of("server_group").find(text(hints, "group")))
    g->body["members"].as_array().push_back(json::value(server));
}

json::object building(const context& c, const std::string& id, const json::object& sent) {
  const auto* metadata = sent.if_contains("metadata");
  const auto* groups = sent.if_contains("security_groups");
  const json::array plain{json::object{{"name", "default"}}};
  const std::string key = text(sent, "key_name");
  // Before a description could be sent, the name was taken for one.
  const auto* about = sent.if_contains("description");
  const json::value described = c.minor < 19 ? json::value(text(sent, "name"))
                                : about      ? *about
                                             : json::value();
  return {{"id", id},
          {"name", text(sent, "name")},
          {"status", "BUILD"},
          {"tenant_id", c.project()},
          {"user_id", c.who->user},
          {"metadata", metadata ? *metadata : json::object{}},
          {"hostId", ""},
          {"created", now_iso()},
          {"updated", now_iso()},
          {"accessIPv4", ""},
          {"accessIPv6", ""},
          {"OS-DCF:diskConfig", "MANUAL"},
          {"progress", 0},
          {"OS-EXT-AZ:availability_zone", "nova"},
          {"config_drive", ""},
          {"key_name", key.empty() ? json::value() : json::value(key)},
          {"OS-SRV-USG:launched_at", nullptr},
          {"OS-SRV-USG:terminated_at", nullptr},
          {"OS-EXT-STS:task_state", "scheduling"},
          {"OS-EXT-STS:vm_state", "building"},
          {"OS-EXT-STS:power_state", 0},
          {"locked", false},
          {"description", described},
          {"security_groups", groups ? *groups : json::value(plain)},
          {"_flavor", text(sent, "flavorRef")},
          {"_image", text(sent, "imageRef")}};
}

/// One of the states on the way, and what follows it.
void build_on(world& w, const std::string& key, const std::string& id, bool fails, int step) {
  static constexpr const char* tasks[] = {"", "networking", "block_device_mapping", "spawning"};
  record* r = w.of(key).find(id);
  if (!r || text(r->body, "status") != "BUILD" ||
      text(r->body, "OS-EXT-STS:task_state") == "deleting")
    return;
  if (step < 4) {
    r->body["OS-EXT-STS:task_state"] = step == 0 ? json::value() : json::value(tasks[step]);
    w.later([&w, key, id, fails, step] { build_on(w, key, id, fails, step + 1); }, 0.22);
    return;
  }
  merge(r->body, {{"status", fails ? "ERROR" : "ACTIVE"},
                  {"hostId", "b5b4ef06d6af06e36444bb0a9644330377b1f9f77e03923acab90c02"},
                  {"OS-SRV-USG:launched_at", now_iso("%Y-%m-%dT%H:%M:%S.000000")},
                  {"OS-EXT-STS:task_state", nullptr},
                  {"OS-EXT-STS:vm_state", fails ? "error" : "active"},
                  {"OS-EXT-STS:power_state", fails ? 0 : 1}});
}

void finish_later(context& c, const std::string& id) {
  world& w = c.w;
  const std::string key = c.region + "server";
  const bool fails = c.fail_async;
  c.later([&w, key, id, fails] { build_on(w, key, id, fails, 0); }, 0.3);
}

}  // namespace

reply nova_create(context& c) {
  const json::object sent = c.sent("server");
  const std::string id = c.w.uuid(), image = text(sent, "imageRef");
  if (image.empty() && !sent.if_contains("block_device_mapping_v2"))
    compute_fail(400, "Missing imageRef attribute");
  if (!image.empty() && !c.of("image").find(image))
    compute_fail(400, "Can not find requested image");
  json::object o = building(c, id, sent);
  o["_delete_on_termination"] = boot_volumes(c, id, sent);
  c.of("server").add(id, c.project(), o);
  plug(c, id, sent);
  join_group(c, id);
  finish_later(c, id);
  json::object answer{{"id", id},
                      {"links", nova_links(c, "servers", id)},
                      {"OS-DCF:diskConfig", "MANUAL"},
                      {"security_groups", o.at("security_groups")},
                      {"adminPass", c.w.hex().substr(0, 12)}};
  return reply(202, json::object{{"server", answer}})
      .with("Location", c.base + "/v2.1/servers/" + id);
}

}  // namespace sandbox
