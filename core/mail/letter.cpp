#include "core/mail/letter.hpp"

#include <fmt/core.h>
#include <openssl/evp.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <ctime>
#include <vector>

namespace ostclean::mail {
namespace {

/// 52 letters of base64: with the name of the header the line stays within 76 (RFC 2047, 2).
constexpr std::size_t k_word_bytes = 39;
constexpr std::size_t k_short_line = 60;
/// RFC 5322, 2.1.1.
constexpr std::size_t k_longest_line = 998;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

std::string without_controls(std::string_view text) {
  std::string clean(text);
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return clean;
}

std::string base64(std::string_view bytes) {
  std::vector<unsigned char> out(4 * ((bytes.size() + 2) / 3) + 1);
  const int size = EVP_EncodeBlock(out.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  return {out.begin(), out.begin() + size};
}

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// Name and address of "Name <address>": only the name may be encoded.
std::string mailbox(std::string_view text) {
  const auto open = text.rfind('<');
  if (open == std::string_view::npos || open == 0) return without_controls(text);
  std::string name = without_controls(text.substr(0, open));
  while (name.ends_with(' ')) name.pop_back();
  const std::string address = without_controls(text.substr(open));
  return is_ascii(name) ? name + " " + address : encode_header(name) + "\n " + address;
}

std::string rfc5322_date(sys_time now) {
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::tm t{};
  ::gmtime_r(&seconds, &t);
  return fmt::format(
      "{}, {} {} {} {:02}:{:02}:{:02} +0000", days[static_cast<std::size_t>(t.tm_wday)], t.tm_mday,
      months[static_cast<std::size_t>(t.tm_mon)], 1900 + t.tm_year, t.tm_hour, t.tm_min, t.tm_sec);
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == 0) return "localhost";
  return name.data();
}

bool needs_encoding(std::string_view body) {
  if (!is_ascii(body)) return true;
  std::size_t length = 0;
  for (char c : body) {
    length = c == '\n' ? 0 : length + 1;
    if (length > k_longest_line || c == '\r' || c == 0) return true;
  }
  return false;
}

}  // namespace

result<void> check_address(std::string_view address) {
  const auto at = address.find('@');
  const bool plain = std::all_of(address.begin(), address.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7f &&
           std::string_view("\"(),:;<>[\\]").find(static_cast<char>(c)) == std::string_view::npos;
  });
  if (!plain || at == std::string_view::npos || at == 0 || at + 1 == address.size() ||
      address.find('@', at + 1) != std::string_view::npos || address.front() == '-' ||
      address.size() > 254)
    return error(errc::config, "not an address that mail can be sent to");
  return {};
}

std::string encode_header(std::string_view given) {
  std::string text = without_controls(given);
  if (is_ascii(text) && text.size() <= k_short_line && text.find("=?") == std::string::npos)
    return text;
  std::string encoded;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = std::min(k_word_bytes, text.size() - at);
    while (size > 1 && at + size < text.size() && continues_a_character(text[at + size])) --size;
    encoded += fmt::format("{}=?UTF-8?B?{}?=", encoded.empty() ? "" : "\n ",
                           base64(std::string_view(text).substr(at, size)));
    at += size;
  }
  return encoded;
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t length = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n') {
      out += '\n';
      length = 0;
      continue;
    }
    const bool ends = i + 1 == text.size() || text[i + 1] == '\n';
    const bool plain = (c > 0x20 && c < 0x7f && c != '=') || ((c == ' ' || c == '\t') && !ends);
    const std::string next = plain ? std::string(1, text[i]) : fmt::format("={:02X}", c);
    if (length + next.size() > 75) {
      out += "=\n";
      length = 0;
    }
    out += next;
    length += next.size();
  }
  return out;
}

std::string compose(const letter& what, sys_time now, std::string_view id) {
  std::string text;
  if (!what.from.empty()) text += "From: " + mailbox(what.from) + "\n";
  if (!what.reply_to.empty()) text += "Reply-To: " + mailbox(what.reply_to) + "\n";
  text += "To: " + what.to + "\n";
  text += "Subject: " + encode_header(what.subject) + "\n";
  text += "Date: " + rfc5322_date(now) + "\n";
  text += fmt::format("Message-ID: <{}@{}>\n", without_controls(id), host_name());
  text += "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n";
  text += "Content-Type: text/plain; charset=UTF-8\n";
  const bool encode = needs_encoding(what.body);
  text += fmt::format("Content-Transfer-Encoding: {}\n\n", encode ? "quoted-printable" : "7bit");
  text += encode ? quoted_printable(what.body) : what.body;
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

}  // namespace ostclean::mail
