// Rule 7 and the signals: the first drains, the second leaves, and nobody reading is no reason to
// leave a role behind.
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "tests/cli/changing_commands.hpp"
#include "tests/cli/meanwhile.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_interrupted)

namespace {

/// Starts a delete, and returns once the first server was asked to go, the answer to which is held
/// back. Its own deadline ends nothing: what ends it is what the test does.
process begin(site& s) {
  s.fault("hold", "compute", "DELETE", "/servers/");
  auto run =
      s.start({"--timeout", "3600", "delete", "--project", s.mine.name, "--yes", "-f", "json"});
  BOOST_TEST_REQUIRE(s.wait_until([&] { return s.it.holds(); }));
  return run;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_first_signal_drains_reports_and_gives_back) {
  for (const int number : {SIGINT, SIGTERM}) {
    site s;
    const auto before = s.assignments();
    const auto others = s.of_others();
    auto run = begin(s);
    const auto e = end_by(number, s, run);
    BOOST_TEST(e.code == 128 + number, e.err);
    BOOST_TEST((s.assignments() == before));
    BOOST_TEST(s.count("DELETE", "network", "/networks/") == 0U);
    BOOST_TEST(!s.it.object("network", s.mine.network).is_null());
    BOOST_TEST(e.data().at("summary").at("left").to_number<int>() > 0);
    BOOST_TEST(e.says("not reached before the interrupt"), e.err);
    s.check_others(others);
  }
}

BOOST_AUTO_TEST_CASE(a_signal_while_planning_deletes_nothing) {
  site s;
  const auto before = s.it.snapshot();
  s.fault("hold", "volume", "GET", "/volumes/detail");
  auto run = s.start(s.removal());
  const auto e = end_by(SIGINT, s, run);
  BOOST_TEST(e.code == 130, e.err);
  check_same(before, s.it.snapshot());
}

/// Those that are under way beside the one that is held may still arrive; none of what follows
/// them does.
BOOST_AUTO_TEST_CASE(a_signal_while_somebody_is_chosen_is_heard_at_once) {
  class moment {
   public:
    words args;
    std::string service, held, next;
  };
  for (const auto& at :
       {moment{{"purge", "--yes"}, "compute", "/servers/detail", "/projects/"},
        moment{{"recategorize", "--user", "trial-01", "--yes"}, "identity", "/users", "/roles"},
        moment{{"recategorize", "--user", "trial-01", "--yes"},
               "identity",
               "/roles",
               "/role_assignments"},
        moment{{"reset", "--user", "trial-01", "--credentials", "out", "--yes"},
               "identity",
               "/roles",
               "/role_assignments"}}) {
    BOOST_TEST_CONTEXT(at.args[0] << " " << at.held) {
      busy_site s;
      s.fault("hold", at.service, "GET", at.held, 1);
      auto run = s.start(at.args);
      const auto e = end_by(SIGINT, s, run);
      BOOST_TEST(e.code == 130, e.err);
      BOOST_TEST(s.changes().empty());
      for (const auto& r : s.it.requests()) BOOST_TEST(r.path.find(at.next) == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_second_signal_leaves_at_once) {
  site s;
  const auto before = s.assignments();
  auto run = begin(s);
  run.signal(SIGINT);
  BOOST_TEST(s.wait_until([&] { return run.says("again to leave at once"); }));
  BOOST_TEST(run.is_running());
  run.signal(SIGINT);
  BOOST_TEST(run.wait().code == 130);  // without the answer
  s.it.set_faults({});
  const auto next = s.run({"delete", "--project", s.theirs.name, "--yes", "--only", "zone"});
  BOOST_TEST(next.code == 0, next.err);
  BOOST_TEST((s.assignments() == before));
}

BOOST_AUTO_TEST_CASE(nobody_reads_the_output) {
  site s;
  const auto before = s.assignments();
  manner how;
  how.out_to = "|";
  const auto e = s.run(s.removal(), how);
  BOOST_TEST(e.code == 141, e.err);
  s.check_empty();
  BOOST_TEST((s.assignments() == before));
}

BOOST_AUTO_TEST_CASE(an_output_that_cannot_be_written_is_no_success) {
  for (const char* to : {"-", "/dev/full"}) {
    site s;
    const auto before = s.assignments();
    manner how;
    how.out_to = to;
    const auto e = s.run(s.removal(), how);
    // One that is closed is known before anything is done, a full disk only after.
    const bool closed = std::string(to) == "-";
    BOOST_TEST(e.code == (closed ? 1 : 3), to << ": " << e.err);
    check_one_error(e, "standard output");
    BOOST_TEST(s.changes().empty() == closed);
    BOOST_TEST((s.assignments() == before));
  }
}

BOOST_AUTO_TEST_CASE(a_service_that_hangs_is_given_up) {
  site s;
  s.fault("hang", "volume", "GET", "/backups/detail");
  const auto e = s.remove({"--timeout", "1"});
  BOOST_TEST(e.code == 8, e.err);
  check_one_error(e, "backup");
  BOOST_TEST(!s.it.object("server", s.mine.servers[0]).is_null());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
