// Walks a graph of deletions with many requests in flight. It knows neither HTTP nor OpenStack: a
// `job` says what one step did. Gone means gone, not accepted: accepted steps are watched in
// batches until the job says they are gone. A conflict goes back to the queue while anything else
// still makes progress; what stops making progress is given up with the service's own reason.
#pragma once

#include "core/error.hpp"
#include "core/plan/graph.hpp"

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace ostclean::plan {

/// What one attempt at a node, or one look at it, showed.
class step {
 public:
  enum class kind {
    gone,      ///< done, for certain
    accepted,  ///< the service works on it: watch
    conflict,  ///< not now: something else must go first
    failed,    ///< it stays
    kept       ///< it stays on purpose
  };
  explicit step(kind what) : what(what) {}
  step(kind what, error why) : what(what), why(std::move(why)) {}

  kind what;
  std::optional<error> why;
};

class job {
 public:
  job() = default;
  job(const job&) = delete;
  job& operator=(const job&) = delete;
  virtual ~job() = default;

  virtual boost::asio::awaitable<step> attempt(node n) = 0;
  /// One look at everything that is being watched: the nodes whose state is decided now. The others
  /// stay watched.
  virtual boost::asio::awaitable<std::vector<std::pair<node, step>>> look(
      std::vector<node> watched) = 0;
  /// The end of a node. Blocked ones (something before them stays) get errc::conflict and the node
  /// that blocks.
  virtual void over(node n, const step& how, std::optional<node> blocked_by) = 0;
  virtual boost::asio::awaitable<void> sleep(std::chrono::milliseconds time) = 0;
  virtual bool interrupted() const = 0;
};

class limits {
 public:
  limits() = default;
  std::size_t in_flight = 64;  ///< attempts at the same time
  std::chrono::milliseconds first_tick{
      150};  ///< between two looks; grows to last_tick while nothing changes
  std::chrono::milliseconds last_tick{2000};
  std::chrono::milliseconds patience{
      600'000};  ///< without any progress, what is still watched is given up
  std::chrono::milliseconds retry_pause{
      500};                 ///< before conflicts are tried again with nothing else under way
  int hopeless_rounds = 4;  ///< such rounds without progress, then conflicts are failures
};

/// Runs until every node is over. On an interrupt starts nothing new, waits for the attempts in
/// flight, and leaves the rest unreported.
boost::asio::awaitable<void> run(graph& work, job& how, limits bounds);

}  // namespace ostclean::plan
