#include "core/auth/keystone.hpp"

#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/scripted_transport.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace core_auth_keystone {

using namespace ostclean;
using namespace ostclean::auth;
using testing::scripted_transport;

namespace {

namespace json = boost::json;

settings ann() {
  settings s;
  s.cloud = "prod";
  s.auth_type = "password";
  s.auth_url = "http://k:5000";
  s.username = "ann";
  s.user_domain_name = "Users";
  s.password = "pa\"ss";
  return s;
}

const std::string address = "http://k:5000/v3/auth/tokens";

void check_body(const settings& who, const char* wanted) {
  BOOST_TEST(authentication_body(who) == json::parse(wanted).as_object());
}

http::response granted(const std::string& body) {
  http::response answer{201};
  answer.headers.set("X-Subject-Token", "gAAA");
  answer.body = body;
  return answer;
}

class keystone_fixture : public testing::loop_fixture {
 public:
  scripted_transport next;

  error refused(int status, const std::string& body, settings who = ann()) {
    next.expect_json(http::verb::post, address, status, body);
    auto done = run(authenticate(std::move(who), next));
    BOOST_REQUIRE(done.has_error());
    return done.error();
  }
};

}  // namespace

}  // namespace core_auth_keystone

BOOST_FIXTURE_TEST_SUITE(core_auth_keystone, keystone_fixture)

BOOST_AUTO_TEST_CASE(the_base_is_found) {
  for (auto url : {"http://k/identity", "http://k/identity/", "http://k/identity/v3",
                   "http://k/identity/v3/", "http://k/identity/v2.0"})
    BOOST_TEST(identity_base(url) == "http://k/identity/v3");
}

BOOST_AUTO_TEST_CASE(password_bodies) {
  auto s = ann();
  check_body(s, R"({"auth": {"identity": {"methods": ["password"], "password": {"user":
      {"name": "ann", "domain": {"name": "Users"}, "password": "pa\"ss"}}}}})");
  s.user_id = "u1";
  s.scope.project_name = "p";
  check_body(s, R"({"auth": {"identity": {"methods": ["password"], "password": {"user":
      {"id": "u1", "password": "pa\"ss"}}},
      "scope": {"project": {"name": "p", "domain": {"id": "default"}}}}})");
  s.scope = scope::of_project("p1");
  check_body(s, R"({"auth": {"identity": {"methods": ["password"], "password": {"user":
      {"id": "u1", "password": "pa\"ss"}}}, "scope": {"project": {"id": "p1"}}}})");
}

BOOST_AUTO_TEST_CASE(scopes) {
  settings s;
  s.auth_type = "token";
  s.token = "T";
  auto scoped = [&](scope to, const std::string& wanted) {
    s.scope = std::move(to);
    check_body(s,
               (R"({"auth": {"identity": {"methods": ["token"], "token": {"id": "T"}}, "scope": )" +
                wanted + "}}")
                   .c_str());
  };
  scoped(scope::of_trust("t"), R"({"OS-TRUST:trust": {"id": "t"}})");
  scope system;
  system.system = true;
  scoped(system, R"({"system": {"all": true}})");
  scope domain;
  domain.domain_name = "d";
  scoped(domain, R"({"domain": {"name": "d"}})");
}

BOOST_AUTO_TEST_CASE(application_credentials_and_totp) {
  settings s;
  s.auth_type = "v3applicationcredential";
  s.application_credential_id = "a";
  s.application_credential_secret = "s";
  s.scope.project_name = "ignored";
  check_body(s, R"({"auth": {"identity": {"methods": ["application_credential"],
      "application_credential": {"id": "a", "secret": "s"}}}})");
  s.application_credential_id.clear();
  s.application_credential_name = "n";
  s.username = "ann";
  check_body(s, R"({"auth": {"identity": {"methods": ["application_credential"],
      "application_credential": {"name": "n", "secret": "s",
        "user": {"name": "ann", "domain": {"id": "default"}}}}}})");
  auto totp = ann();
  totp.auth_type = "v3totp";
  totp.passcode = "123456";
  check_body(totp, R"({"auth": {"identity": {"methods": ["totp"], "totp": {"user":
      {"name": "ann", "domain": {"name": "Users"}, "passcode": "123456"}}}}})");
}

BOOST_AUTO_TEST_CASE(the_answer_becomes_a_token) {
  next.expect(http::verb::post, address, granted(R"({"token": {
    "methods": ["password"], "issued_at": "2026-11-22T06:00:00.000000Z",
    "expires_at": "2026-11-22T07:00:00.000000Z",
    "user": {"id": "u", "name": "ann", "domain": {"id": "ud"}},
    "project": {"id": "p", "name": "pn", "domain": {"id": "pd"}},
    "roles": [{"id": "1", "name": "member"}, {"name": "reader"}, 5],
    "catalog": [{"type": "image", "endpoints": [{"interface": "public", "url": "http://g"}]}]}})"));
  auto done = run(authenticate(ann(), next));
  BOOST_REQUIRE(done);
  const auto& t = done->fresh;
  BOOST_TEST(t.id == "gAAA");
  BOOST_TEST((t.expires_at - t.issued_at == std::chrono::hours{1}));
  BOOST_TEST(t.user_id + t.user_name + t.user_domain_id == "uannud");
  BOOST_TEST(t.project_id + t.project_name + t.project_domain_id == "ppnpd");
  BOOST_TEST(t.roles == (std::vector<std::string>{"member", "reader"}));
  BOOST_TEST(t.services.url("image", "public", "") == "http://g");
  const auto& sent = next.requests.at(0);
  BOOST_TEST(sent.authentication);
  BOOST_TEST(sent.service == "identity");
  BOOST_TEST(sent.headers.get("Content-Type") == "application/json");
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_an_auth_error_that_helps) {
  auto e = refused(401, R"({"error": {"code": 401, "message": "The request you have made requires
 authentication.", "title": "Unauthorized"}})");
  // A raw line break makes it no JSON: then it is not Keystone that speaks.
  BOOST_TEST((e.code == errc::protocol));
  e = refused(401,
              R"({"error": {"message": "The request you have made requires authentication."}})");
  BOOST_TEST((e.code == errc::auth));
  BOOST_TEST(e.status == 401);
  BOOST_TEST(e.message ==
             "keystone did not authenticate us: The request you have made requires authentication");
  BOOST_TEST(e.hint == "check the user name, the password and the project of cloud prod");
  BOOST_TEST(e.line().find("pa\"ss") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(hints_fit_the_method) {
  const std::string body = R"({"error": {"message": "no"}})";
  auto s = ann();
  s.scope = scope::of_trust("t");
  BOOST_TEST(refused(404, body, s).hint.find("trust") != std::string::npos);
  s = ann();
  s.auth_type = "token";
  s.token = "T";
  BOOST_TEST(refused(401, body, s).hint.find("the token of cloud prod") == 0U);
  s.auth_type = "v3applicationcredential";
  s.application_credential_id = s.application_credential_secret = "x";
  auto e = refused(403, body, s);
  BOOST_TEST((e.code == errc::forbidden));
  BOOST_TEST(e.hint.find("application credential") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_keystone_is_said_so) {
  for (auto [status, body] :
       {std::pair{404, "<html>not here</html>"}, std::pair{300, "{}"},
        std::pair{200, "<html>welcome</html>"}, std::pair{201, "{\"token\": 1}"},
        std::pair{201, ""}, std::pair{405, "[[["}}) {
    auto e = refused(status, body);
    BOOST_TEST((e.code == errc::protocol));
    BOOST_TEST(e.hint == "check auth_url of cloud prod");
    BOOST_TEST(e.where == "POST " + address);
  }
  http::response moved{302};
  moved.headers.set("Location", "https://k/");
  next.expect(http::verb::post, address, moved);
  auto done = run(authenticate(ann(), next));
  BOOST_TEST(done.error().message ==
             "no Identity API v3 answers there, it redirects to https://k/");
}

BOOST_AUTO_TEST_CASE(a_token_without_its_times_is_refused) {
  next.expect(http::verb::post, address, granted(R"({"token": {"expires_at": "soon"}})"));
  auto done = run(authenticate(ann(), next));
  BOOST_REQUIRE(done.has_error());
  BOOST_TEST((done.error().code == errc::protocol));
}

BOOST_AUTO_TEST_CASE(an_unreachable_keystone_is_named) {
  next.expect(http::verb::post, address, error{errc::network, "connection refused"});
  auto done = run(authenticate(ann(), next));
  BOOST_TEST((done.error().code == errc::network));
  BOOST_TEST(done.error().line() == "keystone does not answer: connection refused [POST " +
                                        address +
                                        "]; check auth_url of cloud prod and the network");
}

BOOST_AUTO_TEST_CASE(a_gateways_hiccup_is_asked_again) {
  next.expect_json(http::verb::post, address, 503, "");
  next.expect(http::verb::post, address,
              granted(R"({"token": {"expires_at": "2026-11-22T07:00:00Z"}})"));
  BOOST_TEST(run(authenticate(ann(), next)).has_value());
}

BOOST_AUTO_TEST_CASE(incomplete_settings_send_nothing) {
  auto s = ann();
  s.password.clear();
  auto done = run(authenticate(s, next));
  BOOST_TEST((done.error().code == errc::config));
  s.auth_type = "v3kerberos";
  BOOST_TEST(run(authenticate(s, next)).error().message == "auth_type v3kerberos is not supported");
}

BOOST_AUTO_TEST_SUITE_END()
