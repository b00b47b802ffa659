#include "tests/unit/services/selection_cloud.hpp"

namespace services_selection {

using namespace ostclean;
using namespace ostclean::services;
using namespace ostclean::services::selection_test;

}  // namespace services_selection

BOOST_FIXTURE_TEST_SUITE(services_selection, cloud)

BOOST_AUTO_TEST_CASE(a_project_by_name_with_the_keypairs_of_its_own_users) {
  add("a");
  add("b");
  keystone.grant("member", "b", "p-a");
  keystone.add_user("second", "p-a", running);
  wanted.projects = {"name-p-a", "p-a"};
  const auto made = pick();
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().line()));
  BOOST_TEST(made->targets.size() == 1);
  const auto& one = made->targets[0];
  BOOST_TEST(one.project_id == "p-a");
  BOOST_TEST(one.project_name == "name-p-a");
  BOOST_TEST(one.project_domain_id == "default");
  BOOST_TEST(one.project_enabled);
  BOOST_TEST(one.origin == "--project");
  BOOST_TEST(one.acts_as.empty());
  BOOST_TEST((one.keypair_users == std::vector<std::string>{"a", "second"}));
}

BOOST_AUTO_TEST_CASE(neither_the_callers_nor_a_protected_users_keypairs_go) {
  add("a");
  keystone.add_user("vip", "p-a", R"("email":"v@corp.invalid")");
  keystone.lists["users"][0].as_object()["default_project_id"] = "p-a";
  rules.protected_email_domains = {"corp.invalid"};
  wanted.projects = {"p-a"};
  BOOST_TEST(picked() == "p-a(a,) ");
}

BOOST_AUTO_TEST_CASE(users_are_judged_again) {
  add("a");
  add("b", running);
  add("c", over, "basic");
  add("d", R"("x":1)");
  add("e", over, "member");
  add("f", over + R"(,"email":"f@corp.invalid")");
  rules.protected_email_domains = {"corp.invalid"};
  wanted.users = {"name-a", "b", "c", "d", "e", "f", "a"};
  BOOST_TEST(picked() ==
             "p-a(a,) p-c(c,) "
             "spared b: not expired (role trial): 13 days remain "
             "spared d: not expired (role trial): no trial_started_at "
             "spared e: holds none of the policy's roles "
             "spared f: email domain corp.invalid is protected ");
}

BOOST_AUTO_TEST_CASE(recategorized_but_expiring_elsewhere_is_left_alone) {
  add("c", running, "basic");
  keystone.grant("trial", "c", "other");
  wanted.users = {"c"};
  BOOST_TEST(picked() == "spared c: not expired (role trial): 13 days remain ");
}

BOOST_AUTO_TEST_CASE(the_own_project_is_the_cloud_project_first) {
  keystone.add_user("a", "worked-in", over + R"(,"cloud_project_id":"mine")");
  keystone.add_project("worked-in");
  keystone.add_project("mine", R"("enabled":false)");
  keystone.grant("trial", "a", "worked-in");
  wanted.users = {"a"};
  const auto made = pick();
  BOOST_REQUIRE(made);
  BOOST_TEST(made->targets.size() == 1);
  BOOST_TEST(made->targets[0].project_id == "mine");
  BOOST_TEST(!made->targets[0].project_enabled);
  BOOST_TEST(made->targets[0].origin == "user name-a");
  BOOST_TEST(made->accounts.size() == 1);
}

BOOST_AUTO_TEST_CASE(a_user_without_a_project_is_said) {
  keystone.add_user("a", "", over);
  keystone.add_user("b", "vanished", over);
  keystone.grant("trial", "a", "x");
  keystone.grant("trial", "b", "x");
  wanted.users = {"a", "b"};
  BOOST_TEST(picked() == "spared a: has no project of its own spared b: its own project is gone ");
}

BOOST_AUTO_TEST_CASE(a_project_others_work_in_is_refused) {
  add("a");
  add("b");
  keystone.grant("member", "b", "p-a");
  wanted.users = {"a"};
  BOOST_TEST(picked() ==
             "refused: user name-b (b) is not selected and has the role member in project "
             "name-p-a (p-a)");
  wanted.projects = {"p-a"};
  BOOST_TEST(picked() == "p-a(a,) ");
  wanted.projects = {};
  wanted.users = {"a", "b"};
  BOOST_TEST(picked() == "p-a(a,) p-b(b,) ");
}

BOOST_AUTO_TEST_CASE(one_refused_project_leaves_the_others) {
  add("a");
  add("b", running);
  add("c");
  keystone.grant("member", "b", "p-a");
  wanted.users = {"a", "c"};
  const auto made = pick();
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().line()));
  BOOST_TEST(made->targets.size() == 1U);
  BOOST_TEST(made->targets.at(0).project_id == "p-c");
  BOOST_TEST(made->accounts.size() == 1U);
  BOOST_TEST(made->accounts.at(0).who.id == "c");
  BOOST_TEST(made->failed.size() == 1U);
  BOOST_TEST(made->failed.at(0).user == "user name-a");
  BOOST_TEST((made->failed.at(0).why.code == errc::refused));
}

BOOST_AUTO_TEST_CASE(somebody_who_is_left_alone_counts_as_an_other) {
  add("a");
  add("b", running);
  keystone.grant("member", "b", "p-a");
  wanted.users = {"a", "b"};
  BOOST_TEST(picked().starts_with("refused: user name-b (b) is not selected"));
}

BOOST_AUTO_TEST_CASE(members_of_a_group_with_a_role_there_are_others) {
  add("a");
  keystone.groups["g"].push_back(boost::json::parse(R"({"id":"a","name":"a"})"));
  keystone.grant_group("member", "g", "p-a");
  wanted.users = {"a"};
  BOOST_TEST(picked() == "p-a(a,) ");
  keystone.groups["g"].push_back(boost::json::parse(R"({"id":"x","name":"x"})"));
  BOOST_TEST(picked() ==
             "refused: user x is not selected and has the role member in project "
             "name-p-a (p-a) through group g");
}

BOOST_AUTO_TEST_CASE(a_project_somebody_else_calls_the_own_is_refused) {
  add("a");
  keystone.add_user("b", "p-a", running);
  wanted.users = {"a"};
  BOOST_TEST(picked() ==
             "refused: project name-p-a (p-a) is also the own project of user name-b (b), who is "
             "not selected");
  keystone.lists["users"].pop_back();
  keystone.add("users", R"({"id":"f","name":"f","domain_id":"far","cloud_project_id":"p-a"})");
  keystone.add("domains", R"({"id":"far","name":"Far"})");
  keystone.own_driver.insert("far");
  BOOST_TEST(
      picked().starts_with("refused: project name-p-a (p-a) is also the own project of "
                           "user f (f)"));
}

BOOST_AUTO_TEST_CASE(two_selected_users_with_one_own_project) {
  add("a");
  keystone.add_user("b", "p-a", over);
  keystone.grant("trial", "b", "p-a");
  wanted.users = {"a", "b"};
  BOOST_TEST(picked() == "p-a(a,b,) ");
}

BOOST_AUTO_TEST_CASE(a_lent_role_does_not_count) {
  add("a");
  keystone.grant("admin", "root", "p-a");
  wanted.users = {"a"};
  BOOST_TEST(picked().starts_with("refused: user name-root (root) is not selected"));
  lent = [](const std::string& user, const std::string& project, const std::string& role) {
    return user == "root" && project == "p-a" && role != "member";
  };
  BOOST_TEST(picked() == "p-a(a,) ");
  admin.project_id = "p-a";
  BOOST_TEST(picked() == "p-a(a,) ");
  lent = nullptr;
  BOOST_TEST(picked() ==
             "refused: project name-p-a (p-a) is protected: it is the caller's own admin project");
}

BOOST_AUTO_TEST_CASE(protected_projects_are_refused_however_they_are_reached) {
  struct {
    const char* more;
    const char* listed;
    const char* why;
  } const cases[] = {
      {R"("tags":["x","ostclean:keep"])", "", "it has the tag ostclean:keep"},
      {R"("is_domain":true)", "", "it is a domain"},
      {"", "p", "the policy lists it (protect.projects)"},
      {"", "name-p", "the policy lists it (protect.projects)"},
  };
  for (const auto& c : cases) {
    BOOST_TEST_CONTEXT(c.why) {
      keystone.lists["projects"].clear();
      keystone.lists["users"].clear();
      keystone.add_project("p", c.more);
      keystone.add_user("a", "p", over);
      keystone.grant("trial", "a", "p");
      rules.protected_projects = {c.listed};
      wanted.users = {};
      wanted.projects = {"p"};
      const std::string refused = std::string("refused: project name-p (p) is protected: ") + c.why;
      BOOST_TEST(picked() == refused);
      wanted.projects = {};
      wanted.users = {"a"};
      BOOST_TEST(picked() == refused);
    }
  }
}

BOOST_AUTO_TEST_CASE(admin_and_service_are_always_protected) {
  wanted.projects = {"admin"};
  admin.project_id = "elsewhere";
  BOOST_TEST(picked() ==
             "refused: project admin (adm) is protected: the policy lists it (protect.projects)");
}

BOOST_AUTO_TEST_CASE(unknown_and_ambiguous_names_are_configuration_errors) {
  wanted.projects = {"nosuch"};
  BOOST_TEST(picked() == "config: no project named nosuch");
  wanted.projects = {};
  wanted.users = {"nosuch"};
  BOOST_TEST(picked() == "config: no user named nosuch");
  wanted.users = {};
  const auto made = pick();
  BOOST_REQUIRE(!made);
  BOOST_TEST((made.error().code == errc::usage));
}

BOOST_AUTO_TEST_CASE(a_users_file) {
  add("a");
  add("b", running);
  wanted.users_file = file("a,x\nb\na\n");
  const auto made = pick();
  BOOST_REQUIRE(made);
  BOOST_TEST(made->targets.size() == 1);
  BOOST_TEST(made->spared.size() == 1);
  BOOST_TEST(made->warnings.size() == 1);
  BOOST_TEST(made->warnings[0] == wanted.users_file + ":3: user a is listed twice");
  wanted.users_file = file("a\nnosuch\n");
  BOOST_TEST(picked() == "config: " + wanted.users_file + ":2: no user with id nosuch");
}

BOOST_AUTO_TEST_CASE(a_long_users_file_is_not_one_request_a_user) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    add("u" + std::to_string(i), running);
    text += "u" + std::to_string(i) + "\n";
  }
  wanted.users_file = file(text);
  const auto made = pick();
  BOOST_REQUIRE(made);
  BOOST_TEST(made->spared.size() == 200);
  BOOST_TEST(keystone.asked.size() < 15);
}

BOOST_AUTO_TEST_CASE(the_callers_own_project_asks_no_administrators_question) {
  add("a");
  for (const char* path : {"roles", "role_assignments", "domains", "groups"})
    keystone.forbidden.insert(path);
  admin.user_id = "a";
  admin.project_id = "p-a";
  admin.roles = {"member", "trial"};
  wanted.auth_project = true;
  BOOST_TEST(picked() == "p-a(a,) ");
  admin.user_id = "root";
  const auto guest = pick();
  BOOST_REQUIRE(guest);
  BOOST_TEST(guest->targets[0].keypair_users.empty());
  BOOST_TEST(guest->warnings.size() == 1);
  admin.roles = {"admin"};
  BOOST_TEST(picked().ends_with("it is the caller's own admin project"));
  admin.project_id = "";
  BOOST_TEST(picked() == "config: --auth-project: the credentials are not scoped to a project");
}

BOOST_AUTO_TEST_SUITE_END()
