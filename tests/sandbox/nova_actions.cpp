// Compute: what can be done to a server, and from which state; its volumes and interfaces.
#include <fmt/core.h>

#include "tests/sandbox/nova.hpp"

namespace sandbox {
namespace {

struct transition {
  std::string_view action, word, from, task, vm_state, status;
  /// Further tasks on the way, and the status with each.
  std::string_view second{}, second_status{}, third{}, third_status{};
};

constexpr transition transitions[] = {
    {"os-stop", "stop", "active rescued error", "powering-off", "stopped", "SHUTOFF"},
    {"os-start", "start", "stopped", "powering-on", "active", "ACTIVE"},
    {"pause", "pause", "active", "pausing", "paused", "PAUSED"},
    {"unpause", "unpause", "paused", "unpausing", "active", "ACTIVE"},
    {"suspend", "suspend", "active", "suspending", "suspended", "SUSPENDED"},
    {"resume", "resume", "suspended", "resuming", "active", "ACTIVE"},
    {"reboot", "reboot", "active stopped paused suspended error", "rebooting", "active", "ACTIVE"},
    {"shelve", "shelve", "active stopped paused suspended", "shelving", "shelved_offloaded",
     "SHELVED_OFFLOADED", "shelving_image_uploading", "ACTIVE", "shelving_offloading", "SHELVED"},
    {"unshelve", "unshelve", "shelved shelved_offloaded", "unshelving", "active", "ACTIVE",
     "spawning", "SHELVED_OFFLOADED"},
    {"rescue", "rescue", "active stopped error", "rescuing", "rescued", "RESCUE"},
    {"unrescue", "unrescue", "rescued", "unrescuing", "active", "ACTIVE"},
};

bool among(std::string_view words, std::string_view word) {
  return (" " + std::string(words) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

void refuse_state(const record& r, const transition& t) {
  const std::string task = text(r.body, "OS-EXT-STS:task_state");
  const std::string state = text(r.body, "OS-EXT-STS:vm_state");
  if (!task.empty())
    compute_fail(409, fmt::format("Cannot '{}' instance {} while it is in task_state {}", t.word,
                                  r.id, task));
  if (t.word == "stop" && state == "shelved_offloaded")
    compute_fail(409, fmt::format("Instance {} is not ready", r.id));
  if (!among(t.from, state))
    compute_fail(409, fmt::format("Cannot '{}' instance {} while it is in vm_state {}", t.word,
                                  r.id, state));
}

void halfway(context& c, const std::string& id, const transition& t) {
  world& w = c.w;
  const std::string key = c.region + "server";
  const auto step = [&](std::string_view from, std::string_view to, std::string_view as,
                        double at) {
    c.later(
        [&w, key, id, task = std::string(from), next = std::string(to), status = std::string(as)] {
          record* s = w.of(key).find(id);
          if (!s || text(s->body, "OS-EXT-STS:task_state") != task) return;
          merge(s->body, {{"status", status}, {"OS-EXT-STS:task_state", next}});
        },
        at);
  };
  if (!t.second.empty()) step(t.task, t.second, t.second_status, 0.3);
  if (!t.third.empty()) step(t.second, t.third, t.third_status, 0.6);
}

reply begin(context& c, record& r, const transition& t) {
  refuse_state(r, t);
  if (t.word == "shelve") nova_shelve_image(c, r);
  const bool fails = c.fail_async || (t.word == "unshelve" && nova_lost_image(c, r));
  r.body["OS-EXT-STS:task_state"] = t.task;
  halfway(c, r.id, t);
  world& w = c.w;
  const std::string key = c.region + "server", id = r.id;
  const std::string task(!t.third.empty() ? t.third : !t.second.empty() ? t.second : t.task);
  const std::string state(fails ? "error" : t.vm_state), status(fails ? "ERROR" : t.status);
  c.later([&w, region = c.region, key, id, task, state, status, project = c.project(),
           admin = c.admin()] {
    record* s = w.of(key).find(id);
    if (!s || text(s->body, "OS-EXT-STS:task_state") != task) return;
    merge(s->body, {{"status", status},
                    {"OS-EXT-STS:task_state", nullptr},
                    {"OS-EXT-STS:vm_state", state},
                    {"updated", now_iso()},
                    {"OS-EXT-STS:power_state", state == "active" ? 1 : 4}});
    if (state == "active") nova_drop_shelved(w, region, *s, project, admin);
  });
  return {202, ""};
}

reply act(context& c) {
  if (!c.of("server").find(c.args[0]) && !c.w.gone.count(c.args[0]))
    compute_fail(404, fmt::format("Instance {} has no mapping to a cell.", c.args[0]));
  record& r = nova_server(c, c.args[0]);
  const auto& actions = c.body.as_object();
  if (actions.empty()) compute_fail(400, "There is no such action: ");
  const std::string name(actions.begin()->key());
  const json::value argument = actions.begin()->value();
  if (name == "unlock") {
    if (truth(r.body, "_locked_by_admin") && !c.admin())
      compute_fail(403,
                   "Policy doesn't allow os_compute_api:os-lock-server:unlock:"
                   "unlock_override to be performed.");
    r.body["locked"] = false;
    return {202, ""};
  }
  if (name == "lock") {
    r.body["locked"] = true;
    r.body["_locked_by_admin"] = c.admin() && r.owner != c.project();
    return {202, ""};
  }
  if (truth(r.body, "locked") && !c.admin())
    compute_fail(409, fmt::format("Instance {} is locked", r.id));
  if (name == "forceDelete") return nova_remove(c);
  if (name == "createImage") return nova_create_image(c, r, argument.as_object());
  if (name == "os-resetState") {
    if (!c.admin())
      compute_fail(403,
                   "Policy doesn't allow os_compute_api:os-admin-actions:reset_state to be "
                   "performed.");
    const std::string state = text(argument.as_object(), "state");
    merge(r.body, {{"OS-EXT-STS:vm_state", state},
                   {"OS-EXT-STS:task_state", nullptr},
                   {"status", state == "active" ? "ACTIVE" : "ERROR"}});
    return {202, ""};
  }
  for (const auto& t : transitions)
    if (name == t.action) return begin(c, r, t);
  compute_fail(400, "There is no such action: " + name);
}

reply metadata(context& c) {
  record& r = nova_server(c, c.args[0]);
  json::object& all = r.body["metadata"].as_object();
  if (c.method == "DELETE") {
    if (!all.erase(c.args[1])) compute_fail(404, "Metadata item was not found");
    return reply(204);
  }
  if (c.method == "PUT") all.clear();
  if (c.method != "GET") merge(all, c.sent("metadata"));
  return {200, json::object{{"metadata", all}}};
}

json::object attachment(const record& v, const json::object& a) {
  return {{"id", v.id},
          {"volumeId", v.id},
          {"serverId", a.at("server_id")},
          {"device", a.at("device")}};
}

reply list_attachments(context& c) {
  const record& r = nova_server(c, c.args[0]);
  json::array out;
  for (const auto& [seq, v] : c.of("volume").rows())
    for (const auto& a : v.body.at("attachments").as_array())
      if (text(a.as_object(), "server_id") == r.id) out.push_back(attachment(v, a.as_object()));
  return {200, json::object{{"volumeAttachments", out}}};
}

reply attach(context& c) {
  const record& r = nova_server(c, c.args[0]);
  const std::string id = text(c.sent("volumeAttachment"), "volumeId");
  record* v = c.of("volume").find(id);
  if (!v || !c.mine(*v)) compute_fail(404, fmt::format("Volume {} could not be found.", id));
  if (const auto& held = v->body["attachments"].as_array(); !held.empty())
    compute_fail(400, fmt::format("Invalid volume: volume {} is already attached to instances: {}",
                                  id, text(held.at(0).as_object(), "server_id")));
  if (text(v->body, "status") != "available")
    compute_fail(400, fmt::format("Invalid volume: volume {} status must be 'available'. "
                                  "Currently in '{}' status",
                                  id, text(v->body, "status")));
  const json::object a{{"id", id},
                       {"attachment_id", c.w.uuid()},
                       {"volume_id", id},
                       {"server_id", r.id},
                       {"host_name", nullptr},
                       {"device", "/dev/sdb"},
                       {"attached_at", now_iso("%Y-%m-%dT%H:%M:%S.000000")}};
  v->body["attachments"].as_array().push_back(a);
  v->body["status"] = "in-use";
  return {200, json::object{{"volumeAttachment", attachment(*v, a)}}};
}

reply detach(context& c) {
  const record& r = nova_server(c, c.args[0]);
  record* v = c.of("volume").find(c.args[1]);
  if (v)
    for (const auto& a : v->body["attachments"].as_array())
      if (text(a.as_object(), "server_id") == r.id) {
        v->body["status"] = "detaching";
        world& w = c.w;
        const std::string key = c.region + "volume", id = v->id, server = r.id;
        c.later([&w, key, id, server] {
          record* one = w.of(key).find(id);
          if (!one) return;
          auto& all = one->body["attachments"].as_array();
          for (auto i = all.begin(); i != all.end();)
            i = text(i->as_object(), "server_id") == server ? all.erase(i) : i + 1;
          if (all.empty()) one->body["status"] = "available";
        });
        return {202, ""};
      }
  if (v && c.mine(*v) && c.epoxy() && text(v->body, "status") != "in-use")
    compute_fail(400,
                 fmt::format("Invalid volume: Invalid input received: Invalid volume: Unable to "
                             "detach volume. Volume status must be 'in-use' and attach_status must "
                             "be 'attached' to detach. (HTTP 400) (Request-ID: req-{})",
                             c.w.uuid()));
  if (v && c.mine(*v))
    compute_fail(404, fmt::format("Instance {} is not attached to volume {}", r.id, v->id));
  compute_fail(404, fmt::format("volume_id not found: {}", c.args[1]));
}

reply interfaces(context& c) {
  const record& r = nova_server(c, c.args[0]);
  json::array out;
  for (const auto& [seq, p] : c.of("port").rows())
    if (text(p.body, "device_id") == r.id)
      out.push_back({{"net_id", p.body.at("network_id")},
                     {"port_id", p.id},
                     {"mac_addr", p.body.at("mac_address")},
                     {"port_state", p.body.at("status")},
                     {"fixed_ips", p.body.at("fixed_ips")}});
  return {200, json::object{{"interfaceAttachments", out}}};
}

reply drop_interface(context& c) {
  const record& r = nova_server(c, c.args[0]);
  record* p = c.of("port").find(c.args[1]);
  if (!p || text(p->body, "device_id") != r.id)
    compute_fail(404, fmt::format("Port {} could not be found.", c.args[1]));
  remove_port(c.w, c.region, p->id);
  return {202, ""};
}

constexpr route nova_actions_table[] = {
    {"POST", "v2.1/servers/*/action", act},
    {"GET", "v2.1/servers/*/metadata", metadata},
    {"POST", "v2.1/servers/*/metadata", metadata},
    {"PUT", "v2.1/servers/*/metadata", metadata},
    {"DELETE", "v2.1/servers/*/metadata/*", metadata},
    {"GET", "v2.1/servers/*/os-volume_attachments", list_attachments},
    {"POST", "v2.1/servers/*/os-volume_attachments", attach},
    {"DELETE", "v2.1/servers/*/os-volume_attachments/*", detach},
    {"GET", "v2.1/servers/*/os-interface", interfaces},
    {"DELETE", "v2.1/servers/*/os-interface/*", drop_interface},
};

}  // namespace

std::span<const route> nova_action_routes() { return nova_actions_table; }

}  // namespace sandbox
