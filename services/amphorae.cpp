#include "services/amphorae.hpp"

#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/rows.hpp"

#include <algorithm>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

bool is_on(const item& port, const std::string& subnet) {
  const auto on = texts_at(port.data, "fixed_ips.subnet_id");
  return std::find(on.begin(), on.end(), subnet) != on.end();
}

/// The balancers of one subnet are told apart by the address that their amphora takes over.
bool answers_for(const item& port, const std::string& address) {
  const auto pairs = texts_at(port.data, "allowed_address_pairs.ip_address");
  return pairs.empty() || std::find(pairs.begin(), pairs.end(), address) != pairs.end();
}

}  // namespace

amphorae::amphorae(place where, const std::vector<item>& items, const std::vector<item>& others)
    : where_(std::move(where)), items_(items), others_(others) {
  for (const auto& port : others)
    if (port.name.starts_with("octavia-lb-vrrp-")) by_name(port);
}

void amphorae::by_name(const item& port) {
  for (std::size_t i = 0; i < items_.size(); ++i)
    if (items_[i].row->name == "load_balancer" &&
        is_on(port, text_at(items_[i].data, "vip_subnet_id")) &&
        answers_for(port, text_at(items_[i].data, "vip_address")))
      belongs(port, i);
}

void amphorae::belongs(const item& port, std::size_t balancer) {
  balancers_.emplace(port.id, balancer);
  const auto device = text_at(port.data, "device_id");
  if (!device.empty()) balancers_.emplace(device, balancer);
}

bool amphorae::is_unclear(const item& port) const {
  return text_at(port.data, "device_owner").starts_with("compute:") && of(port).empty();
}

asio::awaitable<result<void>> amphorae::ask() {
  if (std::none_of(others_.begin(), others_.end(),
                   [this](const item& port) { return is_unclear(port); }))
    co_return result<void>{};
  std::vector<std::size_t> untold;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (items_[i].row->name != "load_balancer") continue;
    auto asked = co_await ask_about(i);
    if (!asked && asked.error().code == errc::forbidden)
      untold.push_back(i);
    else if (!asked && asked.error().status != 404)
      co_return asked.error();
  }
  std::vector<const item*> unclear;
  for (const auto& port : others_)
    if (is_unclear(port)) unclear.push_back(&port);
  for (auto balancer : untold)
    if (auto asked = co_await ask_for_members(balancer, unclear); !asked) co_return asked.error();
  co_return result<void>{};
}

asio::awaitable<result<void>> amphorae::ask_about(std::size_t balancer) {
  const item& one = items_[balancer];
  std::function<void(const json::value&)> take = [&](const json::value& amphora) {
    if (text_at(amphora, "loadbalancer_id") != one.id) return;
    for (const char* field : {"compute_id", "vrrp_port_id"})
      if (auto id = text_at(amphora, field); !id.empty())
        balancers_.emplace(std::move(id), balancer);
  };
  std::string url = one.base + "/octavia/amphorae?loadbalancer_id=" + one.id, key = "amphorae";
  co_return co_await for_each_row(where_, "load-balancer", std::move(url), std::move(key), take);
}

/// Octavia has a port of each amphora on the network of each member, on whatever subnet there.
asio::awaitable<result<void>> amphorae::ask_for_members(std::size_t balancer,
                                                        std::vector<const item*> unclear) {
  std::set<std::string> subnets, networks;
  std::function<void(const json::value&)> take = [&](const json::value& member) {
    subnets.insert(text_at(member, "subnet_id"));
  };
  for (const auto& pool : texts_at(items_[balancer].data, "pools.id")) {
    std::string url =
        items_[balancer].base + "/lbaas/pools/" + http::percent_encode(pool) + "/members";
    std::string key = "members";
    auto asked =
        co_await for_each_row(where_, "load-balancer", std::move(url), std::move(key), take);
    if (!asked && asked.error().status != 404 && asked.error().code != errc::forbidden)
      co_return asked.error();
  }
  for (const auto& one : items_)
    if (one.row->name == "subnet" && subnets.contains(one.id))
      networks.insert(text_at(one.data, "network_id"));
  for (const auto* port : unclear)
    if (networks.contains(text_at(port->data, "network_id"))) belongs(*port, balancer);
  co_return result<void>{};
}

std::set<std::size_t> amphorae::of(const item& port) const {
  std::set<std::size_t> all;
  for (const auto& id : {port.id, text_at(port.data, "device_id")}) {
    auto [at, last] = balancers_.equal_range(id);
    for (; at != last; ++at) all.insert(at->second);
  }
  return all;
}

}  // namespace ostclean::services
