// What the sandbox answers as a cloud of 2025.1, where a client has to know better than with Zed.
#include <boost/test/unit_test.hpp>

#include "tests/sandbox/fixture.hpp"

using namespace sandbox;

namespace {

options newer() {
  options o;
  o.is = release::epoxy;
  return o;
}

struct releases_fixture : two_tenants {
  releases_fixture() : two_tenants(level::extra, newer()) {}

  std::size_t count(const answer& a, const char* key) { return a.json().at(key).as_array().size(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sandbox_releases, releases_fixture)

BOOST_AUTO_TEST_CASE(keystone_has_pages) {
  const std::string users = "/identity/v3/users";
  const std::size_t all = count(admin.get(users), "users");
  std::size_t seen = 0;
  std::string at = users + "?limit=2";
  while (!at.empty()) {
    const answer a = admin.get(at);
    seen += count(a, "users");
    const json::value next = a.json().at("links").at("next");
    BOOST_TEST((a.json().as_object().if_contains("truncated") != nullptr) == next.is_string());
    at = next.is_string() ? std::string(next.as_string()).substr(it.url().size()) : "";
  }
  BOOST_TEST(seen == all);
  BOOST_TEST(admin.get(users + "?marker=nosuch").status == 404);
  BOOST_TEST(admin.get("/identity/v3/roles?limit=1").status == 400);
}

BOOST_AUTO_TEST_CASE(keystone_cuts_a_list_that_nobody_limited_and_does_not_say_so) {
  for (int i = 0; i < 1001; ++i) it.add_user("u" + std::to_string(i));
  const answer a = admin.get("/identity/v3/users");
  BOOST_TEST(count(a, "users") == 1000u);
  BOOST_TEST(a.json().at("links").at("next").is_null());
  BOOST_TEST(!a.json().as_object().contains("truncated"));
}

BOOST_AUTO_TEST_CASE(neutron_shows_everything_to_whom_it_does_not_understand) {
  const std::string networks = "/network/v2.0/networks";
  BOOST_TEST(count(admin.get(networks + "?nosuch=x"), "networks") ==
             count(admin.get(networks), "networks"));
  BOOST_TEST(admin.get("/network/v2.0/trunks?nosuch=x").status == 400);
}

BOOST_AUTO_TEST_CASE(a_deleted_stack_is_not_found_by_its_name) {
  const std::string stacks = "/orchestration/v1/" + mine.project_id + "/stacks/";
  const std::string name = mine.name + "-stack";
  const answer found = user.get(stacks + name);
  BOOST_REQUIRE(found.status == 302);
  BOOST_TEST(user.del(stacks + name + "/" + mine.stack) == 204);
  BOOST_TEST(settled(stacks + name) == 404);
  BOOST_TEST(user.get(stacks + name + "/" + mine.stack).status == 200);
}

BOOST_AUTO_TEST_CASE(nova_knows_newer_microversions) {
  const answer a =
      user.send("GET", "/compute/v2.1/servers", "", {{"OpenStack-API-Version", "compute 2.100"}});
  BOOST_TEST(a.status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
