// What others hang on the project's things, and what would be taken from them without a word: a
// floating IP loses its port, a rule goes with the group that it names, and a port that names a
// server as its device goes with the server.
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "core/parallel.hpp"
#include "services/hooks.hpp"
#include "services/ownership.hpp"
#include "services/rows.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// A list of Neutron's whose rows name an object by `field`.
class referrers {
 public:
  std::string_view kind;  ///< of the object
  std::string_view path, key, field;
  std::string_view holder;  ///< the field with the object that goes, or not, in the same run
  std::string_view says;    ///< why the object stays: {} its id, {} its project
};

constexpr referrers k_references[] = {
    {"port", "/floatingips", "floatingips", "port_id", "id",
     "floating IP {} of project {} leads to it, and would lead nowhere"},
    {"security_group", "/security-group-rules", "security_group_rules", "remote_group_id",
     "security_group_id", "rule {} of project {} names it, and would go with it"},
    {"server", "/ports", "ports", "device_id", "id",
     "port {} of project {} hangs on it, and Nova would delete it"}};

/// The places of items.
using by_id = std::map<std::string, std::size_t>;

asio::awaitable<result<void>> ask(place where, std::vector<item>& items, const referrers& what,
                                  by_id some, ties& all) {
  std::string service = "network", region = items[some.begin()->second].region, major = "2";
  auto base =
      co_await where.outside->endpoint(std::move(service), std::move(region), std::move(major));
  if (!base && base.error().code == errc::not_found) {
    // One without a region serves them all.
    service = "network", region = auth::no_region, major = "2";
    base =
        co_await where.outside->endpoint(std::move(service), std::move(region), std::move(major));
  }
  if (!base && base.error().code == errc::not_found) co_return result<void>{};
  if (!base) co_return base.error();
  std::function<void(const json::value&)> take = [&](const json::value& row) {
    const auto owner = text_at(row, "project_id");
    // A router's leg is no port that somebody uses; services/network.cpp knows what becomes of it.
    if (owner.empty() || owner == where.project_id ||
        is_router_interface(text_at(row, "device_owner")))
      return;
    for (const auto& id : texts_at(row, what.field)) {
      const auto at = some.find(id);
      if (at == some.end()) continue;
      leave(where, items, at->second, owner, text_at(row, what.holder),
            fmt::format(fmt::runtime(what.says), text_at(row, "id"), owner), all);
    }
  };
  std::string url = *base + std::string{what.path}, key{what.key};
  for (const auto& [id, at] : some) url = http::with_query(std::move(url), what.field, id);
  place others = where;
  others.session = where.outside;
  co_return co_await for_each_row(others, "network", std::move(url), std::move(key), take);
}

}  // namespace

asio::awaitable<result<void>> settle_references(place where, std::vector<item>& items, ties& all) {
  std::deque<std::optional<result<void>>> answers;
  std::vector<asio::awaitable<void>> work;
  for (const auto& what : k_references) {
    std::map<std::string, std::vector<by_id>> chunks;  // by region
    for (std::size_t i = 0; i < items.size(); ++i) {
      const item& one = items[i];
      if (one.row->name != what.kind || !one.is_open()) continue;
      auto& some = chunks[one.region];
      if (some.empty() || some.back().size() == http::k_ids_in_url) some.emplace_back();
      some.back().emplace(one.id, i);
    }
    for (const auto& [region, some] : chunks)
      for (const auto& chunk : some)
        work.push_back(put(ask(where, items, what, chunk, all), answers.emplace_back()));
  }
  co_await all_of(std::move(work));
  for (const auto& asked : answers)
    if (!*asked) co_return (*asked).error();
  co_return result<void>{};
}

}  // namespace ostclean::services
