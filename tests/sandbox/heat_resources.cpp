// Stacks: what a template asks for, made in the other services, and taken away again with the
// rights of whoever deletes the stack.
#include <fmt/core.h>

#include "tests/sandbox/nova.hpp"

namespace sandbox {
namespace {

/// Makes what this sandbox knows to make; other types exist in name only.
std::string make_resource(context& c, const std::string& type, const json::object& properties) {
  std::string id = c.w.uuid();
  const std::string owner = c.project();
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

std::string heat_address(const context& c, const record& r);
std::string heat_address(const context& c, const record& r) {
  return fmt::format("{}/v1/{}/stacks/{}/{}", c.base, r.owner, text(r.body, "stack_name"), r.id);
}

json::object heat_listed(const context& c, const record& stack, const json::object& resource);
/// With `_stack`, the id of the nested stack that a resource is, and `_in`, of the one it is in.
json::object heat_listed(const context& c, const record& stack, const json::object& resource) {
  json::object o = shown(resource);
  const record* in = c.of("_nested_stack").find(text(resource, "_in"));
  const std::string at = heat_address(c, in ? *in : stack);
  json::array links{
      json::object{{"href", at + "/resources/" + text(o, "resource_name")}, {"rel", "self"}},
      json::object{{"href", at}, {"rel", "stack"}}};
  if (const record* nested = c.of("_nested_stack").find(text(resource, "_stack")))
    links.push_back(json::object{{"href", heat_address(c, *nested)}, {"rel", "nested"}});
  o["links"] = links;
  o["required_by"] = json::array{};
  return o;
}

json::object heat_environment(const json::object& sent);
json::object heat_environment(const json::object& sent) {
  json::object all{{"parameters", json::object{}},
                   {"parameter_defaults", json::object{}},
                   {"resource_registry", json::object{{"resources", json::object{}}}},
                   {"event_sinks", json::array{}},
                   {"encrypted_param_names", json::array{}}};
  if (const auto* given = sent.if_contains("environment"); given && given->is_object())
    merge(all, given->get_object());
  return all;
}

namespace {

/// One stack's resource that goes.
class remover {
 public:
  remover(world& w, std::string region, const record& stack, bool as_administrator)
      : w_(w), region_(std::move(region)), stack_(stack), as_administrator_(as_administrator) {}

  /// One that is gone already, or is not shown to who deletes it, is no trouble.
  bool take(const json::object& resource) {
    const auto type = meaning(resource);
    const auto id = text(resource, "physical_resource_id");
    if (type == "OS::Nova::Server") return server(id);
    if (type == "OS::Cinder::Volume") return volume(id);
    if (type == "OS::Neutron::Net") return network(id);
    if (type.starts_with("OS::Barbican::")) behind(id);
    if (type == "OS::Neutron::RouterInterface") legs(id);
    if (type == "OS::Octavia::Listener" && seen("listener", id)) of("listener").erase(id);
    if (type == "OS::Neutron::FloatingIPAssociation") disassociate(given(resource));
    if (type == "AWS::EC2::EIPAssociation") disassociate(id);
    if (type == "AWS::EC2::VPC") router_of(id);
    // The workflow is the tenant's, the token that of whoever deletes.
    if (type == "OS::Mistral::ExternalResource")
      if (const auto* doomed = resource.if_contains("_workflow"))
        for (const auto& [kind, one] : doomed->as_object())
          if (seen(std::string(kind), std::string(one.as_string())))
            of(std::string(kind)).erase(std::string(one.as_string()));
    return true;
  }

 private:
  collection& of(const std::string& kind) { return w_.of(region_ + kind); }

  record* seen(const std::string& kind, const std::string& id) {
    record* r = of(kind).find(id);
    return r && (as_administrator_ || r->owner == stack_.owner) ? r : nullptr;
  }

  /// Of the stack, nested or not, that it is in.
  const json::object* environment_of(const json::object& resource) {
    const record* nested = of("_nested_stack").find(text(resource, "_in"));
    const auto* found = (nested ? nested->body : stack_.body).if_contains("_environment");
    return found ? &found->as_object() : nullptr;
  }

  /// The user's environment may put any type in the place of another. A pattern that leads to a
  /// template does nothing.
  std::string meaning(const json::object& resource) {
    auto type = text(resource, "resource_type");
    const auto* environment = environment_of(resource);
    const auto* registry = environment ? environment->if_contains("resource_registry") : nullptr;
    if (!registry) return type;
    for (const auto& [pattern, value] : registry->as_object()) {
      const bool glob = pattern.ends_with('*') && value.is_string() &&
                        !value.get_string().ends_with(".yaml") &&
                        type.starts_with(pattern.substr(0, pattern.size() - 1));
      if (value.is_string() && (pattern == type || glob)) return std::string(value.get_string());
    }
    return type;
  }

  bool server(const std::string& id) {
    const record* r = seen("server", id);
    if (!r) return true;
    if (truth(r->body, "locked")) return false;
    nova_finish_delete(w_, region_, id, as_administrator_);
    of("server").erase(id);
    return true;
  }

  bool volume(const std::string& id) {
    const record* r = seen("volume", id);
    if (r && volume_busy(w_, region_, *r)) return false;
    if (r) of("volume").erase(id);
    return true;
  }

  bool network(const std::string& id) {
    if (!seen("network", id)) return true;
    if (network_busy(w_, region_, id)) return false;
    of("network").erase(id);
    return true;
  }

  /// A secret or a container of secrets, of which Heat knows the URL.
  void behind(const std::string& url) {
    const auto id = url.substr(url.find_last_of('/') + 1);
    for (const char* kind : {"secret", "secret_container"})
      if (seen(kind, id)) of(kind).erase(id);
  }

  /// "ROUTER:subnet_id=SUBNET"
  void legs(const std::string& name) {
    std::vector<std::string> gone;
    for (const auto& [seq, p] : of("port").rows()) {
      const std::string router = text(p.body, "device_id");
      if (name.starts_with(router + ":subnet_id=") && seen("router", router) &&
          json::serialize(p.body).find(name.substr(name.find('=') + 1)) != std::string::npos)
        gone.push_back(p.id);
    }
    for (const auto& leg : gone) of("port").erase(leg);
  }

  /// The property "floatingip_id", which may be a parameter.
  std::string given(const json::object& resource) {
    const auto* templ = stack_.body.if_contains("_template");
    const auto name = text(resource, "resource_name");
    if (!templ || !templ->at("resources").as_object().contains(name)) return {};
    const auto& properties = templ->at("resources").at(name).at("properties").as_object();
    const auto* value = properties.if_contains("floatingip_id");
    if (!value || !value->is_object()) return text(properties, "floatingip_id");
    const auto* environment = environment_of(resource);
    const auto* all = environment ? environment->if_contains("parameters") : nullptr;
    return all ? text(all->as_object(), text(value->as_object(), "get_param")) : std::string{};
  }

  /// The address, by its id or as an address.
  void disassociate(const std::string& wanted) {
    for (auto& [seq, r] : of("floatingip").rows())
      if ((r.id == wanted || text(r.body, "floating_ip_address") == wanted) &&
          seen("floatingip", r.id))
        merge(r.body, {{"port_id", nullptr}, {"fixed_ip_address", nullptr}});
  }

  /// Heat looks for the router that is called as the network is.
  void router_of(const std::string& network) {
    const record* net = seen("network", network);
    if (!net) return;
    const auto name = text(net->body, "name");
    for (const auto& [seq, r] : of("router").rows())
      if (text(r.body, "name") == name && seen("router", r.id)) {
        of("router").erase(std::string(r.id));
        return;
      }
  }

  world& w_;
  std::string region_;
  const record& stack_;
  bool as_administrator_;
};

}  // namespace

// heat_events.cpp
json::array heat_earlier(const record& stack);
std::vector<std::pair<std::string, std::string>> heat_saved(const record& stack);

void heat_finish(world& w, const std::string& region, const std::string& id, bool fails,
                 bool as_administrator);
/// What hangs on something goes before it.
void heat_finish(world& w, const std::string& region, const std::string& id, bool fails,
                 bool as_administrator) {
  record* r = w.of(region + "stack").find(id);
  if (!r) return;
  const auto is_late = [](const json::value& one) {
    const auto type = text(one.as_object(), "resource_type");
    const bool leg = type == "OS::Neutron::RouterInterface";
    return type == "OS::Neutron::Net" ? 3 : leg ? 2 : type == "OS::Cinder::Volume" ? 1 : 0;
  };
  for (const auto& [kind, saved] : heat_saved(*r)) w.of(region + kind).erase(saved);
  json::array all = r->body["_resources"].as_array();
  for (const auto& one : heat_earlier(*r)) all.push_back(one);
  for (int turn = 0; turn < 4; ++turn)
    for (const auto& one : all)
      if (!fails && is_late(one) == turn)
        fails = !remover(w, region, *r, as_administrator).take(one.as_object());
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

}  // namespace sandbox
