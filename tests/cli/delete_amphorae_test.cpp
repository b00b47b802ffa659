// The machines behind a load balancer are Octavia's, and so are their ports on the project's
// networks: they go with the balancer.
#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_amphorae)

namespace {

using sandbox::level;

std::string post(sandbox::client& by, const std::string& path, const char* key,
                 const json::object& body) {
  return text(by.post(path, json::object{{key, body}}).json().at(key), "id");
}

const std::string k_lbaas = "/load-balancer/v2/lbaas/";

/// Gives the balancer a member on another subnet.
void add_member(site& s, sandbox::client& user, const std::string& balancer,
                const std::string& subnet) {
  s.it.settle();
  const auto pool =
      post(user, k_lbaas + "pools", "pool",
           {{"loadbalancer_id", balancer}, {"protocol", "HTTP"}, {"lb_algorithm", "ROUND_ROBIN"}});
  s.it.settle();
  post(user, k_lbaas + "pools/" + pool + "/members", "member",
       {{"address", "10.98.0.9"}, {"protocol_port", 80}, {"subnet_id", subnet}});
  s.it.settle();
}

/// A second subnet of the user's network.
std::string add_subnet(site& s, sandbox::client& user) {
  return post(user, "/network/v2.0/subnets", "subnet",
              {{"network_id", s.mine.stack_network}, {"ip_version", 4}, {"cidr", "10.98.0.0/24"}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(ports_of_amphorae_are_waited_for) {
  for (const bool as_user : {false, true}) {
    site s(level::extra);
    if (as_user) s.who = s.mine.name;
    sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
    add_member(s, user, s.mine.load_balancer, add_subnet(s, user));
    const auto others = s.of_others();
    const auto e =
        as_user ? s.run({"delete", "--auth-project", "--yes", "-f", "json"}) : s.remove();
    BOOST_TEST(e.code == 0, e.err);
    s.check_empty();
    s.check_others(others);
  }
}

/// Two balancers on one subnet, of which one is kept, have an amphora each.
BOOST_AUTO_TEST_CASE(the_amphora_of_one_balancer_keeps_nothing_for_another) {
  site s(level::extra);
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  const auto aside = add_subnet(s, user);
  const auto second =
      post(user, k_lbaas + "loadbalancers", "loadbalancer", {{"vip_subnet_id", s.mine.subnet}});
  add_member(s, user, second, aside);
  s.it.change("loadbalancer", s.mine.load_balancer, {{"tags", json::array{"ostclean:keep"}}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.it.object("subnet", aside).is_null(), e.err);
  BOOST_TEST(s.it.object("loadbalancer", second).is_null(), e.err);
  BOOST_TEST(!s.it.object("subnet", s.mine.subnet).is_null(), e.err);
}

/// On a shared network of the neighbour its user is not shown the amphora's port, and nothing tells
/// what the one beside the members is.
BOOST_AUTO_TEST_CASE(so_they_are_when_the_address_is_on_a_network_of_others) {
  site s(level::extra);
  sandbox::client other(s.it, s.theirs.name, s.theirs.password, s.theirs.name);
  post(other, "/network/v2.0/rbac-policies", "rbac_policy",
       {{"object_type", "network"},
        {"object_id", s.theirs.network},
        {"action", "access_as_shared"},
        {"target_tenant", s.mine.project_id}});
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  const auto balancer =
      post(user, k_lbaas + "loadbalancers", "loadbalancer", {{"vip_subnet_id", s.theirs.subnet}});
  add_member(s, user, balancer, s.mine.subnet);
  const auto others = s.of_others();
  const auto e = s.remove_as_user();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
