#include "core/http/limit.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <map>

namespace ostclean::http {
namespace {

using clock = std::chrono::steady_clock;
constexpr unsigned good_answers_for_one_more = 20;

class load {
 public:
  std::size_t running = 0;
  std::size_t allowed = 0;
  unsigned good = 0;
  std::uint64_t eased_at = 0;  ///< the turn that was newest when the limit was last halved
};

class waiter {
 public:
  waiter(load& of, const asio::any_io_executor& executor)
      : of(of), turn(executor, clock::time_point::max()) {}
  load& of;
  asio::steady_timer turn;
  bool granted = false;
};

}  // namespace

struct limit::state {
  state(limits l, asio::any_io_executor ex, sleeper s)
      : how(l), executor(std::move(ex)), sleep(std::move(s)) {}

  load& of(const std::string& service) {
    auto [at, fresh] = loads.try_emplace(service);
    if (fresh) at->second.allowed = std::max<std::size_t>(1, how.per_service);
    return at->second;
  }

  bool room(const load& l) const {
    return running < std::max<std::size_t>(1, how.in_flight) && l.running < l.allowed;
  }

  void start(load& l) {
    ++running;
    ++l.running;
  }

  void stop(load& l) {
    --running;
    --l.running;
    wake();
  }

  /// In order, but a service that is full does not hold up the others.
  void wake() {
    for (auto at = waiting.begin(); at != waiting.end();) {
      auto& w = **at;
      if (!room(w.of)) {
        ++at;
        continue;
      }
      start(w.of);
      w.granted = true;
      w.turn.cancel();
      at = waiting.erase(at);
    }
  }

  void judge(load& l, int status, std::uint64_t turn) {
    if (status == 429 || status == 503) {
      l.good = 0;
      // Those already under way were sent before the limit was lowered: their 429 is old news.
      if (turn <= l.eased_at) return;
      l.eased_at = turns;
      l.allowed = std::max<std::size_t>(1, l.allowed / 2);
    } else if (status != 0 && ++l.good >= good_answers_for_one_more) {
      l.good = 0;
      l.allowed = std::min(l.allowed + 1, std::max<std::size_t>(1, how.per_service));
    }
  }

  /// How long this request still has to wait for its slot in the second.
  std::chrono::milliseconds reserve(clock::time_point now) {
    if (how.per_second <= 0) return std::chrono::milliseconds{0};
    const auto slot = std::max(now, next_slot);
    next_slot = slot + std::chrono::duration_cast<clock::duration>(
                           std::chrono::duration<double>{1.0 / how.per_second});
    return std::chrono::ceil<std::chrono::milliseconds>(slot - now);
  }

  limits how;
  asio::any_io_executor executor;
  sleeper sleep;
  std::size_t running = 0;
  std::uint64_t turns = 0;
  clock::time_point next_slot;
  std::map<std::string, load> loads;
  std::list<std::shared_ptr<waiter>> waiting;
};

namespace {

/// Gives the place back however the coroutine ends.
template <class State>
class place {
 public:
  place(std::shared_ptr<State> s, load& l) : state_(std::move(s)), load_(l) {}
  place(const place&) = delete;
  place& operator=(const place&) = delete;
  ~place() { state_->stop(load_); }

 private:
  std::shared_ptr<State> state_;
  load& load_;
};

}  // namespace

limit::limit(transport& next, limits how, asio::any_io_executor executor, sleeper sleep)
    : next_(next), state_(std::make_shared<state>(how, std::move(executor), std::move(sleep))) {}

std::size_t limit::allowed(const std::string& service) const { return state_->of(service).allowed; }

asio::awaitable<result<response>> limit::send(request r) {
  auto shared = state_;
  load& mine = shared->of(r.service);
  if (shared->room(mine)) {
    shared->start(mine);
  } else {
    auto w = std::make_shared<waiter>(mine, shared->executor);
    shared->waiting.push_back(w);
    while (!w->granted) co_await w->turn.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  place<state> held{shared, mine};
  if (const auto pause = shared->reserve(clock::now()); pause.count() > 0)
    co_await shared->sleep(pause);
  const auto turn = ++shared->turns;
  auto answer = co_await next_.send(std::move(r));
  shared->judge(mine, answer ? answer->status : 0, turn);
  co_return answer;
}

}  // namespace ostclean::http
