// Deletes one project's items, as its part of a joint_work (services/joint_work.hpp). What a kind
// needs beyond "DELETE its path" is a hook in the file of its service.
#pragma once

#include "core/plan/engine.hpp"
#include "core/plan/journal.hpp"
#include "services/fate.hpp"
#include "services/inventory.hpp"
#include "services/latest.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ostclean::services {

class cleaner {
 public:
  class outcome {
   public:
    outcome() = default;
    plan::step::kind how = plan::step::kind::accepted;
    std::string reason;  ///< one line, empty when gone
    std::string request_id;
    bool ended = false;
  };
  /// Called at the end of every item.
  using observer = std::function<void(const item&, const outcome&)>;

  /// `items` are the project's, in all regions; those whose fate is not `goes` are not touched.
  /// `where` gives the session and what the token may see. `log` may be null for tests only.
  cleaner(place where, std::vector<item>& items, const choices& how, plan::journal* log,
          observer seen, std::function<bool()> interrupted);

  /// Adds what goes to a graph that others may have part in, and the order of its own: the nodes
  /// of the items, in a row; nullopt for those that do not go.
  std::vector<std::optional<plan::node>> enlist(plan::graph& work, relations& all);
  /// After enlist() of both: item `at` goes only when item `what` of the other goes too.
  void need(std::size_t at, cleaner& other, std::size_t what, const ties::condition& unless) {
    latest_->need(at, *other.latest_, what, unless);
  }
  /// One for each item.
  const std::vector<outcome>& outcomes() const { return outcomes_; }

  // The engine's questions (plan::job), of nodes that count from the first of enlist().
  boost::asio::awaitable<plan::step> attempt(plan::node n);
  /// The items of one kind below one endpoint are a group: one list shows them all.
  std::size_t group(plan::node n);
  boost::asio::awaitable<plan::sight> look(std::vector<plan::node> watched);
  /// `first` blocks it, and may be another cleaner's; null: nothing does.
  void over(plan::node n, const plan::step& how, const item* first);
  const item& item_at(plan::node n) const { return items_[item_of_[n]]; }
  boost::asio::awaitable<void> sleep(std::chrono::milliseconds time);
  bool interrupted() const;

  // What hooks need.
  /// A request below the item's endpoint, with the row's microversion.
  boost::asio::awaitable<result<http::response>> send(const item& one, http::verb method,
                                                      std::string path, std::string body);
  /// DELETE of `path`, or with --force the row's own way, told as a step.
  boost::asio::awaitable<plan::step> remove(item& one, std::string path);
  /// What the answer to a delete means: 404 is gone, 2xx gone or accepted as the row says, 409 a
  /// conflict.
  plan::step taken(item& one, const result<http::response>& answer) const;
  /// The row's item path, filled in.
  static std::string item_path(const item& one);
  /// One line in the journal: an "intent" before, an "outcome" after.
  result<void> record(const item& one, const char* event, const std::string& result);
  const choices& how() const { return how_; }
  const place& where() const { return where_; }
  const std::vector<item>& items() const { return items_; }

 private:
  boost::asio::awaitable<std::optional<std::set<std::string>>> listed_ids(
      std::vector<plan::node> watched);
  boost::asio::awaitable<bool> is_only_hidden(item& one);
  boost::asio::awaitable<plan::step> begin(item& one);
  plan::step judge(item& one, const item* now) const;
  plan::step came_back(item& one, bool broken) const;
  bool is_to_be_forced(const item& one) const;
  boost::asio::awaitable<result<http::response>> force(item& one);

  place where_;
  std::vector<item>& items_;
  const choices& how_;
  plan::journal* log_;
  observer seen_;
  std::function<bool()> interrupted_;
  std::vector<outcome> outcomes_;
  std::optional<latest> latest_;
  std::vector<std::size_t> item_of_;  ///< node -> item
  std::vector<std::pair<const kind*, std::string>> groups_;
};

/// What a kind does instead of one DELETE; nullptr for most.
using remove_hook = boost::asio::awaitable<plan::step> (*)(cleaner& by, item& one);
remove_hook find_remove_hook(std::string_view kind);

}  // namespace ostclean::services
