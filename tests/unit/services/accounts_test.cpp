#include "services/accounts.hpp"

#include "tests/unit/support/keystone_model.hpp"
#include "tests/unit/support/loop.hpp"

namespace services_accounts {

using namespace ostclean;
using namespace ostclean::services;
using namespace std::chrono_literals;
using std::chrono::sys_days;

namespace {

const auto today = sys_days(2026y / 11 / 22) + 1h;

std::string started(const std::string& day) { return R"("trial_started_at":")" + day + "\""; }

class cloud : public testing::loop_fixture {
 public:
  cloud() { keystone.add_administrator(); }
  void add_trial(const std::string& id, const std::string& day) {
    keystone.add_user(id, "p-" + id, started(day));
    keystone.add_project("p-" + id);
    keystone.grant("trial", id, "p-" + id);
  }
  result<account_list> list(const account_filter& filter = account_filter()) {
    return run(list_accounts(from, rules, filter, today));
  }
  std::string ids(const account_filter& filter = account_filter()) {
    const auto listed = list(filter);
    if (!listed) return listed.error().line();
    std::string all;
    for (const auto& one : listed->accounts)
      all += one.who.id + "=" + std::string(to_string(one.judged.state)) + " ";
    return all;
  }

  testing::keystone_model keystone;
  identity from{keystone, testing::keystone_model::base};
  policy rules = policy::built_in();
};

}  // namespace

}  // namespace services_accounts

BOOST_FIXTURE_TEST_SUITE(services_accounts, cloud)

BOOST_AUTO_TEST_CASE(by_remaining_days_then_name_and_the_unknown_last) {
  add_trial("c", "2026-10-01");
  add_trial("b", "2026-11-10");
  add_trial("a", "2026-11-10");
  add_trial("z", "");
  add_trial("y", "2026-11-21");
  keystone.add_user("guest", "p-a", started("2020-01-01"));
  BOOST_TEST(ids() == "c=expired a=expiring b=expiring y=active z=active ");
}

BOOST_AUTO_TEST_CASE(ten_thousand_users_are_a_handful_of_requests) {
  for (int i = 0; i < 10000; ++i) {
    const std::string id = "u" + std::to_string(i);
    keystone.add_user(id, "p" + id, started("2026-10-01"));
    keystone.grant("trial", id, "p" + id);
  }
  const auto listed = list();
  BOOST_REQUIRE(listed);
  BOOST_TEST(listed->accounts.size() == 10000);
  BOOST_TEST(keystone.asked.size() <= 8);
}

BOOST_AUTO_TEST_CASE(roles_through_groups_and_inherited_ones_count) {
  keystone.add_user("g", "pg", started("2026-10-01"));
  keystone.groups["grp"].push_back(boost::json::parse(R"({"id":"g","name":"g"})"));
  keystone.groups["grp"].push_back(boost::json::parse(R"({"name":"without an id"})"));
  keystone.add("users", R"({"name":"without an id"})");
  keystone.grant_group("trial", "grp", "pg");
  keystone.grant_group("community", "grp", "pg");
  keystone.grant_group("trial", "gone", "pg");
  keystone.add_user("i", "pi", started("2026-10-01"));
  keystone.add("role_assignments",
               R"({"role":{"id":"id-trial"},"user":{"id":"i"},
                   "scope":{"domain":{"id":"default"},"OS-INHERIT:inherited_to":"projects"}})");
  const auto listed = list();
  BOOST_REQUIRE(listed);
  BOOST_TEST(listed->accounts.size() == 2);
  BOOST_TEST(listed->accounts[0].who.id == "i");
  BOOST_TEST(!listed->accounts[0].judged.via_group);
  BOOST_TEST(listed->accounts[1].judged.via_group);
  BOOST_TEST(keystone.count("/groups/grp/users") == 1);
}

BOOST_AUTO_TEST_CASE(users_a_list_leaves_out_are_fetched) {
  add_trial("a", "2026-10-01");
  keystone.add("users", R"({"id":"ldap","name":"l","domain_id":"far","cloud_project_id":"pl"})");
  keystone.own_driver.insert("far");
  keystone.grant("trial", "ldap", "pl");
  keystone.grant("trial", "deleted-in-ldap", "pl");
  BOOST_TEST(ids() == "a=expired ldap=active ");
  BOOST_TEST(keystone.count("/users/ldap") == 1);
}

BOOST_AUTO_TEST_CASE(many_that_a_list_leaves_out_are_asked_for_by_domain) {
  keystone.add("domains", R"({"id":"far","name":"Far"})");
  keystone.own_driver.insert("far");
  for (int i = 0; i < 100; ++i) {
    const std::string id = "l" + std::to_string(i);
    keystone.add("users", R"({"id":")" + id + R"(","name":")" + id + R"(","domain_id":"far"})");
    keystone.grant("trial", id, "p");
  }
  const auto listed = list();
  BOOST_REQUIRE(listed);
  BOOST_TEST(listed->accounts.size() == 100);
  BOOST_TEST(keystone.asked.size() < 15);
}

BOOST_AUTO_TEST_CASE(a_list_that_keystone_cuts_short_is_not_believed) {
  keystone.list_limit = 2;
  for (const char* id : {"a", "b", "c"}) add_trial(id, "2026-10-01");
  BOOST_TEST(ids() == "a=expired b=expired c=expired ");
  account_filter filter;
  filter.domain = "Default";
  BOOST_TEST(ids(filter) == "a=expired b=expired c=expired ");
}

BOOST_AUTO_TEST_CASE(filters) {
  add_trial("a", "2026-10-01");
  add_trial("b", "2026-11-10");
  keystone.add("domains", R"({"id":"d2","name":"Two"})");
  keystone.add("users", R"({"id":"x","name":"x","domain_id":"d2","cloud_project_id":"px"})");
  keystone.grant("community", "x", "p-a");
  account_filter filter;
  filter.states = {trial_state::expired};
  BOOST_TEST(ids(filter) == "a=expired ");
  filter = account_filter();
  filter.roles = {"community"};
  BOOST_TEST(ids(filter) == "x=active ");
  filter.roles = {"id-trial"};
  BOOST_TEST(ids(filter) == "a=expired b=expiring ");
  filter = account_filter();
  filter.domain = "Two";
  BOOST_TEST(ids(filter) == "x=active ");
  filter.domain = "nosuch";
  BOOST_TEST(ids(filter) == "no domain named nosuch");
  filter = account_filter();
  filter.project = "name-p-a";
  BOOST_TEST(ids(filter) == "a=expired x=active ");
  filter.project = "p-b";
  BOOST_TEST(ids(filter) == "b=expiring ");
  filter.project = "nosuch";
  BOOST_TEST(ids(filter) == "no project named nosuch");
}

BOOST_AUTO_TEST_CASE(a_role_outside_the_policy_can_be_listed) {
  add_trial("a", "2026-10-01");
  keystone.add_user("b", "pb");
  keystone.grant("basic", "b", "pb");
  account_filter filter;
  filter.roles = {"basic"};
  const auto listed = list(filter);
  BOOST_REQUIRE(listed);
  BOOST_TEST(listed->accounts.size() == 1);
  BOOST_TEST(listed->accounts[0].judged.role == "basic");
  BOOST_TEST((listed->accounts[0].judged.state == trial_state::none));
}

BOOST_AUTO_TEST_CASE(a_role_keystone_does_not_know_is_a_note_or_an_error) {
  rules.roles[1].role = "nosuch";
  add_trial("a", "2026-10-01");
  const auto listed = list();
  BOOST_REQUIRE(listed);
  BOOST_TEST(listed->accounts.size() == 1);
  BOOST_TEST(listed->notes.size() == 1);
  BOOST_TEST(listed->notes[0] == "no role named nosuch in Keystone: nobody holds it");
  account_filter filter;
  filter.roles = {"nosuch"};
  const auto asked = list(filter);
  BOOST_REQUIRE(!asked);
  BOOST_TEST((asked.error().code == errc::config));
  BOOST_TEST(asked.error().message == "no role named nosuch");
}

BOOST_AUTO_TEST_CASE(protected_accounts_are_listed_as_such) {
  add_trial("a", "2026-10-01");
  keystone.grant("admin", "a", "");
  add_trial("b", "2026-10-01");
  rules.protected_projects.push_back("name-p-b");
  const auto listed = list();
  BOOST_REQUIRE(listed);
  BOOST_TEST(listed->accounts[0].judged.reason == "role admin is protected");
  BOOST_TEST(listed->accounts[1].judged.reason == "project p-b is protected");
}

BOOST_AUTO_TEST_CASE(what_keystone_forbids_is_the_error) {
  keystone.forbidden.insert("roles");
  const auto listed = list();
  BOOST_REQUIRE(!listed);
  BOOST_TEST((listed.error().code == errc::forbidden));
  BOOST_TEST(listed.error().message.find("not authorized") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
