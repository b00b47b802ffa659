// Random worlds, the services that stand on others: load balancers, stacks, secrets, zones.
#include <fmt/core.h>

#include "tests/cli/random_world.hpp"

namespace cli {
namespace {

const std::string k_lb = "/load-balancer/v2/lbaas/";

void add_balancer(builder& b, tenant& t) {
  const auto subnet = b.pick(t, "subnet");
  if (subnet.empty()) return;
  const auto id = b.make(t, "loadbalancer", k_lb + "loadbalancers", "loadbalancer",
                         {{"name", b.name()}, {"vip_subnet_id", subnet}});
  const auto n = b.any.between(0, 2);
  for (std::size_t i = 0; i < n; ++i) {
    const auto listener = b.make(t, "listener", k_lb + "listeners", "listener",
                                 {{"loadbalancer_id", id},
                                  {"name", b.name()},
                                  {"protocol", "HTTP"},
                                  {"protocol_port", 80 + i}});
    if (!b.any.chance(60)) continue;
    const auto pool =
        b.make(t, "pool", k_lb + "pools", "pool",
               {{"listener_id", listener}, {"protocol", "HTTP"}, {"lb_algorithm", "ROUND_ROBIN"}});
    json::object member{{"address", "10.0.0.9"}, {"protocol_port", 80}};
    if (b.any.chance(50)) member["subnet_id"] = b.pick(t, "subnet");
    b.make(t, "member", k_lb + "pools/" + pool + "/members", "member", member);
  }
  if (b.any.chance(15)) b.set("loadbalancer", id, {{"provisioning_status", "ERROR"}});
}

json::object listed_resource(const std::string& type, const std::string& id) {
  return {{"logical_resource_id", type + id},
          {"resource_name", type + id},
          {"resource_type", type},
          {"physical_resource_id", id},
          {"resource_status", "CREATE_COMPLETE"}};
}

bool is_made_by_a_stack(builder& b, const std::string& id) {
  for (const auto& [seq, r] : b.w.of("stack").rows())
    for (const auto& one : r.body.at("_resources").as_array())
      if (sandbox::text(one.as_object(), "physical_resource_id") == id) return true;
  return false;
}

/// What Heat made beyond networks: some of the servers and volumes are a stack's, and of one only.
void give_content(builder& b, tenant& t, const std::string& stack) {
  auto& all = b.w.of("stack").find(stack)->body["_resources"].as_array();
  for (const auto& [kind, type] :
       {std::pair("server", "OS::Nova::Server"), std::pair("volume", "OS::Cinder::Volume")}) {
    const auto id = b.pick(t, kind);
    if (!id.empty() && b.any.chance(40) && !is_made_by_a_stack(b, id))
      all.push_back(listed_resource(type, id));
  }
}

void add_secret_container(builder& b, tenant& t, const words& secrets) {
  json::array refs;
  for (const auto& id : secrets)
    refs.push_back(json::object{{"name", b.name()},
                                {"secret_ref", b.w.url + "/key-manager/v1/secrets/" + id}});
  const auto made =
      t.user->call("POST", "/key-manager/v1/containers",
                   json::object{{"name", b.name()}, {"type", "generic"}, {"secret_refs", refs}});
  const auto where = sandbox::text(made.as_object(), "container_ref");
  t.has["secret_container"].push_back(where.substr(where.rfind('/') + 1));
}

/// Whoever uses a secret may say so: things of the project, of a neighbour, or gone by now.
void add_consumer(builder& b, tenant& t, const std::string& secret) {
  static const words kinds{"server", "volume", "image", "loadbalancer"};
  const auto& kind = b.any.one_of(kinds);
  auto id = b.pick(b.any.chance(80) ? t : b.another(t), kind);
  if (id.empty()) id = b.w.uuid();
  t.user->call("POST", "/key-manager/v1/secrets/" + secret + "/consumers",
               json::object{{"service", kind}, {"resource_type", kind}, {"resource_id", id}});
}

std::string add_zone(builder& b, tenant& t, const std::string& name) {
  const auto made = t.user->call("POST", "/dns/v2/zones",
                                 json::object{{"name", name}, {"email", "a@example.org"}});
  auto id = sandbox::text(made.as_object(), "id");
  t.has["zone"].push_back(id);
  b.settle();
  t.user->call(
      "POST", "/dns/v2/zones/" + id + "/recordsets",
      json::object{{"name", "www." + name}, {"type", "A"}, {"records", json::array{"10.0.0.1"}}});
  if (b.any.chance(8)) b.set("zone", id, {{"status", "ERROR"}});
  return id;
}

}  // namespace

void add_balancers(builder& b, tenant& t) {
  const auto n = b.any.between(0, 2);
  for (std::size_t i = 0; i < n; ++i) add_balancer(b, t);
}

void add_stacks(builder& b, tenant& t) {
  const auto n = b.any.between(0, 2);
  for (std::size_t i = 0; i < n; ++i) {
    json::object resources;
    if (b.any.chance(70))
      resources["net"] = json::object{{"type", "OS::Neutron::Net"},
                                      {"properties", json::object{{"name", b.name()}}}};
    const json::object wanted{{"stack_name", fmt::format("stack_{}.{}", i, b.any.below(9))},
                              {"template", json::object{{"resources", resources}}}};
    const auto at = "/orchestration/v1/" + t.project_id + "/stacks";
    if (!b.attempt([&] {
          const auto made = t.user->call("POST", at, wanted);
          t.has["stack"].push_back(sandbox::text(made.at("stack").as_object(), "id"));
        }))
      continue;
    b.settle();
    give_content(b, t, t.has["stack"].back());
  }
}

void add_secrets(builder& b, tenant& t) {
  const auto n = b.any.between(0, 3);
  for (std::size_t i = 0; i < n; ++i) {
    const auto made = t.user->call(
        "POST", "/key-manager/v1/secrets",
        json::object{{"name", b.name()}, {"payload", "x"}, {"payload_content_type", "text/plain"}});
    const auto where = sandbox::text(made.as_object(), "secret_ref");
    t.has["secret"].push_back(where.substr(where.rfind('/') + 1));
    if (b.any.chance(20)) add_consumer(b, t, t.has["secret"].back());
  }
  if (b.any.chance(50)) add_secret_container(b, t, t.has["secret"]);
}

void add_zones(builder& b, tenant& t) {
  const auto n = b.any.between(0, 2);
  for (std::size_t i = 0; i < n; ++i) {
    const auto name = fmt::format("z{}.example.org.", b.w.counters["zone"]++);
    add_zone(b, t, name);
    if (b.any.chance(40)) add_zone(b, t, "child." + name);
    if (b.any.chance(20)) add_zone(b, t, "deep.child." + name);
  }
}

}  // namespace cli
