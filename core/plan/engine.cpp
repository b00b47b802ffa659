#include "core/plan/engine.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

namespace ostclean::plan {
namespace asio = boost::asio;
namespace {

using std::chrono::milliseconds;

class runner {
 public:
  runner(graph& work, job& how, limits bounds, asio::any_io_executor executor)
      : work_(work),
        how_(how),
        bounds_(bounds),
        executor_(std::move(executor)),
        changed_(executor_, asio::steady_timer::time_point::max()) {}

  asio::awaitable<void> run() {
    work_.begin();
    while (!work_.finished() || busy_ > 0) {
      if (!stopped()) {
        start_ready();
        start_retry();
      }
      if (busy_ > 0)
        co_await wait_for_change();
      else if (stopped() || (!work_.has_ready() && !work_.break_circle()))
        break;
    }
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  /// Whatever is spawned uses this runner: run() ends after the last of them.
  void spawn(asio::awaitable<void> part) {
    ++busy_;
    asio::co_spawn(executor_, std::move(part), [this](const std::exception_ptr& thrown) {
      --busy_;
      if (thrown) thrown_ = thrown;
      wake();
    });
  }

  bool stopped() const { return thrown_ || how_.interrupted(); }

  void wake() {
    woken_ = true;
    changed_.cancel();
  }

  asio::awaitable<void> wait_for_change() {
    boost::system::error_code ec;
    if (!woken_) co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    woken_ = false;
  }

  void start_ready() {
    while (attempts_ < bounds_.in_flight && !stopped()) {
      auto n = work_.take_ready();
      if (!n) return;
      start_attempt(*n);
    }
  }

  void start_attempt(node n) {
    ++attempts_;
    spawn(attempt(n));
  }

  asio::awaitable<void> attempt(node n) {
    step outcome = co_await how_.attempt(n);
    --attempts_;
    settle(n, outcome);
  }

  void settle(node n, const step& outcome) {
    switch (outcome.what) {
      case step::kind::accepted:
        progress();
        start_watching(n);
        break;
      case step::kind::conflict:
        conflicts_.emplace_back(n, outcome);
        break;
      case step::kind::gone:
        progress();
        how_.over(n, outcome, std::nullopt);
        work_.done(n);
        break;
      case step::kind::failed:
      case step::kind::kept:
        give_up(n, outcome);
        break;
    }
    wake();
  }

  void give_up(node n, const step& outcome) {
    how_.over(n, outcome, std::nullopt);
    for (node behind : work_.stays(n)) how_.over(behind, outcome, n);
  }

  void progress() {
    ++progress_;
    retry_tick_ = bounds_.first_tick;
    rounds_ = 0;
  }

  bool is_idle() const { return attempts_ == 0 && watched_.empty(); }
  milliseconds idle_pause() const { return bounds_.retry_pause * (1 << rounds_); }

  /// What conflicted is tried again beside everything else, and with nothing else under way a few
  /// times more: then nothing is left that could make room for it.
  void start_retry() {
    if (conflicts_.empty() || retrying_) return;
    if (is_idle() && rounds_ == bounds_.hopeless_rounds) return give_up_conflicts();
    const milliseconds pause = is_idle() ? idle_pause() : retry_tick_;
    retry_tick_ = std::min(retry_tick_ * 3 / 2, bounds_.last_tick);
    retrying_ = true;
    spawn(retry(pause));
  }

  /// Whether anything else was under way shows at the end of the pause: at its beginning the other
  /// conflicts of the same round were.
  asio::awaitable<void> retry(milliseconds pause) {
    co_await how_.sleep(pause);
    if (is_idle() && !stopped() && pause < idle_pause()) co_await how_.sleep(idle_pause() - pause);
    retrying_ = false;
    if (stopped()) co_return;
    if (is_idle() && rounds_ == bounds_.hopeless_rounds) {
      give_up_conflicts();
      co_return;
    }
    if (is_idle()) ++rounds_;
    for (auto& [n, why] : std::exchange(conflicts_, {})) start_attempt(n);
  }

  void give_up_conflicts() {
    for (auto& [n, why] : std::exchange(conflicts_, {}))
      give_up(n, step{step::kind::failed, *why.why});
  }

  void start_watching(node n) {
    const auto group = how_.group(n);
    auto [at, first] = watched_.try_emplace(group);
    at->second.push_back(n);
    if (first) spawn(watch(group));
  }

  asio::awaitable<void> watch(std::size_t group) {
    auto& nodes = watched_[group];
    milliseconds waited{0}, idle{0}, last_look{0};
    int blind = 0;
    while (!nodes.empty()) {
      const auto before = progress_;
      const milliseconds tick =
          std::clamp(std::max(waited / 8, last_look), bounds_.first_tick, bounds_.last_tick);
      co_await how_.sleep(tick);
      if (stopped()) break;
      const auto asked = std::chrono::steady_clock::now();
      sight seen = co_await how_.look(nodes);
      last_look =
          std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - asked);
      blind = seen.blind ? blind + 1 : 0;
      const bool moved = take(nodes, seen);
      idle = progress_ == before ? idle + tick : milliseconds{0};
      waited = moved ? milliseconds{0} : waited + tick;
      if (blind == bounds_.blind_looks) abandon(nodes, *seen.blind);
      if (idle >= bounds_.patience) abandon(nodes, too_late());
    }
    watched_.erase(group);
  }

  bool take(std::vector<node>& nodes, const sight& seen) {
    bool moved = false;
    for (const auto& [n, outcome] : seen.decided) {
      auto at = std::find(nodes.begin(), nodes.end(), n);
      if (at == nodes.end() || outcome.what == step::kind::accepted) continue;
      nodes.erase(at);
      settle(n, outcome);
      moved = true;
    }
    return moved;
  }

  error too_late() const {
    return {errc::timeout, "still there " + std::to_string(bounds_.patience.count() / 1000) +
                               " s after anything last moved"};
  }

  void abandon(std::vector<node>& nodes, const error& why) {
    for (node n : std::exchange(nodes, {})) give_up(n, step{step::kind::failed, why});
  }

  graph& work_;
  job& how_;
  limits bounds_;
  asio::any_io_executor executor_;
  asio::steady_timer changed_;
  bool woken_ = false;
  std::exception_ptr thrown_;
  std::size_t busy_ = 0, attempts_ = 0, progress_ = 0;
  std::map<std::size_t, std::vector<node>> watched_;
  std::vector<std::pair<node, step>> conflicts_;
  bool retrying_ = false;
  int rounds_ = 0;
  milliseconds retry_tick_ = bounds_.first_tick;
};

}  // namespace

asio::awaitable<void> run(graph& work, job& how, limits bounds) {
  auto executor = co_await asio::this_coro::executor;
  runner all{work, how, bounds, executor};
  co_await all.run();
}

}  // namespace ostclean::plan
