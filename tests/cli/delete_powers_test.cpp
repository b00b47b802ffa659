// The guards for neighbours stand whatever the caller's role is called: policies may give an
// administrator's power to any.
#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_powers)

namespace {

using sandbox::level;

const char* k_more = "77777777-7777-4777-8777-777777777777";

/// Its administrators have the role on the project already: none is granted for the run.
site cloud_where_it_is_called(const char* role, level how_much = level::plain) {
  sandbox::options o;
  o.admin_role = role;
  return site(how_much, std::move(o));
}

/// As a project that Neutron has not seen yet.
void take_default_group(site& s) {
  s.it.arrange([&](sandbox::world& w) {
    std::string group;
    for (const auto& [seq, r] : w.of("security_group").rows())
      if (r.owner == s.mine.project_id && sandbox::text(r.body, "name") == "default") group = r.id;
    for (auto& [seq, r] : w.of("port").rows()) r.body["security_groups"] = json::array{};
    std::vector<std::string> rules;
    for (const auto& [seq, r] : w.of("security_group_rule").rows())
      if (sandbox::text(r.body, "security_group_id") == group) rules.push_back(r.id);
    for (const auto& id : rules) w.of("security_group_rule").erase(id);
    w.of("security_group").erase(group);
  });
}

void let_in(site& s, const char* role) {
  s.it.grant(s.id_of("user", "admin"), s.mine.project_id, role);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_neighbours_port_keeps_its_server_and_group) {
  for (const char* role : {"Admin", "cloud_admin"}) {
    auto s = cloud_where_it_is_called(role);
    let_in(s, role);
    s.it.change("port", s.theirs.port,
                {{"device_id", s.mine.servers[0]}, {"device_owner", "compute:nova"}});
    const auto others = s.of_others();
    const auto e = s.remove();
    BOOST_TEST(e.code == 3, e.err);
    BOOST_TEST(!s.it.object("server", s.mine.servers[0]).is_null());
    BOOST_TEST(s.it.object("server", s.mine.servers[1]).is_null());
    BOOST_TEST(e.says(s.theirs.port), e.err);
    s.check_others(others);
  }
}

BOOST_AUTO_TEST_CASE(a_stack_that_holds_a_neighbours_server_stays) {
  for (const char* role : {"Admin", "cloud_admin"}) {
    auto s = cloud_where_it_is_called(role, level::extra);
    let_in(s, role);
    json::array all = s.it.object("stack", s.mine.stack).at("_resources").as_array();
    all.push_back(json::object{{"resource_type", "OS::Nova::Server"},
                               {"resource_name", "more"},
                               {"physical_resource_id", s.theirs.servers[0]}});
    s.it.change("stack", s.mine.stack, {{"_resources", std::move(all)}});
    const auto others = s.of_others();
    const auto e = s.remove();
    BOOST_TEST(e.code == 3, e.err);
    BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null());
    s.check_others(others);
  }
}

BOOST_AUTO_TEST_CASE(so_it_does_in_the_callers_own_project) {
  auto s = cloud_where_it_is_called("cloud_admin", level::extra);
  let_in(s, "cloud_admin");
  json::array all = s.it.object("stack", s.mine.stack).at("_resources").as_array();
  all.push_back(json::object{{"resource_type", "OS::Mistral::ExternalResource"},
                             {"resource_name", "more"},
                             {"physical_resource_id", k_more},
                             {"_workflow", json::object{{"server", s.theirs.servers[0]}}}});
  s.it.change("stack", s.mine.stack, {{"_resources", std::move(all)}});
  s.environment["OS_PROJECT_NAME"] = s.mine.name;
  s.environment["OS_USERNAME"] = "admin";
  s.environment["OS_PASSWORD"] = sandbox::cloud::admin_password();
  s.environment["OS_USER_DOMAIN_NAME"] = s.environment["OS_PROJECT_DOMAIN_NAME"] = "Default";
  s.environment["OS_AUTH_URL"] = s.it.auth_url();
  s.environment["OS_CACERT"] = s.home.path("ca.pem");
  s.environment["OS_REGION_NAME"] = "RegionOne";
  s.environment["OS_CLOUD"] = "";
  const auto others = s.of_others();
  const auto e = s.run({"delete", "--auth-project", "--yes", "--skip", "keypair"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null());
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(the_role_that_is_granted_may_be_written_with_capitals) {
  auto s = cloud_where_it_is_called("Admin");
  const auto before = s.assignments();
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
  BOOST_TEST((s.assignments() == before));
}

BOOST_AUTO_TEST_CASE(the_own_project_of_an_administrator_is_protected_by_the_policys_roles) {
  auto s = cloud_where_it_is_called("Admin");
  s.it.change("project", s.id_of("project", "admin"), {{"name", "operations"}});
  const auto e = s.run({"delete", "--project", "operations", "--yes"});
  BOOST_TEST(e.code == 5, e.err);
}

BOOST_AUTO_TEST_CASE(so_it_is_whatever_the_role_is_called) {
  auto s = cloud_where_it_is_called("cloud_admin");
  const auto home = s.id_of("project", "admin");
  s.it.change("project", home, {{"name", "operations"}});
  for (const auto& named : {std::string{"operations"}, home}) {
    const auto e = s.run({"delete", "--project", named, "--yes"});
    BOOST_TEST(e.code == 5, e.err);
    BOOST_TEST(e.says("it is the caller's own"), e.err);
  }
}

BOOST_AUTO_TEST_CASE(a_port_of_a_hidden_server_is_not_taken_for_a_leftover) {
  site s;
  const std::string hidden = s.theirs.servers[0];
  s.it.change("port", s.mine.port, {{"device_id", hidden}, {"device_owner", "compute:nova"}});
  s.who = s.mine.name;
  const auto e = s.run({"delete", "--auth-project", "--yes"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("port", s.mine.port).is_null());
}

BOOST_AUTO_TEST_CASE(a_dry_run_makes_no_default_group) {
  for (const bool has_role : {false, true}) {
    site s;
    if (has_role) let_in(s, "admin");
    take_default_group(s);
    const auto before = s.it.snapshot();
    const auto e = s.run({"delete", "--project", s.mine.name, "--dry-run"});
    BOOST_TEST(e.code == 0, e.err);
    check_same(before, s.it.snapshot());
  }
}

BOOST_AUTO_TEST_CASE(no_room_for_a_default_group_is_no_trouble) {
  site s;
  take_default_group(s);
  s.it.put("_quota", s.mine.project_id, "", {{"security_group_rule", 0}});
  const auto e = s.remove({"--skip", "security_group"});
  BOOST_TEST(e.code == 0, e.err);
  const auto all = s.remove();
  BOOST_TEST(all.code == 0, all.err);
  s.check_empty();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
