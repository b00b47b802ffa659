// Octavia's own ports on the networks of a load balancer: those of its amphorae, which belong to
// Octavia's project and go with the balancer. What tells them is a hint and no proof: nothing is
// taken from under a port that is still there (services/network.cpp).
#pragma once

#include "services/inventory.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ostclean::services {

class amphorae {
 public:
  /// `items` are the project's, `others` the ports of others on its networks; both must outlive it.
  amphorae(place where, const std::vector<item>& items, const std::vector<item>& others);

  /// The amphorae's ports on the members' networks have no name: Octavia tells its administrators
  /// whose they are, and everybody which networks those are.
  boost::asio::awaitable<result<void>> ask();

  /// The load balancers that take the port away.
  std::set<std::size_t> of(const item& port) const;

 private:
  void by_name(const item& port);
  void belongs(const item& port, std::size_t balancer);
  bool is_unclear(const item& port) const;
  boost::asio::awaitable<result<void>> ask_about(std::size_t balancer);
  boost::asio::awaitable<result<void>> ask_for_members(std::size_t balancer,
                                                       std::vector<const item*> unclear);

  place where_;
  const std::vector<item>& items_;
  const std::vector<item>& others_;
  std::multimap<std::string, std::size_t> balancers_;  ///< of ports, and of what they are ports of
};

}  // namespace ostclean::services
