// What the project's things hold for others, who would lose it without a word from any service.
#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_carried)

namespace {

using sandbox::level;

/// Left, with who it is that would lose it; and nothing of theirs is touched.
void check_left(site& s, const std::string& kind, const std::string& id, const std::string& whom) {
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object(kind, id).is_null(), kind << " is gone");
  BOOST_TEST(e.says(whom + " of project " + s.theirs.project_id), e.err);
  s.check_others(others);
  BOOST_TEST(s.it.object("server", s.mine.servers[0]).is_null());
}

/// The administrator has made it, for the project.
std::string share(site& s, const char* type, const std::string& id) {
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  const auto made =
      admin.post("/network/v2.0/rbac-policies",
                 json::object{{"rbac_policy", json::object{{"object_type", type},
                                                           {"object_id", id},
                                                           {"action", "access_as_shared"},
                                                           {"target_tenant", "somebody"},
                                                           {"project_id", s.mine.project_id}}}});
  return text(made.json().at("rbac_policy"), "id");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_group_with_a_neighbours_server_stays) {
  site s(level::rare);
  const auto group = s.mine.rare.at("server_group");
  s.it.change("server_group", group,
              {{"members", json::array{s.mine.servers[0], s.theirs.servers[0]}}});
  check_left(s, "server_group", group, "server " + s.theirs.servers[0]);
}

BOOST_AUTO_TEST_CASE(a_group_with_a_server_that_is_gone_goes) {
  site s(level::rare);
  s.it.change("server_group", s.mine.rare.at("server_group"),
              {{"members", json::array{"44444444-4444-4444-8444-444444444444"}}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_floating_ip_in_front_of_a_neighbours_port_stays) {
  for (const bool as_user : {false, true}) {
    site s;
    s.it.change("floatingip", s.mine.floating_ip, {{"port_id", s.theirs.port}});
    if (!as_user) {
      check_left(s, "floatingip", s.mine.floating_ip, "port " + s.theirs.port);
      continue;
    }
    s.who = s.mine.name;
    const auto e = s.run({"delete", "--auth-project", "--yes", "-f", "json"});
    BOOST_TEST(e.code == 3, e.err);
    BOOST_TEST(!s.it.object("floatingip", s.mine.floating_ip).is_null());
    BOOST_TEST(e.says("port " + s.theirs.port + " of another project"), e.err);
  }
}

BOOST_AUTO_TEST_CASE(a_forwarding_to_a_neighbours_port_stays) {
  site s(level::rare);
  const auto forwarding = s.mine.rare.at("port_forwarding");
  s.it.change("port_forwarding", forwarding, {{"internal_port_id", s.theirs.port}});
  check_left(s, "port_forwarding", forwarding, "port " + s.theirs.port);
  BOOST_TEST(!s.it.object("floatingip", s.mine.rare.at("floating_ip")).is_null());
}

BOOST_AUTO_TEST_CASE(a_trunk_on_a_neighbours_port_stays) {
  site s(level::rare);
  const auto trunk = s.mine.rare.at("trunk");
  s.it.change("trunk", trunk, {{"port_id", s.theirs.port}});
  check_left(s, "trunk", trunk, "port " + s.theirs.port);
}

BOOST_AUTO_TEST_CASE(a_share_of_what_is_a_neighbours_stays) {
  for (const bool network : {true, false}) {
    site s;
    const auto id = network ? s.theirs.network : s.theirs.security_group;
    const char* kind = network ? "network" : "security_group";
    const auto policy = share(s, kind, id);
    const auto others = s.of_others();
    const auto e = s.remove();
    BOOST_TEST(e.code == 3, e.err);
    BOOST_TEST(!s.it.object("rbac_policy", policy).is_null());
    BOOST_TEST(e.says("shares " + id + " of project " + s.theirs.project_id), e.err);
    s.check_others(others);
  }
}

/// Each holds the other, and both go.
BOOST_AUTO_TEST_CASE(what_two_projects_of_one_run_hold_for_each_other_goes) {
  site s(level::rare);
  const auto second = s.it.seed_trial_user("trial-02", "trial", "2020-01-01", 14, "", level::rare);
  s.it.change("floatingip", s.mine.floating_ip, {{"port_id", second.port}});
  s.it.change("port_forwarding", second.rare.at("port_forwarding"),
              {{"internal_port_id", s.mine.port}});
  s.it.change("server_group", s.mine.rare.at("server_group"),
              {{"members", json::array{second.servers[0]}}});
  share(s, "network", second.network);
  const auto e = s.run({"delete", "--project", s.mine.name, "--project", second.name, "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  for (const auto& one : {s.mine, second}) {
    BOOST_TEST(s.it.object("floatingip", one.floating_ip).is_null());
    BOOST_TEST(s.it.object("port", one.port).is_null());
    BOOST_TEST(s.it.object("network", one.network).is_null());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
