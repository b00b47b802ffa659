#include "services/loan.hpp"

#include "tests/unit/support/patient_cloud.hpp"
#include "tests/unit/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(services_loan)

using namespace ostclean;
using namespace ostclean::services;

namespace {

boost::json::object lent(const char* what, const char* project, const char* user,
                         const char* role) {
  return {{"event", "lend"},       {"identity", "http://k/v3"}, {"what", what},
          {"project_id", project}, {"user_id", user},           {"role_id", role}};
}

/// A journal with one loan of the first of January 2026, and a Keystone that takes all back.
class lending_keystone : public testing::patient_cloud {
 public:
  lending_keystone() {
    answers = [](const http::request&) { return says(204); };
  }

  void write(const boost::json::object& loan) {
    auto log = plan::journal::create(folder.path + "/run.jsonl");
    BOOST_REQUIRE(log);
    BOOST_REQUIRE((*log)->write({{"event", "begin"}, {"at", "2026-01-01T00:00:00Z"}}));
    BOOST_REQUIRE((*log)->write(loan));
  }

  /// On the third.
  std::vector<error> settle(bool old = false) {
    settlement how{{base + std::string{"/v3"}, "k-1"},
                   *parse_iso8601("2026-01-03T00:00:00Z"),
                   [this](const std::string& line) { notes.push_back(line); }};
    how.old = old;
    return run(give_back_unfinished(session, folder.path, std::move(how)));
  }

  boost::json::object line(const char* what, const char* id = "k-1") const {
    auto made = lent(what, "p", "u", "r");
    made["identity"] = base + std::string{"/v3"};
    if (*id != 0) made["keystone_id"] = id;
    return made;
  }

  testing::temporary_folder folder;
  std::vector<std::string> notes;
  const std::string taken_back = "DELETE /v3/projects/p/users/u/roles/r";
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_role_that_was_not_there_before_is_given_back_whenever, lending_keystone) {
  auto known = line("role");
  known["absent"] = true;
  write(known);
  BOOST_TEST(settle().empty());
  BOOST_TEST(times_of(taken_back).size() == 1U);
  BOOST_TEST(notes.size() == 1U);
  BOOST_TEST(unfinished_loans(folder.path, false).empty());
}

/// As older versions wrote it, and what a project was enabled for.
BOOST_FIXTURE_TEST_CASE(what_was_lent_long_ago_is_given_back_when_somebody_asks, lending_keystone) {
  for (const char* what : {"role", "enabled"}) {
    write(line(what));
    const auto failed = settle();
    BOOST_REQUIRE(failed.size() == 1U);
    BOOST_TEST(failed.front().message.find("more than a day ago") != std::string::npos);
    BOOST_TEST(requests.empty());
    BOOST_TEST(unfinished_loans(folder.path, false).size() == 1U);
    BOOST_TEST(settle(true).empty());
    BOOST_TEST(requests.size() == 1U);
    BOOST_TEST(unfinished_loans(folder.path, false).empty());
    std::filesystem::remove(folder.path + "/run.jsonl");
    requests.clear();
  }
}

BOOST_FIXTURE_TEST_CASE(a_keystone_is_the_same_at_every_url, lending_keystone) {
  auto elsewhere = line("role");
  elsewhere["absent"] = true;
  elsewhere["identity"] = "http://other/v3";
  write(elsewhere);
  BOOST_TEST(settle().empty());
  BOOST_TEST(times_of(taken_back).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(another_keystone_at_the_same_url_is_another, lending_keystone) {
  auto elsewhere = line("role", "k-2");
  elsewhere["absent"] = true;
  write(elsewhere);
  BOOST_TEST(settle().size() == 1U);
  BOOST_TEST(requests.empty());
}

/// A journal of an older version, or a catalog that does not say.
BOOST_FIXTURE_TEST_CASE(without_an_id_the_url_counts, lending_keystone) {
  auto unnamed = line("role", "");
  unnamed["absent"] = true;
  write(unnamed);
  BOOST_TEST(settle().empty());
  BOOST_TEST(times_of(taken_back).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_line_that_does_not_say_what_was_lent_is_no_loan) {
  testing::temporary_folder folder;
  {
    auto log = plan::journal::create(folder.path + "/run.jsonl");
    BOOST_REQUIRE(log);
    BOOST_REQUIRE((*log)->write(lent("role", "p", "u", "r")));
    BOOST_REQUIRE((*log)->write(lent("role", "", "u", "r")));
    BOOST_REQUIRE((*log)->write(lent("role", "p", "u", "")));
    BOOST_REQUIRE((*log)->write(lent("enabled", "", "", "")));
  }
  const auto open = unfinished_loans(folder.path, false);
  BOOST_REQUIRE(open.size() == 1U);
  BOOST_TEST(open.front().second.project_id == "p");
}

BOOST_AUTO_TEST_SUITE_END()
