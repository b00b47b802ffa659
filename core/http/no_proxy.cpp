#include "core/http/no_proxy.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>
#include <string>

namespace ostclean::http {
namespace {

namespace ip = boost::asio::ip;

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<ip::address> address(std::string_view text) {
  // Asio would read up to there.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  boost::system::error_code ec;
  auto value = ip::make_address(std::string{text}, ec);
  if (ec) return std::nullopt;
  if (value.is_v6() && value.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, value.to_v6());
  return value;
}

template <class Bytes>
bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
  if (bits > a.size() * 8) return false;
  const std::size_t whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin()))
    return false;
  if (bits % 8 == 0) return true;
  const unsigned mask = 0xFFU << (8 - bits % 8) & 0xFFU;
  return (a[whole] & mask) == (b[whole] & mask);
}

bool in_block(const ip::address& host, std::string_view block) {
  const auto slash = block.find('/');
  auto base = address(block.substr(0, slash));
  if (!base || base->is_v4() != host.is_v4()) return false;
  if (slash == std::string_view::npos) return *base == host;
  auto bits = number(block.substr(slash + 1));
  if (!bits) return false;
  return host.is_v4() ? same_prefix(host.to_v4().to_bytes(), base->to_v4().to_bytes(), *bits)
                      : same_prefix(host.to_v6().to_bytes(), base->to_v6().to_bytes(), *bits);
}

/// Not strncasecmp(), which is content with two texts up to a zero byte.
bool same_text(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [lower](char x, char y) { return lower(x) == lower(y); });
}

bool name_matches(std::string_view host, std::string_view name) {
  if (name.substr(0, 2) == "*.") name.remove_prefix(2);
  while (!name.empty() && name.front() == '.') name.remove_prefix(1);
  while (!name.empty() && name.back() == '.') name.remove_suffix(1);
  if (name.empty() || host.size() < name.size()) return false;
  const auto tail = host.substr(host.size() - name.size());
  return same_text(tail, name) &&
         (host.size() == name.size() || host[host.size() - name.size() - 1] == '.');
}

/// Cuts ":port" (or the brackets of an IPv6 address) off `item`; false when the port is another.
bool port_fits(std::string_view& item, std::uint16_t port) {
  std::string_view wanted;
  if (item.front() == '[') {
    const auto close = item.find(']');
    if (close == std::string_view::npos) return false;
    const auto rest = item.substr(close + 1);
    if (!rest.empty() && rest.front() == ':') wanted = rest.substr(1);
    const bool block = !rest.empty() && rest.front() == '/';
    item = item.substr(1, close - 1);
    return !block && (wanted.empty() || number(wanted) == port);
  }
  const auto colon = item.find(':');
  if (colon == std::string_view::npos || item.find(':', colon + 1) != std::string_view::npos)
    return true;
  wanted = item.substr(colon + 1);
  item = item.substr(0, colon);
  return number(wanted) == port;
}

bool item_matches(std::string_view host, std::uint16_t port, std::string_view item) {
  if (item == "*") return true;
  if (!port_fits(item, port)) return false;
  if (auto literal = address(host)) return in_block(*literal, item);
  return name_matches(host, item);
}

}  // namespace

bool bypasses_proxy(std::string_view host, std::uint16_t port, std::string_view list) {
  constexpr std::string_view separators = ", \t";
  while (!host.empty() && host.back() == '.') host.remove_suffix(1);
  for (auto at = list.find_first_not_of(separators); at != std::string_view::npos;
       at = list.find_first_not_of(separators, at)) {
    const auto end = std::min(list.find_first_of(separators, at), list.size());
    if (item_matches(host, port, list.substr(at, end - at))) return true;
    at = end;
  }
  return false;
}

}  // namespace ostclean::http
