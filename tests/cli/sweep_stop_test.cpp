// `stop` and `stop --undo` under every failure and killed at every request: the record knows what
// ran and what was shared, and the undo brings back exactly that.
#include <boost/test/unit_test.hpp>

#include "tests/cli/resting.hpp"
#include "tests/cli/sweep.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_sweep)

namespace {

const char* const k_stopped = "SHUTOFF+lock SHUTOFF+lock private private ";

/// A neighbour's server runs from the shared image, and one of the target's servers rests already.
class running : public resting {
 public:
  running() {
    hurry(*this);
    borrow();
    it.change("server", mine.servers[1],
              {{"status", "SHUTOFF"}, {"OS-EXT-STS:vm_state", "stopped"}});
    others = of_others();
    first = state();
    all_assignments = assignments();
  }

  words stop_words() const {
    return {"stop", "--project", mine.name, "--record", record(), "--lock", "--yes", "-f", "json"};
  }
  words undo_words() const { return {"stop", "--undo", record(), "--yes", "-f", "json"}; }

  /// Nova shows it as it is once what was begun is over.
  std::string settled() {
    it.settle();
    return state();
  }

  /// What the record says of a server or an image is what it was.
  void check_record() const {
    for (const auto& line : events("before")) {
      const auto id = text(line, "id");
      const auto was = id == mine.servers[0]      ? "ACTIVE"
                       : id == mine.servers[1]    ? "SHUTOFF"
                       : id == mine.private_image ? "private"
                       : id == mine.shared_image  ? "shared"
                                                  : "nobody's";
      BOOST_TEST(text(line, "status") + text(line, "visibility") == was, id);
    }
  }

  void check_returned(const encounter& e) const {
    cli::check_others(*this, e, others);
    if (!e.killed() && !e.says("cannot give back"))
      BOOST_TEST((assignments() == all_assignments), e.err);
    if (e.code == 0) BOOST_TEST((assignments() == all_assignments), e.err);
  }

  std::map<std::string, std::string> others;
  std::string first;
  std::set<std::string> all_assignments;
};

/// What the service broke on the way is repaired by hand: no run may do that.
void repair(running& s, const failure& how) {
  if (!how.breaks_the_service()) return;
  for (const auto& id : s.mine.servers)
    if (s.status(id) == "ERROR")
      s.it.change("server", id,
                  {{"status", "SHUTOFF"},
                   {"OS-EXT-STS:vm_state", "stopped"},
                   {"OS-EXT-STS:power_state", 4}});
}

void finish(running& s, const words& args, const std::string& state) {
  const auto e = s.run(args);
  BOOST_TEST(e.code == 0, e.err << e.out);
  BOOST_TEST(s.settled() == state, e.err << e.out);
  BOOST_TEST((s.assignments() == s.all_assignments), e.err);
  s.check_others(s.others);
}

bool try_stop(const failure& how, std::uint64_t nth) {
  running s;
  const auto met = meet(s, s.stop_words(), how, nth);
  if (met.code == 0) BOOST_TEST(s.state() == k_stopped, met.err << met.out);
  s.check_returned(met);
  s.check_record();
  s.settled();
  repair(s, how);
  finish(s, s.stop_words(), k_stopped);
  s.check_record();
  finish(s, s.undo_words(), s.first);
  return met.met;
}

/// Straight back after a stop that failed half-way.
bool try_way_back(const failure& how, std::uint64_t nth) {
  running s;
  const auto met = meet(s, s.stop_words(), how, nth);
  s.settled();
  repair(s, how);
  if (!contents(s.record()).empty()) finish(s, s.undo_words(), s.first);
  BOOST_TEST(s.settled() == s.first, met.err);
  return met.met;
}

bool try_undo(const failure& how, std::uint64_t nth) {
  running s;
  finish(s, s.stop_words(), k_stopped);
  const auto met = meet(s, s.undo_words(), how, nth);
  if (met.code == 0) BOOST_TEST(s.settled() == s.first, met.err << met.out);
  s.check_returned(met);
  s.settled();
  repair(s, how);
  finish(s, s.undo_words(), s.first);
  return met.met;
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_stop) { sweep(40, 20, try_stop); }
BOOST_AUTO_TEST_CASE(of_stop_and_back) { sweep(40, 12, try_way_back); }
BOOST_AUTO_TEST_CASE(of_undo) { sweep(40, 20, try_undo); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
