// Key pairs are users', and a user may work in more projects than the one that goes: what a server
// there was made with stays.
#include "core/http/pages.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/cells.hpp"
#include "services/hooks.hpp"
#include "services/ownership.hpp"

#include <functional>
#include <map>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

using use = std::map<std::string, std::string>;  ///< name of a pair -> the server that names it

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
      found.emplace(key, "server " + text_at(server, "id") + " of project " + project);
    }
  };
  // Of a cell that is down, a list of one user's servers shows nothing, and does not say so.
  auto seen = co_await check_cells(*where.session, base, where.region);
  if (!seen) co_return seen.error();
  http::request r =
      asked(base + "/servers/detail?all_tenants=1&user_id=" + http::percent_encode(user));
  set_microversion(r, *find_kind("server"));
  std::string key = "servers";
  auto done = co_await http::for_each_page(*where.session, std::move(r), http::paging::links,
                                           std::move(key), take);
  if (!done) co_return done.error();
  co_return found;
}

void keep(item& pair, const result<use>& elsewhere) {
  if (!elsewhere) {
    pair.decided = item::fate::left;
    pair.reason = "servers of other projects may name it: " + elsewhere.error().message;
    return;
  }
  const auto at = elsewhere->find(pair.id);
  if (at == elsewhere->end()) return;
  pair.decided = item::fate::kept;
  pair.reason = "its user's " + at->second + " names it";
}

}  // namespace

asio::awaitable<void> settle_keypairs(place where, std::vector<item>& items) {
  if (where.own_keypairs) co_return;
  std::map<std::pair<std::string, std::string>, std::vector<item*>> pairs;  // by Nova and user
  for (auto& one : items)
    if (one.row->name == "keypair" && one.is_open()) pairs[{one.base, one.user_id}].push_back(&one);
  for (auto& [of, some] : pairs) {
    where.region = some.front()->region;
    const auto elsewhere = co_await used_elsewhere(where, of.first, of.second);
    for (auto* pair : some) keep(*pair, elsewhere);
  }
}

}  // namespace ostclean::services
