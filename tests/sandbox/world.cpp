// The small words every service is written in: collections, routes, pages, links, times.
#include "tests/sandbox/world.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>

namespace sandbox {

std::string http_request::header(std::string_view name) const {
  for (const auto& [k, v] : headers)
    if (std::equal(k.begin(), k.end(), name.begin(), name.end(),
                   [](unsigned char a, unsigned char b) { return tolower(a) == tolower(b); }))
      return v;
  return {};
}

reply::reply(int status, std::string body, std::string type)
    : status(status), body(std::move(body)) {
  if (status != 204) with("Content-Type", std::move(type));
}

reply::reply(int status, const json::value& body) : reply(status, json::serialize(body)) {}

reply& reply::with(std::string name, std::string value) {
  std::erase_if(headers, [&](const auto& h) { return h.first == name; });
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

reply& reply::unnamed() {
  named = false;
  return *this;
}

record& collection::add(std::string id, std::string owner, json::object body) {
  erase(id);
  by_id_[id] = next_;
  record r{std::move(id), std::move(owner), std::move(body)};
  return rows_.emplace(next_++, std::move(r)).first->second;
}

record* collection::find(std::string_view id) {
  const auto i = by_id_.find(std::string(id));
  return i == by_id_.end() ? nullptr : &rows_.at(i->second);
}

bool collection::erase(std::string_view id) {
  const auto i = by_id_.find(std::string(id));
  if (i == by_id_.end()) return false;
  rows_.erase(i->second);
  by_id_.erase(i);
  return true;
}

std::string world::uuid() {
  const std::string h = hex();
  return fmt::format("{}-{}-4{}-a{}-{}", h.substr(0, 8), h.substr(8, 4), h.substr(13, 3),
                     h.substr(17, 3), h.substr(20));
}

std::string world::hex() { return fmt::format("{:016x}{:016x}", random_(), random_()); }

void world::later(std::function<void()> what, double factor) {
  const auto wait = delay ? *delay : std::chrono::milliseconds(50 + random_() % 150);
  const auto scaled = std::chrono::duration_cast<steady::duration>(wait * factor);
  due_.emplace(steady::now() + scaled, std::move(what));
}

void world::advance() {
  // What runs may schedule more, so the queue is looked at afresh each time.
  while (!due_.empty() && due_.begin()->first <= steady::now()) {
    auto what = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    what();
  }
}

void world::set_faults(std::vector<fault> all) {
  unmet_ = unmet_faults();
  faults = std::move(all);
}

std::vector<std::string> world::unmet_faults() const {
  std::vector<std::string> out = unmet_;
  for (const auto& f : faults)
    if (!f.acted && !f.optional)
      out.push_back(fmt::format(
          "{} of {} {} {} ({}; {} matched)", f.action, f.service.empty() ? "any" : f.service,
          f.method, f.path, f.nth == 0 ? "each" : "number " + std::to_string(f.nth), f.matched));
  return out;
}

void world::settle() {
  while (!due_.empty()) {
    auto what = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    what();
  }
}

std::string context::q(std::string_view name) const {
  for (const auto& [k, v] : query)
    if (k == name) return v;
  return {};
}

std::vector<std::string> context::all(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [k, v] : query)
    if (k == name) out.push_back(v);
  return out;
}

bool context::has(std::string_view name) const {
  return std::any_of(query.begin(), query.end(), [&](const auto& p) { return p.first == name; });
}

json::object context::sent(std::string_view key) const {
  if (const auto* o = body.if_object())
    if (const auto* v = o->if_contains(key))
      if (const auto* inner = v->if_object()) return *inner;
  return {};
}

std::string iso(std::chrono::system_clock::time_point t, std::string_view form) {
  const std::time_t s = std::chrono::system_clock::to_time_t(t);
  std::tm tm{};
  gmtime_r(&s, &tm);
  std::array<char, 64> buffer{};
  const auto n = std::strftime(buffer.data(), buffer.size(), std::string(form).c_str(), &tm);
  return {buffer.data(), n};
}

std::string now_iso(std::string_view form) { return iso(std::chrono::system_clock::now(), form); }

std::string decode(std::string_view s, bool plus) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && i + 2 < s.size() && isxdigit(static_cast<unsigned char>(s[i + 1])) &&
        isxdigit(static_cast<unsigned char>(s[i + 2]))) {
      out += static_cast<char>(std::strtol(std::string(s.substr(i + 1, 2)).c_str(), nullptr, 16));
      i += 2;
    } else {
      out += plus && s[i] == '+' ? ' ' : s[i];
    }
  }
  return out;
}

std::string encode(std::string_view s) {
  std::string out;
  for (const unsigned char c : s)
    if (isalnum(c) || std::string_view("-._~").find(static_cast<char>(c)) != std::string_view::npos)
      out += static_cast<char>(c);
    else
      out += fmt::format("%{:02X}", c);
  return out;
}

pairs parse_query(std::string_view q) {
  pairs out;
  while (!q.empty()) {
    const auto amp = q.find('&');
    const auto part = q.substr(0, amp);
    const auto eq = part.find('=');
    if (!part.empty())
      out.emplace_back(decode(part.substr(0, eq), true),
                       eq == std::string_view::npos ? "" : decode(part.substr(eq + 1), true));
    if (amp == std::string_view::npos) break;
    q.remove_prefix(amp + 1);
  }
  return out;
}

std::string text(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

bool truth(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (!v) return false;
  if (v->is_string()) return v->get_string() == "true" || v->get_string() == "True";
  return v->is_bool() && v->get_bool();
}

json::object shown(const json::object& o) {
  json::object out;
  for (const auto& [k, v] : o)
    if (k.empty() || k[0] != '_') out.emplace(k, v);
  return out;
}

void merge(json::object& into, const json::object& from) {
  for (const auto& [k, v] : from) into[k] = v;
}

static bool matches(std::string_view pattern, const std::vector<std::string>& path,
                    std::vector<std::string>& args) {
  args.clear();
  std::size_t i = 0;
  while (!pattern.empty()) {
    const auto slash = pattern.find('/');
    const auto word = pattern.substr(0, slash);
    if (i == path.size()) return false;
    if (word == "*")
      args.push_back(path[i]);
    else if (word != path[i])
      return false;
    ++i;
    pattern = slash == std::string_view::npos ? std::string_view() : pattern.substr(slash + 1);
  }
  return i == path.size();
}

bool dispatch(context& c, std::span<const route> table, reply& out) {
  for (const auto& r : table)
    if (r.method == c.method && matches(r.pattern, c.path, c.args)) {
      out = r.call(c);
      return true;
    }
  return false;
}

rows select(collection& c, const std::function<bool(const record&)>& keep, bool newest_first) {
  rows out;
  for (auto& [seq, r] : c.rows())
    if (keep(r)) out.push_back(&r);
  if (newest_first) std::reverse(out.begin(), out.end());
  return out;
}

page cut(rows all, const std::string& marker, std::size_t limit, const refusal& unknown) {
  page p;
  auto from = all.begin();
  if (!marker.empty()) {
    from = std::find_if(all.begin(), all.end(), [&](const record* r) { return r->id == marker; });
    if (from == all.end()) throw unknown;
    ++from;
  }
  const auto left = static_cast<std::size_t>(all.end() - from);
  const auto n = std::min(limit, left);
  p.items.assign(from, from + static_cast<std::ptrdiff_t>(n));
  // The real services offer a next page whenever the page is full, even if nothing follows.
  p.more = n > 0 && n == limit;
  return p;
}

std::size_t limit_of(const context& c, std::size_t otherwise) {
  const std::string l = c.q("limit");
  if (l.empty()) return otherwise;
  const auto n = std::strtoull(l.c_str(), nullptr, 10);
  return n == 0 ? otherwise : std::min<std::size_t>(n, otherwise ? otherwise : n);
}

std::string next_link(const context& c, const std::string& marker) {
  std::string path;
  for (const auto& s : c.path) path += "/" + encode(s);
  std::string q;
  for (const auto& [k, v] : c.query)
    if (k != "marker") q += (q.empty() ? "" : "&") + encode(k) + "=" + encode(v);
  if (!marker.empty()) q += (q.empty() ? "" : "&") + ("marker=" + encode(marker));
  return c.base + path + "?" + q;
}

std::string authenticate_url(const world& w) { return w.url + "/identity"; }

}  // namespace sandbox
