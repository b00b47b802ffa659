#include "services/cells.hpp"

#include "core/http/microversion.hpp"
#include "core/http/status.hpp"
#include "core/json.hpp"

#include <fmt/core.h>
#include <boost/json/array.hpp>

namespace ostclean::services {
namespace asio = boost::asio;

asio::awaitable<result<void>> check_cells(auth::session& admin, std::string compute,
                                          std::string region) {
  http::request r{http::verb::get, compute + "/os-services"};
  r.service = "compute";
  r.headers.set("Accept", "application/json");
  http::ask_for_version(r, "compute", k_down_cells);
  auto answer = co_await http::get_json(admin, std::move(r));
  if (!answer && answer.error().status == 406) co_return result<void>{};
  if (!answer) co_return answer.error();
  const auto* all = find(*answer, "services");
  if (!all || !all->is_array())
    co_return error{errc::protocol, "Nova's answer has no list 'services'"};
  std::string hosts;
  for (const auto& one : all->get_array())
    if (text_at(one, "status") == "UNKNOWN")
      hosts += (hosts.empty() ? "" : ", ") + text_at(one, "host");
  if (hosts.empty()) co_return result<void>{};
  error down{errc::service, fmt::format("a cell of Nova is down in {}, and its servers are in no "
                                        "list (hosts: {})",
                                        region, hosts)};
  down.hint = "try again when the cell is back";
  co_return down;
}

}  // namespace ostclean::services
