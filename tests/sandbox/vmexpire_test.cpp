// The sandbox's os-vm-expire against what the real one answered.
#include <boost/test/unit_test.hpp>

#include "tests/sandbox/fixture.hpp"

using namespace sandbox;

namespace {

const std::map<std::string, std::string> k_json{{"Content-Type", "application/json"}};

struct vmexpire_fixture : two_tenants {
  vmexpire_fixture() : two_tenants(level::plain) {}

  std::string of(const std::string& project, const std::string& rest) const {
    return "/vmexpire/v1/" + project + rest;
  }
  std::string admin_project() {
    return std::string(admin.get("/identity/v3/projects?name=admin")
                           .json()
                           .at("projects")
                           .at(0)
                           .at("id")
                           .as_string());
  }
  answer add(const std::string& server) {
    return admin.send("POST", of(mine.project_id, "/vmexpires/" + server), "", k_json);
  }
  json::object added(const std::string& server) {
    return add(server).json().at("vmexpire").as_object();
  }
  std::string own(const std::string& rest = {}) const {
    return of(mine.project_id, "/vmexpires/" + rest);
  }
};

std::string id_of(const json::object& row) { return std::string(row.at("id").as_string()); }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sandbox_vmexpire, vmexpire_fixture)

BOOST_AUTO_TEST_CASE(the_three_shapes_of_an_error) {
  client nobody(it);
  BOOST_TEST(nobody.get(own()).json().at("error").at("code") == 401);
  const auto other = user.get(of(theirs.project_id, "/vmexpires/"));
  BOOST_TEST(other.status == 403);
  BOOST_TEST(other.json().at("description") ==
             "VmExpire retrieval attempt not allowed - please review your user/project privileges");
  const auto all = user.get(own("?all_tenants=1"));
  BOOST_TEST(all.status == 403);
  BOOST_TEST(all.body == "\"all_tenants is restricted to admin users\"");
  const auto missing = user.get(own("nosuch"));
  BOOST_TEST(missing.status == 500);
  BOOST_TEST(missing.json().at("description") == "No VMExpire found with ID nosuch");
}

BOOST_AUTO_TEST_CASE(versions_and_urls_it_does_not_know) {
  client nobody(it);
  BOOST_TEST(nobody.get("/vmexpire/").status == 300);
  BOOST_TEST(nobody.get("/vmexpire/v1").status == 401);
  BOOST_TEST(user.get("/vmexpire/v1/").status == 200);
  BOOST_TEST(user.get("/vmexpire/v1/vmexpire/x").status == 0);
  BOOST_TEST(user.get(own("x/extend")).status == 404);
  BOOST_TEST(user.send("PATCH", own("x"), "", k_json).json().at("description").is_null());
}

BOOST_AUTO_TEST_CASE(a_content_type_is_wanted_after_the_policy) {
  BOOST_TEST(admin.send("POST", own(mine.servers[0])).status == 415);
  BOOST_TEST(user.send("POST", own(mine.servers[0])).status == 403);
  BOOST_TEST(add(mine.servers[0]).status == 202);
  BOOST_TEST(admin
                 .send("POST", own(mine.servers[0]), "{}",
                       {{"Content-Type", "application/json; charset=utf-8"}})
                 .status == 202);
}

BOOST_AUTO_TEST_CASE(a_row_is_sixty_days_and_an_extension_thirty_from_now) {
  const auto row = added(mine.servers[0]);
  const auto list = user.get(own());
  BOOST_TEST(list.json().at("total") == 1);
  BOOST_TEST(list.json().at("vmexpires").at(0) == json::value(row));
  const auto put = user.send("PUT", own(id_of(row) + "/"), "{\"expire\": 1}", k_json);
  BOOST_TEST(put.status == 202);
  const auto days =
      (row.at("expire").as_int64() - put.json().at("vmexpire").at("expire").as_int64() + 3600) /
      86400;
  BOOST_TEST(days == 30);
}

BOOST_AUTO_TEST_CASE(past_the_maximum_it_refuses_and_writes) {
  const auto id = id_of(added(mine.servers[0]));
  it.change("vmexpire", id, {{"created", "2020-01-01T00:00:00"}, {"expire", 1600000000}});
  const auto put = user.send("PUT", own(id), "", k_json);
  BOOST_TEST(put.status == 403);
  BOOST_TEST(put.body == "\"VM reached its maximum life, " + id + ", cannot extend it\"");
  BOOST_TEST(user.get(own(id)).json().at("vmexpire").at("expire").as_int64() > 1700000000);
}

BOOST_AUTO_TEST_CASE(a_row_goes_with_a_204_that_has_a_body) {
  const auto id = id_of(added(mine.servers[0]));
  BOOST_TEST(user.send("DELETE", own(id), "", k_json).status == 403);
  const auto gone = admin.send("DELETE", own(id), "", k_json);
  BOOST_TEST(gone.status == 204);
  BOOST_TEST(gone.headers.at("content-length") == "4");
  BOOST_TEST(gone.headers.at("connection") == "close");
  BOOST_TEST(admin.send("DELETE", own(id), "", k_json).status == 500);
}

BOOST_AUTO_TEST_CASE(who_knows_an_id_sees_and_extends_it_through_his_own_project) {
  const auto id = id_of(added(theirs.servers[0]));
  BOOST_TEST(user.get(own(id)).status == 200);
  BOOST_TEST(user.send("PUT", own(id), "", k_json).status == 202);
  BOOST_TEST(admin.send("PUT", own(id), "", k_json).status == 403);
  BOOST_TEST(admin.send("PUT", of(admin_project(), "/vmexpires/" + id), "", k_json).status == 202);
}

BOOST_AUTO_TEST_CASE(a_server_is_forgotten_before_it_is_refused) {
  const auto id = id_of(added(mine.servers[0]));
  const json::object who{{"id", mine.user_id}, {"type", "user"}};
  const auto excludes = of(admin_project(), "/vmexcludes");
  BOOST_TEST(admin.post(excludes, who).status == 202);
  const auto again = add(mine.servers[0]);
  BOOST_TEST(again.status == 403);
  BOOST_TEST(again.body == "\"Instance " + mine.servers[0] +
                               " cannot be added to the expiration table: user is excluded\"");
  BOOST_TEST(user.get(own(id)).status == 500);
}

BOOST_AUTO_TEST_CASE(exclusions_are_numbers_and_anybodys) {
  const auto at = of(mine.project_id, "/vmexcludes/");
  const auto made = user.post(at, json::object{{"id", " X "}, {"type", "user"}});
  BOOST_TEST(made.status == 202);
  BOOST_TEST(made.json().at("vmexclude").at("exclude_type") == 2);
  BOOST_TEST(made.json().at("vmexclude").at("exclude_id") == "X");
  const auto twice = user.post(at, json::object{{"id", "X"}, {"type", "domain"}});
  BOOST_TEST(twice.status == 403);
  BOOST_TEST(twice.json() ==
             "Error creating exclude entity entity for entity_id=X,entity_type=0 already exists");
  BOOST_TEST(user.post(at, json::object{{"id", "Y"}, {"type", 1}}).json() == "Invalid type");
  BOOST_TEST(user.post(at, json::object{{"id", "Y"}}).json() == "Empty id or type");
  BOOST_TEST(user.send("POST", at, "{\"id\": ", k_json).status == 400);
  BOOST_TEST(user.get(at + "X").status == 500);
  BOOST_TEST(user.send("PUT", at + "X", "{}", k_json).status == 404);
}

BOOST_AUTO_TEST_CASE(an_id_that_is_too_long_breaks_the_next_request) {
  const auto at = of(mine.project_id, "/vmexcludes/");
  const json::object longest{{"id", std::string(300, 'x')}, {"type", "user"}};
  BOOST_TEST(user.post(at, longest).status == 0);
  BOOST_TEST(user.get(at).status == 500);
  BOOST_TEST(user.get(at).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(sandbox_vmexpire_other_policies) {
  for (const std::string policy : {"sample", "closed"}) {
    options o;
    o.vmexpire_policy = policy;
    two_tenants t(level::plain, o);
    const std::string at = "/vmexpire/v1/" + t.mine.project_id;
    BOOST_TEST(t.admin.get(at + "/vmexpires/").status == 200);
    BOOST_TEST(t.admin.get(at + "/vmexcludes/").status == 200);
    BOOST_TEST(t.user.get(at + "/vmexcludes/").status == (policy == "closed" ? 403 : 200));
  }
}
