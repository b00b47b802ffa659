// What came after a plan was made, under any name and in any run that carries the plan out, stays.
#include <boost/test/unit_test.hpp>

#include "tests/cli/meanwhile.hpp"
#include "tests/sandbox/client.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_planned)

namespace {

/// The user's own client.
sandbox::client owner(const site& s) { return {s.it, s.mine.name, s.mine.password, s.mine.name}; }

std::string path_of(const site& s, const std::string& in_the_account) {
  return "/object-store/v1/AUTH_" + s.mine.project_id + "/" + in_the_account;
}

/// Heat makes one thing more for the stack of the target: a network. Its id.
std::string grown_stack(site& s) {
  const auto made = owner(s).post("/network/v2.0/networks", {{"network", {{"name", "grown"}}}});
  std::string id = text(made.json().at("network"), "id");
  json::array holds = s.it.object("stack", s.mine.stack).at("_resources").as_array();
  json::object one = holds.at(0).as_object();
  one["resource_type"] = "OS::Neutron::Net", one["physical_resource_id"] = id;
  one["resource_name"] = "grown";
  holds.push_back(std::move(one));
  s.it.change("stack", s.mine.stack, {{"_resources", holds}});
  return id;
}

sandbox::options two_names() {
  sandbox::options o;
  o.internal_localhost = true;
  return o;
}

/// The cloud by another of its names.
manner by_localhost(site& s) {
  BOOST_TEST_REQUIRE(s.run({"auth"}).code == 0);  // which writes clouds.yaml
  auto clouds = contents(s.home.path("clouds.yaml"));
  for (std::size_t at = 0; (at = clouds.find("127.0.0.1", at)) != std::string::npos;)
    clouds.replace(at, 9, "localhost");
  manner how;
  how.environment["OS_CLIENT_CONFIG_FILE"] = s.home.write("localhost.yaml", clouds);
  return how;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_plan_is_applied_at_each_url_of_its_cloud) {
  site s(sandbox::level::plain, two_names());
  const auto file = s.plan();
  const auto e = s.run({"delete", "--apply", file, "--yes"}, by_localhost(s));
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

/// Of a second Keystone in the catalog.
BOOST_AUTO_TEST_CASE(a_plan_is_applied_where_the_catalog_has_two_keystones) {
  sandbox::options o;
  o.further_types = {"identity"};
  site s(sandbox::level::plain, o);
  const auto file = s.plan();
  const auto e = s.run({"delete", "--apply", file, "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_run_is_resumed_at_each_url_of_its_cloud) {
  site s(sandbox::level::plain, two_names());
  s.fault("hold", "", "DELETE", "", 3);
  s.kill_at_fault({"delete", "--project", s.mine.name, "--yes"});
  const auto e = s.run({"delete", "--resume", "--yes"}, by_localhost(s));
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(another_cloud_at_the_same_url_is_another_one) {
  site s;
  const auto file = s.plan();
  s.it.arrange([](sandbox::world& w) { w.mark = "another"; });
  s.it.clear_requests();
  const auto there = s.it.snapshot();
  const auto e = s.run({"delete", "--apply", file, "--yes"});
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "where Keystone has another id in the catalog by now");
  BOOST_TEST(s.changes().empty());
  check_same(there, s.it.snapshot());
}

/// A cloud that was made from another one's database, to rehearse on, has all its ids.
BOOST_AUTO_TEST_CASE(the_plan_and_the_journal_of_a_copy_are_refused) {
  site s, copy;
  std::string mark;
  s.it.arrange([&](sandbox::world& w) { mark = w.mark; });
  copy.it.arrange([&](sandbox::world& w) { w.mark = mark; });
  const auto plan = s.home.write("copy.json", contents(copy.plan()));
  copy.fault("hold", "", "DELETE", "", 3);
  copy.kill_at_fault(
      {"delete", "--project", copy.mine.name, "--yes", "--journal", copy.home.path("j.jsonl")});
  const auto journal = s.home.write("copy.jsonl", contents(copy.home.path("j.jsonl")));
  const auto before = s.it.snapshot();
  for (const words& args : {words{"delete", "--apply", plan, "--yes"},
                            {"delete", "--resume", "--journal", journal, "--yes"}}) {
    const auto e = s.run(args);
    BOOST_TEST(e.code == 2, e.err);
    check_one_error(e, "is of another cloud: " + copy.it.auth_url());
  }
  BOOST_TEST(s.changes().empty());
  check_same(before, s.it.snapshot());
}

BOOST_AUTO_TEST_CASE(runs_at_two_urls_of_a_cloud_exclude_each_other) {
  site s;
  const auto there = by_localhost(s);
  s.fault("hold", "compute", "DELETE", "");
  const words args{"delete", "--project", s.mine.name, "--yes"};
  const auto e = run_while(s, args, [&] {
    const auto second = s.run(args, there);
    BOOST_TEST(second.code == 5, second.err);
    check_one_error(second, "another run is working on project");
  });
  BOOST_TEST(e.code == 0, e.err);
}

BOOST_AUTO_TEST_CASE(a_resumed_apply_is_as_old_as_its_plan) {
  site s;
  const auto file = s.plan();
  owner(s).send("PUT", path_of(s, s.mine.container + "/late"), "x", {});
  s.fail("network", "DELETE", "/networks/", 400);
  BOOST_TEST(s.run({"delete", "--apply", file, "--yes"}).code == 3);
  BOOST_TEST(s.run({"delete", "--resume", "--yes"}).code == 3);
  s.it.set_faults({});
  const auto e = s.run({"delete", "--resume", "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  const words late{s.mine.container + "/late"};
  BOOST_TEST((s.rest().at("object") == late));
  BOOST_TEST(s.rest().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_key_pair_made_anew_under_a_planned_name_stays) {
  site s;
  auto user = owner(s);
  const std::string keys = "/compute/v2.1/os-keypairs";
  user.post(keys, {{"keypair", {{"name", "spare"}}}});
  const auto file = s.plan();
  BOOST_TEST(user.del(keys + "/spare") < 300);
  user.post(keys, {{"keypair", {{"name", "spare"}}}});
  const auto e = s.run({"delete", "--apply", file, "--yes", "-f", "json"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("is not the object that was planned"), e.err);
  BOOST_TEST(!s.it.object("keypair", s.mine.user_id + "/spare").is_null());
  BOOST_TEST(s.it.object("keypair", s.mine.user_id + "/" + s.mine.keypair).is_null());
}

BOOST_AUTO_TEST_CASE(a_container_made_anew_under_a_planned_name_stays) {
  site s;
  auto user = owner(s);
  user.send("PUT", path_of(s, "spare"));
  const auto file = s.plan();
  BOOST_TEST(user.del(path_of(s, "spare")) < 300);
  user.send("PUT", path_of(s, "spare"));
  const auto e = s.run({"delete", "--apply", file, "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.out.find("was made, or made anew, after the plan") != std::string::npos, e.out);
  BOOST_TEST((s.rest().at("container") == words{"spare"}));
  BOOST_TEST(s.rest().size() == 1U);
}

BOOST_AUTO_TEST_CASE(where_the_account_shows_no_times_the_headers_of_a_container_tell_its_age) {
  site s;
  const auto file = s.plan();
  sandbox::fault f;
  f.service = "object-store", f.method = "GET", f.path = "AUTH_" + s.mine.project_id + "?";
  f.nth = 1, f.status = 200, f.body = R"([{"name":")" + s.mine.container + R"(","count":3}])";
  f.headers = {{"Content-Type", "application/json"}};
  s.it.add_fault(f);
  const auto e = s.run({"delete", "--apply", file, "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.it.met_fault());
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(what_a_chosen_stack_has_made_since_keeps_it) {
  for (const bool grown : {true, false}) {
    site s(sandbox::level::extra);
    const auto file = s.plan({"--only", "stack"});
    const auto plan = json::parse(contents(file));
    BOOST_TEST((texts(plan.at("objects"), "id") == words{s.mine.stack}));
    BOOST_TEST((texts(plan.at("along"), "id") == words{s.mine.stack_network}));
    const auto fresh = grown ? grown_stack(s) : std::string{};
    const auto e = s.run({"delete", "--apply", file, "--yes", "-f", "json"});
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(s.it.object("stack", s.mine.stack).is_null() != grown);
    BOOST_TEST(s.it.object("network", s.mine.stack_network).is_null() != grown);
    if (!grown) continue;
    BOOST_TEST(!s.it.object("network", fresh).is_null());
    BOOST_TEST(e.out.find("which stays: not in the plan") != std::string::npos, e.out);
  }
}

BOOST_AUTO_TEST_CASE(so_does_a_port_that_a_chosen_server_has_got_since) {
  for (const bool since : {true, false}) {
    site s;
    const auto file = s.plan({"--only", "server"});
    const auto server = s.mine.servers.front();
    auto port = json::object{{"network_id", s.mine.network}, {"device_id", server}};
    port["device_owner"] = "compute:nova";
    if (since) owner(s).post("/network/v2.0/ports", {{"port", port}});
    const auto e = s.run({"delete", "--apply", file, "--yes"});
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(s.it.object("server", server).is_null() != since);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
