// Stacks: what a template asks for, made in the other services, and taken away again.
#include "tests/sandbox/nova.hpp"

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

bool network_busy(world& w, const std::string& region, const std::string& network) {
  for (const auto& [seq, p] : w.of(region + "port").rows())
    if (text(p.body, "network_id") == network) return true;
  return false;
}

bool volume_busy(world& w, const std::string& region, const record& volume) {
  for (const auto& [seq, s] : w.of(region + "snapshot").rows())
    if (text(s.body, "volume_id") == volume.id) return true;
  return !volume.body.at("attachments").as_array().empty();
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

bool heat_take_away(world& w, const std::string& region, const std::string& type,
                    const std::string& id);
/// Whether Heat could take this resource away; one that is gone already is no trouble.
bool heat_take_away(world& w, const std::string& region, const std::string& type,
                    const std::string& id) {
  if (type == "OS::Nova::Server") {
    const record* r = w.of(region + "server").find(id);
    if (r && truth(r->body, "locked")) return false;
    nova_finish_delete(w, region, id, false);
    w.of(region + "server").erase(id);
  } else if (type == "OS::Cinder::Volume") {
    const record* r = w.of(region + "volume").find(id);
    if (r && volume_busy(w, region, *r)) return false;
    w.of(region + "volume").erase(id);
  } else if (type == "OS::Neutron::Net") {
    if (network_busy(w, region, id)) return false;
    w.of(region + "network").erase(id);
  } else if (type == "OS::Neutron::RouterInterface") {  // ROUTER:subnet_id=SUBNET
    std::vector<std::string> legs;
    for (const auto& [seq, p] : w.of(region + "port").rows())
      if (id.starts_with(text(p.body, "device_id") + ":subnet_id=") &&
          json::serialize(p.body).find(id.substr(id.find('=') + 1)) != std::string::npos)
        legs.push_back(p.id);
    for (const auto& leg : legs) w.of(region + "port").erase(leg);
  }
  return true;
}

}  // namespace sandbox
