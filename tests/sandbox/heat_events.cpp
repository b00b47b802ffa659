// What Heat remembers of a stack: events, what those tell of resources that an update has replaced
// and not deleted, and snapshots (heat/api/openstack/v1/events.py, heat/engine/stack.py).
#include <fmt/core.h>

#include <map>

#include "tests/sandbox/world.hpp"

namespace sandbox {

std::string heat_address(const context& c, const record& stack);

namespace {

json::object event_of(const std::string& name, const std::string& id, const std::string& status,
                      const std::string& time) {
  return {{"id", id + "-" + status},    {"resource_name", name},     {"logical_resource_id", name},
          {"physical_resource_id", id}, {"resource_status", status}, {"event_time", time}};
}

/// A resource without an id has Heat's name for it there (Resource._add_event).
std::string id_in_event(const record& stack, const json::object& resource) {
  const auto id = text(resource, "physical_resource_id");
  return id.empty() ? fmt::format("{}-{}-abcdefghijkl", text(stack.body, "stack_name"),
                                  text(resource, "resource_name"))
                    : id;
}

/// How all that is there was made, the stacks within too.
json::array made(context& c, const record& stack) {
  json::array all;
  const auto time = text(stack.body, "creation_time");
  const auto name = text(stack.body, "stack_name");
  all.push_back(event_of(name, stack.id, "CREATE_IN_PROGRESS", time));
  for (const auto& one : stack.body.at("_resources").as_array()) {
    const auto& resource = one.as_object();
    auto event = event_of(text(resource, "resource_name"), id_in_event(stack, resource),
                          "CREATE_COMPLETE", time);
    event["_in"] = text(resource, "_in");
    all.push_back(std::move(event));
    const auto within = text(resource, "_stack");
    if (const record* nested = c.of("_nested_stack").find(within)) {
      auto begun = event_of(text(nested->body, "stack_name"), within, "CREATE_IN_PROGRESS", time);
      begun["_in"] = within;
      all.push_back(std::move(begun));
    }
  }
  all.push_back(event_of(name, stack.id, "CREATE_COMPLETE", time));
  return all;
}

}  // namespace

json::array heat_events(context& c, const record& stack);
/// How it was made, or what the sandbox was told of; the oldest first. With `_in`, the id of the
/// nested stack that it is of.
json::array heat_events(context& c, const record& stack) {
  json::array all;
  const auto* told = stack.body.if_contains("_events");
  for (const auto& one : told ? told->as_array() : made(c, stack)) {
    json::object event = shown(one.as_object());
    const record* in = c.of("_nested_stack").find(text(one.as_object(), "_in"));
    const std::string at = heat_address(c, in ? *in : stack);
    const auto self = fmt::format("{}/resources/{}/events/{}", at, text(event, "resource_name"),
                                  text(event, "id"));
    event.emplace("links", json::array{json::object{{"href", self}, {"rel", "self"}},
                                       json::object{{"href", at}, {"rel", "stack"}}});
    all.push_back(std::move(event));
  }
  return all;
}

json::array heat_earlier(const record& stack);
/// Heat deletes them with the stack; its list of resources has one of each name.
json::array heat_earlier(const record& stack) {
  const auto* told = stack.body.if_contains("_events");
  std::map<std::string, json::object> last;
  if (told)
    for (const auto& one : told->as_array())
      last[text(one.as_object(), "physical_resource_id")] = one.as_object();
  for (const auto& one : stack.body.at("_resources").as_array())
    last.erase(text(one.as_object(), "physical_resource_id"));
  json::array all;
  for (const auto& [id, event] : last)
    if (event.contains("resource_type") && text(event, "resource_status") != "DELETE_COMPLETE")
      all.push_back(event);
  return all;
}

std::vector<std::pair<std::string, std::string>> heat_saved(const record& stack);
/// {kind, id} of what its snapshots have made: images of servers, backups of volumes.
std::vector<std::pair<std::string, std::string>> heat_saved(const record& stack) {
  std::vector<std::pair<std::string, std::string>> all;
  const auto* snapshots = stack.body.if_contains("_snapshots");
  if (!snapshots) return all;
  for (const auto& one : snapshots->as_array())
    for (const auto& [name, resource] : one.at("data").at("resources").as_object()) {
      const auto& data = resource.at("resource_data").as_object();
      for (const auto& [kind, key] :
           {std::pair("image", "snapshot_image_id"), std::pair("backup", "backup_id")})
        if (data.contains(key)) all.emplace_back(kind, text(data, key));
    }
  return all;
}

reply heat_software_configs(context& c);
/// Of all projects, and with the name of each, to an administrator (heat/db/api.py:
/// software_config_get_all).
reply heat_software_configs(context& c) {
  json::array out;
  for (const auto& [seq, r] : c.of("software_config").rows()) {
    if (!c.admin() && r.owner != c.project()) continue;
    json::object one = shown(r.body);
    if (c.admin()) one["project"] = r.owner;
    out.push_back(std::move(one));
  }
  return {200, json::object{{"software_configs", out}}};
}

}  // namespace sandbox
