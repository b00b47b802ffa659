// What an administrator borrows for a run goes back, however the run ends.
#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_administrator)

namespace {

std::size_t granted(const site& s) { return s.count("PUT", "identity", "/roles/"); }
std::size_t revoked(const site& s) { return s.count("DELETE", "identity", "/roles/"); }

bool is_enabled(const site& s) {
  return s.it.object("project", s.mine.project_id).at("enabled").as_bool();
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_role_is_lent_and_given_back) {
  site s;
  const auto before = s.assignments();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(granted(s) == 1U);
  BOOST_TEST(revoked(s) == 1U);
  BOOST_TEST((s.assignments() == before));
}

BOOST_AUTO_TEST_CASE(a_role_that_was_there_stays_there) {
  site s;
  s.it.grant(s.id_of("user", "admin"), s.mine.project_id, "admin");
  const auto before = s.assignments();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(granted(s) + revoked(s) == 0U);
  BOOST_TEST((s.assignments() == before));
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(the_role_comes_back_when_a_delete_fails) {
  site s;
  const auto before = s.assignments();
  s.fail("network", "DELETE", "/networks/", 400,
         R"({"NeutronError":{"type":"Odd","message":"no and no","detail":""}})");
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("no and no"), e.err);
  BOOST_TEST(granted(s) == 1U);
  BOOST_TEST((s.assignments() == before));
}

BOOST_AUTO_TEST_CASE(the_role_comes_back_when_the_plan_fails) {
  site s;
  const auto before = s.it.snapshot();
  s.fail("volume", "GET", "/snapshots", 500);
  const auto e = s.remove();
  BOOST_TEST(e.code == 1, e.err);
  BOOST_TEST(granted(s) == 1U);
  check_same(before, s.it.snapshot());
}

BOOST_AUTO_TEST_CASE(a_role_that_cannot_be_given_back_is_said_and_tried_again) {
  site s;
  const auto before = s.assignments();
  s.fail("identity", "DELETE", "/roles/", 403,
         R"({"error":{"code":403,"message":"not now","title":"Forbidden"}})");
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("cannot give back the role"), e.err);
  BOOST_TEST((s.assignments() != before));
  s.it.set_faults({});
  const auto again = s.run({"delete", "--project", s.theirs.name, "--yes", "--only", "zone"});
  BOOST_TEST(again.code == 0, again.err);
  BOOST_TEST(again.says("gave back"), again.err);
  BOOST_TEST((s.assignments() == before));
}

BOOST_AUTO_TEST_CASE(one_404_does_not_prove_that_the_role_is_gone) {
  site s;
  const auto before = s.assignments();
  sandbox::fault f;
  f.service = "identity", f.method = "DELETE", f.path = "/roles/", f.nth = 1;
  f.status = 404, f.body = "<html>no such page</html>";
  s.it.add_fault(f);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.assignments() == before));
}

BOOST_AUTO_TEST_CASE(a_role_whose_grant_was_done_and_then_refused_goes_back) {
  for (const int status : {429, 403}) {
    site s;
    const auto before = s.assignments();
    s.fault("lost", "identity", "PUT", "/roles/", 1);
    sandbox::fault f;
    f.service = "identity", f.method = "PUT", f.path = "/roles/", f.nth = 2, f.status = status;
    f.headers = {{"Retry-After", "600"}};
    s.it.add_fault(f);
    const auto e = s.remove();
    BOOST_TEST(e.code == (status == 403 ? 4 : 1), e.err);
    BOOST_TEST(granted(s) == 2U);
    BOOST_TEST((s.assignments() == before));
  }
}

BOOST_AUTO_TEST_CASE(who_may_not_lend_is_not_told_of_a_loan) {
  for (const bool also_look : {false, true}) {
    site s;
    const auto before = s.assignments();
    s.fail("identity", "PUT", "/roles/", 403);
    for (const char* method : {"DELETE", "HEAD"}) {
      sandbox::fault f;
      f.service = "identity", f.method = method, f.path = "/roles/", f.status = 403;
      f.optional = true;  // of what was refused, nothing need be asked or taken back
      if (also_look || f.method == "DELETE") s.it.add_fault(std::move(f));
    }
    const auto e = s.remove();
    BOOST_TEST(e.code == 4, e.err);
    BOOST_TEST(!e.says("cannot give back the role"), e.err);
    BOOST_TEST((s.assignments() == before));
    // Nothing was lent: what somebody grants later is not this program's to take.
    s.it.set_faults({});
    s.it.grant(s.id_of("user", "admin"), s.mine.project_id, "admin");
    const auto granted = s.assignments();
    const auto next = s.run({"stop", "--project", s.mine.name, "--yes"});
    BOOST_TEST(next.code == 0, next.err);
    BOOST_TEST((s.assignments() == granted));
  }
}

BOOST_AUTO_TEST_CASE(a_disabled_project_is_enabled_and_disabled_again) {
  site s;
  s.it.change("project", s.mine.project_id, {{"enabled", false}});
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  BOOST_TEST(!is_enabled(s));
  s.check_others(others);
  BOOST_TEST(s.count("PATCH", "identity", s.mine.project_id) == 2U);
}

BOOST_AUTO_TEST_CASE(a_dry_run_enables_nothing) {
  site s;
  s.it.change("project", s.mine.project_id, {{"enabled", false}});
  const auto e = s.run({"delete", "--project", s.mine.name, "-n"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(the_next_run_gives_back_what_a_killed_one_lent) {
  site s;
  s.it.change("project", s.mine.project_id, {{"enabled", false}});
  const auto before = s.it.snapshot();
  s.fault("hang", "volume", "GET", "/volumes/detail");
  s.kill_at_fault({"delete", "--project", s.mine.name, "--yes"});
  BOOST_TEST(is_enabled(s));
  BOOST_TEST((s.it.snapshot() != before));
  s.it.clear_requests();
  const auto dry = s.run({"delete", "--project", s.theirs.name, "-n"});
  BOOST_TEST(dry.code == 0, dry.err);
  BOOST_TEST(s.changes().empty());
  const auto next = s.run({"delete", "--project", s.theirs.name, "--yes", "--only", "zone"});
  BOOST_TEST(next.code == 0, next.err);
  BOOST_TEST(next.says("gave back"), next.err);
  check_same(before, s.it.snapshot());
}

/// Who is selected is looked up while the project is still as the killed run left it.
BOOST_AUTO_TEST_CASE(a_killed_run_is_finished_by_the_same_command) {
  for (const bool enabled : {true, false}) {
    site s;
    s.it.change("project", s.mine.project_id, {{"enabled", enabled}});
    const auto before = s.assignments();
    const auto others = s.of_others();
    s.fault("hang", "network", "DELETE", "/networks/");
    s.kill_at_fault({"delete", "--project", s.mine.name, "--yes"});
    const auto next = s.remove();
    BOOST_TEST(next.code == 0, next.err);
    s.check_empty();
    s.check_others(others);
    BOOST_TEST((s.assignments() == before));
    BOOST_TEST(is_enabled(s) == enabled);
  }
}

/// Somebody may want it by now, all the more of a run that nobody thinks of.
BOOST_AUTO_TEST_CASE(who_resumes_a_run_gives_back_only_what_that_one_lent_long_ago) {
  site s;
  s.environment["OSTCLEAN_TEST_CLOCK"] = "1";
  const auto much_later = [](words further) {
    words args{"--now", "2999-01-01T00:00:00Z", "delete", "--yes"};
    args.insert(args.end(), further.begin(), further.end());
    return args;
  };
  const auto kill_at = [&](const sandbox::seeded& whose, const char* service, const char* method,
                           const char* path) {
    s.it.change("project", whose.project_id, {{"enabled", false}});
    s.fault("hang", service, method, path);
    s.kill_at_fault(much_later({"--project", whose.name}));
  };
  const auto is_on = [&](const sandbox::seeded& whose) {
    return s.it.object("project", whose.project_id).at("enabled").as_bool();
  };
  kill_at(s.theirs, "volume", "GET", "/volumes/detail");
  kill_at(s.mine, "network", "DELETE", "/networks/");
  const auto e = s.run(much_later({"--resume"}));
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  BOOST_TEST(!is_on(s.mine));
  BOOST_TEST(is_on(s.theirs));
  const std::string hint = "--resume --journal ";
  BOOST_TEST_REQUIRE(e.says(hint), e.err);
  const auto at = e.err.find(hint) + hint.size();
  const auto file = e.err.substr(at, e.err.find('\'', at) - at);
  const auto next = s.run(much_later({"--resume", "--journal", file}));
  BOOST_TEST(next.code == 5, next.err);  // it had not come to its plan
  BOOST_TEST(!is_on(s.theirs));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
