// What others have on the project's things, and would lose with them without a word from any
// service: their ports stand on its networks, behind its routers; their volumes hang on its
// servers; their ports are carried by its trunks; its router is the gateway of their subnet.
#include "core/http/pages.hpp"
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/amphorae.hpp"
#include "services/hooks.hpp"
#include "services/ownership.hpp"
#include "services/rows.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <functional>
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

namespace {

/// The ids that no list showed, each with the item that names it.
using unlisted_ids = std::multimap<std::string, std::size_t>;

std::set<std::string> ids_of_kind(const std::vector<item>& items, std::string_view kind) {
  std::set<std::string> all;
  for (const auto& one : items)
    if (one.row->name == kind) all.insert(one.id);
  return all;
}

unlisted_ids unknown_named(const std::vector<item>& items, std::string_view kind,
                           std::string_view field, std::string_view named) {
  const auto own = ids_of_kind(items, named);
  unlisted_ids all;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& one = items[i];
    if (one.row->name != kind || !one.is_open() || one.foreign) continue;
    for (const auto& id : texts_at(one.data, field))
      if (own.count(id) == 0) all.emplace(id, i);
  }
  return all;
}

/// Whose the volume is; nobody's when there is none, or none that is shown.
asio::awaitable<result<std::string>> owner_of_volume(place where, std::string region,
                                                     std::string id) {
  std::string service = "block-storage", major = "3", nobody;
  auto base =
      co_await where.session->endpoint(std::move(service), std::move(region), std::move(major));
  if (!base && base.error().code == errc::not_found) co_return nobody;
  if (!base) co_return base.error();
  const kind& row = *find_kind("volume");
  http::request r{http::verb::get, *base + "/volumes/" + http::percent_encode(id)};
  r.service = std::string{row.service};
  set_microversion(r, row);
  auto answer = co_await http::get_json_surely(*where.session, std::move(r));
  if (!answer && answer.error().status == 404) co_return nobody;
  if (!answer) co_return answer.error();
  co_return text_at(*answer, "volume." + std::string{row.owner});
}

/// Nova deletes such a volume with the server when it is told to at its end, else it takes it off.
asio::awaitable<result<void>> settle_volumes(place where, std::vector<item>& items, ties& all) {
  for (const auto& [id, server] :
       unknown_named(items, "server", "os-extended-volumes:volumes_attached.id", "volume")) {
    std::string region = items[server].region, volume = id;
    auto owner = co_await owner_of_volume(where, std::move(region), std::move(volume));
    if (!owner) co_return owner.error();
    if (owner->empty() || *owner == where.project_id) continue;
    leave(where, items, server, *owner, id,
          fmt::format("volume {} of project {} is attached to it, and would be taken off it or be "
                      "deleted with it",
                      id, *owner),
          all);
  }
  co_return result<void>{};
}

/// Asks Neutron for some of the ids at once.
asio::awaitable<result<void>> for_each_of(place where, const std::vector<item>& items,
                                          const unlisted_ids& asked, std::string key,
                                          std::function<void(const json::value&)> take) {
  std::map<std::string, std::set<std::string>> by_base;
  for (const auto& [id, at] : asked) by_base[items[at].base].insert(id);
  for (const auto& [base, ids] : by_base)
    for (const auto& some : http::in_groups(ids)) {
      std::string url = fmt::format("{}/{}", base, key);
      for (const auto& id : some)
        url += (&id == &some.front() ? "?id=" : "&id=") + http::percent_encode(id);
      std::string member = key;
      auto done = co_await for_each_row(where, "network", std::move(url), std::move(member), take);
      if (!done) co_return done.error();
    }
  co_return result<void>{};
}

asio::awaitable<result<void>> settle_trunks(place where, std::vector<item>& items, ties& all) {
  const auto named = unknown_named(items, "trunk", "sub_ports.port_id", "port");
  std::map<std::string, std::string> owners;
  std::function<void(const json::value&)> take = [&](const json::value& port) {
    owners[text_at(port, "id")] = text_at(port, "project_id");
  };
  std::string key = "ports";
  auto asked = co_await for_each_of(where, items, named, std::move(key), take);
  if (!asked) co_return asked.error();
  for (const auto& [id, trunk] : named) {
    const auto& owner = owners[id];  // none is shown to a user
    if (owner == where.project_id) continue;
    leave(where, items, trunk, owner, id,
          fmt::format("carries port {} of {}, which would be cut off", id,
                      owner.empty() ? "another project" : "project " + owner),
          all);
  }
  co_return result<void>{};
}

bool leads_to(const json::value& subnet, const item& leg) {
  const auto* ips = find(leg.data, "fixed_ips");
  if (!ips || !ips->is_array()) return false;
  const auto hops = texts_at(subnet, "host_routes.nexthop");
  return std::any_of(ips->get_array().begin(), ips->get_array().end(), [&](const auto& ip) {
    const auto address = text_at(ip, "ip_address");
    return text_at(ip, "subnet_id") == text_at(subnet, "id") &&
           (address == text_at(subnet, "gateway_ip") ||
            std::find(hops.begin(), hops.end(), address) != hops.end());
  });
}

asio::awaitable<result<void>> settle_gateways(place where, std::vector<item>& items, ties& all) {
  const auto named = unknown_named(items, "router_interface", "fixed_ips.subnet_id", "subnet");
  std::function<void(const json::value&)> take = [&](const json::value& subnet) {
    const auto id = text_at(subnet, "id"), owner = text_at(subnet, "project_id");
    auto [at, last] = named.equal_range(id);
    for (; at != last && owner != where.project_id; ++at)
      if (leads_to(subnet, items[at->second]))
        leave(where, items, at->second, owner, id,
              fmt::format("is the gateway of subnet {} of project {}", id, owner), all);
  };
  std::string key = "subnets";
  co_return co_await for_each_of(where, items, named, std::move(key), take);
}

}  // namespace

asio::awaitable<result<void>> settle_carried(place where, std::vector<item>& items,
                                             std::set<std::string> unlisted, ties& all) {
  result<void> settled;
  if (unlisted.count("volume") == 0) settled = co_await settle_volumes(where, items, all);
  if (settled && unlisted.count("port") == 0) settled = co_await settle_trunks(where, items, all);
  if (settled && unlisted.count("subnet") == 0)
    settled = co_await settle_gateways(where, items, all);
  co_return settled;
}

}  // namespace ostclean::services
