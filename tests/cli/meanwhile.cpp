#include "tests/cli/meanwhile.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace cli {
namespace {

/// Longer than the program believes what it has seen.
constexpr std::chrono::seconds k_long{3};

}  // namespace

late_clock::late_clock(const site& s) : file_(s.home.write("later", std::string(8, '\0'))) {}

void late_clock::attach(manner& how) const {
  how.environment["LD_PRELOAD"] = OSTCLEAN_FAST_CLOCK;
  how.environment["FAST_CLOCK_LATER"] = file_;
  how.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0";
}

void late_clock::strike(std::chrono::seconds later) const {
  const std::int64_t n = std::chrono::nanoseconds(later).count();
  std::fstream(file_, std::ios::in | std::ios::out | std::ios::binary)
      .write(reinterpret_cast<const char*>(&n), sizeof n);
}

void while_held(site& s, const std::function<void()>& what) {
  BOOST_TEST_REQUIRE(s.wait_until([&] { return s.it.holds(); }));
  what();
  s.it.release();
}

ending end_by(int number, site& s, process& run) {
  while_held(s, [&] {
    run.signal(number);
    BOOST_TEST_REQUIRE(s.wait_until([&] { return run.says("again to leave at once"); }));
  });
  return run.wait();
}

ending run_while(site& s, const words& args, const std::function<void()>& what) {
  auto run = s.start(args);
  while_held(s, what);
  return run.wait();
}

ending remove_slowly(site& s, const std::vector<std::function<void()>>& all, const words& further) {
  const late_clock clock(s);
  manner how;
  clock.attach(how);
  auto run = s.start(s.removal(further), how);
  auto later = k_long;
  for (const auto& what : all) {
    while_held(s, [&] {
      what();
      clock.strike(later);
    });
    later += k_long;
  }
  return run.wait();
}

ending remove_while(site& s, const std::function<void()>& what, const words& further) {
  s.fault("hold", "network", "GET", "/security-group-rules?remote_group_id", 1);
  return remove_slowly(s, {what}, further);
}

bool is_kept(const ending& e, const std::string& id) {
  const auto all = e.data();
  for (const auto& project : all.at("projects").as_array())
    for (const auto& kept : texts(project.at("kept"), "id"))
      if (kept == id) return true;
  return false;
}

}  // namespace cli
