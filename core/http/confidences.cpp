#include "core/http/confidences.hpp"

#include "core/http/redact.hpp"
#include "core/http/url.hpp"
#include "core/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>

namespace ostclean::http {
namespace {

namespace json = boost::json;
constexpr std::size_t k_shortest = 4;

std::string in_json(const std::string& text) {
  const auto quoted = json::serialize(json::value(text));
  return quoted.substr(1, quoted.size() - 2);
}

/// As Python writes JSON: nothing but ASCII, the rest as UTF-16 in hexadecimal digits.
std::string in_ascii(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t point = lead < 0x80 ? lead : lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size && at + i < text.size(); ++i)
      point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    if (lead < 0x80)
      out += text[at];
    else if (point < 0x10000)
      out += fmt::format("\\u{:04x}", point);
    else
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xD7C0 + (point >> 10), 0xDC00 + (point & 0x3FFU));
    at += size;
  }
  return out;
}

std::string in_html(std::string text) {
  for (auto [character, entity] :
       {std::pair{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}})
    replace_all(text, character, entity);
  return text;
}

/// `text` as it may be written; the longest first, so that nothing of an escape is left over.
std::vector<std::string> spellings(const std::string& text) {
  const auto once = in_json(text), ascii = in_ascii(once);
  std::vector<std::string> all{in_json(once),  once,          in_json(ascii),       ascii,
                               in_ascii(text), in_html(text), percent_encode(text), text};
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return all;
}

/// Only what stands under such a key itself: "password" holds the user's name and domain, too.
void find_secrets(const json::value& value, std::string_view key, std::string_view parent,
                  std::vector<std::string>& into) {
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object)
      find_secrets(member.value(), {member.key().data(), member.key().size()}, key, into);
  } else if (const auto* array = value.if_array()) {
    for (const auto& element : *array) find_secrets(element, "", key, into);
  } else if (const auto* text = value.if_string()) {
    const bool token = key == "id" && parent == "token";
    if (token || names_a_secret(key)) into.emplace_back(text->data(), text->size());
  }
}

}  // namespace

confidences::confidences(const request& r) {
  for (const auto& [name, value] : r.headers)
    if (holds_a_secret(name)) all_.push_back(value);
  collect(r.body);
  std::erase_if(all_, [](const std::string& one) { return one.size() < k_shortest; });
}

void confidences::collect(const std::string& body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || body[first] != '{') return;
  boost::system::error_code ec;
  const auto value = json::parse(body, ec);
  if (!ec) find_secrets(value, "", "", all_);
}

std::string confidences::without(std::string text) const {
  for (const auto& one : all_)
    for (const auto& spelt : spellings(one)) replace_all(text, spelt, "***");
  return text;
}

void confidences::take_from(response& answer) const {
  if (all_.empty()) return;
  answer.body = without(std::move(answer.body));
  fields told;
  for (const auto& [name, value] : answer.headers) told.add(name, without(value));
  answer.headers = std::move(told);
}

}  // namespace ostclean::http
