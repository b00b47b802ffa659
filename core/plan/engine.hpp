// Walks a graph of deletions with many requests in flight. It knows neither HTTP nor OpenStack: a
// `job` says what one step did. Gone means gone, not accepted: accepted steps are watched in groups
// until the job says they are gone, each group at its own pace beside everything else. A conflict
// is tried again while anything else still makes progress; what stops making progress is given up
// with the service's own reason.
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

/// What one look at a group of watched nodes showed.
class sight {
 public:
  sight() = default;
  std::vector<std::pair<node, step>> decided;  ///< the other nodes stay watched
  std::optional<error> blind;                  ///< the look itself failed
};

class job {
 public:
  job() = default;
  job(const job&) = delete;
  job& operator=(const job&) = delete;
  virtual ~job() = default;

  virtual boost::asio::awaitable<step> attempt(node n) = 0;
  /// Nodes of the same group are looked at together.
  virtual std::size_t group(node n) = 0;
  /// One look at the nodes of one group that are being watched.
  virtual boost::asio::awaitable<sight> look(std::vector<node> watched) = 0;
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
  /// Between two looks, and between two tries of what conflicted; grows to last_tick while nothing
  /// changes, a look by an eighth of what was waited already. Nor is more time spent looking than
  /// waiting: a slow look is a busy service.
  std::chrono::milliseconds first_tick{150};
  std::chrono::milliseconds last_tick{2000};
  /// Without any progress, what is still watched is given up.
  std::chrono::milliseconds patience{600'000};
  /// Looks of one group that fail one after the other, then the group is given up.
  int blind_looks = 10;
  /// Before conflicts are tried again with nothing else under way; doubles each time.
  std::chrono::milliseconds retry_pause{500};
  /// Such tries without progress, then conflicts are failures.
  int hopeless_rounds = 4;
};

/// Runs until every node is over. On an interrupt starts nothing new, waits for the attempts in
/// flight, and leaves the rest unreported.
boost::asio::awaitable<void> run(graph& work, job& how, limits bounds);

}  // namespace ostclean::plan
