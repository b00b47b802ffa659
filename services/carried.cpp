// What the project's things hold for others, who would lose it with them without a word from any
// service: its server carries another's volume, its trunk another's port, its router is the gateway
// of another's subnet, its policy shares another's network.
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/hooks.hpp"
#include "services/ownership.hpp"
#include "services/rows.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// Whether it is this thing that the other one needs, beyond being named by it.
using need = bool (*)(const json::value& named, const item& holder);

/// The router's interface is where the subnet's gateway or one of its routes leads.
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

/// A field of one kind that names a thing, perhaps another's, of another kind.
class holding {
 public:
  std::string_view kind, field;
  std::string_view named;  ///< kind of that thing
  std::string_view says;   ///< why it stays: {} the other's id, {} whose that is
  need needed = nullptr;   ///< nullptr: always
};

constexpr std::string_view k_shares = "shares {} of {}, which could no longer be used";

constexpr holding k_holdings[] = {
    // Nova deletes such a volume with the server when it is told to at its end, else it takes it
    // off.
    {"server", "os-extended-volumes:volumes_attached.id", "volume",
     "volume {} of {} is attached to it, and would be taken off it or be deleted with it"},
    {"server_group", "members", "server", "holds server {} of {}, which would lose its policy"},
    {"port_forwarding", "internal_port_id", "port",
     "leads to port {} of {}, which could no longer be reached"},
    {"floating_ip", "port_id", "port", "leads to port {} of {}, which could no longer be reached"},
    {"trunk", "sub_ports.port_id", "port", "carries port {} of {}, which would be cut off"},
    {"trunk", "port_id", "port", "stands on port {} of {}, which would carry nothing any more"},
    {"router_interface", "fixed_ips.subnet_id", "subnet", "is the gateway of subnet {} of {}",
     leads_to},
    {"rbac_policy", "object_id", "network", k_shares},
    {"rbac_policy", "object_id", "security_group", k_shares},
    {"rbac_policy", "object_id", "address_group", k_shares},
    {"rbac_policy", "object_id", "subnet_pool", k_shares},
    {"rbac_policy", "object_id", "address_scope", k_shares},
    {"rbac_policy", "object_id", "qos_policy", k_shares},
};

/// An RBAC policy says of what kind its object is, in Neutron's words.
bool is_about(const item& one, const holding& what) {
  if (what.kind != "rbac_policy") return true;
  auto type = text_at(one.data, "object_type");
  if (type == "subnetpool") type = "subnet_pool";
  return type == what.named;
}

/// The ids that no list showed, each with the items that name it.
using unlisted_ids = std::multimap<std::string, std::size_t>;

unlisted_ids unknown_named(const std::vector<item>& items, const holding& what) {
  std::set<std::string> own;
  for (const auto& one : items)
    if (one.row->name == what.named) own.insert(one.id);
  unlisted_ids all;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& one = items[i];
    if (one.row->name != what.kind || !one.is_open() || one.foreign || !is_about(one, what))
      continue;
    for (const auto& id : texts_at(one.data, what.field))
      if (!id.empty() && own.count(id) == 0) all.emplace(id, i);
  }
  return all;
}

using things_by_id = std::map<std::string, json::value>;

/// Neutron is asked for many at once, below the endpoint where they are named; and by the caller's
/// own project: it makes the default group of whoever lists groups.
asio::awaitable<result<things_by_id>> read_many(place where, const kind& row,
                                                const std::vector<item>& items,
                                                unlisted_ids asked) {
  things_by_id found;
  std::map<std::string, std::set<std::string>> by_base;
  for (const auto& [id, at] : asked) by_base[items[at].base].insert(id);
  std::function<void(const json::value&)> take = [&](const json::value& one) {
    found.insert_or_assign(text_at(one, "id"), one);
  };
  place others = where;
  others.session = where.outside;
  for (const auto& [base, ids] : by_base)
    for (const auto& some : http::in_groups(ids)) {
      const auto list = base + std::string{row.list.substr(0, row.list.find('?'))};
      auto url = http::with_query(list, "id", some);
      std::string service{row.service}, key{row.key};
      auto done =
          co_await for_each_row(others, std::move(service), std::move(url), std::move(key), take);
      if (!done) co_return done.error();
    }
  co_return found;
}

/// Nova and Cinder show one at a time. Null when there is none, or none that is shown.
asio::awaitable<result<json::value>> read_one(place where, const kind& row, std::string region,
                                              std::string id) {
  std::string service{row.service}, major{row.major};
  json::value nothing;
  auto base =
      co_await where.session->endpoint(std::move(service), std::move(region), std::move(major));
  if (!base && base.error().code == errc::not_found) co_return nothing;
  if (!base) co_return base.error();
  item one{row, std::move(id)};
  http::request r{http::verb::get, *base + cleaner::item_path(one)};
  r.service = std::string{row.service};
  set_microversion(r, row);
  auto answer = co_await http::get_json_surely(*where.session, std::move(r));
  if (!answer && answer.error().status == 404) co_return nothing;
  if (!answer) co_return answer.error();
  const auto* whole = find(*answer, row.name);
  co_return whole ? *whole : nothing;
}

asio::awaitable<result<things_by_id>> read_named(place where, const kind& row,
                                                 const std::vector<item>& items,
                                                 unlisted_ids asked) {
  if (row.service == "network") co_return co_await read_many(where, row, items, std::move(asked));
  things_by_id found;
  for (const auto& [id, at] : asked) {
    if (found.count(id) > 0) continue;
    std::string region = items[at].region, wanted = id;
    auto one = co_await read_one(where, row, std::move(region), std::move(wanted));
    if (!one) co_return one.error();
    found.emplace(id, *one);  // null: what a service forgot is nobody's
  }
  co_return found;
}

asio::awaitable<result<void>> settle(place where, std::vector<item>& items, const holding& what,
                                     ties& all) {
  auto named = unknown_named(items, what);
  if (named.empty()) co_return result<void>{};
  const kind& row = *find_kind(what.named);
  auto found = co_await read_named(where, row, items, named);
  if (!found) co_return found.error();
  for (const auto& [id, at] : named) {
    const auto seen = found->find(id);
    // Neutron lets nothing name what is not there: what it does not show to a user is another's.
    const bool hidden = seen == found->end();
    const auto owner = hidden ? std::string{} : text_at(seen->second, row.owner);
    if (!hidden && (owner.empty() || owner == where.project_id)) continue;
    if (what.needed && (hidden || !what.needed(seen->second, items[at]))) continue;
    const auto whose = owner.empty() ? "another project" : "project " + owner;
    leave(where, items, at, owner, id, fmt::format(fmt::runtime(what.says), id, whose), all);
  }
  co_return result<void>{};
}

}  // namespace

asio::awaitable<result<void>> settle_carried(place where, std::vector<item>& items,
                                             std::set<std::string> unlisted, ties& all) {
  for (const auto& what : k_holdings) {
    // Whose they are no list told: settle_unlisted keeps what needs them.
    if (unlisted.count(std::string{what.named}) > 0) continue;
    auto settled = co_await settle(where, items, what, all);
    if (!settled) co_return settled.error();
  }
  co_return result<void>{};
}

}  // namespace ostclean::services
