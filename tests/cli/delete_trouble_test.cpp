// Rule 5: services that fail, lie, are slow or are not there. Nothing is claimed that was not seen.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/cli/meanwhile.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_trouble)

namespace {

using sandbox::level;

void check_nothing_gone(const site& s, const std::map<std::string, std::string>& before) {
  check_same(before, s.it.snapshot());
  BOOST_TEST(s.count("DELETE", "compute") + s.count("DELETE", "volume") +
                 s.count("DELETE", "network") + s.count("DELETE", "image") ==
             0U);
}

/// A leg of the neighbour's router on our subnet; the id of its port.
std::string foreign_leg(site& s) {
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  const json::object port{{"network_id", s.mine.network}, {"project_id", s.theirs.project_id}};
  const auto made = admin.post("/network/v2.0/ports", json::object{{"port", port}}).json();
  std::string id(made.at("port").at("id").as_string());
  const auto added =
      admin.send("PUT", "/network/v2.0/routers/" + s.theirs.router + "/add_router_interface",
                 "{\"port_id\":\"" + id + "\"}");
  BOOST_TEST(added.status == 200, added.body);
  s.it.clear_requests();
  return id;
}

bool left_with(const ending& e, const std::string& id, const std::string& reason) {
  const auto all = e.data();
  for (const auto& project : all.at("projects").as_array())
    for (const auto& one : project.at("failed").as_array())
      if (text(one, "id") == id) return text(one, "reason").find(reason) != std::string::npos;
  return false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_list_that_fails_stops_everything) {
  const std::pair<const char*, const char*> lists[] = {{"volume", "/snapshots/detail"},
                                                       {"compute", "/servers/detail"},
                                                       {"image", "/images"},
                                                       {"orchestration", "/stacks"}};
  for (const auto& [service, path] : lists) {
    site s;
    const auto before = s.it.snapshot();
    s.fail(service, "GET", path, 500);
    const auto e = s.remove();
    BOOST_TEST(e.code == 1, e.err);
    check_one_error(e, "cannot list");
    check_nothing_gone(s, before);
  }
}

BOOST_AUTO_TEST_CASE(a_list_that_is_broken_stops_everything) {
  for (const char* action : {"garbage", "truncate", "not_http", "reset"}) {
    site s;
    const auto before = s.it.snapshot();
    s.fault(action, "network", "GET", "/v2.0/ports");
    const auto e = s.remove();
    BOOST_TEST(e.code == 1, action << ": " << e.err);
    check_one_error(e, "port");
    check_nothing_gone(s, before);
  }
}

BOOST_AUTO_TEST_CASE(a_list_forbidden_to_the_user_is_not_visible) {
  site s;
  s.fail("compute", "GET", "/os-server-groups", 403,
         R"({"forbidden":{"code":403,"message":"Policy doesn't allow it"}})");
  const auto e = s.remove_as_user();
  BOOST_TEST(e.code == 0, e.err);
  auto kinds = texts(e.data().at("projects").at(0).at("not_visible"), "kind");
  std::sort(kinds.begin(), kinds.end());
  // Barbican shows nothing to who may not create: the user holds no more than member.
  BOOST_TEST((kinds == words{"secret", "secret_container", "server_group"}));
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_list_forbidden_to_the_administrator_is_a_failure) {
  site s;
  const auto before = s.it.snapshot();
  s.fail("volume", "GET", "/volumes/detail", 403,
         R"({"forbidden":{"code":403,"message":"Policy doesn't allow it"}})");
  const auto e = s.remove();
  BOOST_TEST(e.code == 4, e.err);
  check_one_error(e, "cannot list volume");
  check_nothing_gone(s, before);
}

BOOST_AUTO_TEST_CASE(a_service_that_is_not_there_is_a_note) {
  sandbox::options o;
  o.services = {"identity", "compute", "network", "volume", "image", "object-store"};
  site s(level::plain, o);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  const auto kinds = texts(e.data().at("projects").at(0).at("absent"), "kind");
  BOOST_TEST(std::count(kinds.begin(), kinds.end(), "stack") == 1);
  BOOST_TEST(e.says("not offered in RegionOne: "), e.err);
  BOOST_TEST(e.says("load_balancer"), e.err);
}

BOOST_AUTO_TEST_CASE(a_server_that_ends_in_error_is_left_and_said) {
  site s;
  const auto others = s.of_others();
  s.fault("fail_async", "compute", "DELETE", s.mine.servers[0]);
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(left_with(e, s.mine.servers[0], "ERROR"), e.out);
  BOOST_TEST(e.says(s.mine.servers[0]), e.err);
  BOOST_TEST(s.it.object("server", s.mine.servers[1]).is_null());
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_volume_in_error_deleting_is_forced_only_when_asked) {
  site s;
  s.fault("fail_async", "volume", "DELETE", "/volumes/" + s.mine.volume);
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(left_with(e, s.mine.volume, "error_deleting"), e.out);
  BOOST_TEST(s.count("POST", "volume", "/action") == 0U);
  const auto forced = s.remove({"--force"});
  BOOST_TEST(forced.code == 0, forced.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_load_balancer_that_is_busy_is_waited_for) {
  site s(level::extra);
  s.it.change("loadbalancer", s.mine.load_balancer, {{"provisioning_status", "PENDING_UPDATE"}});
  auto run = s.start(s.removal());
  BOOST_TEST(s.wait_until([&] { return s.count("DELETE", "load-balancer") > 0; }));
  const auto looks = s.count("GET", "load-balancer");
  BOOST_TEST(s.wait_until([&] { return s.count("GET", "load-balancer") > looks + 3; }));
  BOOST_TEST(s.count("DELETE", "load-balancer") == 1U);
  s.it.change("loadbalancer", s.mine.load_balancer, {{"provisioning_status", "ACTIVE"}});
  const auto e = run.wait();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(conflicts_that_resolve_are_no_failures) {
  site s(level::rare);
  const auto others = s.of_others();
  for (const std::uint64_t nth : {1, 2, 3})
    for (const char* path : {"/ports/", "/networks/", "/security-groups/", "/routers/"}) {
      sandbox::fault f;
      f.service = "network", f.method = "DELETE", f.path = path, f.nth = nth, f.status = 409;
      f.body = R"({"NeutronError":{"type":"InUse","message":"in use","detail":""}})";
      s.it.add_fault(std::move(f));
    }
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_lost_was_still_a_delete) {
  site s;
  s.fault("lost", "compute", "DELETE", "/servers/", 1);
  s.fault("lost", "volume", "DELETE", "/volumes/", 1);
  s.fault("reset", "image", "DELETE", "/images/", 1);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_busy_service_and_a_lost_token_are_survived) {
  site s;
  sandbox::fault busy;
  busy.service = "network", busy.method = "DELETE", busy.status = 429, busy.nth = 1;
  busy.headers = {{"Retry-After", "1"}};
  s.it.add_fault(busy);
  sandbox::fault stale;
  stale.service = "compute", stale.method = "DELETE", stale.status = 401, stale.nth = 1;
  s.it.add_fault(stale);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_foreign_leg_comes_off_an_unshared_network) {
  site s;
  const auto others = s.of_others();
  const auto leg = foreign_leg(s);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  BOOST_TEST(s.it.object("port", leg).is_null());
  BOOST_TEST(!s.it.object("router", s.theirs.router).is_null());
  s.check_others(others);
}

void share_network(site& s) {
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  const json::object policy{{"object_type", "network"},
                            {"object_id", s.mine.network},
                            {"action", "access_as_shared"},
                            {"target_tenant", s.theirs.project_id}};
  const auto shared =
      user.post("/network/v2.0/rbac-policies", json::object{{"rbac_policy", policy}});
  BOOST_TEST(shared.status == 201, shared.body);
}

BOOST_AUTO_TEST_CASE(a_foreign_leg_goes_with_its_router_when_both_are_targets) {
  site s;
  share_network(s);
  foreign_leg(s);
  const auto e = s.run(
      {"delete", "--project", s.mine.name, "--project", s.theirs.name, "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  BOOST_TEST(s.it.object("router", s.theirs.router).is_null());
}

BOOST_AUTO_TEST_CASE(a_foreign_leg_stays_on_a_shared_network) {
  site s;
  share_network(s);
  const auto leg = foreign_leg(s);
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("port", leg).is_null());
  BOOST_TEST(!s.it.object("subnet", s.mine.subnet).is_null());
  BOOST_TEST(!s.it.object("network", s.mine.network).is_null());
  BOOST_TEST(s.it.object("server", s.mine.servers[0]).is_null());
  BOOST_TEST(e.says(s.theirs.project_id), e.err);
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_port_on_a_foreign_device_stays_and_is_listed) {
  site s;
  const auto others = s.of_others();
  s.it.change("port", s.mine.port,
              {{"device_id", s.theirs.servers[0]}, {"device_owner", "compute:nova"}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("port", s.mine.port).is_null());
  BOOST_TEST(left_with(e, s.mine.port, s.theirs.servers[0]), e.out);
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_foreign_port_on_our_network_stays_and_is_said) {
  site s;
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  const json::object port{{"network_id", s.mine.network}, {"project_id", s.theirs.project_id}};
  const auto made = admin.post("/network/v2.0/ports", json::object{{"port", port}}).json();
  const auto id = text(made.at("port"), "id");
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("port", id).is_null());
  BOOST_TEST(e.says(s.mine.network), e.err);
  BOOST_TEST(s.it.object("server", s.mine.servers[0]).is_null());
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(what_is_made_during_the_run_is_left_and_said) {
  site s;
  s.fault("hold", "compute", "DELETE", "", 1);
  json::value made;
  const auto e = run_while(s, s.removal(), [&] {
    sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
    made = user.post("/network/v2.0/security-groups",
                     json::object{{"security_group", json::object{{"name", "late"}}}})
               .json();
  });
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says(text(made.at("security_group"), "id")), e.err);
}

BOOST_AUTO_TEST_CASE(a_look_that_fails_at_the_end_claims_nothing) {
  site s;
  sandbox::fault f;
  f.service = "image", f.method = "GET", f.path = "/v2/images?", f.status = 400;
  f.nth = 3, f.for_good = true;
  s.it.add_fault(std::move(f));
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("not verified"), e.err);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
