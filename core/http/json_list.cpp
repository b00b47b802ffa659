#include "core/http/json_list.hpp"

#include "core/http/redact.hpp"
#include "core/http/status.hpp"
#include "core/json.hpp"

#include <boost/json/parse.hpp>
#include <utility>

namespace ostclean::http {
namespace {

namespace json = boost::json;

constexpr std::size_t k_longest_part = 4UL << 20;  ///< of one element, and of all that is around

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

json_list::json_list(std::string key, std::function<void(json::value)> take)
    : key_(std::move(key)), take_(std::move(take)) {}

bool json_list::wants(const response& head) {
  const auto type = head.headers.get("content-type");
  if (head.status != 200 || (!type.empty() && type.find("json") == std::string_view::npos))
    return false;
  outline_.clear(), element_.clear(), word_.clear();
  depth_ = 0;
  in_string_ = escaped_ = in_list_ = seen_ = wants_comma_ = after_comma_ = false;
  failure_.reset();
  wanted_ = true;
  if (restart) restart();
  return true;
}

bool json_list::fail(const std::string& why) {
  failure_ = error{errc::protocol, "the answer is not JSON: " + why};
  return false;
}

bool json_list::read(std::string_view bytes) {
  for (char c : bytes)
    if (!step(c)) return false;
  return true;
}

bool json_list::step(char c) {
  if (outline_.empty() && is_blank(c)) return true;
  const bool between = in_list_ && depth_ == 2 && !in_string_;
  if (between && is_blank(c)) {
    if (element_.empty()) return true;
    return element_done();  // after a number or a word
  }
  if (between && c == ',') return separates();
  if (in_string_) return inside_string(c);
  if (c == '{' || c == '[') return opens(c);
  if (c == '}' || c == ']') return closes(c);
  if (between && wants_comma_) return fail("a comma is missing");
  auto& part = in_list_ ? element_ : outline_;
  part += c;
  if (c == '"') {
    in_string_ = true;
    if (depth_ == 1) word_.clear();
  }
  return part.size() <= k_longest_part || fail("a part is too long");
}

bool json_list::inside_string(char c) {
  auto& part = in_list_ ? element_ : outline_;
  part += c;
  if (part.size() > k_longest_part) return fail("a part is too long");
  if (escaped_) {
    escaped_ = false;
  } else if (c == '\\') {
    escaped_ = true;
  } else if (c == '"') {
    in_string_ = false;
    return !in_list_ || depth_ != 2 || element_done();
  }
  if (depth_ == 1) word_ += c;
  return true;
}

bool json_list::opens(char c) {
  if (in_list_ && depth_ == 2 && wants_comma_) return fail("a comma is missing");
  ++depth_;
  if (in_list_) {
    element_ += c;
    return true;
  }
  outline_ += c;
  if (depth_ == 2 && c == '[' && word_ == key_ && outline_.front() == '{' && !seen_)
    in_list_ = seen_ = true;
  return true;
}

bool json_list::closes(char c) {
  if (depth_ == 0) return fail("a bracket too many");
  --depth_;
  if (!in_list_) {
    outline_ += c;
    return true;
  }
  if (depth_ >= 2) {
    element_ += c;
    return depth_ > 2 || element_done();
  }
  if (!element_.empty() && !element_done()) return false;
  if (after_comma_) return fail("an element is missing");
  in_list_ = false;
  outline_ += c;
  return true;
}

bool json_list::separates() {
  if (!element_.empty() && !element_done()) return false;
  if (!wants_comma_) return fail("an element is missing");
  wants_comma_ = false;
  after_comma_ = true;
  return true;
}

bool json_list::element_done() {
  json::error_code ec;
  auto value = json::parse(element_, ec);
  if (ec) return fail(ec.message());
  element_.clear();
  wants_comma_ = true;
  after_comma_ = false;
  take_(std::move(value));
  return true;
}

result<json::value> json_list::finish() const {
  if (failure_) return *failure_;
  if (outline_.empty()) return error{errc::protocol, "the answer is empty"};
  json::error_code ec;
  auto whole = json::parse(outline_, ec);
  if (ec) return error{errc::protocol, "the answer is not JSON: " + ec.message()};
  if (!seen_) return error{errc::protocol, "the answer has no list '" + key_ + "'"};
  return whole;
}

asio::awaitable<result<json::value>> read_list(
    transport& via, request r, std::shared_ptr<json_list> into,
    std::function<error(const response&, const request&)> refuse) {
  const request asked{r.method, r.url};
  r.reader = into;
  auto answer = co_await via.send(std::move(r));
  if (!answer && !into->failure()) co_return answer.error();
  // A transport that reads no bodies has the whole in the response.
  if (answer && !answer->body.empty() && into->wants(*answer)) (void)into->read(answer->body);
  if (answer && !into->wanted()) co_return refuse(*answer, asked);
  auto whole = into->finish();
  if (whole) co_return whole;
  error e = whole.error();
  e.where = std::string{to_string(asked.method)} + " " + redact_url(asked.url);
  if (answer) e.status = answer->status, e.request_id = answer->request_id();
  co_return e;
}

}  // namespace ostclean::http
