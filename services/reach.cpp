#include "services/reach.hpp"

#include "core/http/pages.hpp"
#include "core/http/status.hpp"
#include "core/json.hpp"
#include "services/cells.hpp"

#include <functional>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

asio::awaitable<result<bool>> is_shown_networks(place where, std::string network) {
  bool others = false;
  std::function<void(const json::array&)> take = [&](const json::array& page) {
    for (const auto& one : page)
      if (text_at(one, "project_id") != where.project_id && !true_at(one, "shared") &&
          !true_at(one, "router:external"))
        others = true;
  };
  http::request r{http::verb::get, network + "/networks"};
  r.service = "network";
  std::string key = "networks";
  auto read = co_await http::for_each_page(*where.session, std::move(r), http::paging::links,
                                           std::move(key), take);
  if (!read) co_return read.error();
  co_return others;
}

}  // namespace

asio::awaitable<result<bool>> is_shown_all_servers(place where, std::string compute) {
  http::request r{http::verb::get, std::move(compute) + "/servers?all_tenants=1&limit=1"};
  r.service = "compute";
  auto answer = co_await http::get_json(*where.session, std::move(r));
  if (answer) co_return true;
  if (answer.error().code == errc::forbidden) co_return false;
  co_return answer.error();
}

asio::awaitable<result<void>> check_shown_all_servers(auth::session& who,
                                                      std::vector<std::string> regions,
                                                      std::string for_what) {
  std::set<std::string> asked;
  for (const auto& region : regions) {
    std::string service = "compute", there = region, major = "2";
    auto compute = co_await who.endpoint(std::move(service), std::move(there), std::move(major));
    if (!compute && compute.error().code == errc::not_found) continue;
    if (!compute) co_return compute.error();
    if (!asked.insert(*compute).second) continue;
    place where(who, "", region);
    std::string base = *compute;
    auto shown = co_await is_shown_all_servers(std::move(where), std::move(base));
    if (!shown) co_return shown.error();
    if (*shown) continue;
    error no{errc::forbidden, for_what +
                                  " needs an administrator: Nova does not list the servers of "
                                  "all projects to this user" +
                                  (region.empty() ? "" : ", in " + region)};
    no.hint =
        "Nova's policy (os_compute_api:servers:index:get_all_tenants) says which role that "
        "takes; as shipped, admin";
    co_return no;
  }
  co_return result<void>{};
}

asio::awaitable<result<bool>> is_shown_others(place where) {
  std::string service = "compute", region = where.region, major = "2";
  auto compute = co_await where.session->endpoint(service, region, major);
  if (!compute && compute.error().code != errc::not_found) co_return compute.error();
  if (compute) {
    auto shown = co_await is_shown_all_servers(where, *compute);
    if (!shown || *shown) co_return shown;
  }
  service = "network", region = where.region, major = "2";
  auto network = co_await where.session->endpoint(service, region, major);
  if (!network && network.error().code == errc::not_found) co_return false;
  if (!network) co_return network.error();
  co_return co_await is_shown_networks(std::move(where), std::move(*network));
}

asio::awaitable<result<void>> check_servers(place where, std::string compute) {
  if (!where.as_user) {
    auto seen = co_await check_cells(*where.session, compute, where.region);
    if (seen || seen.error().code != errc::forbidden || !where.scoped) co_return seen;
  }
  co_return co_await check_own_servers(*where.session, compute, where.region);
}

asio::awaitable<bool> is_of_a_region(place where, const kind& row, std::string base) {
  if (where.region != auth::no_region) co_return false;
  auto token = co_await where.session->current();
  if (!token) co_return false;
  const auto regions = (*token)->services.regions();
  for (const auto& region : regions) {
    if (region == auth::no_region) continue;
    std::string service{row.service}, major{row.major}, there = region;
    auto url =
        co_await where.session->endpoint(std::move(service), std::move(there), std::move(major));
    if (url && *url == base) co_return true;
  }
  co_return false;
}

}  // namespace ostclean::services
