// Lists that come in pages. The services have five ways to say where the next page is; what they
// share is that it is the same collection, so only the query of their link is believed: clouds
// behind a TLS proxy send http:// links, and links without the proxy's path prefix.
#pragma once

#include "core/http/transport.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ostclean::http {

enum class paging {
  none,    ///< one page
  links,   ///< "KEY_links" or "links" as [{rel: next, href}], or "links": {next}; of KEY some of
           ///< Cinder's lists say the singular
  next,    ///< "next", relative (Glance) or absolute (Barbican)
  marker,  ///< marker=NAME of the last element until a page is empty (Swift)
  offset,  ///< offset=N, where no link tells that a list was cut, until a page is empty (Nova)
};

/// The URL after `first_url`'s collection gave `page`: scheme, host, path and filters of first_url,
/// and of the link's query the position and what first_url does not say. Nothing on the last page.
/// `before`: so many elements were on earlier pages.
std::optional<std::string> next_page(const std::string& first_url, paging how, std::string_view key,
                                     const boost::json::value& page, std::size_t before = 0);

using page_reader = std::function<void(const boost::json::array&)>;

/// Reads every page of the list under `key` (empty: the page itself is the list), one in memory at
/// a time. errc::protocol when the list is missing, a page comes twice or a later one is a 404; of
/// the first a 404 is the answer only when it comes twice.
asio::awaitable<result<void>> for_each_page(transport& via, request first, paging how,
                                            std::string key, page_reader read);

}  // namespace ostclean::http
