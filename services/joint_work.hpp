// The cleaners of projects whose things wait for each other's, as one job of the engine: an order
// between two things holds whoever has them, and what conflicts is tried again while anything of
// any of them still goes.
#pragma once

#include "services/cleaner.hpp"

#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace ostclean::services {

class joint_work : public plan::job {
 public:
  joint_work() = default;

  /// `by` and `all` must outlive it. The number of the part.
  std::size_t add(cleaner& by, relations& all);
  /// An item of one part goes before one of another; not if either does not go.
  using spot = std::pair<std::size_t, std::size_t>;  ///< number of the part, place of the item
  using sequence = std::pair<spot, spot>;            ///< what goes first, and what then
  void edge(spot first, spot then);
  boost::asio::awaitable<void> run(plan::limits bounds);

  // The engine's questions.
  boost::asio::awaitable<plan::step> attempt(plan::node n) override;
  std::size_t group(plan::node n) override;
  boost::asio::awaitable<plan::sight> look(std::vector<plan::node> watched) override;
  void over(plan::node n, const plan::step& how, std::optional<plan::node> blocked_by) override;
  boost::asio::awaitable<void> sleep(std::chrono::milliseconds time) override;
  bool interrupted() const override;

 private:
  class part {
   public:
    part(cleaner& by, plan::node first) : by(&by), first(first) {}
    cleaner* by;
    plan::node first;  ///< of its nodes, which are in a row
    std::vector<std::optional<plan::node>> nodes;
  };

  plan::graph work_;
  std::vector<part> parts_;
  std::vector<std::size_t> part_of_;                                   ///< node -> part
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> groups_;  ///< part and its group
};

}  // namespace ostclean::services
