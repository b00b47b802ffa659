// Which hosts are reached without the proxy, beside a second reading of the same rules that knows
// no shortcut: a wrong answer sends a password to the wrong machine.
#include "core/http/no_proxy.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <arpa/inet.h>
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <optional>
#include <sstream>

using namespace ostclean;
using namespace ostclean::fuzz;

namespace {

/// An address as a row of bits; an IPv4 one inside IPv6 is IPv4.
std::optional<std::string> bits_of(const std::string& text) {
  unsigned char bytes[16];
  std::size_t size = 0;
  if (text.find('\0') != std::string::npos) return std::nullopt;
  if (::inet_pton(AF_INET, text.c_str(), bytes) == 1)
    size = 4;
  else if (::inet_pton(AF_INET6, text.c_str(), bytes) == 1)
    size = 16;
  else
    return std::nullopt;
  const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const bool inside = size == 16 && std::memcmp(bytes, mapped, sizeof mapped) == 0;
  std::string bits;
  for (std::size_t i = inside ? 12 : 0; i < size; ++i)
    for (unsigned bit = 0; bit < 8; ++bit) bits += (bytes[i] >> (7 - bit) & 1) != 0 ? '1' : '0';
  return bits;
}

std::optional<unsigned> number(const std::string& text) {
  unsigned value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string without_dots(std::string text) {
  text.erase(0, std::min(text.find_first_not_of('.'), text.size()));
  while (text.ends_with('.')) text.pop_back();
  return text;
}

bool same_network(const std::string& host, const std::string& block) {
  const auto slash = block.find('/');
  const auto base = bits_of(block.substr(0, slash)), own = bits_of(host);
  if (!base || base->size() != own->size()) return false;
  const auto length = slash == std::string::npos ? std::optional{static_cast<unsigned>(own->size())}
                                                 : number(block.substr(slash + 1));
  return length && *length <= own->size() && base->substr(0, *length) == own->substr(0, *length);
}

bool matches(const std::string& host, unsigned port, std::string item) {
  if (item == "*") return true;
  std::optional<std::string> wanted;
  if (item.front() == '[') {
    const auto close = item.find(']');
    if (close == std::string::npos || item[close + 1] == '/') return false;
    if (item[close + 1] == ':' && close + 2 < item.size()) wanted = item.substr(close + 2);
    item = item.substr(1, close - 1);
  } else if (std::count(item.begin(), item.end(), ':') == 1) {
    wanted = item.substr(item.find(':') + 1);
    item = item.substr(0, item.find(':'));
  }
  if (wanted && number(*wanted) != port) return false;
  if (bits_of(host)) return same_network(host, item);
  if (item.starts_with("*.")) item.erase(0, 2);
  const std::string name = lower(without_dots(item)), own = lower(host);
  return !name.empty() && ("." + own).ends_with("." + name);
}

bool go_direct(std::string host, unsigned port, std::string list) {
  while (host.ends_with('.')) host.pop_back();
  std::replace(list.begin(), list.end(), ',', ' ');
  std::replace(list.begin(), list.end(), '\t', ' ');
  std::stringstream items(list);
  for (std::string item; std::getline(items, item, ' ');)
    if (!item.empty() && matches(host, port, item)) return true;
  return false;
}

}  // namespace

/// HOST, a line with PORT, and the list.
extern "C" int fuzz_no_proxy(const std::uint8_t* data, std::size_t size) {
  auto list = text_of(data, size);
  const std::string host = lower(std::string{take_line(list)});
  const auto port = static_cast<std::uint16_t>(number(std::string{take_line(list)}).value_or(443));
  // Zones of IPv6 addresses have names that only the machine knows.
  if (text_of(data, size).find('%') != std::string_view::npos) return 0;
  const bool direct = http::bypasses_proxy(host, port, list);
  require(direct == go_direct(host, port, std::string{list}), "both readings agree",
          text_of(data, size));
  require(http::bypasses_proxy(host, port, std::string{list} + ",*"), "* is everything");
  require(!direct || http::bypasses_proxy(host, port, "x.invalid:1, " + std::string{list}),
          "one more entry takes nothing away", list);
  return 0;
}
