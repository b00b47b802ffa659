#include <boost/test/unit_test.hpp>

#include "tests/sandbox/fixture.hpp"

using namespace sandbox;

BOOST_FIXTURE_TEST_SUITE(sandbox_services, two_tenants)

BOOST_AUTO_TEST_CASE(heat_shows_an_admin_everybodys_stacks) {
  const std::string admin_project(admin.get("/identity/v3/projects?name=admin")
                                      .json()
                                      .at("projects")
                                      .at(0)
                                      .at("id")
                                      .as_string());
  const std::string at = "/orchestration/v1/" + admin_project + "/stacks";
  const json::value all = admin.get(at).json();
  BOOST_TEST(all.at("stacks").as_array().size() == 2u);
  BOOST_TEST(all.at("stacks").at(0).at("project").as_string() == theirs.project_id);
  const std::string own = "/orchestration/v1/" + mine.project_id + "/stacks";
  BOOST_TEST(user.get(own).json().at("stacks").as_array().size() == 1u);
  BOOST_TEST(user.get(at).status == 403);
  BOOST_TEST(user.get(own + "/" + mine.stack).status == 302);
}

BOOST_AUTO_TEST_CASE(a_deleted_stack_takes_its_network_and_still_answers) {
  it.set_async_delay(std::chrono::milliseconds(0));
  const std::string stacks = "/orchestration/v1/" + mine.project_id + "/stacks";
  const std::string one = stacks + "/" + mine.name + "-stack/" + mine.stack;
  BOOST_TEST(user.del(one) == 204);
  BOOST_TEST(user.get(one).json().at("stack").at("stack_status").as_string() == "DELETE_COMPLETE");
  BOOST_TEST(user.get(stacks).json().at("stacks").as_array().empty());
  BOOST_TEST(user.get("/network/v2.0/networks/" + mine.stack_network).status == 404);
}

BOOST_AUTO_TEST_CASE(a_load_balancer_goes_whole_or_not_at_all) {
  const std::string lb = "/load-balancer/v2.0/lbaas/";
  const std::string one = lb + "loadbalancers/" + mine.load_balancer;
  BOOST_TEST(user.del(one) == 400);
  BOOST_TEST(user.del(lb + "pools/" + mine.rare["lb_pool"]) == 204);
  BOOST_TEST(user.del(lb + "listeners/" + mine.rare["listener"]) == 409);
  BOOST_TEST(settled(lb + "pools/" + mine.rare["lb_pool"]) == 404);
  const std::string vip(user.get(one).json().at("loadbalancer").at("vip_port_id").as_string());
  BOOST_TEST(user.del(one + "?cascade=true") == 204);
  BOOST_TEST(user.del(one + "?cascade=true") == 409);
  BOOST_TEST(settled(one) == 404);
  BOOST_TEST(user.get(lb + "listeners").json().at("listeners").as_array().empty());
  BOOST_TEST(user.get("/network/v2.0/ports/" + vip).status == 404);
}

BOOST_AUTO_TEST_CASE(zones_of_others_need_the_header) {
  const std::map<std::string, std::string> all{{"X-Auth-All-Projects", "true"}};
  BOOST_TEST(admin.get("/dns/v2/zones").json().at("zones").as_array().empty());
  BOOST_TEST(admin.send("GET", "/dns/v2/zones", "", all).json().at("zones").as_array().size() ==
             2u);
  BOOST_TEST(user.send("GET", "/dns/v2/zones", "", all).status == 403);
  const std::string one = "/dns/v2/zones/" + mine.zone;
  BOOST_TEST(admin.del(one) == 404);
  BOOST_TEST(admin.send("DELETE", one, "", all).status == 202);
  BOOST_TEST(settled(one) == 404);
}

BOOST_AUTO_TEST_CASE(secrets_page_by_offset_and_are_closed_to_admins) {
  const std::string at = "/key-manager/v1/secrets";
  for (int i = 0; i < 4; ++i) user.post(at, json::object{{"name", "s"}});
  std::size_t seen = 0;
  std::string next = at + "?limit=2";
  while (!next.empty() && seen < 20) {
    const json::value p = user.get(next).json();
    seen += p.at("secrets").as_array().size();
    const auto* more = p.as_object().if_contains("next");
    next = more ? std::string(more->as_string()).substr(it.url().size()) : "";
  }
  BOOST_TEST(seen == 5u);
  BOOST_TEST(admin.get(at).json().at("secrets").as_array().empty());
  BOOST_TEST(admin.del(at + "/" + mine.secret) == 403);
  BOOST_TEST(user.del(at + "/" + mine.secret) == 204);
  BOOST_TEST(user.del(at + "/" + mine.secret) == 404);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(sandbox_faults, two_tenants)

namespace {

fault on(const char* action, std::uint64_t nth = 0) {
  fault f;
  f.path = "/v2.0/networks";
  f.action = action;
  f.nth = nth;
  return f;
}

const std::string networks = "/network/v2.0/networks";

}  // namespace

BOOST_AUTO_TEST_CASE(a_status_with_headers_for_the_nth_request_only) {
  fault f = on("status", 2);
  f.status = 429, f.headers = {{"Retry-After", "7"}}, f.body = "slow down";
  it.add_fault(f);
  BOOST_TEST(user.get(networks).status == 200);
  const answer a = user.get(networks);
  BOOST_TEST(a.status == 429);
  BOOST_TEST(a.headers.at("retry-after") == "7");
  BOOST_TEST(a.body == "slow down");
  BOOST_TEST(user.get(networks).status == 200);
}

BOOST_AUTO_TEST_CASE(broken_connections_and_bodies) {
  for (const char* action : {"reset", "truncate", "not_http"}) {
    it.set_faults({on(action)});
    BOOST_TEST(user.get(networks).status == 0, action);
  }
  it.set_faults({on("garbage")});
  BOOST_TEST(user.get(networks).status == 200);
  BOOST_TEST(user.get(networks).json().is_null());
  it.set_faults({});
  BOOST_TEST(user.get(networks).json().is_object());
}

BOOST_AUTO_TEST_CASE(a_lost_answer_still_happened) {
  fault f;
  f.method = "DELETE", f.action = "lost";
  it.add_fault(f);
  const std::string key = "/compute/v2.1/os-keypairs/" + mine.keypair;
  BOOST_TEST(user.send("DELETE", key).status == 0);
  BOOST_TEST(user.get(key).status == 404);
}

BOOST_AUTO_TEST_CASE(a_gateway_that_gives_up_too_early_still_passed_it_on) {
  fault f;
  f.method = "DELETE", f.action = "late_status", f.status = 502;
  it.add_fault(f);
  const std::string key = "/compute/v2.1/os-keypairs/" + mine.keypair;
  BOOST_TEST(user.send("DELETE", key).status == 502);
  BOOST_TEST(user.get(key).status == 404);
}

BOOST_AUTO_TEST_CASE(nobody_listens_for_a_while) {
  fault f = on("refused", 1);
  f.wait = std::chrono::hours(1);
  it.add_fault(f);
  BOOST_TEST(!it.met_fault());
  for (int i = 0; i < 2; ++i) BOOST_TEST(user.get(networks).status == 0);
  BOOST_TEST(it.met_fault());
  it.set_faults({});
  BOOST_TEST(user.get(networks).status == 200);
}

BOOST_AUTO_TEST_CASE(what_fails_for_good_fails_alone) {
  fault f;
  f.nth = 2, f.for_good = true;
  it.add_fault(f);
  const std::string ports = "/network/v2.0/ports";
  BOOST_TEST(user.get(networks).status == 200);
  for (int i = 0; i < 2; ++i) BOOST_TEST(user.get(ports).status == 503);
  BOOST_TEST(user.get(networks).status == 200);
}

BOOST_AUTO_TEST_CASE(a_fault_that_nothing_came_of_is_named) {
  cloud other;
  fault optional = on("status");
  optional.optional = true;
  other.set_faults({optional, on("reset", 2), on("inject"), on("ignore_filter")});
  other.set_faults({on("status")});  // what is taken back counts as well
  client someone(other, "admin", cloud::admin_password(), "admin");
  BOOST_TEST(other.unmet_faults().size() == 4u);
  BOOST_TEST(someone.get(networks).status == 503);
  const std::vector<std::string> unmet{"reset of any  /v2.0/networks (number 2; 0 matched)",
                                       "inject of any  /v2.0/networks (each; 0 matched)",
                                       "ignore_filter of any  /v2.0/networks (each; 0 matched)"};
  BOOST_TEST(other.unmet_faults() == unmet, boost::test_tools::per_element());
}

/// A stranger in an answer that is no list, and a list of a service that filters nothing.
BOOST_AUTO_TEST_CASE(a_lie_that_nobody_could_tell_came_to_nothing) {
  cloud other;
  client someone(other, "admin", cloud::admin_password(), "admin");
  fault inject = on("inject"), blind = on("ignore_filter");
  inject.path = "/v3/users/nobody", blind.path = "/object-store/info";
  other.set_faults({inject, blind});
  someone.get("/identity/v3/users/nobody");
  someone.get("/object-store/info");
  BOOST_TEST(other.met_fault());
  BOOST_TEST(other.unmet_faults().size() == 2u);
}

BOOST_AUTO_TEST_CASE(lengths_that_lie) {
  it.set_faults({on("underlong", 1)});
  const answer a = user.get(networks);
  BOOST_TEST(a.status == 200);
  BOOST_TEST(a.json().is_null());
}

BOOST_AUTO_TEST_CASE(a_delay_delays) {
  fault f = on("delay");
  f.wait = std::chrono::milliseconds(150);
  it.add_fault(f);
  const auto from = std::chrono::steady_clock::now();
  BOOST_TEST(user.get(networks).status == 200);
  BOOST_TEST((std::chrono::steady_clock::now() - from >= f.wait));
}

BOOST_AUTO_TEST_CASE(a_service_that_ignores_filters_shows_the_neighbours) {
  it.add_fault(on("ignore_filter"));
  bool foreign = false;
  const answer a = admin.get(networks + "?project_id=" + mine.project_id);
  const json::value all = a.json();
  for (const auto& n : all.at("networks").as_array())
    foreign = foreign || n.at("project_id").as_string() == theirs.project_id;
  BOOST_TEST(foreign);
}

BOOST_AUTO_TEST_CASE(an_injected_object_joins_the_list) {
  fault f = on("inject");
  f.object = {{"id", "foreign"}};
  it.add_fault(f);
  const json::value all = user.get(networks).json();
  BOOST_TEST(all.at("networks").as_array().back().at("id").as_string() == "foreign");
}

BOOST_AUTO_TEST_CASE(the_log_knows_who_asked_for_what) {
  it.clear_requests();
  user.get(networks + "?limit=1");
  const auto log = it.requests();
  BOOST_REQUIRE(log.size() == 1u);
  BOOST_TEST(log[0].path == networks);
  BOOST_TEST(log[0].query == "limit=1");
  BOOST_TEST(log[0].status == 200);
  BOOST_TEST(log[0].project == mine.project_id);
  BOOST_TEST(log[0].user == mine.user_id);
}

BOOST_AUTO_TEST_CASE(a_snapshot_notices_what_happens_to_others) {
  const auto before = it.snapshot(mine.project_id);
  user.del("/image/v2/images/" + mine.private_image);
  BOOST_TEST((it.snapshot(mine.project_id) == before));
  client other(it, "neighbour", "trialpw", "neighbour");
  other.del("/image/v2/images/" + theirs.private_image);
  BOOST_TEST((it.snapshot(mine.project_id) != before));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sandbox_regions)

BOOST_AUTO_TEST_CASE(distinct_regions_share_people_and_nothing_else) {
  options o;
  o.distinct_regions = true;
  two_tenants t(level::plain, o);
  BOOST_TEST(t.user.get("/compute/v2.1/servers").json().at("servers").as_array().size() == 2u);
  BOOST_TEST(t.user.get("/r2/compute/v2.1/servers").json().at("servers").as_array().empty());
  BOOST_TEST(t.user.get("/r2/network/v2.0/networks").json().at("networks").as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_service_that_is_not_offered_is_not_in_the_catalog) {
  options o;
  o.services = {"identity", "network"};
  cloud c(o);
  client admin(c, "admin", cloud::admin_password(), "admin");
  BOOST_TEST(admin.get("/identity/v3/auth/catalog").json().at("catalog").as_array().size() == 2u);
  BOOST_TEST(admin.get("/compute/v2.1/servers").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
