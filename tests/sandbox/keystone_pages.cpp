// Identity: the pages that lists have since 2025.1, and the queries that it refuses. Zed has
// neither: it ignores limit and marker, and what it does not know.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/keystone.hpp"

namespace sandbox {
namespace {

constexpr std::size_t most = 1000;  // max_db_limit

/// The query that asks for what follows: limit where it stood, the marker at the end.
std::string following(const context& c, std::size_t limit, const std::string& marker) {
  std::string out;
  bool said = false;
  const auto add = [&](const std::string& key, const std::string& value) {
    out += (out.empty() ? "?" : "&") + encode(key) + "=" + encode(value);
  };
  for (const auto& [key, value] : c.query) {
    if (key == "marker") continue;
    said = said || key == "limit";
    add(key, key == "limit" ? std::to_string(limit) : value);
  }
  add("marker", marker);
  if (!said) add("limit", std::to_string(limit));
  return out;
}

std::string id_of(const json::value& row) { return text(row.as_object(), "id"); }

}  // namespace

void keystone_page(const context& c, const std::string& collection, json::array all,
                   json::object& answer) {
  if (!c.epoxy()) {
    answer[collection] = all;
    return;
  }
  std::sort(all.begin(), all.end(),
            [](const json::value& a, const json::value& b) { return id_of(a) < id_of(b); });
  const std::string kind = collection.substr(0, collection.size() - 1), marker = c.q("marker");
  if (!marker.empty() && !c.w.of(kind).find(marker))
    keystone_fail(404, fmt::format("Marker {} could not be found.", marker));
  const std::size_t limit = c.q("limit") == "0" ? 0 : limit_of(c, most);
  json::array out;
  for (const auto& row : all)
    if (id_of(row) > marker && (limit == 0 || out.size() < limit)) out.push_back(row);
  // A page that is full has another behind it, for all that Keystone looks.
  if (out.size() >= limit && (limit > 0 || !out.empty())) {
    answer["truncated"] = true;
    answer["links"].as_object()["next"] =
        c.base + "/v3/" + collection + following(c, limit, id_of(out.back()));
  }
  answer[collection] = out;
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
