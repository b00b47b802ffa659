#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/sandbox/fixture.hpp"

using namespace sandbox;

namespace {

const std::string net = "/network/v2.0/";

std::string type_of(const answer& a) {
  const json::value v = a.json();
  const auto* e = v.is_object() ? v.get_object().if_contains("NeutronError") : nullptr;
  return e ? std::string(e->at("type").as_string()) : "";
}

/// The port that joins a router to the project's network.
std::string interface_port(client& c, const seeded& s) {
  const answer a = c.get(net + "ports?device_owner=network:router_interface&device_id=" + s.router);
  return std::string(a.json().at("ports").at(0).at("id").as_string());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sandbox_network, two_tenants)

BOOST_AUTO_TEST_CASE(what_is_in_use_says_so) {
  const std::vector<std::pair<std::string, std::string>> refusals{
      {"networks/" + mine.network, "NetworkInUse"},
      {"subnets/" + mine.subnet, "SubnetInUse"},
      {"routers/" + mine.router, "RouterInUse"},
      {"ports/" + interface_port(user, mine), "ServicePortInUse"},
      {"security-groups/" + mine.security_group, "SecurityGroupInUse"},
      {"ports/" + mine.rare["parent_port"], "PortInUseAsTrunkParent"},
      {"ports/" + mine.rare["sub_port"], "PortInUseAsSubPort"},
      {"address-groups/" + mine.rare["address_group"], "AddressGroupInUse"},
      {"address-scopes/" + mine.rare["address_scope"], "AddressScopeInUse"},
      {"floatingips/" + mine.rare["floating_ip"], "FipInUseByPortForwarding"}};
  for (const auto& [path, type] : refusals) {
    const answer a = user.send("DELETE", net + path);
    BOOST_TEST(a.status == 409, path);
    BOOST_TEST(type_of(a) == type);
  }
  BOOST_TEST(user.del(net + "subnetpools/" + mine.rare["subnetpool"]) == 400);
  BOOST_TEST(type_of(admin.send("DELETE", net + "qos/policies/" + mine.rare["qos_policy"])) ==
             "QosPolicyInUse");
  BOOST_TEST(user.del(net + "qos/policies/" + mine.rare["qos_policy"]) == 403);
}

BOOST_AUTO_TEST_CASE(an_interface_is_held_by_floating_ips_and_then_by_routes) {
  const std::string remove = net + "routers/" + mine.router + "/remove_router_interface";
  const std::string body = R"({"subnet_id":")" + mine.subnet + "\"}";
  BOOST_TEST(type_of(user.send("PUT", remove, body)) == "RouterInterfaceInUseByFloatingIP");
  BOOST_TEST(user.del(net + "floatingips/" + mine.floating_ip) == 204);
  BOOST_TEST(type_of(user.send("PUT", remove, body)) == "RouterInterfaceInUseByFloatingIP");
  BOOST_TEST(user.del(net + "floatingips/" + mine.rare["floating_ip"] + "/port_forwardings/" +
                      mine.rare["port_forwarding"]) == 204);
  BOOST_TEST(type_of(user.send("PUT", remove, body)) == "RouterInterfaceInUseByRoute");
  user.send("PUT", net + "routers/" + mine.router, R"({"router":{"routes":[]}})");
  BOOST_TEST(user.send("PUT", remove, body).status == 200);
  BOOST_TEST(user.del(net + "routers/" + mine.router) == 204);
}

BOOST_AUTO_TEST_CASE(pages_follow_next_to_the_end) {
  std::string at = net + "ports?limit=2&fields=id";
  std::size_t seen = 0, pages = 0;
  while (!at.empty() && ++pages < 20) {
    const json::value page = user.get(at).json();
    seen += page.at("ports").as_array().size();
    BOOST_TEST(page.at("ports").as_array().size() <= 2u);
    at.clear();
    for (const auto& l : page.at("ports_links").as_array())
      if (l.at("rel").as_string() == "next")
        at = std::string(l.at("href").as_string()).substr(it.url().size());
  }
  BOOST_TEST(seen == user.get(net + "ports").json().at("ports").as_array().size());
  BOOST_TEST(seen >= 7u);
}

BOOST_AUTO_TEST_CASE(filters_repeat_and_unknown_ones_are_refused) {
  const answer two = admin.get(net + "ports?network_id=" + mine.network +
                               "&network_id=" + theirs.network + "&fields=network_id");
  std::set<std::string> networks;
  const json::value both = two.json();
  for (const auto& p : both.at("ports").as_array())
    networks.insert(std::string(p.at("network_id").as_string()));
  BOOST_TEST(networks.size() == 2u);
  BOOST_TEST(user.get(net + "networks?nosuch=1").status == 400);
}

BOOST_AUTO_TEST_CASE(admins_see_every_tenant_and_users_their_own) {
  const auto count = [](client& c) {
    return c.get(net + "networks").json().at("networks").as_array().size();
  };
  BOOST_TEST(count(admin) == 7u);
  BOOST_TEST(count(user) == 4u);
  BOOST_TEST(user.get(net + "networks/" + theirs.network).status == 404);
  BOOST_TEST(user.del(net + "networks/" + theirs.network) == 404);
}

BOOST_AUTO_TEST_CASE(a_shared_network_is_held_by_the_neighbours_port) {
  const json::object rule{{"object_type", "network"},
                          {"object_id", mine.network},
                          {"action", "access_as_shared"},
                          {"target_tenant", theirs.project_id}};
  const answer made = user.post(net + "rbac-policies", json::object{{"rbac_policy", rule}});
  const std::string id(made.json().at("rbac_policy").at("id").as_string());
  client other(it, "neighbour", "trialpw", "neighbour");
  const json::object port{{"port", json::object{{"network_id", mine.network}}}};
  BOOST_TEST(other.post(net + "ports", port).status == 201);
  BOOST_TEST(type_of(user.send("DELETE", net + "rbac-policies/" + id)) == "RbacPolicyInUse");
}

BOOST_AUTO_TEST_CASE(the_default_group_is_not_the_users_to_delete_and_comes_back) {
  const auto groups = [&] {
    return user.get(net + "security-groups?name=default").json().at("security_groups").as_array();
  };
  const std::string id(groups().at(0).at("id").as_string());
  BOOST_TEST(type_of(user.send("DELETE", net + "security-groups/" + id)) ==
             "SecurityGroupCannotRemoveDefault");
  it.change("port", mine.rare["parent_port"], {{"security_groups", json::array{}}});
  it.change("port", mine.rare["sub_port"], {{"security_groups", json::array{}}});
  const json::value ports = user.get(net + "ports").json();
  for (const auto& p : ports.at("ports").as_array())
    it.change("port", std::string(p.at("id").as_string()), {{"security_groups", json::array{}}});
  BOOST_TEST(admin.del(net + "security-groups/" + id) == 204);
  BOOST_TEST(groups().at(0).at("id").as_string() != id);
}

BOOST_AUTO_TEST_CASE(groups_that_name_each_other_can_go) {
  BOOST_TEST(user.del(net + "security-groups/" + mine.rare["group_a"]) == 204);
  BOOST_TEST(user.del(net + "security-groups/" + mine.rare["group_b"]) == 204);
}

BOOST_AUTO_TEST_SUITE_END()
