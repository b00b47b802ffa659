#include "core/http/status.hpp"

#include "core/http/redact.hpp"
#include "core/http/url.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace ostclean::http {
namespace {

namespace json = boost::json;
constexpr std::size_t longest_message = 300;

std::string text_of(const json::value* value) {
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string{text->data(), text->size()} : std::string{};
}

std::string member(const json::object& object, std::string_view name) {
  return text_of(object.if_contains({name.data(), name.size()}));
}

std::string first_of(const json::object& object, std::initializer_list<std::string_view> names) {
  for (auto name : names)
    if (auto text = member(object, name); !text.empty()) return text;
  return {};
}

/// Placement: {"errors": [{"title", "detail"}]}.
std::string from_errors(const json::object& object) {
  const auto* list = object.if_contains("errors");
  if (list == nullptr || !list->is_array() || list->as_array().empty()) return {};
  const auto* first = list->as_array().front().if_object();
  return first != nullptr ? first_of(*first, {"detail", "title"}) : std::string{};
}

std::string neutron(const json::object& inner) {
  auto text = member(inner, "message");
  const auto detail = member(inner, "detail");
  return detail.empty() ? text : text + " " + detail;
}

std::string from_object(const json::object& object) {
  // NeutronError, Keystone's and Heat's "error" hold the precise words; both may be bare strings.
  for (const auto* name : {"NeutronError", "error"}) {
    const auto* inner = object.if_contains(name);
    if (inner == nullptr) continue;
    if (auto text = text_of(inner); !text.empty()) return text;
    if (inner->is_object())
      if (auto text = neutron(inner->as_object()); !text.empty()) return text;
  }
  if (auto text = from_errors(object); !text.empty()) return text;
  auto text = first_of(object, {"faultstring", "description", "message", "explanation"});
  if (!text.empty()) return text;
  // Nova and Cinder name the fault: {"itemNotFound": {"code", "message"}}.
  for (const auto& entry : object)
    if (const auto* inner = entry.value().if_object())
      if (text = member(*inner, "message"); !text.empty()) return text;
  return member(object, "title");
}

void cut_element(std::string& html, std::string_view name) {
  const std::string open = "<" + std::string{name} + ">";
  const std::string close = "</" + std::string{name} + ">";
  const auto from = html.find(open);
  const auto to = html.find(close);
  if (from != std::string::npos && to != std::string::npos && from < to)
    html.erase(from, to + close.size() - from);
}

std::string without_tags(std::string_view html) {
  std::string out;
  while (!html.empty()) {
    const auto open = html.find('<');
    out += html.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = html.find('>', open);
    // A '<' that is only text is kept.
    if (close == std::string_view::npos) {
      out += html.substr(open);
      break;
    }
    out += ' ';
    html.remove_prefix(close + 1);
  }
  return out;
}

std::string one_line(const std::string& text) {
  std::string out;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool blank = byte <= 0x20 || byte == 0x7F;
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  if (out.size() <= longest_message) return out;
  std::size_t end = longest_message - 3;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U) --end;
  return out.substr(0, end) + "...";
}

std::string plain(std::string text) {
  std::string shorter = text;
  cut_element(shorter, "head");
  cut_element(shorter, "h1");
  // Swift says everything in the heading's paragraph, some proxies in the heading alone.
  if (auto line = one_line(without_tags(shorter)); !line.empty()) text = std::move(shorter);
  text = without_tags(text);
  for (auto [entity, character] :
       {std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}, std::pair{"&quot;", "\""},
        std::pair{"&#39;", "'"}, std::pair{"&#x27;", "'"}, std::pair{"&amp;", "&"}})
    replace_all(text, entity, character);
  return one_line(text);
}

std::string message_of(const response& answer) {
  boost::system::error_code ec;
  const auto value = json::parse(answer.body, ec);
  if (ec) return plain(answer.body);
  if (value.is_object()) return plain(from_object(value.as_object()));
  return plain(text_of(&value));
}

errc code_of(int status) {
  switch (status) {
    case 401:
      return errc::auth;
    case 403:
      return errc::forbidden;
    case 404:
      return errc::not_found;
    case 409:
      return errc::conflict;
    default:
      return errc::service;
  }
}

}  // namespace

error to_error(const response& answer, const request& asked) {
  auto message = message_of(answer);
  if (message.empty()) message = "the service gave no reason";
  error e{code_of(answer.status), std::move(message)};
  e.status = answer.status;
  e.request_id = answer.request_id();
  e.repeated = answer.repeated;
  e.where = std::string{to_string(asked.method)} + " " + redact_url(asked.url);
  return e;
}

result<json::value> parse_json(std::string_view body, const request& asked) {
  json::parse_options options;
  options.max_depth = 64;
  boost::system::error_code ec;
  auto value = json::parse({body.data(), body.size()}, ec, {}, options);
  if (!ec) return value;
  error e{errc::protocol, "the answer is not JSON: " + ec.message()};
  e.where = std::string{to_string(asked.method)} + " " + redact_url(asked.url);
  return e;
}

asio::awaitable<result<json::value>> get_json(transport& via, request r) {
  if (r.headers.get("accept").empty()) r.headers.set("Accept", "application/json");
  request asked{r.method, r.url};
  auto answer = co_await via.send(std::move(r));
  if (!answer) co_return answer.error();
  if (answer->status < 200 || answer->status > 299) co_return to_error(*answer, asked);
  if (answer->body.empty()) co_return json::value{};
  auto value = parse_json(answer->body, asked);
  if (value) co_return value;
  error e = value.error();
  e.status = answer->status;
  e.request_id = answer->request_id();
  co_return e;
}

asio::awaitable<result<json::value>> get_json_surely(transport& via, request r) {
  request again = r;
  auto answer = co_await get_json(via, std::move(r));
  if (answer || answer.error().status != 404) co_return answer;
  co_return co_await get_json(via, std::move(again));
}

}  // namespace ostclean::http
