// The way of one request: region, service, faults, token, handler, log.
#include <fmt/core.h>

#include "tests/sandbox/world.hpp"

namespace sandbox {

std::span<const service> services() {
  static constexpr service table[] = {
      {"identity", "identity", "keystone", "/v3", keystone},
      {"compute", "compute", "nova", "/v2.1", nova},
      {"network", "network", "neutron", "", neutron},
      {"volume", "volumev3", "cinderv3", "/v3/$P", cinder},
      {"image", "image", "glance", "", glance},
      {"object-store", "object-store", "swift", "/v1/AUTH_$P", swift},
      {"orchestration", "orchestration", "heat", "/v1/$P", heat},
      {"load-balancer", "load-balancer", "octavia", "", octavia},
      {"dns", "dns", "designate", "", designate},
      {"key-manager", "key-manager", "barbican", "", barbican},
      {"vmexpire", "vmexpire", "osvmexpire", "/v1/$P", vmexpire},
  };
  return table;
}

namespace {

void split_target(const http_request& r, context& c, std::string& raw) {
  const auto mark = r.target.find('?');
  raw = r.target.substr(0, mark);
  c.raw_query = mark == std::string::npos ? "" : r.target.substr(mark + 1);
  c.query = parse_query(c.raw_query);
  c.method = r.method;
}

/// Takes the first segment off a path that begins with '/'.
std::string take(std::string& raw) {
  const auto slash = raw.find('/', 1);
  std::string first =
      raw.empty() ? "" : raw.substr(1, slash == std::string::npos ? slash : slash - 1);
  raw = slash == std::string::npos ? "" : raw.substr(slash);
  return first;
}

std::vector<std::string> segments(const std::string& raw) {
  std::vector<std::string> out;
  std::size_t i = 0;
  while (i < raw.size()) {
    const auto slash = raw.find('/', i + 1);
    const auto s = raw.substr(i + 1, slash == std::string::npos ? slash : slash - i - 1);
    if (!s.empty()) out.push_back(decode(s));
    i = slash;
  }
  return out;
}

const token* token_of(world& w, const http_request& r) {
  const auto i = w.tokens.find(r.header("X-Auth-Token"));
  if (i == w.tokens.end() || i->second.expires <= std::chrono::system_clock::now()) return nullptr;
  return &i->second;
}

fault* matching(world& w, const std::string& service, const http_request& r) {
  fault* hit = nullptr;
  for (auto& f : w.faults) {
    if (!f.service.empty() && f.service != service) continue;
    if (!f.method.empty() && f.method != r.method) continue;
    if (r.target.find(f.path) == std::string::npos) continue;
    if (const token* who = token_of(w, r); !f.user.empty() && (!who || who->user != f.user))
      continue;
    ++f.matched;
    const std::string what = r.method + " " + r.target.substr(0, r.target.find('?'));
    if (hit || !(f.nth == 0 || f.nth == f.matched || (f.for_good && f.met == what))) continue;
    hit = &f;
    f.met = what;
  }
  return hit;
}

/// The first list of an answer, or null.
json::array* list_in(json::value& v) {
  if (v.is_array()) return &v.get_array();
  if (v.is_object())
    for (auto& [k, inner] : v.get_object())
      if (inner.is_array() && k.find("links") == json::string::npos) return &inner.get_array();
  return nullptr;
}

/// Adds the object to the first list of the answer; false when it has none.
bool inject(reply& a, const json::object& o) {
  json::error_code ec;
  json::value v = json::parse(a.body, ec);
  json::array* list = ec ? nullptr : list_in(v);
  if (!list) return false;
  list->push_back(o);
  a.body = json::serialize(v);
  return true;
}

/// To a token of the system, 2025.1's Neutron shows lists without anything in them.
reply emptied(reply a) {
  json::error_code ec;
  json::value v = json::parse(a.body, ec);
  if (auto* o = v.if_object(); !ec && o)
    for (auto& [k, inner] : *o)
      if (inner.is_array()) inner = json::array{};
  a.body = json::serialize(v);
  return a;
}

/// Only Keystone and Cinder work with such a token; most others refuse it.
reply without_project(context& c, const service& s) {
  if (s.prefix == "network" && c.method == "GET") return emptied(s.call(c));
  if (s.prefix == "key-manager") return {500, json::object{{"title", "Internal Server Error"}}};
  compute_fail(403, "Policy doesn't allow this to be performed.");
}

reply answer_of(context& c, const service& s) {
  json::error_code ec;
  if (!c.req.body.empty()) c.body = json::parse(c.req.body, ec);
  const bool blind = c.who && c.who->system && s.prefix != "identity" && s.prefix != "volume";
  try {
    return blind ? without_project(c, s) : s.call(c);
  } catch (const refusal& r) {
    return r.answer;
  } catch (const std::exception& e) {
    const json::object why{{"code", 500}, {"message", e.what()}};
    return reply(500, json::object{{"sandboxFault", why}});
  }
}

/// What a service says that repeats what it was asked.
std::string echoed(std::string text, const context& c) {
  const auto quoted = json::serialize(json::value(c.req.body));
  const std::pair<std::string, std::string> words[] = {
      {"$TOKEN", c.req.header("x-auth-token")}, {"$BODY", quoted.substr(1, quoted.size() - 2)}};
  for (const auto& [word, value] : words)
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + value.size()))
      text.replace(at, word.size(), value);
  return text;
}

reply instead(const fault& f, const context& c) {
  reply answer(f.status, echoed(f.body, c));
  for (const auto& [k, v] : f.headers) {
    std::erase_if(answer.headers, [&, name = k](const auto& h) { return h.first == name; });
    answer.with(k, echoed(v, c));
  }
  return answer;
}

/// Keystone as one that never heard of the query's fields; false when there was none.
bool forget_filters(context& c) {
  return std::erase_if(c.query, [](const auto& field) {
           return field.first != "effective" && field.first != "include_names";
         }) > 0;
}

/// The answer of a service that lies, if the fault wants it to; whether it did.
bool told_lies(context& c, const service& s, const fault& f, reply& answer) {
  if (f.action == "ignore_filter") c.ignore_filter.tell();
  if (f.action == "fail_async") c.fail_async.tell();
  const bool forgot = f.action == "ignore_filter" && s.prefix == "identity" && forget_filters(c);
  answer = answer_of(c, s);
  if (f.action == "ignore_filter") return forgot || c.ignore_filter.told();
  if (f.action == "fail_async") return c.fail_async.told();
  return f.action != "inject" || inject(answer, f.object);
}

outcome with_fault(context& c, const service& s, fault* f) {
  outcome o;
  if (!f) {
    o.answer = answer_of(c, s);
    if (o.answer.status == 0) o.action = "close";
    return o;
  }
  const fault now = *f;
  o.wait = now.action == "delay" || now.action == "refused" ? now.wait : o.wait;
  if (now.action == "status") o.answer = instead(now, c);
  for (const char* word : {"reset", "hang", "refused"})
    if (now.action == word) o.action = word;
  const bool answers = now.action != "status" && o.action.empty();
  if (!answers || told_lies(c, s, now, o.answer)) f->acted = true;
  if (!answers) return o;
  if (now.action == "headers")
    for (const auto& [k, v] : now.headers) o.answer.with(k, v);
  if (now.action == "garbage") o.answer = reply(200, std::string("{\"broken\": [1, "));
  if (now.action == "late_status") o.answer = instead(now, c);
  for (const char* word :
       {"hold", "truncate", "not_http", "lost", "overlong", "underlong", "endless", "dribble"})
    if (now.action == word) o.action = word;
  return o;
}

bool offered(const world& w, std::string_view prefix) {
  if (w.opts.services.empty()) return true;
  for (const auto& s : w.opts.services)
    if (s == prefix) return true;
  return false;
}

}  // namespace

outcome world::handle(const http_request& r) {
  const std::lock_guard lock(mutex);
  advance();
  context c(*this, r);
  std::string raw;
  split_target(r, c, raw);
  std::string first = take(raw);
  c.base = url;
  for (std::size_t i = 1; opts.distinct_regions && i < opts.regions.size(); ++i)
    if (first == fmt::format("r{}", i + 1)) {
      c.region = first + ":";
      c.base += "/" + first;
      first = take(raw);
      break;
    }
  outcome o;
  if (first == "_sandbox") {
    c.path = segments(raw);
    json::error_code ec;
    if (!r.body.empty()) c.body = json::parse(r.body, ec);
    o.answer = control(c);
    return o;
  }
  c.path = segments(raw);
  c.raw_path = decode(raw);
  c.base += "/" + first;
  c.who = token_of(*this, r);
  seen line;
  line.service = first, line.method = r.method, line.query = c.raw_query, line.body = r.body;
  line.path = r.target.substr(0, r.target.find('?'));
  if (c.who) line.user = c.who->user, line.project = c.who->project;
  for (const auto& s : services())
    if (s.prefix == first && offered(*this, first)) o = with_fault(c, s, matching(*this, first, r));
  line.status = o.answer.status;
  log.push_back(std::move(line));
  if (o.answer.named) o.answer.with("x-openstack-request-id", "req-" + uuid());
  return o;
}

}  // namespace sandbox
