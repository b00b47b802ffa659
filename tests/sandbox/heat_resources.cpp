// Stacks: what a template asks for, made in the other services.
#include "tests/sandbox/world.hpp"

namespace sandbox {
namespace {

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

}  // namespace

json::array heat_resources(context& c);
json::array heat_resources(context& c) {
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

}  // namespace sandbox
