// What has come to protect a thing since the plan: a lock, a tag, a new owner. To an administrator
// no service refuses a deletion for one of these, so they are looked for once more just before.
//
// What it costs: one list of a kind at most every two seconds while things of it are deleted, and
// never more than a fifth of the time; so a project that is gone within two seconds of its plan
// costs nothing, and a big one a request for every page of a thousand, not one for every object.
// Only containers and the routers' interfaces are asked one by one.
#pragma once

#include "core/single_flight.hpp"
#include "services/fate.hpp"
#include "services/inventory.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ostclean::services {

/// Headers, or whatever else a list does not show: reads them into the item.
using look_hook = boost::asio::awaitable<result<void>> (*)(place where, item& one,
                                                           const choices& how);
/// How one thing of a kind is looked at whose list does not show its tag; nullptr for most.
look_hook find_look_hook(std::string_view kind);

class latest {
 public:
  /// All of these must outlive it; `items` are those of `all`, which may come to know more bonds.
  latest(place where, std::vector<item>& items, relations& all, const choices& how);

  /// The item goes only when `what` of the other's items goes too; else it has the fate and the
  /// reason of `unless`.
  void need(std::size_t at, latest& other, std::size_t what, const ties::condition& unless);

  /// Afterwards the item, and whatever it would have to stay for, is as the services showed it a
  /// moment ago, and no longer `goes` if something protects it. An error when that cannot be seen,
  /// or when it is another project's by now (`handed_over`).
  boost::asio::awaitable<result<void>> look(std::size_t at);

  /// Its deletion has not begun after all: it is kept if something has come to protect it since.
  /// `shown` is the item as a list just showed it, or null.
  void take_back(std::size_t at, const item* shown = nullptr);

 private:
  /// An item of this project's, or of another one of the run.
  using spot = std::pair<latest*, std::size_t>;
  using clock = std::chrono::steady_clock;
  /// The things of one kind below one endpoint.
  class group {
   public:
    group() = default;
    std::vector<std::size_t> members;
    std::optional<clock::time_point> seen_at;
    clock::duration took{0};  ///< the last list
    single_flight reading;
  };
  using group_key = std::pair<const kind*, std::string>;

  /// What the item goes only with.
  class condition {
   public:
    condition(spot on, const ties::condition& unless) : on(on), unless(unless) {}
    spot on;
    ties::condition unless;
  };

  std::vector<spot> stays_for(std::size_t at);
  bool is_fresh(const group& of, std::optional<clock::time_point> seen) const;
  /// The item's group, unless that was seen a moment ago, else null.
  group* old_group_of(std::size_t at);
  static boost::asio::awaitable<result<void>> look_at_groups(std::vector<spot> all);
  static boost::asio::awaitable<result<void>> look_at_missing(std::vector<spot> all);
  bool may_be_held(std::size_t at);
  static boost::asio::awaitable<result<void>> keep_held(std::vector<spot> all);
  static void give_up(const std::vector<spot>& all);
  bool give_up_without(std::size_t at);
  boost::asio::awaitable<result<void>> read(group& of);
  boost::asio::awaitable<result<void>> list(group& of);
  boost::asio::awaitable<result<void>> look_one_by_one(group& of);
  const error* why_unseen(std::size_t at);
  boost::asio::awaitable<result<void>> read_held();
  static error unseen_now(const std::string& what, error why);
  boost::asio::awaitable<result<void>> look_alone(item& one);
  boost::asio::awaitable<result<boost::json::value>> ask(const item& one, bool older) const;
  boost::asio::awaitable<result<void>> get(item& one);
  void protect(const std::vector<std::size_t>& seen);
  const std::vector<std::size_t>& holders_of(std::size_t at);
  group& group_of(const item& one) { return groups_.at({one.row, one.base}); }

  place where_;
  std::vector<item>& items_;
  relations& all_;
  const choices& how_;
  std::vector<std::vector<std::size_t>> holders_;  ///< of each item: while they stay, it does
  std::size_t bonds_ = 0;                          ///< so many of `all` are among those
  std::multimap<std::size_t, condition> needs_;
  std::set<std::size_t> missing_;        ///< yet to go, and in no list any more
  std::map<std::size_t, error> unseen_;  ///< of those that are asked one by one
  single_flight holding_;                ///< reading what those hold that stay
  std::map<group_key, group> groups_;    ///< of the kinds that can be protected
};

}  // namespace ostclean::services
