#include "core/http/url.hpp"

#include "core/http/redact.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

namespace ostclean::http {
namespace {

namespace urls = boost::urls;

error not_a_url(std::string_view text) {
  return error{errc::config, "not an http or https URL: '" + redact_url(text) + "'"};
}

}  // namespace

result<url_parts> split_url(std::string_view text) {
  auto parsed = urls::parse_uri(urls::string_view{text.data(), text.size()});
  if (!parsed) return not_a_url(text);
  const urls::url_view u = *parsed;
  url_parts parts;
  parts.scheme = lower_case(std::string{u.scheme()});
  parts.host = lower_case(u.host_address());
  const bool secure = parts.scheme == "https";
  if ((!secure && parts.scheme != "http") || parts.host.empty()) return not_a_url(text);
  parts.port = secure ? 443 : 80;
  if (u.has_port() && !u.port().empty()) {
    // Not u.port_number(): it wraps around, and would dial another service.
    const std::string digits{u.port()};
    auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), parts.port);
    if (ec != std::errc{} || parts.port == 0) return not_a_url(text);
  }
  if (u.has_userinfo()) parts.user_info = u.userinfo();
  parts.authority = std::string{u.encoded_host_and_port()};
  const auto path = u.encoded_path();
  // Boost 1.81 takes "http://h:x/" for port "" and path "x/".
  if (!path.empty() && path.front() != '/') return not_a_url(text);
  parts.target = path.empty() ? "/" : std::string{path};
  if (u.has_query()) parts.target += "?" + std::string{u.encoded_query()};
  return parts;
}

std::string percent_encode(std::string_view segment) {
  return urls::encode(urls::string_view{segment.data(), segment.size()}, urls::unreserved_chars);
}

std::string percent_decode(std::string_view text) {
  auto encoded = urls::make_pct_string_view(urls::string_view{text.data(), text.size()});
  return encoded ? encoded->decode() : std::string{text};
}

bool has_dot_segment(std::string_view segment) {
  std::string all{segment};
  for (std::size_t before = 0; before != all.size();) {
    before = all.size();
    boost::algorithm::ireplace_all(all, "%2e", ".");
    boost::algorithm::ireplace_all(all, "%2f", "/");
    boost::algorithm::ireplace_all(all, "%5c", "/");
    boost::algorithm::replace_all(all, "%25", "%");
  }
  boost::algorithm::replace_all(all, "\\", "/");  // some take it for one
  all = "/" + all + "/";
  return all.find("/./") != std::string::npos || all.find("/../") != std::string::npos;
}

std::string join(std::string_view base, std::string_view path) {
  while (!base.empty() && base.back() == '/') base.remove_suffix(1);
  while (!path.empty() && path.front() == '/') path.remove_prefix(1);
  return std::string{base} + "/" + std::string{path};
}

std::string with_query(std::string url, std::string_view key, std::string_view value) {
  url += url.find('?') == std::string::npos ? '?' : '&';
  return url + std::string{key} + "=" + percent_encode(value);
}

std::string with_query(std::string url, std::string_view key,
                       const std::vector<std::string>& values) {
  for (const auto& value : values) url = with_query(std::move(url), key, value);
  return url;
}

std::vector<std::vector<std::string>> in_groups(const std::set<std::string>& ids) {
  std::vector<std::vector<std::string>> all;
  for (const auto& id : ids) {
    if (all.empty() || all.back().size() == k_ids_in_url) all.emplace_back();
    all.back().push_back(id);
  }
  return all;
}

std::string host_and_port(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace ostclean::http
