#include "services/ownership.hpp"

#include "core/http/microversion.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/naming.hpp"
#include "services/rows.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

std::string last_segment(const std::string& url) {
  auto end = url.find_last_not_of('/');
  if (end == std::string::npos) return {};
  auto start = url.find_last_of('/', end);
  return url.substr(start == std::string::npos ? 0 : start + 1,
                    end - (start == std::string::npos ? 0 : start + 1) + 1);
}

std::string first_text(const json::value& data, std::initializer_list<std::string_view> fields) {
  for (auto field : fields)
    if (auto text = text_at(data, field); !text.empty()) return text;
  return {};
}

/// Heat names the project only to administrators; the stack's own link has it always:
/// .../v1/PROJECT/stacks/NAME/ID.
std::string project_of_stack(const json::value& data) {
  for (const auto& href : texts_at(data, "links.href")) {
    auto stacks = href.find("/stacks/");
    if (stacks == std::string::npos) continue;
    return last_segment(href.substr(0, stacks));
  }
  return {};
}

std::string owner_of(const kind& row, const json::value& data) {
  auto owner = row.owner.empty() ? std::string{} : text_at(data, row.owner);
  return owner.empty() && row.name == "stack" ? project_of_stack(data) : owner;
}

/// ".../v1/AUTH_PROJECT", not ".../swift/v1".
bool has_account(const std::string& base) {
  auto last = last_segment(base);
  return !(last.size() > 1 && last.front() == 'v' &&
           last.find_first_not_of("0123456789.", 1) == std::string::npos);
}

bool proved_by_token(const place& where, const kind& row, const std::string& base) {
  // The account stands in the path, but not with Ceph's gateway, whose account is the token's.
  if (row.service == "object-store" && has_account(base))
    return last_segment(base).ends_with(where.project_id);
  if (row.service == "object-store") return where.scoped;
  // Barbican knows no list but that of the token's project; who works in somebody else's is shown
  // Cinder's owner field, or is not to be trusted with what has none.
  return where.scoped && (where.home || row.service == "key-manager");
}

bool is_owned(const place& where, const kind& row, const std::string& base,
              const json::value& data) {
  if (row.name == "keypair") {
    auto user = text_at(data, "user_id");
    return user.empty() ||
           std::count(where.keypair_users.begin(), where.keypair_users.end(), user) > 0;
  }
  if (auto owner = owner_of(row, data); !owner.empty()) return owner == where.project_id;
  switch (row.otherwise) {
    case fallback_owner::token:
      return proved_by_token(where, row, base);
    case fallback_owner::parent:
      return true;  // prove_parents decides
    case fallback_owner::none:
      break;
  }
  return false;
}

/// A port, whoever's it is.
item port_item(const place& where, std::string_view kind, const std::string& base,
               const json::value& data) {
  item one{*find_kind(kind), text_at(data, "id")};
  one.base = base;
  one.region = where.region;
  one.name = text_at(data, "name");
  one.data = data;
  one.project_id = text_at(data, "project_id");
  one.foreign = one.project_id != where.project_id;
  one.created = text_at(data, "created_at");
  one.updated = text_at(data, "updated_at");
  one.seen_at = where.time.now();
  return one;
}

/// Where the project has the ground: its networks, and its subnets on networks of others.
class own_ground {
 public:
  explicit own_ground(const std::vector<item>& items) {
    for (const auto& one : items) {
      if (one.row->name == "network") networks.insert(one.id), base = one.base;
      if (one.row->name == "subnet") subnets.insert(one.id), base = one.base;
    }
    for (const auto& one : items)
      if (one.row->name == "subnet" && networks.count(text_at(one.data, "network_id")) == 0)
        outlying.insert(one.id);
  }

  bool holds(const json::value& port) const {
    if (networks.count(text_at(port, "network_id")) > 0) return true;
    const auto on = texts_at(port, "fixed_ips.subnet_id");
    return std::any_of(on.begin(), on.end(), [&](const auto& id) { return subnets.count(id) > 0; });
  }

  std::vector<std::string> urls() const {
    std::vector<std::string> all;
    for (const auto& [ids, query] :
         {std::pair(&networks, "network_id="), std::pair(&outlying, "fixed_ips=subnet_id%3D")})
      for (const auto& some : http::in_groups(*ids)) {
        all.push_back(base + "/ports");
        for (const auto& id : some)
          all.back() +=
              (&id == &some.front() ? "?" : "&") + std::string{query} + http::percent_encode(id);
      }
    return all;
  }

  std::string base;
  std::set<std::string> networks, subnets, outlying;
};

/// A gateway or a floating IP of another project is a port that Neutron gives to nobody.
bool is_address_of_others(const inventory& found, const json::value& port) {
  const auto owner = text_at(port, "device_owner"), device = text_at(port, "device_id");
  if (owner != "network:router_gateway" && owner != "network:floatingip") return false;
  return std::none_of(found.items.begin(), found.items.end(),
                      [&](const item& one) { return one.id == device; });
}

void add_others(const place& where, inventory& found, const own_ground& own,
                const json::value& port) {
  const auto owner = text_at(port, "device_owner"), project = text_at(port, "project_id");
  if (!own.holds(port)) return;
  if (is_router_interface(owner) && own.networks.count(text_at(port, "network_id")) > 0) {
    (goes_with_another(where, project) ? found.others : found.items)
        .push_back(port_item(where, "router_interface", own.base, port));
    return;
  }
  if (is_neutrons_own(port) ? is_address_of_others(found, port) : project != where.project_id)
    found.others.push_back(port_item(where, "port", own.base, port));
}

asio::awaitable<void> find_neighbours(place where, inventory& found) {
  const own_ground own{found.items};
  std::set<std::string> have;
  for (const auto& one : found.items) have.insert(one.id);
  for (auto& url : own.urls()) {
    std::function<void(const json::value&)> take = [&](const json::value& port) {
      if (have.insert(text_at(port, "id")).second) add_others(where, found, own, port);
    };
    auto done = co_await for_each_row(where, "network", std::move(url), "ports", take);
    if (!done) found.failures.push_back(done.error());
  }
}

/// See AUTO_DELETE_PORT_OWNERS in neutron_lib/constants.
bool goes_with_network(std::string_view device_owner) {
  return device_owner == "network:dhcp" || device_owner == "network:distributed" ||
         device_owner == "network:floatingip_agent_gateway";
}

}  // namespace

bool is_neutrons_own(const json::value& port) {
  const auto owner = text_at(port, "device_owner");
  if (!owner.starts_with("network:") || is_router_interface(owner)) return false;
  return text_at(port, "project_id").empty() || goes_with_network(owner);
}

bool is_router_interface(std::string_view device_owner) {
  return device_owner.starts_with("network:router_interface") ||
         device_owner == "network:ha_router_replicated_interface";
}

bool is_one_of_several(const place& where) { return where.together && where.together->size() > 1; }

bool goes_with_another(const place& where, const std::string& project_id) {
  return where.together && project_id != where.project_id && where.together->count(project_id) > 0;
}

bool is_ownerless(const place& where, const kind& row, const std::string& base,
                  const json::value& data) {
  if (row.name == "keypair" || text_at(data, row.id).empty()) return false;
  // An empty owner is one too: Neutron's own things have it.
  const auto* owner = find(data, row.owner);
  if ((owner && owner->is_string()) || !owner_of(row, data).empty()) return false;
  if (row.otherwise == fallback_owner::parent) return false;
  return row.otherwise == fallback_owner::none || !proved_by_token(where, row, base);
}

std::optional<item> make_item(const place& where, const kind& row, const std::string& base,
                              const json::value& data) {
  std::string id = text_at(data, row.id);
  if (row.id.ends_with("_ref")) id = last_segment(id);
  if (id.empty() || !is_owned(where, row, base, data)) return std::nullopt;
  if (row.name == "security_group" && text_at(data, "name") == "default") return std::nullopt;
  item one{row, std::move(id)};
  one.name = text_at(data, row.label);
  one.project_id = where.project_id;
  one.region = where.region;
  one.base = base;
  one.created = first_text(data, {"created_at", "created", "creation_time"});
  one.updated = first_text(data, {"updated_at", "updated", "updated_time", "last_modified"});
  one.data = row.encoded.empty() ? data : decoded(data, row.encoded);
  one.seen_at = where.time.now();
  return one;
}

void prove_parents(inventory& found) {
  std::set<std::pair<std::string_view, std::string>> owned;
  for (const auto& one : found.items) owned.emplace(one.row->name, one.id);
  std::erase_if(found.items, [&](const item& one) {
    if (one.row->otherwise != fallback_owner::parent) return false;
    auto words = one.row->parent;
    auto [parent_kind, field] = next_reference(words);
    auto parent = one.parent.empty() ? text_at(one.data, field) : one.parent;
    return owned.count({parent_kind, parent}) == 0;
  });
}

asio::awaitable<void> settle_ports(place where, inventory& found) {
  std::vector<item> kept;
  kept.reserve(found.items.size());
  for (auto& one : found.items) {
    const bool port = one.row->name == "port";
    if (port && is_router_interface(text_at(one.data, "device_owner"))) {
      kept.push_back(port_item(where, "router_interface", one.base, one.data));
      kept.back().seen_at = one.seen_at;
    } else if (!port || !is_neutrons_own(one.data)) {
      kept.push_back(std::move(one));
    }
  }
  found.items = std::move(kept);
  co_await find_neighbours(where, found);
}

std::string router_interfaces_url(const std::string& base,
                                  const std::vector<std::string>& networks) {
  const auto url = base +
                   "/ports?device_owner=network:router_interface&device_owner=network:router_"
                   "interface_distributed"
                   "&device_owner=network:ha_router_replicated_interface";
  return http::with_query(url, "network_id", networks);
}

bool has_children(const item& parent, std::string_view field) {
  const auto* children = find(parent.data, field);
  return !children || !children->is_array() || !children->get_array().empty();
}

std::string account_url(const place& where, const kind& row, const std::string& base) {
  if (row.service != "object-store" || where.scoped) return base;
  auto segment = base.find_last_of('/'), account = base.find_last_of('_');
  if (!has_account(base) || account == std::string::npos || account < segment) return {};
  return base.substr(0, account + 1) + where.project_id;
}

void set_microversion(http::request& r, const kind& row, bool older) {
  if (row.microversion.empty()) return;
  std::string_view name = row.service == "block-storage" ? std::string_view{"volume"} : row.service;
  http::ask_for_version(r, name, older && !row.older.empty() ? row.older : row.microversion);
}

bool stays_on_purpose(const item& one) {
  return one.decided == item::fate::kept || one.decided == item::fate::unselected ||
         (one.decided == item::fate::left && !one.chosen);
}

std::string describe(const item& one) {
  std::string text{one.row->name};
  if (!one.name.empty() && one.name != one.id) text += " " + one.name;
  return text + " (" + one.id + ")";
}

}  // namespace ostclean::services
