// Which cloud is chosen, and of which files.
#include "tests/unit/core/auth/settings_world.hpp"

namespace core_auth_settings {

using namespace ostclean;
using namespace ostclean::auth::settings_test;

}  // namespace core_auth_settings

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

BOOST_AUTO_TEST_CASE(another_region_and_other_services_are_contradictions) {
  clouds(
      "clouds: {a: {auth: {auth_url: 'http://k', username: u}, region_name: R1, interface: public,"
      " verify: true, block_storage_endpoint_override: 'http://c/', image_service_type: image}}");
  variables["OS_CLOUD"] = "a";
  variables["OS_REGION_NAME"] = "R2";
  variables["OS_VOLUMEV3_ENDPOINT_OVERRIDE"] = "http://other";
  variables["OS_IMAGE_SERVICE_TYPE"] = "image2";
  variables["OS_VOLUME_API_VERSION"] = "2";
  variables["OS_INTERFACE"] = "internalURL";
  variables["OS_INSECURE"] = "true";
  auto s = good();
  BOOST_TEST(s.contradictions ==
             (names{"OS_REGION_NAME", "OS_IMAGE_SERVICE_TYPE", "OS_VOLUMEV3_ENDPOINT_OVERRIDE"}));
  BOOST_TEST(s.warnings == (names{"OS_INTERFACE holds, although cloud a says otherwise",
                                  "OS_INSECURE holds, although cloud a says otherwise"}));
  variables["OS_VOLUMEV3_ENDPOINT_OVERRIDE"] = "http://c";
  variables["OS_INTERFACE"] = "publicURL";
  variables["OS_INSECURE"] = "false";
  s = good({{"region_name", "R3"}, {"image_service_type", "glance"}});
  BOOST_TEST(s.contradictions.empty());
  BOOST_TEST(s.warnings.empty());
}

BOOST_AUTO_TEST_CASE(of_the_regions_only_the_chosen_one_is_contradicted) {
  clouds(
      "clouds: {a: {auth: {auth_url: 'http://k', username: u}, regions: ["
      "{name: R1, values: {dns_endpoint_override: 'http://1'}},"
      "{name: R2, values: {dns_endpoint_override: 'http://2'}}]}}");
  variables["OS_CLOUD"] = "a";
  variables["OS_DNS_ENDPOINT_OVERRIDE"] = "http://1";
  BOOST_TEST(good().contradictions == names{"OS_DNS_ENDPOINT_OVERRIDE"});
  variables["OS_REGION_NAME"] = "R1";
  BOOST_TEST(good().contradictions.empty());
  variables["OS_REGION_NAME"] = "R2";
  BOOST_TEST(good().contradictions == names{"OS_DNS_ENDPOINT_OVERRIDE"});
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

BOOST_AUTO_TEST_CASE(a_cloud_is_not_looked_for_beside_the_first_document) {
  for (const char* text : {"clouds: {}\n---\nclouds: {a: {}}\n",
                           "clouds: {}\n...\nclouds: {a: {}}\n", "\n, clouds: {a: {}}\n"}) {
    clouds(text);
    BOOST_TEST(contains(bad().message, "must be one document"), text);
    BOOST_TEST(contains(bad().message, text[0] == '\n' ? ", line 2" : ", line "), text);
  }
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
