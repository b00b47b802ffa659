// Port forwardings of others' floating IPs: with the port that they lead to Neutron deletes them,
// whoever they belong to. Such a floating IP names no port, only the router that it goes through,
// so those of the routers on the ports' networks are asked for, and not all of the cloud's.
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/hooks.hpp"
#include "services/ownership.hpp"
#include "services/rows.hpp"

#include <fmt/core.h>
#include <functional>
#include <map>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// The ports below one endpoint.
class reader {
 public:
  reader(place where, std::vector<item>& items, std::string base, ties& all)
      : where_(std::move(where)), items_(items), base_(std::move(base)), all_(all) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const item& one = items[i];
      if (one.row->name != "port" || !one.is_open() || one.base != base_) continue;
      ports_.emplace(one.id, i);
      networks_.insert(text_at(one.data, "network_id"));
    }
    for (const auto& one : items)
      if (one.row->name == "router_interface" &&
          networks_.count(text_at(one.data, "network_id")) > 0)
        routers_.insert(text_at(one.data, "device_id"));
    // Who else has a leg on the project's own networks is among the items, unless it goes with
    // another project of the run.
    if (is_one_of_several(where_)) return;
    for (const auto& one : items)
      if (one.row->name == "network") networks_.erase(one.id);
  }

  asio::awaitable<result<void>> read() {
    if (auto found = co_await find_routers(); !found) co_return found.error();
    if (auto found = co_await find_addresses(); !found) co_return found.error();
    for (const auto& [address, owner] : unclear_)
      if (auto found = co_await read_forwardings(address, owner); !found) co_return found.error();
    co_return result<void>{};
  }

 private:
  asio::awaitable<result<void>> find_routers() {
    std::function<void(const json::value&)> take = [&](const json::value& leg) {
      routers_.insert(text_at(leg, "device_id"));
    };
    for (const auto& some : http::in_groups(networks_)) {
      std::string url = router_interfaces_url(base_, some);
      if (auto done = co_await for_each_row(where_, "network", std::move(url), "ports", take);
          !done)
        co_return done.error();
    }
    co_return result<void>{};
  }

  asio::awaitable<result<void>> find_addresses() {
    std::function<void(const json::value&)> take = [&](const json::value& address) {
      const auto owner = text_at(address, "project_id");
      const auto* all = find(address, "port_forwardings");
      if (owner.empty() || owner == where_.project_id || !all || !all->is_array()) return;
      for (const auto& one : all->get_array()) settle(one, text_at(address, "id"), owner);
    };
    for (const auto& some : http::in_groups(routers_)) {
      auto url = http::with_query(base_ + "/floatingips", "router_id", some);
      if (auto done = co_await for_each_row(where_, "network", std::move(url), "floatingips", take);
          !done)
        co_return done.error();
    }
    co_return result<void>{};
  }

  asio::awaitable<result<void>> read_forwardings(std::string address, std::string owner) {
    std::function<void(const json::value&)> take = [&](const json::value& one) {
      settle(one, address, owner);
    };
    std::string url = base_ + "/floatingips/" + http::percent_encode(address) + "/port_forwardings";
    co_return co_await for_each_row(where_, "network", std::move(url), "port_forwardings", take);
  }

  void settle(const json::value& forwarding, const std::string& address, const std::string& owner) {
    const auto port = text_at(forwarding, "internal_port_id");
    // Before Zed a floating IP showed of its forwardings neither id nor port.
    if (port.empty()) unclear_.emplace(address, owner);
    const auto at = ports_.find(port);
    if (at == ports_.end()) return;
    leave(where_, items_, at->second, owner, address,
          fmt::format("floating IP {} of project {} forwards to it, and the forwarding would go "
                      "with it",
                      address, owner),
          all_);
  }

  place where_;
  std::vector<item>& items_;
  std::string base_;
  ties& all_;
  std::map<std::string, std::size_t> ports_;
  std::set<std::string> networks_;  ///< whose routers are yet to be found
  std::set<std::string> routers_;
  std::map<std::string, std::string> unclear_;  ///< floating IPs and their projects
};

}  // namespace

asio::awaitable<result<void>> settle_forwardings(place where, std::vector<item>& items, ties& all) {
  std::set<std::string> bases;
  for (const auto& one : items)
    if (one.row->name == "port" && one.is_open()) bases.insert(one.base);
  for (const auto& base : bases) {
    reader ports(where, items, base, all);
    if (auto read = co_await ports.read(); !read) co_return read.error();
  }
  co_return result<void>{};
}

}  // namespace ostclean::services
