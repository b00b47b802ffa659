#include "services/cells.hpp"

#include "core/http/microversion.hpp"
#include "core/http/status.hpp"
#include "core/json.hpp"

#include <fmt/core.h>
#include <boost/json/array.hpp>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

/// The list `key` at `url`, of 2.69; null when this Nova is older and cannot tell.
asio::awaitable<result<json::value>> list_with_down_cells(auth::session& who, std::string url,
                                                          std::string_view key) {
  http::request r{http::verb::get, std::move(url)};
  r.service = "compute";
  r.headers.set("Accept", "application/json");
  http::ask_for_version(r, "compute", k_down_cells);
  auto answer = co_await http::get_json(who, std::move(r));
  if (!answer && answer.error().status == 406) co_return json::value{};
  if (!answer) co_return answer.error();
  const auto* all = find(*answer, key);
  if (!all || !all->is_array())
    co_return error{errc::protocol, fmt::format("Nova's answer has no list '{}'", key)};
  co_return *all;
}

/// What is UNKNOWN of the list, by this member.
std::string unknown_in(const json::value& list, std::string_view member) {
  std::string all;
  if (list.is_array())
    for (const auto& one : list.get_array())
      if (text_at(one, "status") == "UNKNOWN")
        all += (all.empty() ? "" : ", ") + text_at(one, member);
  return all;
}

error cell_is_down(const std::string& region, const std::string& what) {
  error down{errc::service, fmt::format("a cell of Nova is down in {}, and its servers are in no "
                                        "list ({})",
                                        region, what)};
  down.hint = "try again when the cell is back";
  return down;
}

}  // namespace

asio::awaitable<result<void>> check_cells(auth::session& admin, std::string compute,
                                          std::string region) {
  std::string url = compute + "/os-services";
  auto services = co_await list_with_down_cells(admin, std::move(url), "services");
  if (!services) co_return services.error();
  const auto hosts = unknown_in(*services, "host");
  if (!hosts.empty()) co_return cell_is_down(region, "hosts: " + hosts);
  co_return result<void>{};
}

asio::awaitable<result<void>> check_own_servers(auth::session& user, std::string compute,
                                                std::string region) {
  std::string url = compute + "/servers";
  auto servers = co_await list_with_down_cells(user, std::move(url), "servers");
  if (!servers) co_return servers.error();
  const auto ids = unknown_in(*servers, "id");
  if (!ids.empty()) co_return cell_is_down(region, "servers: " + ids);
  co_return result<void>{};
}

}  // namespace ostclean::services
