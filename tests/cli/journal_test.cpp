// The journal of a killed run as somebody else finds it: torn, edited, of another cloud.
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/cli/reset_support.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_journal)

namespace {

std::string journal_of(const site& s) {
  const std::string folder = s.home.path("state/ostclean/journal");
  std::string newest;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    newest = std::max(newest, entry.path().string());
  return newest;
}

void kill_at_delete(site& s, std::uint64_t nth) {
  s.fault("hang", "", "DELETE", "", nth);
  s.kill_at_fault(s.removal());
}

ending resume(site& s, words further = {}) {
  words args{"delete", "--resume", "--yes", "-f", "json"};
  args.insert(args.end(), further.begin(), further.end());
  return s.run(args);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_torn_last_line_is_tolerated) {
  for (const double part : {0.0, 0.5, 1.0}) {
    site s;
    const auto others = s.of_others();
    const auto assignments = s.assignments();
    kill_at_delete(s, 5);
    const auto file = journal_of(s);
    const auto text = contents(file);
    const auto begin = text.rfind('\n', text.size() - 2) + 1;
    const auto most = static_cast<double>(text.size() - begin - 1);
    std::filesystem::resize_file(file, begin + static_cast<std::size_t>(part * most));
    const auto e = resume(s);
    BOOST_TEST(e.code == 0, e.err);
    s.check_empty();
    s.check_others(others);
    BOOST_TEST((s.assignments() == assignments));
  }
}

/// Identity was registered anew, or another cloud answers there: whether the run had come to its
/// plan, and whether its journal is named.
BOOST_AUTO_TEST_CASE(the_journal_of_this_url_with_another_keystone_is_told) {
  for (const bool planned : {true, false})
    for (const bool named : {true, false}) {
      site s;
      const words journal = named ? words{"--journal", s.home.path("j.jsonl")} : words{};
      s.fault("hang", planned ? "" : "network", planned ? "DELETE" : "GET",
              planned ? "" : "/subnets", planned ? 3 : 0);
      s.kill_at_fault(s.removal(journal));
      s.it.arrange([](sandbox::world& w) { w.mark = "another"; });
      s.it.clear_requests();
      const auto e = resume(s, journal);
      BOOST_TEST(e.code == 2, e.err);
      check_one_error(e, "where Keystone has another id in the catalog by now");
      BOOST_TEST(e.says("delete by --project again"), e.err);
      BOOST_TEST(s.changes().empty());
    }
}

/// Before anybody logs in: the caller may have no password at all.
BOOST_AUTO_TEST_CASE(who_resumes_a_run_of_the_users_is_told_what_it_wants) {
  site s;
  const auto file = s.home.write("users.jsonl", credentials_of(s.mine));
  s.fault("hang", "", "DELETE", "", 3);
  s.kill_at_fault({"delete", "--credentials", file, "--yes"});
  s.fail("identity", "POST", "/auth/tokens", 401);
  std::filesystem::remove_all(s.home.path("cache"));
  const auto e = resume(s);
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "give their --credentials or --trusts again");
  s.it.set_faults({});
  const auto again = resume(s, {"--credentials", file});
  BOOST_TEST(again.code == 0, again.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(the_journal_of_another_cloud_is_refused) {
  site there, here;
  kill_at_delete(there, 3);
  const auto file = here.home.write("theirs.jsonl", contents(journal_of(there)));
  const auto before = here.it.snapshot();
  const auto e = resume(here, {"--journal", file});
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "is of another cloud");
  BOOST_TEST(here.changes().empty());
  check_same(before, here.it.snapshot());
}

BOOST_AUTO_TEST_CASE(what_was_lent_at_another_endpoint_is_told_and_not_given_back_here) {
  site there, here;
  const auto before = there.assignments();
  kill_at_delete(there, 3);
  const auto lent = there.assignments();
  BOOST_TEST((lent != before));
  const auto file = journal_of(there);
  std::filesystem::create_directories(here.home.path("state/ostclean/journal"));
  here.home.write("state/ostclean/journal/20200101T000000Z-1.jsonl", contents(file));
  for (int run = 0; run < 2; ++run) {
    const auto e = here.remove({"--only", "zone"});
    BOOST_TEST(e.code == 0, e.err);
    const auto at = e.err.find("an interrupted run has lent at " + there.it.auth_url());
    BOOST_REQUIRE(at != std::string::npos);
    const auto line = e.err.substr(at, e.err.find('\n', at) - at);
    for (const auto& name : {there.mine.project_id, there.id_of("user", "admin"),
                             there.id_of("role", "admin"), std::string("by hand")})
      BOOST_TEST(line.find(name) != std::string::npos, line);
    BOOST_TEST(e.err.find("has lent at", at + line.size()) == std::string::npos, e.err);
    for (const auto& change : here.changes())
      BOOST_TEST(change.find(there.mine.project_id) == std::string::npos, change);
  }
  BOOST_TEST((there.assignments() == lent));
  const auto e = there.remove({"--only", "zone"});
  BOOST_TEST(e.says("gave back what an interrupted run had lent"), e.err);
  BOOST_TEST(e.err.find("has lent at") == std::string::npos, e.err);
  BOOST_TEST((there.assignments() == before));
}

/// A Keystone has a name of its own, whatever URL it is reached at.
BOOST_AUTO_TEST_CASE(what_was_lent_is_given_back_at_another_url_of_the_same_keystone) {
  sandbox::options o;
  o.internal_localhost = true;
  site s(sandbox::level::plain, o);
  const auto before = s.assignments();
  kill_at_delete(s, 3);
  BOOST_TEST((s.assignments() != before));
  const auto e = s.remove({"--only", "zone", "--os-interface", "internal"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("gave back what an interrupted run had lent"), e.err);
  BOOST_TEST((s.assignments() == before));
}

BOOST_AUTO_TEST_CASE(an_edited_journal_is_no_reason_to_say_that_all_is_done) {
  site s;
  kill_at_delete(s, 3);
  const auto file = journal_of(s);
  auto text = contents(file);
  const auto at = text.find("\"intent\"");
  BOOST_REQUIRE(at != std::string::npos);
  text.replace(at, 8, "\"intend\"");
  std::ofstream(file) << text;
  s.it.settle();
  const auto rest = s.rest();
  const auto e = resume(s);
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "the journal was changed after it was written");
  BOOST_TEST((s.rest() == rest));
  BOOST_TEST(s.remove().code == 0);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_line_that_was_put_in_takes_a_role_from_nobody) {
  site s;
  kill_at_delete(s, 3);
  const auto file = journal_of(s);
  const json::object line{{"event", "lend"},
                          {"what", "role"},
                          {"identity", s.it.auth_url()},
                          {"project_id", s.theirs.project_id},
                          {"user_id", s.theirs.user_id},
                          {"role_id", s.id_of("role", "member")}};
  std::ofstream(file, std::ios::app) << json::serialize(line) + "\n";
  const auto before = s.assignments();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("what it lent is not given back"), e.err);
  BOOST_TEST((s.assignments() == before));
}

BOOST_AUTO_TEST_CASE(what_is_no_journal_is_not_resumed) {
  site s;
  for (const char* text : {",", "[]", "xx", "{\"objects\":[]}", "[]\n"}) {
    const auto e = resume(s, {"--journal", s.home.write("foreign.jsonl", text)});
    BOOST_TEST(e.code == 2, text << e.err);
    check_one_error(e, "foreign.jsonl");
  }
  const auto none = resume(s, {"--journal", s.home.path("none.jsonl")});
  BOOST_TEST(none.code == 2, none.err);
  const auto decided = resume(s, {"--project", s.mine.name});
  BOOST_TEST(decided.code == 2, decided.err);
  check_one_error(decided, "the plan has decided that");
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
