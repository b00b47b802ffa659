#include "tests/cli/random_rare.hpp"

#include <cstdlib>

namespace cli {
namespace {

void let_administrators_in(builder& b, const std::string& role) {
  std::string who;
  for (const auto& [seq, user] : b.w.of("user").rows())
    if (sandbox::text(user.body, "name") == "admin") who = user.id;
  for (const auto& t : b.tenants)
    if (t.ours)
      b.admin.call("PUT", "/identity/v3/projects/" + t.project_id + "/users/" + who + "/roles/" +
                              b.w.role_id(role));
}

json::object in_stack(builder& b, const std::string& type, const std::string& id) {
  const auto name = "more" + std::to_string(b.w.counters["more"]++);
  return {{"logical_resource_id", name},
          {"resource_name", name},
          {"resource_type", type},
          {"physical_resource_id", id},
          {"resource_status", "CREATE_COMPLETE"}};
}

/// A thing of another tenant's, which the template names as one of its own.
json::object of_another(builder& b, tenant& whose) {
  static const std::vector<std::pair<const char*, const char*>> types{
      {"server", "OS::Nova::Server"},    {"volume", "OS::Cinder::Volume"},
      {"network", "OS::Neutron::Net"},   {"listener", "OS::Octavia::Listener"},
      {"port", "OS::Neutron::Port"},     {"router", "OS::Neutron::Router"},
      {"subnet", "OS::Neutron::Subnet"}, {"floatingip", "OS::Neutron::FloatingIP"},
      {"network", "OS::Neutron::Net"},   {"server", "OS::Nova::Server"}};
  const auto& [kind, type] = b.any.one_of(types);
  return in_stack(b, type, b.pick(whose, kind));
}

json::object leg_of_another(builder& b, const tenant& whose) {
  for (const auto& [seq, p] : b.w.of("port").rows())
    if (p.owner == whose.project_id &&
        sandbox::text(p.body, "device_owner") == "network:router_interface")
      return in_stack(
          b, "OS::Neutron::RouterInterface",
          sandbox::text(p.body, "device_id") + ":subnet_id=" +
              sandbox::text(p.body.at("fixed_ips").as_array()[0].as_object(), "subnet_id"));
  return {};
}

/// It deletes with the rights of whoever deletes the stack. An environment may call it otherwise.
json::object workflow(builder& b, json::object& stack, const tenant& whose) {
  static const words kinds{"server", "volume", "network", "image"};
  const auto& kind = b.any.one_of(kinds);
  const auto doomed = b.pick(whose, kind);
  const std::string type = "OS::Mistral::ExternalResource", other = "OS::Heat::RandomString";
  const bool renamed = b.any.chance(30);
  if (renamed) stack["_environment"].as_object()["resource_registry"] = json::object{{other, type}};
  auto made = in_stack(b, renamed ? other : type, b.w.uuid());
  if (!doomed.empty()) made["_workflow"] = json::object{{kind, doomed}};
  return made;
}

json::object content(builder& b, json::object& stack, tenant& whose) {
  static const words unknown{"Corp::Own::Thing", "OS::Zaqar::MistralTrigger",
                             "OS::Mistral::Workflow"};
  const auto way = b.any.below(10);
  if (way < 3) return of_another(b, whose);
  if (way < 4) return leg_of_another(b, whose);
  if (way < 6) return in_stack(b, b.any.one_of(unknown), b.w.uuid());
  if (way < 9) return workflow(b, stack, whose);
  return in_stack(b, "OS::Heat::Value", b.w.uuid());  // harms nobody
}

/// What Heat would do to others with an administrator's rights, and with its user's would not.
void add_harmful_content(builder& b) {
  for (auto& t : b.tenants)
    for (const auto& id : t.has["stack"]) {
      auto* stack = b.w.of("stack").find(id);
      if (!stack || b.tenants.size() == 1 || !b.any.chance(60)) continue;
      auto made = content(b, stack->body, b.another(t));
      if (!sandbox::text(made, "physical_resource_id").empty())
        stack->body["_resources"].as_array().push_back(std::move(made));
    }
}

/// The tag that Heat's own settings hide; some have another one beside it.
void hide_stacks(builder& b) {
  for (const auto& t : b.tenants)
    for (const auto& [kind, ids] : t.has)
      for (const auto& id : ids) {
        if (kind != "stack" || !b.any.chance(60)) continue;
        json::array tags{"data-processing-cluster"};
        if (b.any.chance(20)) tags.emplace_back(k_keep_tag);
        b.set(kind, id, {{"tags", std::move(tags)}});
      }
}

/// As after a DELETE with reclaim_instance_interval: nobody but an administrator is shown them.
void set_servers_aside(builder& b) {
  for (auto& [seq, r] : b.w.of("server").rows())
    if (b.any.chance(35) && !sandbox::text(r.body, "OS-EXT-STS:vm_state").starts_with("shelved"))
      sandbox::merge(r.body, {{"status", "SOFT_DELETED"},
                              {"OS-EXT-STS:vm_state", "soft-delete"},
                              {"OS-EXT-STS:task_state", nullptr}});
}

/// Servers of anybody are there as before, and in no list that is worth anything.
void take_a_cell_down(builder& b) {
  for (auto& [seq, r] : b.w.of("server").rows())
    if (b.any.chance(20)) r.body["_cell_down"] = true;
}

}  // namespace

/// The dice fall the same way whatever is asked for.
bool rarity::throws(unsigned percent, const char* name) {
  const char* asked = std::getenv("OSTCLEAN_WORLDS_RARE");
  const bool it_is =
      any_.chance(percent) || (asked && std::string(asked).find(name) != std::string::npos);
  if (it_is) told_ += std::string(told_.empty() ? "" : " ") + name;
  return it_is;
}

rarity::rarity(std::uint64_t seed) : any_(seed + 0x9e3779b97f4a7c15U) {
  static const words names{"Admin", "cloud_admin", "operator"};
  const auto& name = any_.one_of(names);
  if (throws(10, "role")) admin_role = name;
  harmful_stacks_ = throws(12, "stacks");
  hidden_stacks_ = throws(12, "hidden");
  set_aside_ = throws(8, "aside");
  sets_aside = throws(6, "reclaim");
  cell_down_ = throws(7, "cell");
}

std::string rarity::told() const {
  return told_.empty() ? told_ : "rare: " + told_ + " (" + admin_role + ")";
}

sandbox::options rarity::options() const {
  sandbox::options o;
  o.admin_role = admin_role;
  o.soft_delete = sets_aside;
  return o;
}

void rarity::add(sandbox::world& w, std::vector<tenant>& tenants) {
  builder b(any_, w, tenants);
  if (lends_no_role()) let_administrators_in(b, admin_role);
  if (harmful_stacks_) add_harmful_content(b);
  if (hidden_stacks_) hide_stacks(b);
  if (set_aside_) set_servers_aside(b);
  if (cell_down_) take_a_cell_down(b);
  w.settle();
}

}  // namespace cli
