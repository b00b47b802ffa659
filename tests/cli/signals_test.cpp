// Rule 7: nothing hung. Ctrl-C once and twice, the other signals, outputs nobody reads and no
// descriptors left, for the commands that take long.
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "tests/cli/changing_commands.hpp"
#include "tests/cli/meanwhile.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_signals)

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// The request a command is interrupted at: its first change beyond loans.
struct moment {
  std::string command, service, method, path;
};

const std::vector<moment> k_moments{{"reset", "identity", "PATCH", "/users/"},
                                    {"recategorize", "identity", "PUT", "/users/"},
                                    {"stop", "compute", "POST", "/action"},
                                    {"delete", "compute", "DELETE", "/servers/"},
                                    {"purge", "image", "DELETE", "/images/"},
                                    {"vmexpire delete", "vmexpire", "DELETE", "/vmexpires/"}};

const changing_command& row_of(const std::string& name) {
  for (const auto& row : changing_commands())
    if (row.name == name) return row;
  throw std::runtime_error("no command " + name);
}

/// Starts it, and returns when the service has the request, the answer to which is held back.
process begin(busy_site& s, const moment& at) {
  s.fault("hold", at.service, at.method, at.path);
  auto args = row_of(at.command).args(s);
  args.insert(args.end(), {"--yes", "-f", "json"});
  args.insert(args.begin(), {"--timeout", "3600"});  // what ends it is what the test does
  auto run = s.start(args);
  BOOST_TEST_REQUIRE(s.wait_until([&] { return s.it.holds(); }));
  return run;
}

/// The lines of stderr that are no notes about what was planned.
std::size_t complaints(const ending& e) {
  std::size_t n = 0;
  for (auto at = e.err.find("ostclean: "); at != std::string::npos;
       at = e.err.find("ostclean: ", at + 1))
    ++n;
  return n;
}

/// A file that a pipe's reader left: whatever is written there fails.
manner to_nobody(bool out, bool err, const char* where) {
  manner how;
  if (out) how.out_to = where;
  if (err) how.err_to = where;
  return how;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_first_one_finishes_what_is_in_flight_and_reports) {
  const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  for (std::size_t i = 0; i < k_moments.size(); ++i) {
    const auto& at = k_moments[i];
    const int number = numbers[i % 3];
    BOOST_TEST_CONTEXT(at.command << ", signal " << number) {
      busy_site s;
      const auto before = s.assignments();
      auto run = begin(s, at);
      const auto e = end_by(number, s, run);
      BOOST_TEST(e.code == 128 + number, e.err);
      BOOST_TEST(!e.out.empty());
      BOOST_TEST(e.data().kind() != json::kind::null);
      // What recategorize had begun it has ended.
      if (at.command != "recategorize") BOOST_TEST((s.assignments() == before));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_second_one_leaves_and_the_next_run_gives_back) {
  for (const auto& at : k_moments) {
    BOOST_TEST_CONTEXT(at.command) {
      busy_site s;
      const auto before = s.assignments();
      auto run = begin(s, at);
      run.signal(SIGINT);
      BOOST_TEST(s.wait_until([&] { return run.says("again to leave at once"); }));
      BOOST_TEST(run.is_running());
      run.signal(SIGTERM);
      BOOST_TEST(run.wait().code == 143);  // without the answer
      s.it.set_faults({});
      const auto next = s.run({"delete", "--project", s.theirs.name, "--yes", "--only", "zone"});
      BOOST_TEST(next.code == 0, next.err);
      if (at.command != "recategorize") BOOST_TEST((s.assignments() == before));
    }
  }
}

BOOST_AUTO_TEST_CASE(who_only_reads_leaves_at_the_first) {
  const std::pair<words, moment> all[] = {
      {{"users"}, {"", "identity", "GET", "/role_assignments"}},
      {{"vmexpire", "list", "--all-tenants"}, {"", "vmexpire", "GET", "/vmexpires/"}},
      {{"images", "--project", "trial-01"}, {"", "compute", "GET", "/servers/detail"}}};
  const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  for (std::size_t i = 0; i < std::size(all); ++i) {
    busy_site s;
    const auto& [args, at] = all[i];
    s.fault("hang", at.service, at.method, at.path);
    auto run = s.start(args);
    BOOST_TEST(s.wait_until([&, &m = at] { return s.count(m.method, m.service, m.path) > 0; }));
    run.signal(numbers[i]);
    const auto e = run.wait();
    BOOST_TEST(e.code == 128 + numbers[i], e.err);
    BOOST_TEST(e.out.empty());
  }
}

BOOST_AUTO_TEST_CASE(an_output_that_nobody_reads_is_left_in_silence) {
  busy_site s;
  for (const words& args : {words{"users"}, words{"users", "-f", "json"},
                            words{"vmexpire", "list", "--all-tenants", "-f", "csv"},
                            words{"delete", "--project", s.mine.name, "-n"}}) {
    const auto e = s.run(args, to_nobody(true, false, "|"));
    BOOST_TEST(e.code == 141, args[0] << e.err);
    BOOST_TEST(complaints(e) == 0U, e.err);
  }
  const auto closed = s.run({"users"}, to_nobody(true, false, "-"));
  BOOST_TEST(closed.code == 1, closed.err);
  check_one_error(closed, "standard output");
}

BOOST_AUTO_TEST_CASE(a_change_is_finished_without_anybody_who_reads_about_it) {
  for (const char* where : {"|", "-", "/dev/full"}) {
    busy_site s;
    const auto before = s.assignments();
    const auto e = s.run({"delete", "--project", s.mine.name, "--yes", "-v", "--debug"},
                         to_nobody(false, true, where));
    BOOST_TEST(e.code == 0, where << e.out);
    BOOST_TEST((s.assignments() == before));
    BOOST_TEST(s.it.object("network", s.mine.network).is_null());
  }
}

BOOST_AUTO_TEST_CASE(without_descriptors_it_ends_and_owes_nothing) {
  // With 3 its libraries cannot be opened, and with 15 it has enough.
  const std::map<std::size_t, int> ends{{4, 1},  {5, 1},  {6, 1},  {7, 2},  {8, 2},  {9, 1},
                                        {10, 1}, {11, 1}, {12, 1}, {13, 1}, {14, 1}, {15, 0}};
  for (const auto& [most, code] : ends) {
    BOOST_TEST_CONTEXT(most << " descriptors") {
      busy_site s;
      const auto before = s.assignments();
      manner few;
      few.limits[RLIMIT_NOFILE] = most;
      few.environment["ASAN_OPTIONS"] = "detect_leaks=0";  // looking for leaks takes descriptors
      const auto began = steady::now();
      const auto e = s.run({"delete", "--project", s.mine.name, "--yes", "--timeout", "5"}, few);
      BOOST_TEST((steady::now() - began < 200s));
      BOOST_TEST(e.code == code, e.err);
      BOOST_TEST((e.code == 0 || !e.err.empty()));
      BOOST_TEST(complaints(e) <= 40U, e.err);
      if (s.assignments() == before) continue;
      const auto next = s.run({"delete", "--project", s.theirs.name, "--yes", "--only", "zone"});
      BOOST_TEST(next.code == 0, next.err);
      BOOST_TEST((s.assignments() == before));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
