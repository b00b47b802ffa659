#include "services/selection.hpp"
#include "tests/unit/support/keystone_model.hpp"
#include "tests/unit/support/loop.hpp"

namespace services_selection_own {

using namespace ostclean;
using namespace ostclean::services;
using namespace std::chrono_literals;
using std::chrono::sys_days;

namespace {

const auto today = sys_days(2026y / 11 / 22) + 1h;
const std::string over = R"("trial_started_at":"2026-10-01")";

/// One Keystone; every login may only ask about itself.
class cloud : public testing::loop_fixture {
 public:
  cloud() : keystone(std::make_shared<testing::keystone_model>()) {
    for (const char* path : {"roles", "role_assignments", "domains", "groups"})
      keystone->forbidden.insert(path);
  }
  void add(const std::string& id, const std::string& project, const std::string& attributes = over,
           const std::string& role = "trial") {
    keystone->add_user(id, project, attributes);
    if (!projects.contains(project)) keystone->add_project(project);
    projects.insert(project);
    keystone->tokens["token-" + id].push_back(
        boost::json::parse(R"({"id":"id-)" + role + R"(","name":")" + role + "\"}"));
    credentials one;
    one.user_id = id;
    one.user_name = "name-" + id;
    one.project_id = project;
    one.password = "good";
    one.where = "c:" + std::to_string(users.size() + 1);
    users.push_back(one);
  }
  identity::answer<acting> open(credentials who) {
    if (who.password == "unreachable") co_return error(errc::network, "no route");
    if (who.password != "good") co_return error(errc::auth, "The request requires authentication");
    auth::token token;
    token.id = "token-" + who.user_id;
    token.user_id = imposter.empty() ? who.user_id : imposter;
    token.project_id = who.project_id;
    if (administrator) token.roles.push_back("admin");
    co_return acting(keystone, testing::keystone_model::base, token);
  }
  result<selection> pick() {
    return run(select_as_users(
        users, rules, [this](credentials who) { return open(std::move(who)); }, today));
  }

  std::shared_ptr<testing::keystone_model> keystone;
  std::set<std::string> projects;
  std::vector<credentials> users;
  policy rules = policy::built_in();
  std::string imposter;
  bool administrator = false;
};

}  // namespace

}  // namespace services_selection_own

BOOST_FIXTURE_TEST_SUITE(services_selection_own, cloud)

BOOST_AUTO_TEST_CASE(expired_and_recategorized_users_become_targets) {
  add("a", "pa");
  add("b", "pb", R"("trial_started_at":"2026-11-21")");
  add("c", "pc", over, "basic");
  add("d", "pd", over, "member");
  const auto made = pick();
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().line()));
  BOOST_TEST(made->targets.size() == 2);
  BOOST_TEST(made->targets[0].project_id == "pa");
  BOOST_TEST(made->targets[0].project_name == "name-pa");
  BOOST_TEST(made->targets[0].acts_as.at(0).user_id == "a");
  BOOST_TEST(made->targets[0].keypair_users.at(0) == "a");
  BOOST_TEST(made->targets[1].project_id == "pc");
  BOOST_TEST(made->spared.size() == 2);
  BOOST_TEST(made->spared[0].reason == "not expired (role trial): 13 days remain");
  BOOST_TEST(made->spared[1].reason == "holds none of the policy's roles");
  BOOST_TEST(made->failed.empty());
}

BOOST_AUTO_TEST_CASE(a_policy_role_given_by_id_is_known_from_the_token) {
  add("a", "pa");
  rules.roles[0].role = "id-trial";
  BOOST_TEST(pick()->targets.size() == 1);
}

BOOST_AUTO_TEST_CASE(only_the_own_project) {
  add("a", "pa");
  users[0].project_id = "pb";
  keystone->add_project("pb");
  const auto made = pick();
  BOOST_REQUIRE(made);
  BOOST_TEST(made->targets.empty());
  BOOST_TEST(made->spared.at(0).reason == "project pb is not its own");
}

BOOST_AUTO_TEST_CASE(who_cannot_log_in_does_not_stop_the_others) {
  add("a", "pa");
  add("b", "pb");
  users[0].password = "old";
  users[0].where = "f:1";
  auto made = pick();
  BOOST_REQUIRE(made);
  BOOST_TEST(made->targets.size() == 1);
  BOOST_TEST(made->failed.at(0).user == "name-a (f:1)");
  BOOST_TEST((made->failed[0].why.code == errc::auth));
  users[1].password = "old";
  made = pick();
  BOOST_REQUIRE(made);
  BOOST_TEST(made->targets.empty());
  BOOST_TEST(made->failed.size() == 2U);
  users[0].password = "unreachable";
  users[1].password = "good";
  made = pick();
  BOOST_REQUIRE(!made);
  BOOST_TEST((made.error().code == errc::network));
}

BOOST_AUTO_TEST_CASE(a_project_stays_while_one_of_its_users_does) {
  add("a", "pa", R"("trial_started_at":"2026-11-21")");
  add("b", "pa");
  auto made = pick();
  BOOST_REQUIRE(!made);
  BOOST_TEST((made.error().code == errc::refused));
  BOOST_TEST(made.error().message ==
             "project name-pa is also the own project of user name-a, who is left alone");
  add("c", "pc");
  made = pick();
  BOOST_REQUIRE(made);
  BOOST_REQUIRE(made->targets.size() == 1U);
  BOOST_TEST(made->targets[0].project_id == "pc");
  BOOST_TEST(made->accounts.size() == 1U);
  BOOST_TEST(made->spared.size() == 1U);
  BOOST_TEST((made->failed.at(0).why.code == errc::refused));
  users[0].password = "old";
  made = pick();
  BOOST_REQUIRE(made);
  BOOST_TEST(made->targets.size() == 1U);
  BOOST_TEST(made->failed.size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_old_password_of_a_user_who_did_log_in_holds_nothing) {
  add("a", "pa");
  users.push_back(users[0]);
  users[0].password = "old";
  const auto made = pick();
  BOOST_REQUIRE(made);
  BOOST_TEST(made->targets.size() == 1U);
  BOOST_TEST(made->failed.size() == 1U);
}

BOOST_AUTO_TEST_CASE(protected_projects_are_refused) {
  add("a", "pa");
  rules.protected_projects = {"name-pa"};
  auto made = pick();
  BOOST_REQUIRE(!made);
  BOOST_TEST((made.error().code == errc::refused));
  rules.protected_projects = {};
  administrator = true;
  made = pick();
  BOOST_REQUIRE(!made);
  BOOST_TEST(made.error().message.ends_with("it is the caller's own admin project"));
}

BOOST_AUTO_TEST_CASE(a_login_as_somebody_else_is_an_error) {
  add("a", "pa");
  add("b", "pb");
  imposter = "b";
  const auto made = pick();
  BOOST_REQUIRE(!made);
  BOOST_TEST((made.error().code == errc::config));
  BOOST_TEST(made.error().message == "c:1: the login is that of user b, not of a");
}

BOOST_AUTO_TEST_CASE(two_users_with_one_own_project_make_one_target) {
  add("a", "pa");
  add("b", "pa");
  users.push_back(users[0]);
  const auto made = pick();
  BOOST_REQUIRE(made);
  BOOST_TEST(made->targets.size() == 1);
  BOOST_TEST((made->targets[0].keypair_users == std::vector<std::string>{"a", "b"}));
  BOOST_TEST(made->targets[0].acts_as.size() == 2);
  BOOST_TEST(made->targets[0].acts_as[1].user_id == "b");
  BOOST_TEST(made->accounts.size() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
