// What others have on the project's things, and would lose with them without a word from any
// service: their ports stand on its networks, behind its routers.
#include "core/json.hpp"
#include "services/amphorae.hpp"
#include "services/hooks.hpp"
#include "services/ownership.hpp"

#include <fmt/core.h>
#include <map>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

std::string who_stands(const item& port) {
  const auto owner = text_at(port.data, "device_owner"), device = text_at(port.data, "device_id");
  const auto whose = port.project_id.empty() ? std::string{} : " of project " + port.project_id;
  if (device.empty()) return fmt::format("port {}{} stands on it", port.id, whose);
  if (owner.starts_with("compute:"))
    return fmt::format("server {}{} stands on it with port {}", device, whose, port.id);
  return fmt::format("port {}{} ({} {}) stands on it", port.id, whose, owner, device);
}

/// What a port names and needs, by its id.
std::map<std::string, std::size_t> ground_of(const std::vector<item>& items) {
  std::map<std::string, std::size_t> all;
  for (std::size_t i = 0; i < items.size(); ++i)
    for (const char* kind : {"network", "subnet", "security_group", "qos_policy"})
      if (items[i].row->name == kind) all.emplace(items[i].id, i);
  return all;
}

std::vector<std::size_t> ground_under(const item& port,
                                      const std::map<std::string, std::size_t>& ground) {
  std::vector<std::size_t> all;
  for (const char* field :
       {"network_id", "fixed_ips.subnet_id", "security_groups", "qos_policy_id"})
    for (const auto& id : texts_at(port.data, field))
      if (const auto at = ground.find(id); at != ground.end()) all.push_back(at->second);
  return all;
}

}  // namespace

asio::awaitable<result<void>> settle_guests(place where, std::vector<item>& items,
                                            std::vector<item> others, ties& all) {
  amphorae known{where, items, others};
  if (auto asked = co_await known.ask(); !asked) co_return asked.error();
  const auto ground = ground_of(items);
  for (const auto& port : others) {
    const auto balancers = known.of(port);
    for (auto under : ground_under(port, ground)) {
      for (auto balancer : balancers) all.guests.emplace(balancer, under);
      if (balancers.empty())
        leave(where, items, under, port.project_id, port.id, who_stands(port), all);
    }
  }
  co_return result<void>{};
}

}  // namespace ostclean::services
