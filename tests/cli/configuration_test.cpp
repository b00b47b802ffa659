// What is wrong before anything begins: one clear line, the documented exit code, nothing sent.
#include <fmt/core.h>

#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_configuration)

namespace {

const char* const k_cloud =
    "clouds:\n  here:\n    auth:\n      auth_url: {}\n      username: admin\n"
    "      password: {}\n      project_name: admin\n      user_domain_id: default\n"
    "      project_domain_id: default\n{}";

/// A run with a clouds.yaml of the test's own.
ending with_clouds(site& s, const std::string& text, const words& args) {
  manner how;
  how.environment["OS_CLOUD"] = "here";
  how.environment["OS_CLIENT_CONFIG_FILE"] = s.home.write("own.yaml", text);
  return s.run(args, how);
}

words delete_all(const site& s) { return {"delete", "--project", s.mine.name, "--yes"}; }

std::string cloud(const site& s, const std::string& password, const std::string& more) {
  return fmt::format(fmt::runtime(k_cloud), s.it.auth_url(), password, more);
}

std::string trusted(const site& s) { return "    cacert: " + s.home.path("ca.pem") + "\n"; }

}  // namespace

BOOST_AUTO_TEST_CASE(a_wrong_password_is_4) {
  site s;
  for (const words& args : {words{"users"}, delete_all(s)}) {
    const auto e = with_clouds(s, cloud(s, "wrong-secret", trusted(s)), args);
    BOOST_TEST(e.code == 4, e.err);
    BOOST_TEST(e.errors().size() == 1U, e.err);
    BOOST_TEST(!e.says("wrong-secret"), e.err);
  }
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_cloud_is_2) {
  site s;
  s.who = "nowhere";
  const auto e = s.run({"users"});
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "nowhere");
}

BOOST_AUTO_TEST_CASE(an_unreachable_keystone_is_1) {
  site s;
  const auto e = with_clouds(
      s, fmt::format(fmt::runtime(k_cloud), "https://127.0.0.1:1/v3", "x", ""), delete_all(s));
  BOOST_TEST(e.code == 1, e.err);
  check_one_error(e, "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(an_untrusted_certificate_is_1_with_a_hint) {
  site s;
  const auto e = with_clouds(s, cloud(s, "adminsecret", ""), delete_all(s));
  BOOST_TEST(e.code == 1, e.err);
  check_one_error(e, "certificate");
  BOOST_TEST(e.says("cacert"), e.err);
  BOOST_TEST(s.it.requests().empty());
  const auto insecure = with_clouds(s, cloud(s, "adminsecret", "    verify: false\n"), {"users"});
  BOOST_TEST(insecure.code == 0, insecure.err);
  BOOST_TEST(insecure.says("warning"), insecure.err);
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_name_is_1) {
  site s;
  const auto url = fmt::format("https://127.0.0.2:{}/identity/v3", s.it.port());
  const auto e =
      with_clouds(s, fmt::format(fmt::runtime(k_cloud), url, "adminsecret", trusted(s)), {"users"});
  BOOST_TEST(e.code == 1, e.err);
  BOOST_TEST(e.errors().size() == 1U, e.err);
}

BOOST_AUTO_TEST_CASE(a_broken_clouds_yaml_is_2_with_its_line) {
  site s;
  const auto e = with_clouds(s, "clouds:\n  here:\n   auth: {a: [\n", delete_all(s));
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "own.yaml, line ");
}

BOOST_AUTO_TEST_CASE(a_broken_policy_is_2_with_its_line) {
  site s;
  const auto policy = s.home.write("policy.yaml", "protect:\n  project: [a]\n");
  const auto e = s.run({"--config", policy, "delete", "--project", s.mine.name, "--yes"});
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "policy.yaml:2");
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_project_or_user_is_2) {
  site s;
  for (const char* option : {"--project", "--user"}) {
    const auto e = s.run({"delete", option, "nobody-here", "--yes"});
    BOOST_TEST(e.code == 2, e.err);
    check_one_error(e, "nobody-here");
  }
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(an_ambiguous_project_is_2) {
  site s;
  s.it.put("domain", "other", "", {{"name", "Other"}, {"enabled", true}});
  auto twin = s.it.object("project", s.theirs.project_id).as_object();
  twin["name"] = s.mine.name, twin["domain_id"] = "other";
  s.it.put("project", "ffffffffffffffffffffffffffffffff", "", twin);
  const auto e = s.run(delete_all(s));
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, s.mine.name);
  BOOST_TEST(s.changes().empty());
  const auto chosen =
      s.run({"delete", "--project", s.mine.name, "--project-domain", "Default", "-y"});
  BOOST_TEST(chosen.code == 0, chosen.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_region_or_interface_that_there_is_not_is_2_and_no_empty_list) {
  site s;
  const words dry{"delete", "--project", s.mine.name, "-n"};
  const words stop{"stop", "--project", s.mine.name, "--yes"};
  for (const words& args : {delete_all(s), dry, stop})
    for (const auto& [setting, complaint] :
         {std::pair{"    region_name: regionone\n",
                    "the catalog has no region regionone, only RegionOne, RegionTwo"},
          std::pair{"    interface: nosuch\n", "the catalog has no nosuch endpoint"}}) {
      const auto e = with_clouds(s, cloud(s, s.it.admin_password(), trusted(s) + setting), args);
      BOOST_TEST(e.code == 2, args[0] << setting << e.err);
      check_one_error(e, complaint);
    }
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(an_environment_that_contradicts_the_cloud_is_2) {
  site s;
  manner how;
  how.environment["OS_PROJECT_NAME"] = "service";
  const auto e = s.run(delete_all(s), how);
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "contradicts");
  BOOST_TEST(s.it.requests().empty());
}

BOOST_AUTO_TEST_CASE(an_ordinary_user_empties_no_other_project) {
  site s;
  const auto before = s.it.snapshot();
  s.who = s.mine.name;
  const auto e = s.run({"delete", "--project", s.theirs.name, "--yes"});
  BOOST_TEST(e.code == 4, e.err);
  BOOST_TEST(e.errors().size() == 1U, e.err);
  BOOST_TEST(s.changes().empty());
  check_same(before, s.it.snapshot());
}

BOOST_AUTO_TEST_CASE(an_application_credential_cannot_rescope) {
  site s;
  const std::string text = fmt::format(
      "clouds:\n  here:\n    auth_type: v3applicationcredential\n    auth:\n      auth_url: {}\n"
      "      application_credential_id: {}\n      application_credential_secret: sekrit\n    "
      "cacert: {}\n",
      s.it.auth_url(), s.application_credential("sekrit"), s.home.path("ca.pem"));
  s.it.clear_requests();
  const auto e = with_clouds(s, text, {"delete", "--project", s.theirs.name, "--yes"});
  BOOST_TEST(e.code == 4, e.err);
  BOOST_TEST(e.errors().size() == 1U, e.err);
  BOOST_TEST(!e.says("sekrit"), e.err);
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
