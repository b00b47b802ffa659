#include "core/http/trace.hpp"

#include "core/http/confidences.hpp"
#include "core/http/redact.hpp"

#include <algorithm>
#include <chrono>

namespace ostclean::http {
namespace {

std::string_view media_type(const fields& headers) {
  const auto type = headers.get("content-type");
  return type.substr(0, type.find_first_of("; "));
}

bool is_json(std::string_view type) { return type.find("json") != std::string_view::npos; }

/// Barbican hands a secret's payload out as plain text, so no text of its is shown.
bool shows_text(const request& r) { return r.service != "key-manager"; }

std::string shown_body(const request& r) {
  if (r.authentication) return "<removed>";
  const auto first = r.body.find_first_not_of(" \t\r\n");
  const bool json = is_json(media_type(r.headers)) ||
                    (first != std::string::npos && (r.body[first] == '{' || r.body[first] == '['));
  if (json) return redact_json(r.body);
  return shows_text(r) ? harmless(r.body) : "<removed>";
}

bool is_location(std::string name) {
  for (char& c : name) c = static_cast<char>(c | 0x20);  // letters and '-', as fields have
  return name.ends_with("location");
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string trace_request(const request& r, const trace_options& options) {
  std::string line = "REQ: curl -g -i";
  if (options.insecure)
    line += " --insecure";
  else if (!options.cacert.empty())
    line += " --cacert \"" + options.cacert + "\"";
  line += " -X " + std::string{to_string(r.method)} + " " + redact_url(r.url);
  std::vector<std::pair<std::string, std::string>> headers{r.headers.begin(), r.headers.end()};
  std::sort(headers.begin(), headers.end());
  for (const auto& [name, value] : headers)
    line += " -H \"" + name + ": " + redact_header(name, value) + "\"";
  if (!r.body.empty()) line += " -d " + quoted(shown_body(r));
  return line;
}

std::string trace_response(const response& answer) {
  std::string line = "RESP: [" + std::to_string(answer.status) + "]";
  for (const auto& [name, value] : answer.headers)
    line += " " + name + ": " + redact_header(name, is_location(name) ? redact_url(value) : value);
  return line;
}

std::string trace_body(const response& answer, const request& r) {
  if (r.authentication || answer.body.empty()) return {};
  const auto type = media_type(answer.headers);
  if (is_json(type)) return "RESP BODY: " + redact_json(answer.body);
  if (type == "text/plain" && shows_text(r)) return "RESP BODY: " + harmless(answer.body);
  return {};
}

trace::trace(transport& next, trace_options options) : next_(next), options_(std::move(options)) {}

asio::awaitable<result<response>> trace::send(request r) {
  const confidences told{r};
  // Kept without its body, which may be long and is needed for the first line only.
  request asked{r.method, redact_url(r.url)};
  asked.service = r.service;
  asked.authentication = r.authentication;
  if (options_.sink) {
    options_.sink(trace_request(r, options_));
    r.reader.reset();  // what is to be shown has to be there in one piece
  }
  const auto begun = std::chrono::steady_clock::now();
  auto answer = co_await next_.send(std::move(r));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  ++count_;
  seconds_ += took.count();
  if (options_.keep_timings) timings_.emplace_back(asked.method, asked.url, took.count());
  if (answer && answer->status >= 300) told.take_from(*answer);
  if (options_.sink) show(answer, asked, told);
  co_return answer;
}

void trace::show(const result<response>& answer, const request& asked,
                 const confidences& told) const {
  if (!answer) {
    options_.sink("RESP: none: " + answer.error().line());
    return;
  }
  options_.sink(told.without(trace_response(*answer)));
  if (auto body = trace_body(*answer, asked); !body.empty()) options_.sink(told.without(body));
  if (auto id = answer->request_id(); !id.empty())
    options_.sink(std::string{to_string(asked.method)} + " call to " + asked.service + " for " +
                  asked.url + " used request id " + id);
}

}  // namespace ostclean::http
