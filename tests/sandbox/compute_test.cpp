#include <boost/test/unit_test.hpp>

#include "tests/sandbox/fixture.hpp"

using namespace sandbox;

namespace {

const std::string nova = "/compute/v2.1";

std::string message(const answer& a, const char* key) {
  return std::string(a.json().at(key).at("message").as_string());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sandbox_compute, two_tenants)

BOOST_AUTO_TEST_CASE(a_list_has_links_and_only_a_tenants_own) {
  const json::value first = user.get(nova + "/servers?limit=1").json();
  BOOST_REQUIRE(first.at("servers").as_array().size() == 1u);
  const std::string next(first.at("servers_links").at(0).at("href").as_string());
  const json::value second = user.get(next.substr(it.url().size())).json();
  BOOST_REQUIRE(second.at("servers").as_array().size() == 1u);
  BOOST_TEST(first.at("servers").at(0).at("id").as_string() !=
             second.at("servers").at(0).at("id").as_string());
  BOOST_TEST(admin.get(nova + "/servers").json().at("servers").as_array().empty());
  BOOST_TEST(admin.get(nova + "/servers?all_tenants=1").json().at("servers").as_array().size() ==
             4u);
  BOOST_TEST(user.get(nova + "/servers/detail?all_tenants=1").status == 403);
}

BOOST_AUTO_TEST_CASE(microversions_change_what_is_shown) {
  const std::string at = nova + "/servers/" + mine.servers[0];
  BOOST_TEST(!user.get(at).json().at("server").as_object().if_contains("locked"));
  const answer newer = user.send("GET", at, "", {{"OpenStack-API-Version", "compute 2.9"}});
  BOOST_TEST(newer.json().at("server").at("locked").as_bool() == false);
  const answer bad = user.send("GET", at, "", {{"OpenStack-API-Version", "compute 2.999"}});
  BOOST_TEST(bad.status == 406);
  BOOST_TEST(message(bad, "computeFault") ==
             "Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is 2.93.");
}

BOOST_AUTO_TEST_CASE(a_locked_server_stays_until_an_admin_or_an_unlock) {
  const std::string at = nova + "/servers/" + mine.servers[0];
  BOOST_TEST(user.post(at + "/action", json::object{{"lock", nullptr}}).status == 202);
  const answer refused = user.send("DELETE", at);
  BOOST_TEST(refused.status == 409);
  BOOST_TEST(message(refused, "conflictingRequest") ==
             "Instance " + mine.servers[0] + " is locked");
  BOOST_TEST(user.post(at + "/action", json::object{{"unlock", nullptr}}).status == 202);
  BOOST_TEST(user.del(at) == 204);
}

BOOST_AUTO_TEST_CASE(a_deleted_server_lets_go_of_volumes_and_ports) {
  const std::string volume = mine.rare["attached_volume"];
  BOOST_TEST(it.object("volume", volume).at("status").as_string() == "in-use");
  const std::string at = nova + "/servers/" + mine.servers[0];
  BOOST_TEST(user.del(at) == 204);
  BOOST_TEST(user.get(at).json().at("server").at("OS-EXT-STS:task_state").as_string() ==
             "deleting");
  BOOST_TEST(settled(at) == 404);
  BOOST_TEST(it.object("volume", volume).at("status").as_string() == "available");
  const answer ports = user.get("/network/v2.0/ports?device_id=" + mine.servers[0]);
  BOOST_TEST(ports.json().at("ports").as_array().empty());
  const answer ip = user.get("/network/v2.0/floatingips/" + mine.floating_ip);
  BOOST_TEST(ip.json().at("floatingip").at("port_id").is_null());
}

BOOST_AUTO_TEST_CASE(stop_and_start_only_from_the_right_state) {
  it.set_async_delay(std::chrono::milliseconds(0));
  const std::string act = nova + "/servers/" + mine.servers[1] + "/action";
  const json::object stop{{"os-stop", nullptr}};
  BOOST_TEST(user.post(act, stop).status == 202);
  const answer again = user.post(act, stop);
  BOOST_TEST(again.status == 409);
  BOOST_TEST(message(again, "conflictingRequest") ==
             "Cannot 'stop' instance " + mine.servers[1] + " while it is in vm_state stopped");
  BOOST_TEST(user.post(act, json::object{{"os-start", nullptr}}).status == 202);
}

BOOST_AUTO_TEST_CASE(another_users_keypairs_need_2_10) {
  const std::string at = nova + "/os-keypairs?user_id=" + mine.user_id;
  BOOST_TEST(admin.get(at).json().at("keypairs").as_array().empty());
  const std::map<std::string, std::string> v{{"OpenStack-API-Version", "compute 2.10"}};
  BOOST_TEST(admin.send("GET", at, "", v).json().at("keypairs").as_array().size() == 1u);
  const std::string one = nova + "/os-keypairs/" + mine.keypair + "?user_id=" + mine.user_id;
  BOOST_TEST(admin.send("DELETE", one, "", v).status == 204);
  BOOST_TEST(admin.send("DELETE", one, "", v).status == 404);
}

BOOST_AUTO_TEST_CASE(server_groups_say_whose_they_are_from_2_13) {
  const std::string at = nova + "/os-server-groups";
  const json::value old = user.get(at).json().at("server_groups").at(0);
  BOOST_TEST(!old.as_object().if_contains("project_id"));
  const answer newer = user.send("GET", at, "", {{"OpenStack-API-Version", "compute 2.13"}});
  BOOST_TEST(newer.json().at("server_groups").at(0).at("project_id").as_string() ==
             mine.project_id);
}

BOOST_AUTO_TEST_CASE(a_delete_that_fails_ends_in_error) {
  fault f;
  f.service = "compute", f.method = "DELETE", f.action = "fail_async";
  it.add_fault(f);
  it.set_async_delay(std::chrono::milliseconds(0));
  const std::string at = nova + "/servers/" + mine.servers[0];
  BOOST_TEST(user.del(at) == 204);
  BOOST_TEST(user.get(at).json().at("server").at("status").as_string() == "ERROR");
}

BOOST_AUTO_TEST_SUITE_END()
