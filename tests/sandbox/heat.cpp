// Stacks. To an administrator the list holds everybody's, whatever project the path names, and a
// DELETE works from any path: the trap that emptied other tenants. A deleted stack leaves the list
// but still answers by id.
#include <fmt/core.h>

#include "tests/sandbox/world.hpp"

namespace sandbox {
namespace {

[[noreturn]] void fail(int status, const char* type, const std::string& message) {
  const char* title = status == 404 ? "Not Found" : status == 409 ? "Conflict" : "Forbidden";
  const char* why = status == 404   ? "The resource could not be found."
                    : status == 409 ? "There was a conflict when trying to complete your request."
                                    : "Access was denied to this resource.";
  const json::object e{{"type", type}, {"traceback", nullptr}, {"message", message}};
  throw refusal{
      reply(status,
            json::object{{"code", status}, {"title", title}, {"explanation", why}, {"error", e}})};
}

std::string address(const context& c, const record& r) {
  return fmt::format("{}/v1/{}/stacks/{}/{}", c.base, r.owner, text(r.body, "stack_name"), r.id);
}

json::object view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o["links"] = json::array{json::object{{"href", address(c, r)}, {"rel", "self"}}};
  if (c.admin()) o["project"] = r.owner;
  return o;
}

record* lookup(const context& c, const std::string& name_or_id) {
  for (const char* kind : {"stack", "_gone_stack"}) {
    if (record* r = c.of(kind).find(name_or_id); r && c.mine(*r)) return r;
    if (kind == std::string_view("stack"))
      for (auto& [seq, r] : c.of(kind).rows())
        if (text(r.body, "stack_name") == name_or_id && c.mine(r)) return &r;
  }
  return nullptr;
}

record& find(context& c, const std::string& id) {
  record* r = lookup(c, id);
  if (!r) fail(404, "EntityNotFound", fmt::format("The Stack ({}) could not be found.", id));
  return *r;
}

reply list(context& c) {
  const bool filtered = c.has("tenant");
  const rows all = select(
      c.of("stack"),
      [&](const record& r) {
        return (c.mine(r) || c.ignore_filter) && (!filtered || r.owner == c.q("tenant"));
      },
      true);
  refusal unknown{reply(400, json::object{{"code", 400}, {"title", "Bad Request"}})};
  const std::size_t limit = c.has("limit") ? limit_of(c, 0) : all.size() + 1;
  const page p = cut(all, c.q("marker"), limit, unknown);
  json::array out;
  for (const record* r : p.items) out.push_back(view(c, *r));
  json::object body{{"stacks", out}};
  if (p.more)
    body["links"] =
        json::array{json::object{{"rel", "next"}, {"href", next_link(c, p.items.back()->id)}}};
  return {200, body};
}

/// Makes what this sandbox knows to make; other types exist in name only.
std::string make_resource(context& c, const std::string& type, const json::object& properties) {
  const std::string id = c.w.uuid(), owner = c.project();
  if (type == "OS::Neutron::Net") {
    c.of("network").add(id, owner,
                        {{"id", id},
                         {"name", text(properties, "name")},
                         {"tenant_id", owner},
                         {"project_id", owner},
                         {"admin_state_up", true},
                         {"status", "ACTIVE"},
                         {"subnets", json::array{}},
                         {"shared", false},
                         {"router:external", false},
                         {"description", ""},
                         {"tags", json::array{}},
                         {"qos_policy_id", nullptr},
                         {"created_at", now_iso()},
                         {"updated_at", now_iso()},
                         {"revision_number", 1}});
  }
  return id;
}

json::array make_resources(context& c) {
  json::array out;
  const json::object templ = c.sent("template");
  const auto* given = templ.if_contains("resources");
  const json::object wanted = given && given->is_object() ? given->get_object() : json::object{};
  for (const auto& [key, r] : wanted) {
    const auto* p = r.as_object().if_contains("properties");
    const std::string type = text(r.as_object(), "type");
    const std::string id = make_resource(c, type, p ? p->as_object() : json::object{});
    out.push_back({{"logical_resource_id", key},
                   {"resource_name", key},
                   {"resource_type", type},
                   {"physical_resource_id", id},
                   {"resource_status", "CREATE_COMPLETE"},
                   {"resource_status_reason", "state changed"},
                   {"creation_time", now_iso()},
                   {"updated_time", now_iso()}});
  }
  return out;
}

json::object starting(const std::string& id, const std::string& name, const std::string& owner,
                      const std::string& domain_project) {
  return {{"id", id},
          {"stack_name", name},
          {"description", ""},
          {"stack_status", "CREATE_IN_PROGRESS"},
          {"stack_status_reason", "Stack CREATE started"},
          {"creation_time", now_iso()},
          {"updated_time", nullptr},
          {"deletion_time", nullptr},
          {"stack_owner", owner},
          {"parent", nullptr},
          {"stack_user_project_id", domain_project},
          {"tags", nullptr}};
}

reply create(context& c) {
  const json::object& sent = c.body.as_object();
  const std::string name = text(sent, "stack_name"), id = c.w.uuid();
  for (const auto& [seq, r] : c.of("stack").rows())
    if (r.owner == c.project() && text(r.body, "stack_name") == name)
      fail(409, "StackExists", fmt::format("The Stack ({}) already exists.", name));
  const json::array resources = make_resources(c);
  const record* owner = c.w.of("user").find(c.who->user);
  const record& r =
      c.of("stack").add(id, c.project(), starting(id, name, text(owner->body, "name"), c.w.hex()));
  c.of("stack").find(id)->body["_resources"] = resources;
  world& w = c.w;
  const std::string key = c.region + "stack";
  c.later([&w, key, id] {
    record* s = w.of(key).find(id);
    if (s && text(s->body, "stack_status") == "CREATE_IN_PROGRESS")
      merge(s->body, {{"stack_status", "CREATE_COMPLETE"},
                      {"stack_status_reason", "Stack CREATE completed successfully"}});
  });
  const json::array links{json::object{{"href", address(c, r)}, {"rel", "self"}}};
  return reply(201, json::object{{"stack", json::object{{"id", id}, {"links", links}}}})
      .with("Location", address(c, r));
}

reply show(context& c) { return {200, json::object{{"stack", view(c, find(c, c.args[2]))}}}; }

reply redirect(context& c) {
  const record& r = find(c, c.args[1]);
  return reply(302, json::object{{"code", "302 Found"}, {"title", "Found"}})
      .with("Location", address(c, r));
}

bool network_busy(world& w, const std::string& region, const std::string& network) {
  for (const auto& [seq, p] : w.of(region + "port").rows())
    if (text(p.body, "network_id") == network) return true;
  return false;
}

void finish(world& w, const std::string& region, const std::string& id, bool fails) {
  record* r = w.of(region + "stack").find(id);
  if (!r) return;
  for (const auto& one : r->body["_resources"].as_array())
    if (!fails && text(one.as_object(), "resource_type") == "OS::Neutron::Net") {
      const std::string network = text(one.as_object(), "physical_resource_id");
      fails = network_busy(w, region, network);
      if (!fails) w.of(region + "network").erase(network);
    }
  if (fails) {
    merge(r->body, {{"stack_status", "DELETE_FAILED"},
                    {"stack_status_reason", "Resource DELETE failed: Conflict"}});
    return;
  }
  merge(r->body, {{"stack_status", "DELETE_COMPLETE"},
                  {"stack_status_reason", "Stack DELETE completed successfully"},
                  {"deletion_time", now_iso()}});
  w.of(region + "_gone_stack").add(id, r->owner, r->body);
  w.of(region + "stack").erase(id);
}

reply remove(context& c) {
  record& r = find(c, c.args[2]);
  if (text(r.body, "stack_status").rfind("DELETE_COMPLETE", 0) == 0 ||
      text(r.body, "stack_status") == "DELETE_IN_PROGRESS")
    return reply(204);
  merge(r.body, {{"stack_status", "DELETE_IN_PROGRESS"},
                 {"stack_status_reason", "Stack DELETE started"},
                 {"updated_time", now_iso()}});
  world& w = c.w;
  const std::string region = c.region, id = r.id;
  const bool fails = c.fail_async;
  c.later([&w, region, id, fails] { finish(w, region, id, fails); });
  return reply(204);
}

reply resources(context& c) {
  const record& r = find(c, c.args[2]);
  return {200, json::object{{"resources", r.body.at("_resources")}}};
}

reply versions(const context& c) {
  const json::object self{{"rel", "self"}, {"href", c.base + "/v1/"}};
  const json::object v{{"id", "v1.0"}, {"status", "CURRENT"}, {"links", json::array{self}}};
  return {300, json::object{{"versions", json::array{v}}}};
}

constexpr route table[] = {
    {"GET", "v1/*/stacks", list},
    {"POST", "v1/*/stacks", create},
    {"GET", "v1/*/stacks/*", redirect},
    {"DELETE", "v1/*/stacks/*", redirect},
    {"GET", "v1/*/stacks/*/*", show},
    {"DELETE", "v1/*/stacks/*/*", remove},
    {"GET", "v1/*/stacks/*/*/resources", resources},
};

}  // namespace

reply heat(context& c) {
  if (c.path.empty()) return versions(c);
  if (!c.who) return error_401_json(c);
  if (c.path.size() > 1 && c.path[1] != c.project() && !c.admin())
    fail(403, "HTTPForbidden", "Access was denied to this resource.");
  reply out(404);
  if (!dispatch(c, table, out)) fail(404, "HTTPNotFound", "The resource could not be found.");
  return out;
}

}  // namespace sandbox
