#include "services/rows.hpp"

#include "core/http/pages.hpp"

#include <boost/json/array.hpp>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;

asio::awaitable<result<void>> for_each_row(place where, std::string service, std::string url,
                                           std::string key,
                                           std::function<void(const json::value&)> take) {
  http::page_reader page = [&](const json::array& rows) {
    for (const auto& row : rows) take(row);
  };
  http::request r{http::verb::get, std::move(url)};
  r.service = std::move(service);
  r.headers.set("Accept", "application/json");
  co_return co_await http::for_each_page(*where.session, std::move(r), http::paging::links,
                                         std::move(key), page);
}

}  // namespace ostclean::services
