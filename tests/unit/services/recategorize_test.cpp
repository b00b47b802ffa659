#include "services/recategorize.hpp"

#include <boost/test/unit_test.hpp>

namespace ostclean::services {
BOOST_AUTO_TEST_SUITE(services_recategorize)

namespace {

named role(const char* name) {
  named made;
  made.id = std::string("id-") + name;
  made.name = name;
  return made;
}

class someone {
 public:
  someone() {
    for (const char* name : {"trial", "community", "basic", "admin"})
      book.roles.push_back(role(name));
    look.who.judged.state = trial_state::expired;
  }

  void holds(const char* name, const std::string& project, const std::string& domain = "",
             bool inherited = false) {
    assignment row;
    row.role_id = std::string("id-") + name;
    row.user_id = "u";
    row.project_id = project;
    row.domain_id = domain;
    row.inherited = inherited;
    look.own.push_back(row);
    held(name, false);
  }

  void held(const char* name, bool via_group) {
    held_role one;
    one.id = std::string("id-") + name;
    one.name = name;
    one.via_group = via_group;
    look.who.held.push_back(one);
  }

  result<role_moves> plan(const std::string& from = "", const std::string& to = "") const {
    return plan_moves(look, book, policy::built_in(), from, to);
  }

  role_book book;
  fresh_look look;
};

}  // namespace

BOOST_AUTO_TEST_CASE(every_expiring_role_is_replaced_where_it_is) {
  someone ann;
  ann.holds("trial", "p");
  ann.holds("community", "", "d", true);
  ann.holds("admin", "q");
  const auto moves = ann.plan().value();
  BOOST_TEST(moves.left_alone.empty());
  BOOST_REQUIRE(moves.list.size() == 2U);
  BOOST_TEST(moves.list[0].place() == "project p");
  BOOST_TEST(moves.list[1].place() == "domain d");
  BOOST_TEST(moves.list[1].where.inherited);
  for (const auto& one : moves.list) BOOST_TEST(one.to.name == "basic");
}

BOOST_AUTO_TEST_CASE(only_who_has_the_first_and_whose_time_is_over) {
  someone ann;
  ann.holds("basic", "p");
  BOOST_TEST(ann.plan()->left_alone == "has the role basic already");
  someone bob;
  BOOST_TEST(bob.plan()->left_alone == "no longer has the role trial or community");
  someone eve;
  eve.held("trial", true);
  BOOST_TEST(eve.plan()->left_alone == "role trial is held through a group");
  someone dan;
  dan.holds("trial", "p");
  dan.look.who.judged.state = trial_state::active;
  BOOST_TEST(dan.plan()->list.empty());
  BOOST_TEST(!dan.plan()->left_alone.empty());
  BOOST_TEST(dan.plan("trial")->list.size() == 1U);
  dan.look.who.judged.state = trial_state::protected_;
  dan.look.who.judged.reason = "user dan is protected";
  BOOST_TEST(dan.plan("trial")->left_alone == "user dan is protected");
  BOOST_TEST(dan.plan("trial")->list.empty());
}

BOOST_AUTO_TEST_CASE(roles_that_nobody_knows_are_errors) {
  someone ann;
  ann.holds("trial", "p");
  BOOST_TEST(!ann.plan("nosuch"));
  BOOST_TEST(!ann.plan("", "nosuch"));
  BOOST_TEST(!ann.plan("trial", "trial"));
  BOOST_TEST(!ann.plan("basic"));
  BOOST_TEST(ann.plan("trial", "community")->list.front().to.name == "community");
}

BOOST_AUTO_TEST_CASE(afterwards_the_new_role_is_there_and_the_old_one_is_not) {
  someone ann;
  ann.holds("trial", "p");
  const auto moves = ann.plan()->list;
  BOOST_TEST(why_unmoved(ann.look, moves) == "still has the role trial on project p");
  someone after;
  after.holds("trial", "q");
  BOOST_TEST(why_unmoved(after.look, moves) == "does not have the role basic on project p");
  after.holds("basic", "p");
  BOOST_TEST(why_unmoved(after.look, moves).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace ostclean::services
