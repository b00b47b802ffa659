// Identity: how much of a list comes. Until 2024.2 limit and marker mean nothing, what is not known
// in a query neither, and only list_limit cuts, without a way to the rest. Since 2025.1 there are
// pages, by id, and some queries are refused (keystone/identity and resource/backends/sql.py,
// server/flask/common.py wrap_collection).
#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <optional>

#include "tests/sandbox/keystone.hpp"

namespace sandbox {
namespace {

bool passes(const context& c, const json::object& o, const char* key) {
  if (!c.has(key)) return true;
  const auto* v = o.if_contains(key);
  if (v && v->is_bool())
    return v->get_bool() == (c.q(key) != "false" && c.q(key) != "0" && c.q(key) != "False");
  // The databases that OpenStack is run on compare names in any case.
  return boost::algorithm::iequals(text(o, key), c.q(key));
}

bool has_tags(const context& c, const json::object& o) {
  if (!c.has("tags")) return true;
  const auto* tags = o.if_contains("tags");
  std::string want = c.q("tags");
  while (!want.empty()) {
    const auto comma = want.find(',');
    const std::string one = want.substr(0, comma);
    bool found = false;
    for (const auto& t : tags->as_array()) found = found || t.as_string() == one;
    if (!found) return false;
    want = comma == std::string::npos ? "" : want.substr(comma + 1);
  }
  return true;
}

rows matching(const context& c, const std::string& kind) {
  rows out;
  for (auto& [seq, r] : c.w.of(kind).rows()) {
    bool ok = has_tags(c, r.body);
    for (const char* key : {"name", "domain_id", "enabled", "parent_id"})
      if (r.body.if_contains(key)) ok = ok && passes(c, r.body, key);
    if (ok) out.push_back(&r);
  }
  return out;
}

/// What is asked for; never more than the database gives at once.
std::optional<std::size_t> wished(const context& c) {
  const std::string said = c.q("limit");
  if (said.empty() || !c.epoxy()) return std::nullopt;
  if (said.find_first_not_of("0123456789") != std::string::npos)
    keystone_fail(400, fmt::format("Invalid input for field 'limit': '{}'", said));
  return std::min<std::size_t>(std::stoul(said), c.w.opts.keystone_most);
}

/// The query that asks for what follows: limit where it stood, the marker at the end.
std::string following(const context& c, std::size_t limit, const std::string& marker) {
  std::string out;
  const auto add = [&](const std::string& key, const std::string& value) {
    out += (out.empty() ? "?" : "&") + encode(key) + "=" + encode(value);
  };
  for (const auto& [key, value] : c.query)
    if (key != "marker") add(key, key == "limit" ? std::to_string(limit) : value);
  add("marker", marker);
  if (!c.has("limit")) add("limit", std::to_string(limit));
  return out;
}

/// Whoever names no limit, where the operator has set none, is told of nothing.
class cutting {
 public:
  cutting(const context& c, const std::string& collection)
      : c_(c), collection_(collection), pages_(c.epoxy() && collection != "roles") {
    limit_ = wished(c);
    // Users and groups take the operator's limit whatever is asked for, the others as a default.
    const bool identity = collection == "users" || collection == "groups";
    const auto set = c.w.opts.list_limit;
    if (set != 0 && (!limit_ || identity)) limit_ = set;
    most_ = limit_.value_or(0) != 0 ? *limit_ : pages_ ? c.w.opts.keystone_most : 0;
    const bool filtered = std::any_of(c.query.begin(), c.query.end(), [](const auto& field) {
      return field.first != "limit" && field.first != "marker";
    });
    exact_ = identity && !filtered;
  }

  void cut(rows& all) {
    if (pages_) after_marker(all);
    // A page that is full has another behind it, for all that Keystone looks.
    full_ = limit_ && pages_ && !exact_ && all.size() >= *limit_ && !all.empty();
    if (most_ == 0 || all.size() <= most_) return;
    full_ = true;
    all.resize(most_);
  }

  void tell(json::object& body, const std::string& last) const {
    if (!limit_ || !full_) return;
    body["truncated"] = true;
    if (!c_.epoxy()) return;
    const std::string again = c_.w.opts.keystone_prefix_twice ? "/identity" : "";
    body["links"].as_object()["next"] =
        c_.base + again + "/v3/" + collection_ + following(c_, *limit_, last);
  }

 private:
  void after_marker(rows& all) const {
    std::sort(all.begin(), all.end(), [](auto* a, auto* b) { return a->id < b->id; });
    const std::string marker = c_.q("marker");
    if (marker.empty()) return;
    if (!c_.w.of(one_of(collection_)).find(marker))
      keystone_fail(404, fmt::format("Marker {} could not be found.", marker));
    std::erase_if(all, [&](auto* r) { return r->id <= marker; });
  }

  const context& c_;
  std::string collection_;
  bool pages_, exact_ = false, full_ = false;
  std::optional<std::size_t> limit_;  ///< said by anybody
  std::size_t most_ = 0;              ///< 0: all there are
};

}  // namespace

reply keystone_list(context& c) {
  const std::string collection = c.path[1];
  need_admin(c, ("list_" + collection).c_str());
  if (collection == "roles") keystone_known_query(c, {"name", "domain_id"});
  rows all = matching(c, one_of(collection));
  cutting knife(c, collection);
  knife.cut(all);
  json::array out;
  for (const record* r : all) out.push_back(with_self(c, r->body, collection));
  json::object body{{collection, std::move(out)}, {"links", keystone_links(c)}};
  knife.tell(body, all.empty() ? "" : all.back()->id);
  return {200, body};
}

reply keystone_part(const context& c, const std::string& key, json::array all) {
  std::size_t limit = c.w.opts.list_limit;
  if (limit == 0) limit = wished(c).value_or(0);
  json::object body{{key, all}, {"links", keystone_links(c)}};
  if (limit != 0 && all.size() > limit) {
    // Its bug 2134925: it finds no address for the next page of a part.
    if (c.epoxy())
      keystone_fail(500, "An unexpected error prevented the server from fulfilling your request.");
    all.resize(limit);
    body[key] = all;
    body["truncated"] = true;
  }
  return {200, body};
}

void keystone_known_query(const context& c, const std::set<std::string>& known) {
  if (!c.epoxy()) return;
  std::string strange;
  int count = 0;
  for (const auto& [key, value] : c.query)
    if (!known.count(key) && ++count)
      strange += (strange.empty() ? "'" : ", '") + std::string(key) + "'";
  if (count)
    keystone_fail(400, fmt::format("Additional properties are not allowed ({} {} unexpected)",
                                   strange, count > 1 ? "were" : "was"));
}

}  // namespace sandbox
