#include "core/plan/engine.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ostclean::plan {
namespace asio = boost::asio;
namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

class runner {
 public:
  runner(graph& work, job& how, limits bounds, asio::any_io_executor executor)
      : work_(work),
        how_(how),
        bounds_(bounds),
        executor_(std::move(executor)),
        changed_(executor_) {}

  asio::awaitable<void> run() {
    work_.begin();
    while (!work_.finished()) {
      if (!how_.interrupted()) start_ready();
      if (how_.interrupted() && active_ == 0) co_return;
      if (active_ > 0)
        co_await wait_for_change();
      else if (!watched_.empty() || !conflicts_.empty())
        co_await quiet_round();
      else if (!work_.has_ready() && !work_.break_circle())
        co_return;
    }
  }

 private:
  void start_ready() {
    while (active_ < bounds_.in_flight && !how_.interrupted()) {
      auto n = work_.take_ready();
      if (!n) return;
      ++active_;
      asio::co_spawn(executor_, attempt(*n), asio::detached);
    }
  }

  asio::awaitable<void> attempt(node n) {
    step outcome = co_await how_.attempt(n);
    --active_;
    settle(n, outcome);
    changed_.cancel();
  }

  void settle(node n, const step& outcome) {
    switch (outcome.what) {
      case step::kind::accepted:
        if (watched_.empty()) next_look_ = clock::now() + bounds_.first_tick;
        watched_.push_back(n);
        progress();
        break;
      case step::kind::conflict:
        conflicts_.emplace_back(n, outcome);
        break;
      case step::kind::gone:
        progress();
        how_.over(n, outcome, std::nullopt);
        work_.done(n);
        requeue_conflicts();
        break;
      case step::kind::failed:
      case step::kind::kept:
        give_up(n, outcome);
        break;
    }
  }

  void give_up(node n, const step& outcome) {
    how_.over(n, outcome, std::nullopt);
    for (node behind : work_.stays(n)) how_.over(behind, outcome, n);
  }

  void progress() {
    tick_ = bounds_.first_tick;
    idle_ = milliseconds{0};
    rounds_ = 0;
  }

  /// Something went: what was refused because of it may go now.
  void requeue_conflicts() { retry_due_ = !conflicts_.empty(); }

  void retry_conflicts() {
    retry_due_ = false;
    auto again = std::move(conflicts_);
    conflicts_.clear();
    for (auto& [n, why] : again) {
      ++active_;
      asio::co_spawn(executor_, attempt(n), asio::detached);
    }
  }

  /// Attempts are in flight and their ends wake the loop; what is watched is looked at meanwhile,
  /// once a tick, and what conflicted is tried again no more often than that: an end of something
  /// is no reason to ask about everything.
  asio::awaitable<void> wait_for_change() {
    changed_.expires_at(next_look_);
    if (watched_.empty() && !retry_due_) changed_.expires_after(std::chrono::hours{24});
    boost::system::error_code ec;
    co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    if (clock::now() < next_look_) co_return;
    if (!watched_.empty()) co_await look();
    if (retry_due_ && !how_.interrupted()) retry_conflicts();
    next_look_ = clock::now() + tick_;
  }

  /// Nothing is in flight: either something is watched, or only conflicts are left.
  asio::awaitable<void> quiet_round() {
    if (retry_due_ && !how_.interrupted()) {
      retry_conflicts();
      co_return;
    }
    if (watched_.empty()) {
      co_await hopeless_round();
      co_return;
    }
    co_await how_.sleep(tick_);
    idle_ += tick_;
    co_await look();
    if (idle_ >= bounds_.patience) abandon_watched();
  }

  asio::awaitable<void> hopeless_round() {
    if (++rounds_ > bounds_.hopeless_rounds) {
      auto stuck = std::move(conflicts_);
      conflicts_.clear();
      for (auto& [n, why] : stuck) give_up(n, step{step::kind::failed, *why.why});
      co_return;
    }
    co_await how_.sleep(bounds_.retry_pause * (1 << (rounds_ - 1)));
    if (!how_.interrupted()) retry_conflicts();
  }

  asio::awaitable<void> look() {
    std::size_t before = watched_.size();
    std::vector<node> asked = watched_;
    auto decided = co_await how_.look(std::move(asked));
    for (auto& [n, outcome] : decided) {
      auto at = std::find(watched_.begin(), watched_.end(), n);
      if (at == watched_.end() || outcome.what == step::kind::accepted) continue;
      watched_.erase(at);
      settle(n, outcome);
    }
    if (watched_.size() == before) tick_ = std::min(tick_ * 3 / 2, bounds_.last_tick);
  }

  void abandon_watched() {
    auto late = std::move(watched_);
    watched_.clear();
    for (node n : late) {
      error why{errc::timeout, "still there " + std::to_string(bounds_.patience.count() / 1000) +
                                   " s after anything last moved"};
      give_up(n, step{step::kind::failed, std::move(why)});
    }
  }

  graph& work_;
  job& how_;
  limits bounds_;
  asio::any_io_executor executor_;
  asio::steady_timer changed_;
  std::size_t active_ = 0;
  std::vector<node> watched_;
  std::vector<std::pair<node, step>> conflicts_;
  bool retry_due_ = false;
  clock::time_point next_look_ = clock::now();
  int rounds_ = 0;
  milliseconds tick_ = bounds_.first_tick;
  milliseconds idle_{0};
};

}  // namespace

asio::awaitable<void> run(graph& work, job& how, limits bounds) {
  auto executor = co_await asio::this_coro::executor;
  runner all{work, how, bounds, executor};
  co_await all.run();
}

}  // namespace ostclean::plan
