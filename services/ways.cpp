// How what stays on a subnet is reached and reaches the world, which no field of it names: the
// routers with an interface there, the ports behind the addresses of its routes, and the port that
// holds an address which another answers for.
#include "core/json.hpp"
#include "services/fate.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <map>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// An address of an allowed address pair, which may be a whole range of them.
bool covers(const std::string& pair, const std::string& address) {
  if (pair == address) return true;
  boost::system::error_code ec;
  if (pair.find('/') == std::string::npos) return false;
  const auto one = asio::ip::make_address(address, ec);
  if (ec) return false;
  if (one.is_v4()) {
    const auto range = asio::ip::make_network_v4(pair, ec);
    return !ec && asio::ip::network_v4(one.to_v4(), range.prefix_length()).canonical() ==
                      range.canonical();
  }
  const auto range = asio::ip::make_network_v6(pair, ec);
  return !ec &&
         asio::ip::network_v6(one.to_v6(), range.prefix_length()).canonical() == range.canonical();
}

bool has_device(const item& port) {
  return !text_at(port.data, "device_id").empty() && !text_at(port.data, "device_owner").empty();
}

class surveyor {
 public:
  surveyor(const std::vector<item>& items, relations& out) : items_(items), out_(out) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto& one = items[i];
      if (one.row->name == "subnet") subnets_.emplace(one.id, i);
      if (one.row->name == "router") routers_.emplace(one.id, i);
      if (one.row->name != "port") continue;
      for (const auto& on : texts_at(one.data, "fixed_ips.subnet_id")) ports_on_.emplace(on, i);
      for (const auto& address : texts_at(one.data, "fixed_ips.ip_address"))
        holders_.emplace(std::pair(text_at(one.data, "network_id"), address), i);
      if (!has_device(one)) unbound_.emplace(text_at(one.data, "network_id"), i);
    }
  }

  void survey() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const auto& one = items_[i];
      if (one.row->name == "router_interface") interface(i);
      if (one.row->name == "subnet") hops_of_subnet(i);
      if (one.row->name == "port") pairs(i);
    }
  }

 private:
  /// It is the way of everything on its subnet, and stays as long as that. A protected router keeps
  /// all of its interfaces, and so does one with static routes: they may lead through any.
  void interface(std::size_t i) {
    for (const auto& on : texts_at(items_[i].data, "fixed_ips.subnet_id")) {
      if (const auto at = subnets_.find(on); at != subnets_.end())
        out_.bonds.emplace_back(at->second, i, false);
      auto [at, last] = ports_on_.equal_range(on);
      for (; at != last; ++at) out_.wishes.emplace_back(at->second, i);
    }
    const auto router = routers_.find(text_at(items_[i].data, "device_id"));
    if (router == routers_.end()) return;
    const auto hops = texts_at(items_[router->second].data, "routes.nexthop");
    relations::bond whole{router->second, i, true};
    whole.itself = hops.empty();
    out_.bonds.push_back(whole);
    for (const auto& hop : hops) hold(router->second, text_at(items_[i].data, "network_id"), hop);
  }

  void hops_of_subnet(std::size_t i) {
    const auto& subnet = items_[i].data;
    auto hops = texts_at(subnet, "host_routes.nexthop");
    hops.push_back(text_at(subnet, "gateway_ip"));
    for (const auto& hop : hops) hold(i, text_at(subnet, "network_id"), hop);
  }

  /// The port that has the address stays with whoever sends there.
  void hold(std::size_t sender, const std::string& network, const std::string& address) {
    auto [at, last] = holders_.equal_range(std::pair(network, address));
    for (; at != last; ++at) out_.bonds.emplace_back(sender, at->second, false);
  }

  /// Such an address is kept free, and reached from outside, by a port that no device has.
  void pairs(std::size_t i) {
    const auto& port = items_[i].data;
    const auto pairs = texts_at(port, "allowed_address_pairs.ip_address");
    if (pairs.empty()) return;
    auto [at, last] = unbound_.equal_range(text_at(port, "network_id"));
    for (; at != last; ++at) {
      const auto own = texts_at(items_[at->second].data, "fixed_ips.ip_address");
      const bool held = std::any_of(own.begin(), own.end(), [&](const auto& address) {
        return std::any_of(pairs.begin(), pairs.end(),
                           [&](const auto& pair) { return covers(pair, address); });
      });
      if (held && at->second != i) out_.bonds.emplace_back(i, at->second, false);
    }
  }

  const std::vector<item>& items_;
  relations& out_;
  std::map<std::string, std::size_t> subnets_, routers_;
  std::multimap<std::string, std::size_t> ports_on_;  ///< by subnet
  std::multimap<std::string, std::size_t> unbound_;   ///< ports that no device has, by network
  std::multimap<std::pair<std::string, std::string>, std::size_t> holders_;
};

}  // namespace

void add_ways(const std::vector<item>& items, relations& out) { surveyor{items, out}.survey(); }

std::vector<std::size_t> interfaces_named(const std::vector<item>& items, const std::string& name) {
  std::vector<std::size_t> all;
  const auto colon = name.find(':'), equals = name.find('=');
  if (colon == std::string::npos || equals == std::string::npos) return all;
  const std::string router = name.substr(0, colon), on = name.substr(equals + 1);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].row->name != "router_interface" || text_at(items[i].data, "device_id") != router)
      continue;
    const auto subnets = texts_at(items[i].data, "fixed_ips.subnet_id");
    if (items[i].id == on || std::find(subnets.begin(), subnets.end(), on) != subnets.end())
      all.push_back(i);
  }
  return all;
}

}  // namespace ostclean::services
