// How Keystone's lists come whole. Since 2025.1 it gives at most 1,000 of a collection to whoever
// asks for no `limit`, and says so nowhere; before, it knows neither limit nor marker and sends
// everything, unless the operator's list_limit cuts it. `truncated` beside a next link means no
// more than that there is a next page.
#include "core/http/pages.hpp"
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/identity.hpp"

#include <fmt/core.h>
#include <boost/json.hpp>

#include <optional>
#include <set>
#include <utility>

namespace ostclean::services {
namespace {

namespace json = boost::json;

constexpr std::size_t k_page = 1000;

/// As much of a list as came.
class so_far {
 public:
  so_far() = default;
  std::vector<json::value> rows;
  bool cut = false;      ///< there is more of it
  bool repeats = false;  ///< the page after a marker was the first one again

  /// False, and nothing added, when the page begins with what came before.
  bool add(const json::array& page) {
    if (!page.empty() && ids_.contains(text_at(page.front(), "id"))) return false;
    for (const auto& row : page)
      if (ids_.insert(text_at(row, "id")).second) rows.push_back(row);
    return true;
  }

 private:
  std::set<std::string> ids_;
};

result<const json::array*> list_in(const json::value& page, const std::string& key,
                                   const std::string& url) {
  if (const auto* rows = find(page, key); rows && rows->is_array()) return &rows->get_array();
  error e(errc::protocol, fmt::format("Keystone's answer has no list of {}", key));
  e.where = "GET " + url;
  return e;
}

error cut_short(const std::string& key) {
  error e(errc::service, fmt::format("Keystone cuts the list of {} short", key));
  e.hint = "its list_limit is lower than their number";
  return e;
}

http::request get_of(const std::string& url) {
  http::request ask(http::verb::get, url);
  ask.service = "identity";
  return ask;
}

/// One answer, as it comes.
identity::answer<so_far> one_answer(http::transport& who, std::string url, std::string key) {
  auto page = co_await http::get_json(who, get_of(url));
  if (!page) co_return page.error();
  auto rows = list_in(*page, key, url);
  if (!rows) co_return rows.error();
  so_far all;
  all.rows.assign((*rows)->begin(), (*rows)->end());
  all.cut = true_at(*page, "truncated");
  co_return all;
}

/// A full page may be the last one of this Keystone, or all that one without pages would give.
std::string after(const std::string& first, const json::array& page) {
  return http::with_query(first, "marker", text_at(page.back(), "id"));
}

identity::answer<so_far> all_pages(http::transport& who, std::string path, std::string key) {
  const std::string first = http::with_query(path, "limit", std::to_string(k_page));
  so_far all;
  std::set<std::string> asked;
  for (std::optional<std::string> url = first; url;) {
    auto page = co_await http::get_json(who, get_of(*url));
    if (!page) co_return page.error();
    auto rows = list_in(*page, key, *url);
    if (!rows) co_return rows.error();
    all.repeats = !all.add(**rows) || !asked.insert(*url).second;
    if (all.repeats) co_return all;
    url = http::next_page(first, http::paging::links, key, *page);
    all.cut = url.has_value() || true_at(*page, "truncated");
    if (!all.cut && (*rows)->size() == k_page) url = after(first, **rows);
  }
  co_return all;
}

}  // namespace

identity::answer<std::vector<json::value>> identity::pages(std::string path, std::string key,
                                                           bool* cut) {
  auto all = co_await all_pages(who_, base_ + path, key);
  if (!all) co_return all.error();
  // A directory (LDAP) knows no markers: it gives all of it only to those who name no limit.
  if (all->repeats && all->cut) all = co_await one_answer(who_, base_ + path, key);
  if (!all) co_return all.error();
  if (all->cut && !cut) co_return cut_short(key);
  if (cut) *cut = all->cut;
  co_return std::move(all->rows);
}

identity::answer<std::vector<json::value>> identity::whole(std::string path, std::string key) {
  auto all = co_await one_answer(who_, base_ + path, key);
  const bool fails = !all && all.error().status == 500;
  // A limit of ours beats the operator's. Past it some releases answer 500: their link to the next
  // page of such a list is broken.
  if (fails || (all && all->cut)) {
    auto more = co_await one_answer(
        who_, base_ + http::with_query(path, "limit", std::to_string(k_page)), key);
    if (more) all = std::move(more);
  }
  if (!all) co_return all.error();
  if (all->cut) co_return cut_short(key);
  co_return std::move(all->rows);
}

}  // namespace ostclean::services
