// Stacks. To an administrator the list holds everybody's, whatever project the path names, and a
// DELETE works from any path: the trap that emptied other tenants. A deleted stack leaves the list
// but still answers by id.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/world.hpp"

namespace sandbox {

// heat_resources.cpp
json::array heat_resources(context& c);
void heat_finish(world& w, const std::string& region, const std::string& id, bool fails,
                 bool as_administrator);
json::object heat_environment(const json::object& sent);
std::string heat_address(const context& c, const record& stack);
json::object heat_listed(const context& c, const record& stack, const json::object& resource);
// heat_events.cpp
json::array heat_events(context& c, const record& stack);
reply heat_software_configs(context& c);
namespace {

[[noreturn]] void fail(int status, const char* type, const std::string& message) {
  const char* title = status == 400   ? "Bad Request"
                      : status == 404 ? "Not Found"
                      : status == 409 ? "Conflict"
                                      : "Forbidden";
  const char* why = status == 400   ? "The server could not comply with the request since it is "
                                      "either malformed or otherwise incorrect."
                    : status == 404 ? "The resource could not be found."
                    : status == 409 ? "There was a conflict when trying to complete your request."
                                    : "Access was denied to this resource.";
  const json::object e{{"type", type}, {"traceback", nullptr}, {"message", message}};
  throw refusal{
      reply(status,
            json::object{{"code", status}, {"title", title}, {"explanation", why}, {"error", e}})};
}

json::object view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o["links"] = json::array{json::object{{"href", heat_address(c, r)}, {"rel", "self"}}};
  return o;
}

/// What one stack says beyond its line in the list.
json::object detail(const context& c, const record& r) {
  json::object o = view(c, r);
  merge(o, {{"capabilities", json::array{}},
            {"description", "No description"},
            {"template_description", "No description"},
            {"disable_rollback", true},
            {"notification_topics", json::array{}},
            {"tags", json::array{}},
            {"timeout_mins", nullptr},
            {"parameters", json::object{{"OS::project_id", r.owner},
                                        {"OS::stack_id", r.id},
                                        {"OS::stack_name", text(r.body, "stack_name")}}}});
  if (text(r.body, "stack_status") != "DELETE_COMPLETE") o["outputs"] = json::array{};
  return o;
}

record* lookup(const context& c, const std::string& name_or_id) {
  for (const char* kind : {"stack", "_gone_stack", "_nested_stack"}) {
    if (record* r = c.of(kind).find(name_or_id); r && c.mine(*r)) return r;
    // By its name Heat finds none that is deleted.
    if (kind == std::string_view("_gone_stack")) continue;
    for (auto& [seq, r] : c.of(kind).rows())
      if (text(r.body, "stack_name") == name_or_id && c.mine(r)) return &r;
  }
  return nullptr;
}

record& find(context& c, const std::string& id, const std::string& called) {
  record* r = lookup(c, id);
  if (!r) fail(404, "EntityNotFound", fmt::format("The Stack ({}) could not be found.", called));
  return *r;
}

void order(const context& c, rows& all) {
  const std::string key = c.q("sort_keys");
  if (key.empty()) return;
  const bool down = c.q("sort_dir") == "desc";
  std::stable_sort(all.begin(), all.end(), [&](const record* a, const record* b) {
    const std::string x = text(a->body, key), y = text(b->body, key);
    return down ? y < x : x < y;
  });
}

bool truth_of(const std::string& word) { return word == "true" || word == "True" || word == "1"; }

/// heat.conf: hidden_stack_tags.
bool is_hidden(const record& r) {
  const auto* tags = r.body.if_contains("tags");
  if (!tags || !tags->is_array()) return false;
  const auto& all = tags->get_array();
  return std::find(all.begin(), all.end(), json::value("data-processing-cluster")) != all.end();
}

reply list(context& c) {
  // Stock Heat gives this view to nobody, not even to an administrator.
  if (truth_of(c.q("global_tenant")))
    fail(403, "Forbidden", "You are not authorized to use stacks:global_index.");
  if (c.q("limit").find_first_not_of("0123456789") != std::string::npos)
    fail(400, "HTTPBadRequest", "Only integer is acceptable by 'limit'.");
  const bool filtered = c.has("tenant"), everything = c.path.back() == "detail";
  const bool hidden_too = truth_of(c.q("show_hidden"));
  rows all = select(
      c.of("stack"),
      [&](const record& r) {
        return (c.mine(r) || c.ignore_filter) && (hidden_too || !is_hidden(r)) &&
               (!filtered || r.owner == c.q("tenant") || c.ignore_filter) &&
               (everything || !c.has("name") || text(r.body, "stack_name") == c.q("name"));
      },
      true);
  order(c, all);
  refusal unknown{reply(400)};
  const std::size_t limit = c.has("limit") ? limit_of(c, 0) : all.size() + 1;
  // A marker that is nobody's is no marker.
  const std::string marker = c.of("stack").find(c.q("marker")) ? c.q("marker") : "";
  const page p = cut(all, marker, limit, unknown);
  json::array out;
  for (const record* r : p.items) {
    json::object o = view(c, *r);
    if (c.admin()) o["project"] = r->owner;
    out.push_back(o);
  }
  json::object body{{"stacks", out}};
  if (p.more)
    body["links"] =
        json::array{json::object{{"rel", "next"}, {"href", next_link(c, p.items.back()->id)}}};
  return {200, body};
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

/// OS::Heat::TestResource with the property `fail`.
bool meant_to_fail(const json::object& templ) {
  return json::serialize(templ).find(R"("fail":true)") != std::string::npos;
}

reply create(context& c) {
  const json::object& sent = c.body.as_object();
  const std::string name = text(sent, "stack_name"), id = c.w.uuid();
  if (!sent.if_contains("template")) fail(400, "HTTPBadRequest", "No template specified");
  if (!c.sent("template").if_contains("heat_template_version") &&
      !c.sent("template").if_contains("HeatTemplateFormatVersion"))
    fail(400, "InvalidTemplateVersion",
         "The template version is invalid: Template version was not provided");
  for (const auto& [seq, r] : c.of("stack").rows())
    if (r.owner == c.project() && text(r.body, "stack_name") == name)
      fail(409, "StackExists", fmt::format("The Stack ({}) already exists.", name));
  const json::array resources = heat_resources(c);
  const bool fails = meant_to_fail(c.sent("template"));
  const record* owner = c.w.of("user").find(c.who->user);
  const record& r =
      c.of("stack").add(id, c.project(), starting(id, name, text(owner->body, "name"), c.w.hex()));
  merge(c.of("stack").find(id)->body, {{"_resources", resources},
                                       {"_template", c.sent("template")},
                                       {"_environment", heat_environment(sent)}});
  world& w = c.w;
  const std::string key = c.region + "stack";
  c.later([&w, key, id, fails] {
    record* s = w.of(key).find(id);
    if (!s || text(s->body, "stack_status") != "CREATE_IN_PROGRESS") return;
    merge(s->body, {{"stack_status", fails ? "CREATE_FAILED" : "CREATE_COMPLETE"},
                    {"stack_status_reason", fails ? "Resource CREATE failed: ValueError"
                                                  : "Stack CREATE completed successfully"}});
  });
  const json::array links{json::object{{"href", heat_address(c, r)}, {"rel", "self"}}};
  return reply(201, json::object{{"stack", json::object{{"id", id}, {"links", links}}}})
      .with("Location", heat_address(c, r));
}

reply show(context& c) {
  return {200, json::object{{"stack", detail(c, find(c, c.args[2], c.args[1]))}}};
}

reply redirect(context& c) {
  const record& r = find(c, c.args[1], c.args[1]);
  const std::string why = "The resource was found at " + heat_address(c, r);
  return reply(302, json::object{{"message", why}, {"code", "302 Found"}, {"title", "Found"}})
      .with("Location", heat_address(c, r));
}

reply remove(context& c) {
  record& r = find(c, c.args[2], c.args[1]);
  if (text(r.body, "stack_status") == "DELETE_COMPLETE")
    fail(404, "EntityNotFound", fmt::format("The Stack ({}) could not be found.", c.args[1]));
  if (text(r.body, "stack_status") == "DELETE_IN_PROGRESS") return reply(204);
  merge(r.body, {{"stack_status", "DELETE_IN_PROGRESS"},
                 {"stack_status_reason", "Stack DELETE started"},
                 {"updated_time", now_iso()}});
  world& w = c.w;
  const std::string region = c.region, id = r.id;
  const bool fails = c.fail_async;
  c.later([&w, region, id, fails, as_administrator = c.admin()] {
    heat_finish(w, region, id, fails, as_administrator);
  });
  return reply(204);
}

int limit_of_depth(const context& c) {
  const auto depth = c.q("nested_depth");
  return depth.empty() ? 0 : std::stoi(depth);
}

reply resources(context& c) {
  const record& r = find(c, c.args[2], c.args[1]);
  json::array out;
  if (text(r.body, "stack_status") != "DELETE_COMPLETE")
    for (const auto& one : r.body.at("_resources").as_array()) {
      const bool nested = !text(one.as_object(), "parent_resource").empty();
      if (!nested || limit_of_depth(c) > 0) out.push_back(heat_listed(c, r, one.as_object()));
    }
  return {200, json::object{{"resources", out}}};
}

reply part(context& c, const char* name, const json::value& otherwise) {
  const json::object& body = find(c, c.args[2], c.args[1]).body;
  return {200, body.contains(name) ? body.at(name) : otherwise};
}

reply environment(context& c) { return part(c, "_environment", heat_environment({})); }
reply templ(context& c) { return part(c, "_template", json::object{}); }

reply snapshots(context& c) {
  const json::object& body = find(c, c.args[2], c.args[1]).body;
  const auto* told = body.if_contains("_snapshots");
  return {200, json::object{{"snapshots", told ? *told : json::value(json::array{})}}};
}

/// The newest first, if nothing else is asked for. Only what shows one alone says of what type the
/// resource is.
reply events(context& c) {
  const record& r = find(c, c.args[2], c.args[1]);
  auto all = heat_events(c, r);
  // With a depth Heat looks for the stacks that still hold something.
  const bool deep = limit_of_depth(c) > 0;
  if (deep && r.body.at("_resources").as_array().empty()) all.clear();
  const auto own = heat_address(c, r);
  const auto is_of_another = [&](const json::value& one) {
    return text(one.at("links").as_array().at(1).as_object(), "href") != own;
  };
  if (!deep) all.erase(std::remove_if(all.begin(), all.end(), is_of_another), all.end());
  if (c.q("sort_dir") != "asc") std::reverse(all.begin(), all.end());
  if (c.has("limit")) all.resize(std::min<std::size_t>(all.size(), std::stoul(c.q("limit"))));
  for (auto& one : all) one.as_object().erase("resource_type");
  return {200, json::object{{"events", all}}};
}

reply versions(const context& c) {
  const json::object self{{"rel", "self"}, {"href", c.base + "/v1/"}};
  const json::object v{{"id", "v1.0"}, {"status", "CURRENT"}, {"links", json::array{self}}};
  return {300, json::object{{"versions", json::array{v}}}};
}

constexpr route heat_table[] = {
    {"GET", "v1/*/software_configs", heat_software_configs},
    {"GET", "v1/*/stacks", list},
    {"GET", "v1/*/stacks/detail", list},
    {"POST", "v1/*/stacks", create},
    {"GET", "v1/*/stacks/*", redirect},
    {"DELETE", "v1/*/stacks/*", redirect},
    {"GET", "v1/*/stacks/*/*", show},
    {"DELETE", "v1/*/stacks/*/*", remove},
    {"GET", "v1/*/stacks/*/*/resources", resources},
    {"GET", "v1/*/stacks/*/*/template", templ},
    {"GET", "v1/*/stacks/*/*/events", events},
    {"GET", "v1/*/stacks/*/*/snapshots", snapshots},
    {"GET", "v1/*/stacks/*/*/environment", environment},
};

}  // namespace

reply heat(context& c) {
  if (c.path.empty()) return versions(c);
  if (!c.who) return error_401_json(c);
  if (c.path.size() > 1 && c.path[1] != c.project() && !c.admin())
    fail(403, "HTTPForbidden", "Access was denied to this resource.");
  reply out(404);
  return dispatch(c, heat_table, out) ? out : no_such_path();
}

}  // namespace sandbox
