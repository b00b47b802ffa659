#include "tests/cli/sweep.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <random>
#include <sstream>
#include <thread>

namespace cli {
namespace {

using namespace std::chrono_literals;
using headers = std::vector<std::pair<std::string, std::string>>;

failure connection(const char* name, const char* action) {
  failure f;
  f.name = name;
  f.what.action = action;
  return f;
}

failure status(int code, const char* body, headers with = {}) {
  failure f = connection("", "status");
  f.name = std::to_string(code);
  f.what.status = code, f.what.body = body;
  f.what.headers = std::move(with);
  return f;
}

/// The request that fails once fails each time.
failure always(failure f) {
  f.name += "-always";
  f.what.for_good = true;
  return f;
}

failure refusing(const char* name, std::chrono::milliseconds time) {
  failure f = connection(name, "refused");
  f.what.wait = time;
  return f;
}

failure killing(const char* name, const char* action) {
  failure f = connection(name, action);
  f.what.wait = 1h;
  f.kills = true;
  return f;
}

std::vector<failure> make_failures() {
  const headers later{{"Retry-After", "1"}}, html{{"Content-Type", "text/html"}};
  const failure gateway = status(502, "<html><h1>Bad gateway</h1></html>", html);
  const failure busy = status(503, "{}", later), many = status(429, "{}", later);
  const failure expired = status(401, R"({"error":{"code":401,"message":"not valid"}})");
  const failure conflict = status(409, R"({"error":{"message":"in use"}})");
  const failure reset = connection("reset", "reset"), lost = connection("lost", "lost");
  const failure silent = connection("timeout", "hang"), cut = connection("truncated", "truncate");
  const failure strangers = connection("strangers", "ignore_filter");
  failure late = gateway;
  late.name = "502-late", late.what.action = "late_status";
  return {refusing("refused", 60ms),
          refusing("gone", 1h),
          reset,
          always(reset),
          lost,
          always(lost),
          silent,
          always(silent),
          expired,
          always(expired),
          status(403, R"({"error":{"message":"not allowed"}})"),
          status(404, R"({"error":{"message":"not found"}})"),
          conflict,
          always(conflict),
          status(413, "{}", later),
          many,
          always(many),
          status(500, R"({"error":{"message":"oops"}})"),
          gateway,
          always(gateway),
          late,
          busy,
          always(busy),
          cut,
          always(cut),
          connection("garbage", "garbage"),
          connection("not-http", "not_http"),
          connection("endless", "endless"),
          connection("dribble", "dribble"),
          connection("overlong", "overlong"),
          connection("underlong", "underlong"),
          strangers,
          always(strangers),
          connection("ends-in-error", "fail_async"),
          killing("kill-before", "hang"),
          killing("kill-after", "hold")};
}

/// Whether the program can only tell by its deadline.
bool is_slow(const failure& how) {
  for (const char* action : {"hang", "endless", "dribble", "overlong"})
    if (how.what.action == action) return true;
  return false;
}

/// The program's clock ran too fast for the machine: a deadline was missed before the failure came.
class too_fast {};
bool in_a_hurry = true;

/// How much faster than time the program's clock may run: a deadline that only a loaded machine
/// misses is nobody's failure.
int speed(int most) {
  if (!in_a_hurry) return 1;
  double load = 0;
  ::getloadavg(&load, 1);
  const double each = load / std::max(1U, std::thread::hardware_concurrency());
  return std::clamp(static_cast<int>(most * 4 / (each + 3)), 1, most);
}

ending killed_when_met(site& s, const words& args) {
  auto run = s.start(args);
  while (!s.it.met_fault() && run.is_running()) std::this_thread::sleep_for(1ms);
  run.signal(SIGKILL);
  return run.wait();
}

bool missed_a_deadline(const ending& e) { return e.says("timed out") || e.says(" within "); }

/// Once more, and by the true time, when the fast clock was to blame.
bool try_one(const failure& how, std::uint64_t nth, const attempt& one) {
  try {
    return one(how, nth);
  } catch (const too_fast&) {
    BOOST_TEST_MESSAGE(how.name << "@" << nth << " again, by the true time");
  }
  in_a_hurry = false;
  const bool met = one(how, nth);
  in_a_hurry = true;
  return met;
}

void try_whole(const failure& how, const attempt& one) {
  std::uint64_t nth = 1;
  while (one(how, nth)) ++nth;
  BOOST_TEST_MESSAGE(how.name << ": " << nth - 1 << " requests failed");
  BOOST_TEST(nth > 3U, how.name << " was met " << nth - 1 << " times");
}

void try_sample(std::uint64_t requests, std::size_t count, const attempt& one) {
  const auto seed = sweep_seed();
  std::mt19937 any{static_cast<std::mt19937::result_type>(seed)};
  const auto& failures = all_failures();
  BOOST_TEST_CONTEXT("OSTCLEAN_SWEEP_SEED=" << seed) for (std::size_t i = 0; i < count; ++i) {
    const auto nth = std::uniform_int_distribution<std::uint64_t>{1, requests}(any);
    const auto which = std::uniform_int_distribution<std::size_t>{0, failures.size() - 1}(any);
    one(failures[which], nth);
  }
}

}  // namespace

const std::vector<failure>& all_failures() {
  static const std::vector<failure> all = make_failures();
  return all;
}

json::array rows_of(const encounter& e) {
  return e.killed() || e.out.empty() ? json::array() : e.data().as_array();
}

void check_others(const site& s, const encounter& e,
                  const std::map<std::string, std::string>& before) {
  auto now = s.of_others();
  if (e.killed() || e.says("cannot give back"))
    std::erase_if(now, [&](const auto& one) {
      return one.first.starts_with("assignment/") && before.count(one.first) == 0 &&
             one.first.find(s.id_of("user", "admin") + "/" + s.mine.project_id) !=
                 std::string::npos;
    });
  check_same(before, now);
}

void hurry(site& s) {
  s.environment["LD_PRELOAD"] = OSTCLEAN_FAST_CLOCK;
  s.environment["FAST_CLOCK"] = std::to_string(speed(4));
  s.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0";
  s.it.set_async_delay(5ms);
}

encounter meet(site& s, words args, const failure& how, std::uint64_t nth) {
  if (is_slow(how)) args.insert(args.end(), {"--timeout", "4"});
  sandbox::fault f = how.what;
  f.nth = nth;
  f.optional = true;  // the sweep ends with the request that is not there
  s.it.clear_requests();
  s.it.set_faults({f});
  s.environment["FAST_CLOCK"] = std::to_string(speed(10));
  encounter e;
  static_cast<ending&>(e) = how.kills ? killed_when_met(s, args) : s.run(args);
  s.environment["FAST_CLOCK"] = std::to_string(speed(4));
  e.met = s.it.met_fault();
  s.it.set_faults({});
  if (!e.met && e.code != 0 && in_a_hurry && missed_a_deadline(e)) throw too_fast();
  const std::set<int> known{0, 1, 3, 4, 8, 1009};
  BOOST_TEST(known.count(e.code) == 1U, e.code << ": " << e.err);
  if (!e.met) BOOST_TEST(e.code == 0, "it met nothing: " << e.err);
  return e;
}

void sweep(std::uint64_t requests, std::size_t count, const attempt& one) {
  const attempt told = [&](const failure& how, std::uint64_t nth) {
    bool met = false;
    BOOST_TEST_CONTEXT("OSTCLEAN_SWEEP=" << how.name << "@" << nth) met = try_one(how, nth, one);
    return met;
  };
  const char* given = std::getenv("OSTCLEAN_SWEEP");
  if (!given) return try_sample(requests, count, told);
  std::istringstream wanted(given);
  std::string name, nth;
  std::getline(wanted, name, '@');
  std::getline(wanted, nth);
  bool known = false;
  for (const auto& how : all_failures()) {
    if (name != how.name && name != "all") continue;
    known = true;
    if (nth.empty())
      try_whole(how, told);
    else
      told(how, std::stoull(nth));
  }
  BOOST_TEST(known, "no failure is named " << name);
}

}  // namespace cli
