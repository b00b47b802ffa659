// What the values of a cloud mean, in all their spellings.
#include "tests/unit/core/auth/settings_world.hpp"

#include <boost/test/data/test_case.hpp>

namespace core_auth_settings_values {

using namespace ostclean;
using auth::settings;
using namespace ostclean::auth::settings_test;

}  // namespace core_auth_settings_values

BOOST_FIXTURE_TEST_SUITE(core_auth_settings_values, world)

BOOST_AUTO_TEST_CASE(region_values) {
  clouds(R"(clouds:
  a:
    auth: {auth_url: "http://k", username: u, password: p, project_name: top}
    regions:
    - name: r1
      values: {auth: {project_name: first}}
    - name: r2
      values: {auth: {project_name: second}, interface: internal}
    - r3
)");
  auto open = good();
  BOOST_TEST(open.region.empty());
  BOOST_TEST(open.scope.project_name == "first");
  auto s = good({{"region_name", "r2"}});
  BOOST_TEST(s.scope.project_name == "second");
  BOOST_TEST(s.interface == "internal");
  BOOST_TEST(good({{"region_name", "r3"}}).scope.project_name == "top");
  BOOST_TEST(contains(bad({{"region_name", "r9"}}).hint, "r1, r2, r3"));
}

BOOST_AUTO_TEST_CASE(each_region_has_its_own_words_on_services) {
  clouds(R"(clouds:
  a:
    auth: {auth_url: "http://k", username: u, password: p, project_name: top}
    image_endpoint_override: http://g
    regions:
    - name: r1
      values: {compute_endpoint_override: "http://c1/{region_name}", interface: internal}
    - name: r2
      values: {compute_endpoint_override: http://c2, auth: {project_name: second}}
)");
  auto open = good();
  BOOST_TEST(open.regions == (names{"r1", "r2"}));
  BOOST_TEST(open.interface == "public");
  BOOST_TEST(!open.services.contains("compute_endpoint_override"));
  BOOST_TEST(open.services["image_endpoint_override"] == "http://g");
  BOOST_TEST(open.regional["r1"]["compute_endpoint_override"] == "http://c1/r1");
  BOOST_TEST(open.regional["r1"]["interface"] == "internal");
  BOOST_TEST(open.regional["r2"]["compute_endpoint_override"] == "http://c2");
  BOOST_TEST(open.differing == names{"project_name"});
  BOOST_TEST(open.wanted_regions() == (names{"r1", "r2"}));
  auto one = good({{"region_name", "r1"}});
  BOOST_TEST(one.wanted_regions() == names{"r1"});
  BOOST_TEST(one.interface == "internal");
  BOOST_TEST(one.differing.empty());
  BOOST_TEST(one.regional["r2"]["compute_endpoint_override"] == "http://c2");
  auto given = good({{"region_name", "r1"}, {"compute_endpoint_override", "http://mine"}});
  BOOST_TEST(given.services["compute_endpoint_override"] == "http://mine");
  BOOST_TEST(!given.regional["r1"].contains("compute_endpoint_override"));
  BOOST_TEST(given.regional["r2"]["compute_endpoint_override"] == "http://c2");
}

BOOST_AUTO_TEST_CASE(old_spellings) {
  clouds(R"(clouds:
  a:
    auth: {auth-url: "http://k", username: u, password: p, tenant_id: t}
    auth_plugin: v3password
    endpoint_type: internalURL
    compute_endpoint_type: admin
    block-storage-endpoint-override: "http://cinder"
)");
  auto s = good();
  BOOST_TEST(s.auth_url == "http://k");
  BOOST_TEST(s.scope.project_id == "t");
  BOOST_TEST(s.auth_type == "password");
  BOOST_TEST(s.interface == "internalURL");
  BOOST_TEST(s.services["compute_interface"] == "admin");
  BOOST_TEST(s.services["block_storage_endpoint_override"] == "http://cinder");
}

BOOST_AUTO_TEST_CASE(auth_beats_the_top_level_of_the_same_cloud) {
  clouds("clouds: {a: {project_name: top, auth: {auth_url: 'http://k', project_name: inner}}}");
  BOOST_TEST(good().scope.project_name == "inner");
}

BOOST_AUTO_TEST_CASE(domain_fans_out_when_there_is_a_project) {
  clouds(
      "clouds: {a: {auth: {auth_url: 'http://k', username: u, project_name: p, domain_name: D}}}");
  auto s = good();
  BOOST_TEST(s.user_domain_name == "D");
  BOOST_TEST(s.scope.project_domain_name == "D");
  BOOST_TEST(s.scope.domain_name.empty());
  BOOST_TEST(s.user_domain_id.empty());
}

BOOST_AUTO_TEST_CASE(domain_scope_without_a_project) {
  clouds("clouds: {a: {auth: {auth_url: 'http://k', username: u, domain_id: d}}}");
  auto s = good();
  BOOST_TEST(s.scope.domain_id == "d");
  BOOST_TEST(s.user_domain_id == "default");
}

BOOST_AUTO_TEST_CASE(default_domain) {
  clouds(one);
  variables["OS_DEFAULT_DOMAIN"] = "corp";
  variables["OS_CLOUD"] = "one";
  auto s = good();
  BOOST_TEST(s.user_domain_id == "corp");
  BOOST_TEST(s.scope.project_domain_id == "corp");
  BOOST_TEST(s.sources["user_domain_id"] == "OS_DEFAULT_DOMAIN");
}

BOOST_AUTO_TEST_CASE(one_scope_only) {
  clouds(one);
  auto e = bad({{"cloud", "one"}, {"system_scope", "all"}});
  BOOST_TEST(e.message ==
             "authentication cannot be scoped to multiple targets. Pick one of: project, domain, "
             "trust, system or unscoped");
  BOOST_TEST(contains(bad({{"system_scope", "some"}}).message, "only all"));
  clouds("clouds: {a: {auth: {auth_url: 'http://k', username: u, system_scope: all}}}");
  BOOST_TEST(good().scope.system);
}

BOOST_AUTO_TEST_CASE(a_trust_drops_the_inherited_project) {
  clouds(one);
  variables["OS_TRUST_ID"] = "t1";
  variables["OS_PROJECT_ID"] = "mine";
  variables["OS_CLOUD"] = "one";
  auto s = good();
  BOOST_TEST(s.scope.trust_id == "t1");
  BOOST_TEST(s.scope.project_id.empty());
  BOOST_TEST(s.scope.project_name.empty());
  BOOST_TEST(s.scope.project_domain_id.empty());
  BOOST_TEST(s.contradictions.size() == 2U);
}

BOOST_AUTO_TEST_CASE(auth_type_is_guessed) {
  texts url{{"auth_url", "http://k"}};
  auto with = [&](texts more) {
    more.merge(texts{url});
    return good(more).auth_type;
  };
  BOOST_TEST(with({{"username", "u"}, {"token", "t"}}) == "password");
  BOOST_TEST(with({{"token", "t"}}) == "token");
  BOOST_TEST(with({{"application_credential_id", "a"}, {"application_credential_secret", "s"}}) ==
             "v3applicationcredential");
  BOOST_TEST(with({}) == "password");
  BOOST_TEST(with({{"auth_type", "V3Token"}}) == "token");
}

BOOST_AUTO_TEST_CASE(verify_and_insecure) {
  auto verify = [&](const std::string& lines) {
    clouds("clouds:\n  a:\n    auth: {auth_url: 'http://k'}\n" + lines);
    return good().verify;
  };
  BOOST_TEST(verify(""));
  BOOST_TEST(!verify("    verify: False\n"));
  BOOST_TEST(!verify("    verify: no\n"));
  BOOST_TEST(verify("    verify: whatever\n"));
  BOOST_TEST(!verify("    insecure: true\n"));
  BOOST_TEST(verify("    insecure: 1\n"));
  BOOST_TEST(verify("    insecure: false\n    verify: false\n"));
  variables["OS_INSECURE"] = "True";
  variables["OS_CLOUD"] = "a";
  BOOST_TEST(!verify(""));
}

BOOST_AUTO_TEST_CASE(ca_bundles_and_home) {
  clouds("clouds: {a: {auth: {auth_url: 'http://k'}, cert: ~/c.pem, key: /k.pem}}");
  variables["CURL_CA_BUNDLE"] = "/curl.pem";
  auto s = good();
  BOOST_TEST(s.cacert == "/curl.pem");
  BOOST_TEST(s.sources["cacert"] == "CURL_CA_BUNDLE");
  BOOST_TEST(s.cert == folder.path + "/home/c.pem");
  BOOST_TEST(s.key == "/k.pem");
  variables["REQUESTS_CA_BUNDLE"] = "/requests.pem";
  BOOST_TEST(good().cacert == "/requests.pem");
  BOOST_TEST(good({{"cacert", "~/own.pem"}}).cacert == folder.path + "/home/own.pem");
  BOOST_TEST(good({{"insecure", "true"}}).cacert.empty());
}

BOOST_AUTO_TEST_CASE(services_from_the_environment) {
  variables["OS_COMPUTE_API_VERSION"] = "2.90";
  variables["OS_VOLUMEV3_ENDPOINT_OVERRIDE"] = "http://c";
  auto s = good();
  BOOST_TEST(s.services["compute_api_version"] == "2.90");
  BOOST_TEST(s.services["volumev3_endpoint_override"] == "http://c");
  BOOST_TEST(s.sources["compute_api_version"] == "OS_COMPUTE_API_VERSION");
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_said_in_one_line) {
  clouds("clouds: {a: {auth: {auth_url: 'http://k', username: u}}}");
  auto why = good().incomplete();
  BOOST_REQUIRE(why);
  BOOST_TEST(why->line() ==
             "password is not set; set OS_PASSWORD, or write password into the auth section of "
             "cloud a in clouds.yaml");
  BOOST_TEST(good({{"auth_type", "token"}}).incomplete()->message == "token is not set");
  BOOST_TEST(good({{"auth_type", "v3oidcpassword"}}).incomplete()->message ==
             "auth_type v3oidcpassword is not supported");
  BOOST_TEST(good({{"auth_type", "v3totp"}}).incomplete()->message == "passcode is not set");
  BOOST_TEST(good({{"auth_url", "k:5000"}, {"password", "p"}}).incomplete()->message ==
             "auth_url k:5000 is not an http or https URL");
  texts app{{"auth_type", "v3applicationcredential"}};
  BOOST_TEST(good(app).incomplete()->message == "application_credential_secret is not set");
  app["application_credential_secret"] = "s";
  BOOST_TEST(good(app).incomplete()->message == "application_credential_id is not set");
  app["application_credential_name"] = "n";
  BOOST_TEST(!good(app).incomplete());
}

BOOST_AUTO_TEST_CASE(an_application_credential_cannot_rescope) {
  settings s;
  s.auth_type = "v3applicationcredential";
  auto other = s.rescoped(auth::scope::of_project("p"));
  BOOST_REQUIRE(other.has_error());
  BOOST_TEST((other.error().code == errc::auth));
  s.auth_type = "password";
  s.scope.system = true;
  auto fine = s.rescoped(auth::scope::of_trust("t"));
  BOOST_REQUIRE(fine);
  BOOST_TEST(fine->scope.trust_id == "t");
  BOOST_TEST(!fine->scope.system);
}

const names garbage{"[]",
                    "text",
                    "clouds: 1",
                    "clouds: [a, b]",
                    "clouds: {a: 5}",
                    "clouds: {a: [1]}",
                    "clouds: {a: {auth: 7, regions: 3, profile: {x: y}}}",
                    "clouds: {a: {regions: [[], {}, {values: 1}]}}",
                    "clouds: {? [a] : b}",
                    "a: &a [*a]",
                    std::string("\x00\x01\xff\xfe", 4),
                    "%YAML 9.9\n---\n- !!binary x",
                    "\t\t\t: {",
                    std::string(100'000, '['),
                    std::string(5UL << 20, 'x')};

// Errors or no errors, but neither a crash nor an exception, whatever the file holds.
BOOST_DATA_TEST_CASE_F(world, garbage_is_survived, boost::unit_test::data::make(garbage)) {
  for (auto name : {"clouds.yaml", "secure.yaml", "clouds.json"}) {
    variables["OS_CLIENT_CONFIG_FILE"] = folder.write(name, sample);
    auto loaded = load({{"cloud", "a"}});
    BOOST_REQUIRE(loaded.has_error() || loaded->cloud == "a");
    if (loaded.has_error()) BOOST_TEST((loaded.error().code == errc::config));
  }
}

BOOST_AUTO_TEST_SUITE_END()
