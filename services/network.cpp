// Neutron's odd cases: legs of routers, ports that hang on somebody's device, and what others have
// on the owned networks.
#include "core/http/pages.hpp"
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/hooks.hpp"
#include "services/naming.hpp"
#include "services/ownership.hpp"
#include "services/reach.hpp"
#include "services/rows.hpp"
#include "services/states.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
using plan::step;

namespace {

asio::awaitable<step> take_off(cleaner& by, item& one, std::string body) {
  std::string path = "/routers/" + http::percent_encode(text_at(one.data, "device_id")) +
                     "/remove_router_interface";
  auto answer = co_await by.send(one, http::verb::put, std::move(path), std::move(body));
  co_return by.taken(one, answer);
}

/// Static routes whose next hop is behind the leg hold it; the router goes anyway.
asio::awaitable<result<void>> clear_routes(cleaner& by, const item& leg) {
  const std::string router_id = text_at(leg.data, "device_id");
  const auto& all = by.items();
  auto router = std::find_if(all.begin(), all.end(), [&](const item& i) {
    return i.row->name == "router" && i.id == router_id;
  });
  const auto* routes = router == all.end() ? nullptr : find(router->data, "routes");
  if (!routes || !routes->is_array() || routes->get_array().empty()) co_return result<void>{};
  if (router->decided != item::fate::goes) co_return result<void>{};
  std::string body = R"({"router":{"routes":[]}})";
  auto cleared = co_await by.send(*router, http::verb::put,
                                  "/routers/" + http::percent_encode(router_id), std::move(body));
  if (!cleared) co_return cleared.error();
  co_return result<void>{};
}

/// The owned subnets that another project's router stands on.
std::vector<std::string> owned_subnets(const cleaner& by, const item& leg) {
  auto on = texts_at(leg.data, "fixed_ips.subnet_id");
  std::erase_if(on, [&](const std::string& id) {
    return std::none_of(by.items().begin(), by.items().end(),
                        [&](const item& i) { return i.row->name == "subnet" && i.id == id; });
  });
  return on;
}

asio::awaitable<result<json::value>> get(const place& where, std::string url, const char* service) {
  http::request r{http::verb::get, std::move(url)};
  r.service = service;
  co_return co_await http::get_json_surely(*where.session, std::move(r));
}

/// True when the network is shared with that project or with everybody.
asio::awaitable<result<bool>> is_shared_with(place where, const item& network,
                                             std::string project) {
  if (true_at(network.data, "shared")) co_return true;
  auto policies =
      co_await get(where, network.base + "/rbac-policies?object_id=" + network.id, "network");
  if (!policies) co_return policies.error();
  const auto* list = find(*policies, "rbac_policies");
  if (!list || !list->is_array())
    co_return error{errc::protocol, "Neutron sent no list of RBAC policies"};
  for (const auto& policy : list->get_array()) {
    auto target = text_at(policy, "target_tenant");
    if (text_at(policy, "object_id") == network.id &&
        text_at(policy, "action") == "access_as_shared" && (target == "*" || target == project))
      co_return true;
  }
  co_return false;
}

void leave(item& one, std::string why) {
  if (!one.is_open()) return;
  one.decided = item::fate::left;
  one.reason = std::move(why);
}

void leave_networks_with_foreign_subnets(std::vector<item>& items) {
  std::set<std::string> owned;
  for (const auto& one : items)
    if (one.row->name == "subnet") owned.insert(one.id);
  for (auto& one : items) {
    if (one.row->name != "network") continue;
    for (const auto& subnet : texts_at(one.data, "subnets"))
      if (owned.count(subnet) == 0)
        leave(one, "holds the subnet " + subnet + " of another project");
  }
}

/// Goes with the network, or is an interface of the plan.
bool may_stay_till_then(const cleaner& by, const json::value& port) {
  const auto owner = text_at(port, "device_owner"), id = text_at(port, "id");
  if (is_router_interface(owner))
    return std::any_of(by.items().begin(), by.items().end(),
                       [&](const item& i) { return i.id == id; });
  return is_neutrons_own(port) && owner != "network:router_gateway" &&
         owner != "network:floatingip";
}

/// Whoever is still on these subnets of the item's network.
asio::awaitable<result<std::string>> find_who_stays(cleaner& by, const item& one,
                                                    std::vector<std::string> subnets) {
  std::string found;
  if (subnets.empty()) co_return found;
  std::function<void(const json::value&)> take = [&](const json::value& port) {
    for (const auto& on : texts_at(port, "fixed_ips.subnet_id"))
      if (std::count(subnets.begin(), subnets.end(), on) > 0 && !may_stay_till_then(by, port))
        found = fmt::format("port {} of project {} is still on its subnet {}", text_at(port, "id"),
                            text_at(port, "project_id"), on);
  };
  std::string url =
      one.base + "/ports?network_id=" + http::percent_encode(text_at(one.data, "network_id"));
  auto asked = co_await for_each_row(by.where(), "network", std::move(url), "ports", take);
  if (!asked) co_return asked.error();
  co_return found;
}

/// Gone: nobody is there any more.
asio::awaitable<step> wait_for_others(cleaner& by, item& one, std::vector<std::string> subnets) {
  auto stays = co_await find_who_stays(by, one, std::move(subnets));
  if (!stays) co_return step_of(one, stays.error());
  one.untaken = !stays->empty();
  if (one.untaken) co_return step{step::kind::conflict, error{errc::conflict, *stays}};
  co_return step{step::kind::gone};
}

/// Its ports have given themselves their addresses.
bool is_automatic(const item& subnet) {
  for (const char* field : {"ipv6_address_mode", "ipv6_ra_mode"})
    if (const auto mode = text_at(subnet.data, field);
        mode == "slaac" || mode == "dhcpv6-stateless")
      return true;
  return false;
}

}  // namespace

/// Neutron refuses to delete a subnet from under somebody's port, but not one that is automatic:
/// there the port just loses its address. It is asked once more who has come since the plan.
asio::awaitable<step> remove_subnet(cleaner& by, item& one) {
  if (is_automatic(one)) {
    std::vector<std::string> subnet{one.id};
    auto clear = co_await wait_for_others(by, one, std::move(subnet));
    if (clear.what != step::kind::gone) co_return clear;
  }
  co_return co_await by.remove(one, cleaner::item_path(one));
}

asio::awaitable<step> remove_router_interface(cleaner& by, item& one) {
  // Where somebody stays, the subnet does, and with it its way to the world.
  auto subnets = owned_subnets(by, one);
  auto clear = co_await wait_for_others(by, one, std::move(subnets));
  if (clear.what != step::kind::gone) co_return clear;
  if (!one.foreign) {
    if (auto cleared = co_await clear_routes(by, one); !cleared)
      co_return step{step::kind::conflict, cleared.error()};
    std::string body = "{\"port_id\":\"" + one.id + "\"}";
    co_return co_await take_off(by, one, std::move(body));
  }
  step last{step::kind::gone};
  for (const auto& subnet : owned_subnets(by, one)) {
    std::string body = "{\"subnet_id\":\"" + subnet + "\"}";
    last = co_await take_off(by, one, std::move(body));
    if (last.what != step::kind::gone) break;
  }
  co_return last;
}

namespace {

/// True when no Nova of the catalog knows the server any more, and each would show another
/// project's. Regions may share one Neutron, and then the port does not tell in which of them its
/// server is.
asio::awaitable<bool> is_gone_server(place where, std::string device) {
  auto token = co_await where.session->current();
  if (!token) co_return false;
  std::set<std::string> asked;
  for (const auto& one : (*token)->services.regions()) {
    std::string service = "compute", region = one, major = "2";
    auto compute =
        co_await where.session->endpoint(std::move(service), std::move(region), std::move(major));
    if (!compute && compute.error().code == errc::not_found) continue;
    if (!compute) co_return false;
    if (!asked.insert(*compute).second) continue;
    auto shown = co_await is_shown_all_servers(where, *compute);
    if (!shown || !*shown) co_return false;
    auto server =
        co_await get(where, *compute + "/servers/" + http::percent_encode(device), "compute");
    if (server || server.error().status != 404) co_return false;
  }
  co_return !asked.empty();
}

/// What a port of the project may hang on.
std::set<std::string> own_devices(const std::vector<item>& items) {
  std::set<std::string> devices;
  for (const auto& one : items) {
    if (one.row->name == "server" || one.row->name == "trunk") devices.insert(one.id);
    if (one.row->name == "load_balancer") devices.insert("lb-" + one.id);
  }
  return devices;
}

std::set<std::string> ports_of_others(const std::vector<item>& items) {
  std::set<std::string> ports;
  for (const auto& one : items) {
    if (one.row->name == "load_balancer") ports.insert(text_at(one.data, "vip_port_id"));
    for (auto& port : texts_at(one.data, "sub_ports.port_id")) ports.insert(port);
  }
  return ports;
}

}  // namespace

asio::awaitable<void> settle_devices(place where, std::vector<item>& items, ties& all) {
  const auto devices = own_devices(items), held = ports_of_others(items);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const item& one = items[i];
    if (one.row->name != "port" || !one.is_open()) continue;
    auto device = text_at(one.data, "device_id"), owner = text_at(one.data, "device_owner");
    if (device.empty() || owner.empty() || devices.count(device) > 0 || held.count(one.id) > 0)
      continue;
    if (owner.starts_with("compute:") && co_await is_gone_server(where, device)) continue;
    leave(where, items, i, "", id_in("port", {"load_balancer", "device_id"}, device),
          fmt::format("is used by {} {}, which is not one of the project's", owner, device), all);
  }
}

namespace {

/// A leg is as much the project's as its router is; its own owner field says only who plugged it.
asio::awaitable<result<void>> settle_leg(place where, const std::vector<item>& items, item& leg) {
  const auto router_id = text_at(leg.data, "device_id");
  leg.foreign = std::none_of(items.begin(), items.end(), [&](const item& i) {
    return i.row->name == "router" && i.id == router_id;
  });
  if (!leg.foreign) co_return result<void>{};
  auto router =
      co_await get(where, leg.base + "/routers/" + http::percent_encode(router_id), "network");
  if (!router && router.error().status == 404) {
    leave(leg, "is a leg of router " + router_id + ", which is not one of the project's");
    co_return result<void>{};
  }
  if (!router) co_return router.error();
  leg.project_id = text_at(*router, "router.project_id");
  if (leg.project_id == where.project_id)
    leave(leg, "is a leg of router " + router_id + ", which is the project's and was not listed");
  co_return result<void>{};
}

}  // namespace

asio::awaitable<result<void>> settle_foreign(place where, std::vector<item>& items) {
  leave_networks_with_foreign_subnets(items);
  for (auto& leg : items) {
    if (leg.row->name != "router_interface") continue;
    if (auto settled = co_await settle_leg(where, items, leg); !settled) co_return settled.error();
    if (!leg.foreign || !leg.is_open()) continue;
    for (const auto& network : items) {
      if (network.row->name != "network" || network.id != text_at(leg.data, "network_id")) continue;
      auto shared = co_await is_shared_with(where, network, leg.project_id);
      if (!shared) co_return shared.error();
      if (*shared)
        leave(leg,
              fmt::format("is a leg of router {} of project {}, with which the network is shared",
                          text_at(leg.data, "device_id"), leg.project_id));
    }
  }
  co_return result<void>{};
}

}  // namespace ostclean::services
