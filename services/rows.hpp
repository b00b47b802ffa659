// What the questions beside the table of kinds read: a list of some service, row by row.
#pragma once

#include "services/inventory.hpp"

#include <functional>
#include <string>

namespace ostclean::services {

/// GETs the list at `url` of the service type, page by page, and gives each row below `key` to
/// `take`. The errors are those of http::for_each_page.
boost::asio::awaitable<result<void>> for_each_row(
    place where, std::string service, std::string url, std::string key,
    std::function<void(const boost::json::value&)> take);

}  // namespace ostclean::services
