// Thousands of clouds that nobody would think of. A failure prints the seed and the commands;
// OSTCLEAN_WORLDS_SEED=S repeats one world, OSTCLEAN_WORLDS=N tries N of them from there, and
// OSTCLEAN_WORLDS_RARE="role" gives every one of them what else few have.
#include <fmt/core.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "tests/cli/world_trial.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_worlds)

namespace {

std::uint64_t number(const char* name, std::uint64_t otherwise) {
  const char* set = std::getenv(name);
  return set && *set != 0 ? std::strtoull(set, nullptr, 10) : otherwise;
}

class tally {
 public:
  void add(std::uint64_t seed, const verdict& one) {
    const std::lock_guard lock(mutex_);
    ++worlds_;
    deleted_ += one.deleted, compared_ += one.compared, requests_ += one.requests;
    for (const auto& [code, n] : one.codes) codes_[code] += n;
    if (worlds_ % 100 == 0) count();
    if (one.complaints.empty()) return;
    std::string all = fmt::format("OSTCLEAN_WORLDS_SEED={}\n", seed);
    for (const auto& command : one.commands) all += "  " + command + "\n";
    for (const auto& complaint : one.complaints) all += "  * " + complaint + "\n";
    fmt::print(stderr, "{}", all);
    std::fflush(stderr);
    bad_.push_back(seed);
  }

  void tell() const {
    count();
    for (const auto seed : bad_) BOOST_ERROR("a broken world: OSTCLEAN_WORLDS_SEED=" << seed);
    BOOST_TEST(deleted_ > 0U);
  }

 private:
  void count() const {
    std::string codes;
    for (const auto& [code, n] : codes_) codes += fmt::format(" {}x{}", n, code);
    fmt::print(stderr,
               "{} worlds, {} requests, {} objects deleted, {} objects of others compared, exit "
               "codes{}\n",
               worlds_, requests_, deleted_, compared_, codes);
  }

  std::mutex mutex_;
  std::size_t worlds_ = 0, deleted_ = 0, compared_ = 0, requests_ = 0;
  std::map<int, int> codes_;
  std::vector<std::uint64_t> bad_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(nothing_breaks_the_rules_in_any_world) {
  const bool one = std::getenv("OSTCLEAN_WORLDS_SEED") != nullptr;
  const auto first = number("OSTCLEAN_WORLDS_SEED", 1);
  const auto last = first + number("OSTCLEAN_WORLDS", one ? 1 : 25);
  fmt::print("worlds {} to {}\n", first, last - 1);
  std::atomic<std::uint64_t> next{first};
  tally all;
  // A world mostly waits for its program, and the program for its world.
  std::vector<std::thread> workers;
  for (std::uint64_t i = 0; i < number("OSTCLEAN_WORLDS_AT_ONCE", 6); ++i)
    workers.emplace_back([&] {
      for (auto seed = next++; seed < last; seed = next++) all.add(seed, try_world(seed));
    });
  for (auto& worker : workers) worker.join();
  all.tell();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
