#include "core/auth/settings.hpp"

#include "tests/unit/support/temporary_folder.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace ostclean;
using auth::settings;

namespace {

using texts = std::map<std::string, std::string>;
using names = std::vector<std::string>;

class world {
 public:
  world() {
    variables["HOME"] = folder.path + "/home";
    variables["XDG_CONFIG_DIRS"] = folder.path + "/site";
  }

  void clouds(const std::string& text) { folder.write("home/.config/openstack/clouds.yaml", text); }
  void secure(const std::string& text, mode_t mode = 0600) {
    folder.write("home/.config/openstack/secure.yaml", text, mode);
  }
  void profiles(const std::string& text) {
    folder.write("home/.config/openstack/clouds-public.yaml", text);
  }

  result<settings> load(texts options = {}) const {
    return auth::load_settings(options, [this](const std::string& name) {
      auto at = variables.find(name);
      return at == variables.end() ? std::nullopt : std::optional{at->second};
    });
  }
  settings good(texts options = {}) const {
    auto loaded = load(std::move(options));
    BOOST_REQUIRE_MESSAGE(loaded.has_value(), loaded.error().line());
    return *loaded;
  }
  error bad(texts options = {}) const {
    auto loaded = load(std::move(options));
    BOOST_REQUIRE(loaded.has_error());
    BOOST_TEST((loaded.error().code == errc::config));
    return loaded.error();
  }

  testing::temporary_folder folder;
  texts variables;
};

const std::string one = R"(clouds:
  one:
    auth: {auth_url: "http://k:5000/v3", username: ann, password: secret, project_name: p}
    region_name: R1
)";
const std::string two = one + R"(  two:
    auth: {auth_url: "http://two:5000", user_id: u2, password: secret2, project_id: p2}
)";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(core_auth_settings, world)

BOOST_AUTO_TEST_CASE(nothing_at_all_is_no_error_but_no_identity) {
  auto s = good();
  BOOST_TEST(s.cloud.empty());
  BOOST_TEST(s.interface == "public");
  BOOST_TEST(s.verify);
  auto why = s.incomplete();
  BOOST_REQUIRE(why);
  BOOST_TEST(why->message == "auth_url is not set");
  BOOST_TEST(contains(why->hint, "OS_AUTH_URL"));
}

BOOST_AUTO_TEST_CASE(the_only_cloud_is_chosen) {
  clouds(one);
  auto s = good();
  BOOST_TEST(s.cloud == "one");
  BOOST_TEST(s.auth_type == "password");
  BOOST_TEST(s.username == "ann");
  BOOST_TEST(s.user_domain_id == "default");
  BOOST_TEST(s.scope.project_name == "p");
  BOOST_TEST(s.scope.project_domain_id == "default");
  BOOST_TEST(s.region == "R1");
  BOOST_TEST(!s.incomplete());
  BOOST_TEST(s.sources["password"] == folder.path + "/home/.config/openstack/clouds.yaml");
  BOOST_TEST(s.known_clouds == names{"one"});
}

BOOST_AUTO_TEST_CASE(of_two_clouds_none_is_chosen_and_both_are_named) {
  clouds(two);
  auto s = good();
  BOOST_TEST(s.cloud.empty());
  auto why = s.incomplete();
  BOOST_REQUIRE(why);
  BOOST_TEST(why->line() ==
             "no cloud is chosen; give --os-cloud or set OS_CLOUD to one of: one, two");
}

BOOST_AUTO_TEST_CASE(option_beats_os_cloud) {
  clouds(two);
  variables["OS_CLOUD"] = "one";
  BOOST_TEST(good().cloud == "one");
  BOOST_TEST(good().sources["cloud"] == "OS_CLOUD");
  auto s = good({{"cloud", "two"}});
  BOOST_TEST(s.cloud == "two");
  BOOST_TEST(s.user_id == "u2");
  BOOST_TEST(s.sources["cloud"] == "--os-cloud");
}

BOOST_AUTO_TEST_CASE(unknown_cloud_names_the_known_ones) {
  clouds(two);
  auto e = bad({{"cloud", "three"}});
  BOOST_TEST(e.message == "Cloud three was not found");
  BOOST_TEST(contains(e.hint, "one, two"));
}

BOOST_AUTO_TEST_CASE(unknown_cloud_without_any_file) {
  BOOST_TEST(bad({{"cloud", "x"}}).hint == "there is no clouds.yaml");
}

BOOST_AUTO_TEST_CASE(environment_alone_is_the_cloud_envvars) {
  clouds(two);
  variables["OS_AUTH_URL"] = "https://e:5000";
  variables["OS_USERNAME"] = "eve";
  variables["OS_PASSWORD"] = "pw";
  variables["OS_TENANT_NAME"] = "old";
  auto s = good();
  BOOST_TEST(s.cloud == "envvars");
  BOOST_TEST(s.scope.project_name == "old");
  BOOST_TEST(s.sources["project_name"] == "OS_TENANT_NAME");
  BOOST_TEST(s.contradictions.empty());
  variables["OS_CLOUD_NAME"] = "mine";
  BOOST_TEST(good().cloud == "mine");
  variables["OS_CLOUD_NAME"] = "one";
  BOOST_TEST(contains(bad().message, "OS_CLOUD_NAME"));
}

BOOST_AUTO_TEST_CASE(a_region_alone_describes_no_cloud) {
  clouds(one);
  variables["OS_REGION_NAME"] = "R9";
  auto s = good();
  BOOST_TEST(s.cloud == "one");
  BOOST_TEST(s.region == "R9");
}

BOOST_AUTO_TEST_CASE(environment_beats_the_named_cloud_and_is_a_contradiction) {
  clouds(one);
  variables["OS_CLOUD"] = "one";
  variables["OS_PROJECT_NAME"] = "other";
  variables["OS_AUTH_URL"] = "http://k:5000/";  // the same Keystone
  variables["OS_PROJECT_DOMAIN_NAME"] = "Default";
  auto s = good();
  BOOST_TEST(s.scope.project_name == "other");
  BOOST_TEST(s.sources["project_name"] == "OS_PROJECT_NAME");
  BOOST_TEST(s.contradictions == names{"OS_PROJECT_NAME"});
}

BOOST_AUTO_TEST_CASE(an_option_settles_a_contradiction) {
  clouds(one);
  variables["OS_PROJECT_NAME"] = "other";
  auto s = good({{"cloud", "one"}, {"project_name", "third"}});
  BOOST_TEST(s.scope.project_name == "third");
  BOOST_TEST(s.sources["project_name"] == "--os-project-name");
  BOOST_TEST(s.contradictions.empty());
}

BOOST_AUTO_TEST_CASE(another_spelling_of_the_scope_is_a_contradiction) {
  clouds(one);
  variables["OS_CLOUD"] = "one";
  variables["OS_PROJECT_ID"] = "abc";
  auto s = good();
  BOOST_TEST(s.scope.project_id == "abc");
  BOOST_TEST(s.scope.project_name.empty());  // else Keystone's rule would decide, not the user
  BOOST_TEST(s.contradictions == names{"OS_PROJECT_ID"});
}

BOOST_AUTO_TEST_CASE(what_the_cloud_leaves_open_contradicts_nothing) {
  clouds("clouds: {a: {auth: {auth_url: 'http://k', username: u}}}");
  variables["OS_CLOUD"] = "a";
  variables["OS_PASSWORD"] = "from-env";
  variables["OS_PROJECT_NAME"] = "p";
  variables["OS_AUTH_TYPE"] = "v3password";
  auto s = good();
  BOOST_TEST(s.password == "from-env");
  BOOST_TEST(s.contradictions.empty());
  variables["OS_TOKEN"] = "t";
  BOOST_TEST(good().contradictions.empty());
  variables["OS_AUTH_TYPE"] = "token";
  BOOST_TEST(good().contradictions == names{"OS_AUTH_TYPE"});
}

BOOST_AUTO_TEST_CASE(secure_yaml_is_merged_key_by_key) {
  clouds("clouds: {a: {auth: {auth_url: 'http://k', username: u, password: ''}}}");
  secure("clouds: {a: {auth: {password: hidden}}}");
  auto s = good();
  BOOST_TEST(s.password == "hidden");
  BOOST_TEST(s.username == "u");
  BOOST_TEST(contains(s.sources["password"], "secure.yaml"));
  BOOST_TEST(s.warnings.empty());
}

BOOST_AUTO_TEST_CASE(secure_yaml_open_to_others_is_a_warning) {
  clouds(one);
  secure("clouds: {one: {}}", 0640);
  auto s = good();
  BOOST_REQUIRE(s.warnings.size() == 1U);
  BOOST_TEST(contains(s.warnings[0], "chmod 600"));
}

BOOST_AUTO_TEST_CASE(file_names_in_the_environment_come_first) {
  clouds(one);
  variables["OS_CLIENT_CONFIG_FILE"] = folder.path + "/missing.yaml";
  BOOST_TEST(good().cloud == "one");
  variables["OS_CLIENT_CONFIG_FILE"] = folder.write(
      "mine.json", R"({"clouds": {"j": {"auth": {"auth_url": "http://j", "username": "u"}}}})");
  variables["OS_CLIENT_SECURE_FILE"] =
      folder.write("s.yaml", "clouds:\n  j:\n    auth: {password: 12345}\n");
  auto s = good();
  BOOST_TEST(s.cloud == "j");
  BOOST_TEST(s.password == "12345");
}

BOOST_AUTO_TEST_CASE(xdg_folder_beats_home_and_site) {
  clouds(one);
  folder.write("xdg/openstack/clouds.yml", "clouds: {x: {auth: {auth_url: 'http://x'}}}");
  folder.write("site/openstack/clouds.yaml", "clouds: {s: {auth: {auth_url: 'http://s'}}}");
  variables["XDG_CONFIG_HOME"] = folder.path + "/xdg";
  BOOST_TEST(good().cloud == "x");
  variables["HOME"] = folder.path + "/nowhere";
  variables.erase("XDG_CONFIG_HOME");
  BOOST_TEST(good().cloud == "s");
}

BOOST_AUTO_TEST_CASE(a_file_that_does_not_parse_is_an_error_with_its_line) {
  clouds("clouds:\n  a:\n    auth: {auth_url: [\n");
  auto e = bad();
  BOOST_TEST(contains(e.message, "clouds.yaml, line "));
  variables["OS_CLIENT_CONFIG_FILE"] = folder.write("x.json", "{\"clouds\": {\n\n oops");
  BOOST_TEST(contains(bad().message, "x.json, line 3"));
}

BOOST_AUTO_TEST_CASE(profiles_lie_beneath_and_may_be_nested) {
  profiles(R"(public-clouds:
  base: {auth: {auth_url: "https://{region_name}.example.org:5000"}, interface: internal}
  shop: {profile: base, message: be nice, interface: admin, status: deprecated}
  gone: {status: shutdown, message: moved away}
  loop: {profile: loop}
)");
  clouds(R"(clouds:
  a: {profile: shop, region_name: north, auth: {username: u, password: "{username}"}}
  b: {profile: gone}
  c: {profile: nosuch}
  d: {cloud: loop}
)");
  auto s = good({{"cloud", "a"}});
  BOOST_TEST(s.auth_url == "https://north.example.org:5000");
  BOOST_TEST(s.password == "{username}");
  BOOST_TEST(s.interface == "admin");
  BOOST_TEST(s.sources["interface"] == "profile shop");
  BOOST_TEST(s.warnings == names{"profile shop: be nice"});
  BOOST_TEST(contains(bad({{"cloud", "b"}}).message, "moved away"));
  BOOST_TEST(contains(good({{"cloud", "c"}}).warnings.at(0), "nosuch"));
  BOOST_TEST(contains(bad({{"cloud", "d"}}).message, "contains itself"));
}

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

BOOST_AUTO_TEST_CASE(yaml_merge_keys_and_lists) {
  clouds(R"(base: &base {auth_url: "http://k", username: base, password: p}
cache: {auth: false}
clouds:
  a:
    auth: {<<: *base, username: own}
    interface: [internal, public]
)");
  auto s = good();
  BOOST_TEST(s.auth_url == "http://k");
  BOOST_TEST(s.username == "own");
  BOOST_TEST(s.interface == "internal,public");
  BOOST_TEST(!s.cache);
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
                    "\x00\x01\xff\xfe",
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

BOOST_AUTO_TEST_CASE(aliases_do_not_explode) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    auto below = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
    for (int k = 0; k < 9; ++k) text += ", " + below;
    text += "]\n";
  }
  clouds(text);
  BOOST_TEST(contains(bad().message, "too many values"));
}

BOOST_AUTO_TEST_SUITE_END()
