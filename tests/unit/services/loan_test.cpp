#include "services/loan.hpp"

#include "services/loan_lines.hpp"
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
    answers = [this](const http::request& r) {
      if (r.method != http::verb::get) return says(204);
      return says(200, std::string{R"({"project":{"id":"p","enabled":)"} + enabled + "}}");
    };
  }

  void write(const boost::json::object& loan, const std::string& file = "run.jsonl",
             const boost::json::object& first = {{"event", "begin"},
                                                 {"at", "2026-01-01T00:00:00Z"}}) {
    auto log = plan::journal::create(folder.path + "/" + file);
    BOOST_REQUIRE(log);
    BOOST_REQUIRE((*log)->write(first));
    BOOST_REQUIRE((*log)->write(loan));
  }

  /// On the third.
  settlement how(const std::string& resumed = {}) {
    settlement made{{base + std::string{"/v3"}, "k-1"},
                    *parse_iso8601("2026-01-03T00:00:00Z"),
                    [this](const loan& one) { notes.push_back(one.project_id); }};
    made.resumed = resumed;
    return made;
  }
  std::vector<error> settle(const std::string& resumed = {}) {
    const auto left = run(give_back_unfinished(session, folder.path, how(resumed)));
    of_resumed = left.of_resumed;
    return left.why;
  }

  /// That its journal still tells of.
  known_loans open_loans() const {
    return loans_of(*plan::read_journal(folder.path + "/run.jsonl", false));
  }

  boost::json::object line(const char* what, const char* id = "k-1") const {
    auto made = lent(what, "p", "u", "r");
    made["identity"] = base + std::string{"/v3"};
    if (*id != 0) made["keystone_id"] = id;
    return made;
  }

  testing::temporary_folder folder;
  std::string enabled = "true";  ///< as the project is by now
  std::vector<std::string> notes;
  bool of_resumed = false;
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
  BOOST_TEST(open_loans().empty());
}

/// Who did that may have granted the role as well.
BOOST_FIXTURE_TEST_CASE(where_somebody_has_disabled_the_project_since_nothing_is_given_back,
                        lending_keystone) {
  auto known = line("role");
  known["absent"] = true;
  write(known);
  enabled = "false";
  const auto failed = settle();
  BOOST_REQUIRE(failed.size() == 1U);
  BOOST_TEST(failed.front().message.find("disabled the project since") != std::string::npos);
  BOOST_TEST(times_of(taken_back).empty());
  BOOST_TEST(open_loans().size() == 1U);
  BOOST_TEST(settle(folder.path + "/run.jsonl").empty());
  BOOST_TEST(times_of(taken_back).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(while_nobody_tells_whether_the_project_was_disabled_nothing_is_given_back,
                        lending_keystone) {
  auto known = line("role");
  known["absent"] = true;
  write(known);
  enabled = "?";
  BOOST_TEST(settle().size() == 1U);
  BOOST_TEST(times_of(taken_back).empty());
  BOOST_TEST(open_loans().size() == 1U);
}

/// As older versions wrote it, and what a project was enabled for.
BOOST_FIXTURE_TEST_CASE(what_was_lent_long_ago_is_given_back_when_somebody_asks, lending_keystone) {
  for (const char* what : {"role", "enabled"}) {
    write(line(what));
    const auto failed = settle();
    BOOST_REQUIRE(failed.size() == 1U);
    BOOST_TEST(failed.front().message.find("more than a day ago") != std::string::npos);
    BOOST_TEST(requests.empty());
    BOOST_TEST(open_loans().size() == 1U);
    BOOST_TEST(settle(folder.path + "/run.jsonl").empty());
    BOOST_TEST(requests.size() == 1U);
    BOOST_TEST(open_loans().empty());
    std::filesystem::remove(folder.path + "/run.jsonl");
    requests.clear();
  }
}

/// What another run lent somebody may want by now as before, and how it is given back is said.
BOOST_FIXTURE_TEST_CASE(who_resumes_a_run_gives_back_what_that_one_lent, lending_keystone) {
  write(line("enabled"));
  auto others = line("enabled");
  others["project_id"] = "q";
  write(others, "other.jsonl");
  const auto failed = settle(folder.path + "/./run.jsonl");
  BOOST_REQUIRE(failed.size() == 1U);
  BOOST_TEST(!of_resumed);
  BOOST_TEST(failed.front().message.find("project q is enabled") != std::string::npos);
  const auto how_to = "--resume --journal " + folder.path + "/other.jsonl";
  BOOST_TEST(failed.front().hint.find(how_to) != std::string::npos, failed.front().hint);
  BOOST_TEST(times_of("PATCH /v3/projects/p").size() == 1U);
  BOOST_TEST(times_of("PATCH /v3/projects/q").empty());
  BOOST_TEST(settle("*").empty());
  BOOST_TEST(times_of("PATCH /v3/projects/q").size() == 1U);
}

/// A run whose record is where the user wants it has its loans in the folder.
BOOST_FIXTURE_TEST_CASE(a_run_is_known_by_its_record_wherever_that_is, lending_keystone) {
  testing::temporary_folder elsewhere;
  const auto record = elsewhere.path + "/record.jsonl";
  BOOST_REQUIRE(plan::journal::create(record));
  auto known = line("enabled");
  known["at"] = "2026-01-01T00:00:00Z";
  write(known, "run.jsonl", as_loans_of(record));
  BOOST_TEST(settle(folder.path + "/other.jsonl").size() == 1U);
  BOOST_TEST(settle(record).empty());
  BOOST_TEST(times_of("PATCH /v3/projects/p").size() == 1U);
}

/// Such a role is one like any other.
BOOST_FIXTURE_TEST_CASE(what_is_not_given_back_is_not_among_what_is, lending_keystone) {
  auto known = line("role"), elsewhere = line("role", "k-2");
  known["absent"] = elsewhere["absent"] = true;
  write(line("role"), "old.jsonl");
  write(elsewhere, "elsewhere.jsonl");
  BOOST_TEST(run(returnable_loans(session, folder.path, how())).empty());
  BOOST_TEST(run(returnable_loans(session, folder.path, how(folder.path + "/old.jsonl"))).size() ==
             1U);
  write(known);
  BOOST_TEST(run(returnable_loans(session, folder.path, how())).size() == 1U);
  enabled = "false";
  BOOST_TEST(run(returnable_loans(session, folder.path, how())).empty());
  const auto asked = how(folder.path + "/run.jsonl");
  BOOST_TEST(run(returnable_loans(session, folder.path, asked)).size() == 1U);
}

/// Made from the other's database, it has all its ids.
BOOST_FIXTURE_TEST_CASE(what_is_gone_at_another_url_may_be_there_at_its_own, lending_keystone) {
  answers = [](const http::request&) { return says(404); };
  auto known = line("role");
  known["absent"] = true;
  known["identity"] = "http://other/v3";
  known["at"] = "2026-01-02T12:00:00Z";
  write(known);
  const auto failed = settle();
  BOOST_REQUIRE(failed.size() == 1U);
  BOOST_TEST(failed.front().message.find("http://other/v3") != std::string::npos);
  BOOST_TEST(notes.empty());
  BOOST_TEST(open_loans().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_keystone_is_the_same_at_every_url, lending_keystone) {
  auto elsewhere = line("role");
  elsewhere["absent"] = true;
  elsewhere["identity"] = "http://other/v3";
  elsewhere["at"] = "2026-01-02T12:00:00Z";
  write(elsewhere);
  BOOST_TEST(settle().empty());
  BOOST_TEST(times_of(taken_back).size() == 1U);
}

/// Since then it may have been granted again there, or never been taken.
BOOST_FIXTURE_TEST_CASE(what_was_absent_at_another_url_is_sure_for_a_day, lending_keystone) {
  auto elsewhere = line("role");
  elsewhere["absent"] = true;
  elsewhere["identity"] = "http://other/v3";
  write(elsewhere);
  BOOST_TEST(settle().size() == 1U);
  BOOST_TEST(requests.empty());
  BOOST_TEST(run(returnable_loans(session, folder.path, how())).empty());
}

BOOST_FIXTURE_TEST_CASE(what_the_resumed_run_lent_and_keystone_does_not_take_is_told,
                        lending_keystone) {
  answers = [](const http::request&) { return says(500); };
  write(line("enabled"));
  BOOST_TEST(settle(folder.path + "/run.jsonl").size() == 1U);
  BOOST_TEST(of_resumed);
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
  const auto open = loans_of(*plan::read_journal(folder.path + "/run.jsonl", false));
  BOOST_REQUIRE(open.size() == 1U);
  BOOST_TEST(open.front().second.project_id == "p");
}

BOOST_AUTO_TEST_SUITE_END()
