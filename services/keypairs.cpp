// Key pairs are users', and a user may work in more projects than the one that goes: what a server
// there was made with stays.
#include "core/http/pages.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/cells.hpp"
#include "services/hooks.hpp"
#include "services/ownership.hpp"

#include <fmt/core.h>
#include <functional>
#include <map>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// A server, and its project.
using user_of_pair = std::pair<std::string, std::string>;
using use = std::multimap<std::string, user_of_pair>;  ///< by the name of the pair

http::request asked(const std::string& url) {
  http::request r{http::verb::get, url};
  r.service = "compute";
  r.headers.set("Accept", "application/json");
  return r;
}

asio::awaitable<result<use>> used_elsewhere(place where, std::string base, std::string user) {
  use found;
  std::function<void(const json::array&)> take = [&](const json::array& page) {
    for (const auto& server : page) {
      const auto project = text_at(server, "tenant_id"), key = text_at(server, "key_name");
      if (text_at(server, "user_id") != user || key.empty() || project == where.project_id)
        continue;
      found.emplace(key, user_of_pair{text_at(server, "id"), project});
    }
  };
  // Of a cell that is down, a list of one user's servers shows nothing, and does not say so.
  auto seen = co_await check_cells(*where.session, base, where.region);
  if (!seen) co_return seen.error();
  const auto all = base + "/servers/detail?all_tenants=1&user_id=" + http::percent_encode(user);
  // What is set aside may come back, with its pair; a policy may keep that list to itself.
  for (const bool aside : {false, true}) {
    http::request r = asked(aside ? all + "&deleted=True&status=SOFT_DELETED" : all);
    set_microversion(r, *find_kind("server"));
    std::string key = "servers";
    auto done = co_await http::for_each_page(*where.session, std::move(r), http::paging::links,
                                             std::move(key), take);
    if (!done && (!aside || done.error().code != errc::forbidden)) co_return done.error();
  }
  co_return found;
}

void keep(const place& where, std::vector<item>& items, std::size_t at,
          const result<use>& elsewhere, ties& all) {
  item& pair = items[at];
  if (!elsewhere) {
    pair.decided = item::fate::left;
    pair.reason = "servers of other projects may name it: " + elsewhere.error().message;
    return;
  }
  auto [by, last] = elsewhere->equal_range(pair.id);
  for (; by != last && pair.is_open(); ++by) {
    const auto& [server, project] = by->second;
    auto why = fmt::format("its user's server {} of project {} names it", server, project);
    if (goes_with_another(where, project)) {
      all.conditions.emplace_back(at, server, std::move(why), item::fate::kept);
      continue;
    }
    pair.decided = item::fate::kept;
    pair.reason = std::move(why);
  }
}

}  // namespace

asio::awaitable<void> settle_keypairs(place where, std::vector<item>& items, ties& all) {
  if (where.own_keypairs) co_return;
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> pairs;  // Nova and user
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].row->name == "keypair" && items[i].is_open())
      pairs[{items[i].base, items[i].user_id}].push_back(i);
  for (auto& [of, some] : pairs) {
    where.region = items[some.front()].region;
    const auto elsewhere = co_await used_elsewhere(where, of.first, of.second);
    for (auto pair : some) keep(where, items, pair, elsewhere, all);
  }
}

}  // namespace ostclean::services
