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

/// What is UNKNOWN of the list, by this member.
std::string unknown_in(const json::array& list, std::string_view member) {
  std::string all;
  for (const auto& one : list)
    if (text_at(one, "status") == "UNKNOWN")
      all += (all.empty() ? "" : ", ") + text_at(one, member);
  return all;
}

/// A GET of the list `key`, of 2.69, which shows what is in a cell that is down as UNKNOWN.
asio::awaitable<result<void>> check_list(auth::session& who, std::string url, std::string region,
                                         std::string_view key, std::string_view member) {
  http::request r{http::verb::get, std::move(url)};
  r.service = "compute";
  r.headers.set("Accept", "application/json");
  http::ask_for_version(r, "compute", k_down_cells);
  auto answer = co_await http::get_json(who, std::move(r));
  if (!answer && answer.error().status == 406) co_return result<void>{};
  if (!answer) co_return answer.error();
  const auto* all = find(*answer, key);
  if (!all || !all->is_array())
    co_return error{errc::protocol, fmt::format("Nova's answer has no list '{}'", key)};
  const auto unknown = unknown_in(all->get_array(), member);
  if (unknown.empty()) co_return result<void>{};
  error down{errc::service, fmt::format("a cell of Nova is down in {}, and its servers are in no "
                                        "list ({}: {})",
                                        region, member == "host" ? "hosts" : "servers", unknown)};
  down.hint = "try again when the cell is back";
  co_return down;
}

}  // namespace

asio::awaitable<result<void>> check_cells(auth::session& admin, std::string compute,
                                          std::string region) {
  compute += "/os-services";
  co_return co_await check_list(admin, std::move(compute), std::move(region), "services", "host");
}

asio::awaitable<result<void>> check_own_servers(auth::session& user, std::string compute,
                                                std::string region) {
  compute += "/servers";
  co_return co_await check_list(user, std::move(compute), std::move(region), "servers", "id");
}

}  // namespace ostclean::services
