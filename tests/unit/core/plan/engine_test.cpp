#include "core/plan/engine.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <map>

BOOST_AUTO_TEST_SUITE(core_plan_engine)

using namespace ostclean;
using plan::step;

namespace {

/// Answers from a table of functions; time passes only when the engine sleeps.
class script : public plan::job {
 public:
  using answer = std::function<step(int attempt)>;

  boost::asio::awaitable<step> attempt(plan::node n) override {
    log += "a" + std::to_string(n) + " ";
    ++running;
    most = std::max(most, running);
    int tries = ++attempts[n];
    for (int wait = lengths[n]; wait > 0; --wait) co_await sleep({});
    --running;
    auto at = attempt_answers.find(n);
    co_return at == attempt_answers.end() ? step{step::kind::gone} : at->second(tries);
  }

  std::size_t group(plan::node n) override { return groups.count(n) ? groups[n] : 0; }

  boost::asio::awaitable<plan::sight> look(std::vector<plan::node> watched) override {
    ++looks;
    plan::sight seen;
    for (auto n : watched) {
      while (slow.count(n) && !ends.count(slow[n])) co_await sleep({});
      auto at = look_answers.find(n);
      step s = at == look_answers.end() ? step{step::kind::gone} : at->second(++looked[n]);
      if (s.what != step::kind::accepted) seen.decided.emplace_back(n, s);
    }
    if (looks <= blind) seen = sight_lost();
    co_return seen;
  }

  static plan::sight sight_lost() {
    plan::sight seen;
    seen.blind = error{errc::service, "500"};
    return seen;
  }

  void over(plan::node n, const step& how, std::optional<plan::node> blocked_by) override {
    ends[n] = how.what;
    if (blocked_by) blockers[n] = *blocked_by;
    if (how.why) reasons[n] = how.why->message;
  }

  boost::asio::awaitable<void> sleep(std::chrono::milliseconds time) override {
    slept += time;
    co_await boost::asio::post(boost::asio::use_awaitable);
  }
  bool interrupted() const override { return stop; }

  std::map<plan::node, answer> attempt_answers, look_answers;
  std::map<plan::node, int> attempts, looked, lengths;
  std::map<plan::node, step::kind> ends;
  std::map<plan::node, plan::node> blockers;
  std::map<plan::node, std::string> reasons;
  std::string log;
  std::chrono::milliseconds slept{0};
  std::map<plan::node, std::size_t> groups;
  std::map<plan::node, plan::node> slow;  ///< a look at the first lasts until the second is over
  int looks = 0, running = 0, most = 0, blind = 0;
  bool stop = false;
};

void walk(plan::graph& g, script& s, plan::limits bounds = {}) {
  boost::asio::io_context io;
  bool ended = false;
  auto all = [&]() -> boost::asio::awaitable<void> {
    co_await plan::run(g, s, bounds);
    ended = true;
  };
  boost::asio::co_spawn(io, all, boost::asio::detached);
  io.run();
  BOOST_TEST(ended);
}

step conflict() { return step{step::kind::conflict, error{errc::conflict, "in use"}}; }

}  // namespace

BOOST_AUTO_TEST_CASE(accepted_is_not_gone) {
  plan::graph g;
  auto server = g.add(), volume = g.add();
  g.edge(server, volume);
  script s;
  s.attempt_answers[server] = [](int) { return step{step::kind::accepted}; };
  s.look_answers[server] = [&](int times) {
    BOOST_TEST(s.attempts[volume] == 0);
    return step{times < 3 ? step::kind::accepted : step::kind::gone};
  };
  walk(g, s);
  BOOST_TEST(s.log == "a0 a1 ");
  BOOST_TEST((s.ends[volume] == step::kind::gone));
}

BOOST_AUTO_TEST_CASE(a_conflict_is_tried_again_when_something_went) {
  plan::graph g;
  auto network = g.add(), port = g.add();
  script s;
  s.attempt_answers[network] = [&](int) {
    return s.ends.count(port) ? step{step::kind::gone} : conflict();
  };
  s.attempt_answers[port] = [](int) { return step{step::kind::accepted}; };
  walk(g, s);
  BOOST_TEST((s.ends[network] == step::kind::gone));
  BOOST_TEST(s.attempts[network] == 2);
}

BOOST_AUTO_TEST_CASE(a_conflict_without_progress_is_given_up_with_the_services_words) {
  plan::graph g;
  auto group = g.add(), behind = g.add();
  g.edge(group, behind);
  script s;
  s.attempt_answers[group] = [](int) { return conflict(); };
  plan::limits bounds;
  walk(g, s, bounds);
  BOOST_TEST((s.ends[group] == step::kind::failed));
  BOOST_TEST(s.reasons[group] == "in use");
  BOOST_TEST(s.attempts[group] == 1 + bounds.hopeless_rounds);
  BOOST_TEST(s.blockers[behind] == group);
  BOOST_TEST(s.attempts[behind] == 0);
}

BOOST_AUTO_TEST_CASE(conflicts_that_take_unequal_times_are_given_up_too) {
  plan::graph g;
  auto subnet = g.add(), policy = g.add();
  script s;
  s.lengths[policy] = 5;  // still under way when the other has come back
  for (auto n : {subnet, policy})
    s.attempt_answers[n] = [&](int tries) {
      s.stop = tries > 50;
      return conflict();
    };
  plan::limits bounds;
  walk(g, s, bounds);
  BOOST_TEST(!s.stop);
  BOOST_TEST((s.ends[subnet] == step::kind::failed));
  BOOST_TEST((s.ends[policy] == step::kind::failed));
  BOOST_TEST(s.slept.count() >= bounds.retry_pause.count() * ((1 << bounds.hopeless_rounds) - 1));
}

BOOST_AUTO_TEST_CASE(a_delete_that_never_ends_is_given_up_after_patience) {
  plan::graph g;
  auto stuck = g.add();
  script s;
  s.attempt_answers[stuck] = [](int) { return step{step::kind::accepted}; };
  s.look_answers[stuck] = [](int) { return step{step::kind::accepted}; };
  plan::limits bounds;
  walk(g, s, bounds);
  BOOST_TEST((s.ends[stuck] == step::kind::failed));
  BOOST_TEST(s.slept >= bounds.patience);
  BOOST_TEST(s.slept < bounds.patience * 2);
  BOOST_TEST(s.reasons[stuck].find("still there 600 s after") == 0U);
}

BOOST_AUTO_TEST_CASE(one_failure_does_not_stop_the_rest) {
  plan::graph g;
  auto bad = g.add(), good = g.add();
  script s;
  s.attempt_answers[bad] = [](int) {
    return step{step::kind::failed, error{errc::forbidden, "no"}};
  };
  walk(g, s);
  BOOST_TEST((s.ends[bad] == step::kind::failed));
  BOOST_TEST((s.ends[good] == step::kind::gone));
}

BOOST_AUTO_TEST_CASE(a_circle_is_tried_all_the_same) {
  plan::graph g;
  auto a = g.add(), b = g.add();
  g.edge(a, b);
  g.edge(b, a);
  script s;
  walk(g, s);
  BOOST_TEST((s.ends[a] == step::kind::gone));
  BOOST_TEST((s.ends[b] == step::kind::gone));
}

BOOST_AUTO_TEST_CASE(an_interrupt_starts_nothing_new) {
  plan::graph g;
  auto first = g.add(), next = g.add();
  g.edge(first, next);
  script s;
  s.attempt_answers[first] = [&](int) {
    s.stop = true;
    return step{step::kind::gone};
  };
  walk(g, s);
  BOOST_TEST(s.attempts[next] == 0);
  BOOST_TEST(s.ends.count(next) == 0U);
}

BOOST_AUTO_TEST_CASE(an_accepted_delete_that_is_undone_is_tried_again) {
  plan::graph g;
  auto snapshot = g.add();
  script s;
  s.attempt_answers[snapshot] = [](int tries) {
    return step{tries == 1 ? step::kind::accepted : step::kind::gone};
  };
  s.look_answers[snapshot] = [](int) { return conflict(); };
  walk(g, s);
  BOOST_TEST(s.attempts[snapshot] == 2);
  BOOST_TEST((s.ends[snapshot] == step::kind::gone));
}

BOOST_AUTO_TEST_CASE(a_slow_look_holds_nothing_up) {
  plan::graph g;
  auto stack = g.add(), server = g.add(), volume = g.add();
  g.edge(server, volume);
  script s;
  s.groups = {{stack, 1}, {server, 2}};
  s.slow = {{stack, volume}};
  for (auto n : {stack, server})
    s.attempt_answers[n] = [](int) { return step{step::kind::accepted}; };
  walk(g, s);
  BOOST_TEST(s.ends.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_conflict_does_not_wait_for_the_end_of_something_else) {
  plan::graph g;
  auto stack = g.add(), volume = g.add();
  script s;
  s.attempt_answers[stack] = [](int) { return step{step::kind::accepted}; };
  s.slow = {{stack, volume}};
  s.attempt_answers[volume] = [](int tries) {
    return tries < 20 ? conflict() : step{step::kind::gone};
  };
  walk(g, s);
  BOOST_TEST((s.ends[volume] == step::kind::gone));
}

BOOST_AUTO_TEST_CASE(a_look_that_fails_now_and_then_is_no_end) {
  plan::graph g;
  auto server = g.add();
  script s;
  s.attempt_answers[server] = [](int) { return step{step::kind::accepted}; };
  s.blind = plan::limits{}.blind_looks - 1;
  walk(g, s);
  BOOST_TEST((s.ends[server] == step::kind::gone));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_seen_any_more_is_given_up_with_the_services_words) {
  plan::graph g;
  auto server = g.add();
  script s;
  s.attempt_answers[server] = [](int) { return step{step::kind::accepted}; };
  s.blind = 1000;
  walk(g, s);
  BOOST_TEST((s.ends[server] == step::kind::failed));
  BOOST_TEST(s.reasons[server] == "500");
  BOOST_TEST(s.looks == plan::limits{}.blind_looks);
}

BOOST_AUTO_TEST_CASE(an_exception_is_passed_on_after_the_rest_has_ended) {
  plan::graph g;
  auto bad = g.add(), next = g.add();
  g.edge(bad, next);
  script s;
  s.attempt_answers[bad] = [](int) -> step { throw std::runtime_error{"no memory"}; };
  boost::asio::io_context io;
  std::string thrown;
  auto all = [&]() -> boost::asio::awaitable<void> {
    try {
      co_await plan::run(g, s, {});
    } catch (const std::runtime_error& e) {
      thrown = e.what();
    }
  };
  boost::asio::co_spawn(io, all, boost::asio::detached);
  io.run();
  BOOST_TEST(thrown == "no memory");
  BOOST_TEST(s.attempts[next] == 0);
}

BOOST_AUTO_TEST_SUITE_END()
