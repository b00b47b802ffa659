#include <boost/test/unit_test.hpp>

#include "tests/sandbox/fixture.hpp"

using namespace sandbox;

namespace {

struct identity_fixture : two_tenants {
  identity_fixture() : two_tenants(level::plain) {}

  std::string id(const answer& a, const char* key) {
    return std::string(a.json().at(key).at("id").as_string());
  }
};

const std::string v3 = "/identity/v3";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sandbox_identity, identity_fixture)

BOOST_AUTO_TEST_CASE(wrong_password_is_401_with_a_challenge) {
  client c(it);
  const answer a = c.post(v3 + "/auth/tokens", password_auth("admin", "wrong", "admin"));
  BOOST_TEST(a.status == 401);
  BOOST_TEST(a.headers.count("www-authenticate") == 1);
  BOOST_TEST(a.json().at("error").at("message").as_string() ==
             "The request you have made requires authentication.");
}

BOOST_AUTO_TEST_CASE(a_token_ends_when_it_is_revoked_or_its_user_disabled) {
  client other(it, "trial-01", "trialpw", "trial-01");
  BOOST_TEST(
      user.send("DELETE", v3 + "/auth/tokens", "", {{"X-Subject-Token", user.token}}).status ==
      204);
  BOOST_TEST(user.get("/compute/v2.1/servers").status == 401);
  BOOST_TEST(other.get("/compute/v2.1/servers").status == 200);
  admin.send("PATCH", v3 + "/users/" + mine.user_id, R"({"user":{"enabled":false}})");
  BOOST_TEST(other.get("/compute/v2.1/servers").status == 401);
}

BOOST_AUTO_TEST_CASE(a_disabled_project_cannot_be_scoped_to) {
  admin.send("PATCH", v3 + "/projects/" + mine.project_id, R"({"project":{"enabled":false}})");
  client c(it);
  BOOST_TEST(c.post(v3 + "/auth/tokens", password_auth("trial-01", "trialpw", "trial-01")).status ==
             401);
}

BOOST_AUTO_TEST_CASE(unknown_filters_are_ignored_and_attributes_keep_their_types) {
  const answer all = admin.get(v3 + "/users?trial_note=x");
  BOOST_TEST(all.json().at("users").as_array().size() == 3u);
  const answer one = admin.get(v3 + "/users?name=trial-01");
  BOOST_REQUIRE(one.json().at("users").as_array().size() == 1u);
  BOOST_TEST(one.json().at("users").at(0).at("trial_duration").is_int64());
}

BOOST_AUTO_TEST_CASE(users_may_not_list_users) {
  const answer a = user.get(v3 + "/users");
  BOOST_TEST(a.status == 403);
  BOOST_TEST(a.json().at("error").at("message").as_string() ==
             "You are not authorized to perform the requested action: identity:list_users.");
}

BOOST_AUTO_TEST_CASE(grants_come_and_go) {
  const std::string admin_id(
      admin.get(v3 + "/users?name=admin").json().at("users").at(0).at("id").as_string());
  const std::string role(
      admin.get(v3 + "/roles?name=admin").json().at("roles").at(0).at("id").as_string());
  const std::string grant =
      v3 + "/projects/" + mine.project_id + "/users/" + admin_id + "/roles/" + role;
  BOOST_TEST(admin.send("HEAD", grant).status == 404);
  BOOST_TEST(admin.send("PUT", grant).status == 204);
  BOOST_TEST(admin.send("HEAD", grant).status == 204);
  const answer listed = admin.get(v3 + "/role_assignments?include_names&user.id=" + admin_id +
                                  "&scope.project.id=" + mine.project_id);
  BOOST_REQUIRE(listed.json().at("role_assignments").as_array().size() == 1u);
  BOOST_TEST(listed.json().at("role_assignments").at(0).at("role").at("name").as_string() ==
             "admin");
  BOOST_TEST(admin.del(grant) == 204);
  BOOST_TEST(admin.del(grant) == 404);
}

BOOST_AUTO_TEST_CASE(roles_through_a_group_count_and_are_listed_as_the_groups) {
  const json::object g{{"group", json::object{{"name", "g"}, {"domain_id", "default"}}}};
  const std::string group = id(admin.post(v3 + "/groups", g), "group");
  const std::string user_id = it.add_user("guest");
  const std::string role(
      admin.get(v3 + "/roles?name=basic").json().at("roles").at(0).at("id").as_string());
  admin.send("PUT", v3 + "/groups/" + group + "/users/" + user_id);
  admin.send("PUT", v3 + "/projects/" + mine.project_id + "/groups/" + group + "/roles/" + role);
  const std::string query = v3 + "/role_assignments?scope.project.id=" + mine.project_id;
  bool direct = false, effective = false;
  const json::value plain = admin.get(query).json();
  const json::value all = admin.get(query + "&effective").json();
  for (const auto& a : plain.at("role_assignments").as_array())
    direct = direct || a.as_object().if_contains("group");
  for (const auto& a : all.at("role_assignments").as_array())
    effective = effective || a.at("user").at("id").as_string() == user_id;
  BOOST_TEST(direct);
  BOOST_TEST(effective);
  client guest(it, "guest", "trialpw", "trial-01");
  BOOST_TEST(guest.get("/network/v2.0/networks").status == 200);
}

BOOST_AUTO_TEST_CASE(an_application_credential_cannot_rescope) {
  const json::object wanted{{"application_credential", json::object{{"name", "ac"}}}};
  const answer made = user.post(v3 + "/users/" + mine.user_id + "/application_credentials", wanted);
  BOOST_REQUIRE(made.status == 201);
  const json::object ac = made.json().at("application_credential").as_object();
  json::object auth{
      {"identity", json::object{{"methods", json::array{"application_credential"}},
                                {"application_credential",
                                 json::object{{"id", ac.at("id")}, {"secret", ac.at("secret")}}}}}};
  client c(it);
  const answer in = c.post(v3 + "/auth/tokens", json::object{{"auth", auth}});
  BOOST_REQUIRE(in.status == 201);
  const json::object scope{{"project", json::object{{"id", theirs.project_id}}}};
  auth["scope"] = scope;
  BOOST_TEST(c.post(v3 + "/auth/tokens", json::object{{"auth", auth}}).status == 401);
  const json::object by_token{
      {"identity", json::object{{"methods", json::array{"token"}},
                                {"token", json::object{{"id", in.headers.at("x-subject-token")}}}}},
      {"scope", scope}};
  BOOST_TEST(c.post(v3 + "/auth/tokens", json::object{{"auth", by_token}}).status == 403);
}

BOOST_AUTO_TEST_CASE(a_trust_acts_as_its_trustor_until_it_is_deleted) {
  const std::string admin_id(
      admin.get(v3 + "/users?name=admin").json().at("users").at(0).at("id").as_string());
  const json::object wanted{{"trustor_user_id", mine.user_id},
                            {"trustee_user_id", admin_id},
                            {"project_id", mine.project_id},
                            {"impersonation", true},
                            {"roles", json::array{json::object{{"name", "member"}}}}};
  const std::string trust =
      id(user.post(v3 + "/OS-TRUST/trusts", json::object{{"trust", wanted}}), "trust");
  json::value auth = password_auth("admin", cloud::admin_password(), "");
  auth.at("auth").as_object()["scope"] =
      json::object{{"OS-TRUST:trust", json::object{{"id", trust}}}};
  client c(it);
  const answer in = c.post(v3 + "/auth/tokens", auth);
  BOOST_REQUIRE(in.status == 201);
  BOOST_TEST(in.json().at("token").at("user").at("id").as_string() == mine.user_id);
  c.token = in.headers.at("x-subject-token");
  BOOST_TEST(c.get("/compute/v2.1/servers").json().at("servers").as_array().size() == 2u);
  BOOST_TEST(user.del(v3 + "/OS-TRUST/trusts/" + trust) == 204);
  BOOST_TEST(c.get("/compute/v2.1/servers").status == 401);
}

BOOST_AUTO_TEST_CASE(a_deleted_project_leaves_its_resources_behind) {
  BOOST_TEST(admin.del(v3 + "/projects/" + mine.project_id) == 204);
  BOOST_TEST(admin.get("/network/v2.0/networks/" + mine.network).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
