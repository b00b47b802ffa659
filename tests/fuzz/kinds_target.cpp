// The lists of every kind of resource: whatever a service sends, only what proves to be the
// project's becomes an item, and its URL is below the endpoint.
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/cleaner.hpp"
#include "services/fate.hpp"
#include "services/inventory.hpp"
#include "services/ownership.hpp"
#include "services/power.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <optional>

using namespace ostclean;
using namespace ostclean::fuzz;
using services::item;
using services::kind;

namespace {

const std::string base = "http://cloud/service/v1/AUTH_p1";

/// The service of one input, behind a session that lives as long as the process.
class changing_service : public http::transport {
 public:
  std::optional<answers> now;
  http::asio::awaitable<result<http::response>> send(http::request r) override {
    return now->send(std::move(r));
  }
};

changing_service& service() {
  static changing_service only;
  return only;
}

auth::session& session() {
  static auth::settings who = [] {
    auth::settings made;
    made.auth_type = "password";
    made.auth_url = "http://keystone/v3";
    made.username = "ann";
    made.password = "secret";
    made.scope.project_id = "p1";
    return made;
  }();
  static auth::session only(who, service(), nullptr);
  return only;
}

const kind& kind_of(std::string_view line) {
  if (const auto* row = services::find_kind(line)) return *row;
  const auto all = services::kinds();
  return all[line.empty() ? 0 : static_cast<unsigned char>(line.front()) % all.size()];
}

void check_item(const item& one, const services::place& where) {
  const kind& row = *one.row;
  require(!one.id.empty() && one.project_id == "p1", "an item is the project's", one.id);
  const auto owner = row.owner.empty() ? "" : text_at(one.data, row.owner);
  if (row.name == "keypair")
    require(owner.empty() || owner == "u1", "a key pair is its user's", owner);
  else
    require(owner.empty() || owner == "p1" || one.foreign, "an owner is believed", owner);
  if (owner.empty() && !one.foreign && row.name != "stack")
    require(row.otherwise != services::fallback_owner::none || row.name == "keypair",
            "what has no owner is nobody's", row.name);
  require(where.scoped || !owner.empty() || row.otherwise != services::fallback_owner::token ||
              row.service == "object-store",
          "an administrator's list proves nothing", row.name);
  if (row.item.empty()) return;
  const std::string path = services::cleaner::item_path(one);
  require(std::count(path.begin(), path.end(), '/') ==
              std::count(row.item.begin(), row.item.end(), '/'),
          "an id is one segment", path);
  require(http::split_url(base + path).has_value(), "an item has a URL", path);
}

void check_together(std::vector<item> items) {
  if (items.size() > 50) return;
  services::choices how;
  how.tag = "ostclean:keep";
  services::judge_alone(items, how);
  const services::relations all(items);
  services::judge_together(items, all);
  for (const auto& edge : all.order)
    require(edge.first < items.size() && edge.second < items.size(), "an order is of items");
  for (const auto& one : items) {
    require(one.decided == item::fate::goes || !one.reason.empty(), "what stays has a reason",
            one.id);
    if (has_tag(one, how.tag))
      require(one.decided != item::fate::goes, "what is tagged stays", one.id);
    if (one.row->name == "server") {
      (void)services::toward_stop(one, false);
      (void)services::toward_before(one, "ACTIVE", true);
    }
  }
}

}  // namespace

/// The kind on a line ("*" before it: not the caller's own project; "+": of another project), then
/// the bodies.
extern "C" int fuzz_kinds(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  auto line = take_line(text);
  services::place where(session(), "p1", "R");
  where.keypair_users = {"u1"};
  where.home = true;
  for (; line.starts_with('*') || line.starts_with('+'); line.remove_prefix(1)) {
    where.home = false;
    if (line.front() == '+') where.scoped = false;
  }
  const kind& row = kind_of(line);
  service().now.emplace(text);
  if (row.list.empty() || row.list_all == services::no_view) where.scoped = true;
  const auto found = run(services::list_kind(where, row, base));
  require(service().now->only_reads, "a list is only read");
  for (const auto& url : service().now->urls)
    require(url.starts_with(base), "a list is below its endpoint", url);
  if (!found) {
    require(!found.error().message.empty(), "an error says something");
    return 0;
  }
  services::inventory all;
  for (const auto& one : found->items) {
    check_item(one, where);
    all.items.push_back(one);
  }
  services::prove_parents(all);
  check_together(std::move(all.items));
  return 0;
}
