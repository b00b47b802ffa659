// URLs as this program needs them: taken apart once for the connection, put together from catalog
// endpoints and names that may hold any byte. Boost.URL (RFC 3986) does the parsing.
#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::http {

class url_parts {
 public:
  url_parts() = default;
  std::string scheme;     ///< "http" or "https", lower case
  std::string user_info;  ///< "user:password", decoded; empty when there is none
  std::string host;       ///< lower case, an IPv6 address without brackets
  std::uint16_t port = 0;
  std::string authority;  ///< host and port as written, for the Host field
  std::string target;     ///< path and query, begins with '/'
};

/// Takes an absolute http or https URL apart; errc::config when it is none.
result<url_parts> split_url(std::string_view url);

/// One path segment or one query value with every reserved byte encoded.
std::string percent_encode(std::string_view segment);
/// The bytes that `text` stands for; `text` itself where it is no percent-encoding.
std::string percent_decode(std::string_view text);

/// True when whoever decodes `segment`, however often, and normalises the path (RFC 3986, 5.2.4)
/// would find another resource: it must not be sent as a part of a path.
bool has_dot_segment(std::string_view segment);

/// `base` and `path` with exactly one '/' between them; both are encoded already.
std::string join(std::string_view base, std::string_view path);

/// Appends key=value with the value encoded.
std::string with_query(std::string url, std::string_view key, std::string_view value);
/// The key once for each of `values`: any of them is asked for.
std::string with_query(std::string url, std::string_view key,
                       const std::vector<std::string>& values);

/// Of resource ids that a query repeats, so many keep its URL below 4 KiB.
inline constexpr std::size_t k_ids_in_url = 50;
/// `ids` in groups of at most k_ids_in_url.
std::vector<std::vector<std::string>> in_groups(const std::set<std::string>& ids);

/// "[::1]:80" or "host:443", for messages and for CONNECT.
std::string host_and_port(const std::string& host, std::uint16_t port);

}  // namespace ostclean::http
