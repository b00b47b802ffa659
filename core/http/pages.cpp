#include "core/http/pages.hpp"

#include "core/http/status.hpp"
#include "core/http/url.hpp"

#include <boost/json.hpp>
#include <set>
#include <vector>

namespace ostclean::http {
namespace {

namespace json = boost::json;

std::string_view text(const json::value* value) {
  const auto* s = value != nullptr ? value->if_string() : nullptr;
  return s != nullptr ? std::string_view{s->data(), s->size()} : std::string_view{};
}

std::string_view href_of_next(const json::value* links) {
  if (links == nullptr) return {};
  if (const auto* object = links->if_object()) return text(object->if_contains("next"));
  const auto* list = links->if_array();
  if (list == nullptr) return {};
  for (const auto& link : *list) {
    const auto* object = link.if_object();
    if (object != nullptr && text(object->if_contains("rel")) == "next")
      return text(object->if_contains("href"));
  }
  return {};
}

std::string_view linked(const json::value& page, paging how, std::string_view key) {
  const auto* object = page.if_object();
  if (object == nullptr) return {};
  if (how == paging::next) return text(object->if_contains("next"));
  const std::string own = std::string{key} + "_links";
  if (auto href = href_of_next(object->if_contains(own)); !href.empty()) return href;
  const std::string one = std::string{key.substr(0, key.size() - key.ends_with('s'))} + "_links";
  if (auto href = href_of_next(object->if_contains(one)); !href.empty()) return href;
  return href_of_next(object->if_contains("links"));
}

std::string_view query_of(std::string_view url) {
  const auto at = url.find('?');
  return at == std::string_view::npos ? std::string_view{}
                                      : url.substr(at + 1, url.find('#', at) - at - 1);
}

std::vector<std::string_view> parameters(std::string_view query) {
  std::vector<std::string_view> list;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    if (end > 0) list.push_back(query.substr(0, end));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return list;
}

std::string_view name(std::string_view parameter) {
  return parameter.substr(0, parameter.find('='));
}

bool is_position(std::string_view name) {
  return name == "marker" || name == "offset" || name == "limit";
}

std::set<std::string_view> names(std::string_view query) {
  std::set<std::string_view> all;
  for (auto p : parameters(query)) all.insert(name(p));
  return all;
}

/// `first` from the position that `query` says, and with what else that has to say; the filters are
/// first's own, whatever the service made of them.
std::string with_link(const std::string& first, std::string_view query) {
  const auto own = names(query_of(first)), linked = names(query);
  std::string all;
  for (auto p : parameters(query))
    if (is_position(name(p)) || own.count(name(p)) == 0) all += "&" + std::string{p};
  for (auto p : parameters(query_of(first)))
    if (!is_position(name(p)) || linked.count(name(p)) == 0) all += "&" + std::string{p};
  return first.substr(0, first.find('?')) + "?" + all.substr(std::min<std::size_t>(1, all.size()));
}

const json::array* list_of(const json::value& page, std::string_view key) {
  if (key.empty()) return page.if_array();
  const auto* object = page.if_object();
  const auto* list = object != nullptr ? object->if_contains({key.data(), key.size()}) : nullptr;
  return list != nullptr ? list->if_array() : nullptr;
}

std::optional<std::string> after_marker(const std::string& first, const json::array& list) {
  const auto* last = list.empty() ? nullptr : list.back().if_object();
  if (last == nullptr) return std::nullopt;
  auto marker = text(last->if_contains("name"));
  if (marker.empty()) marker = text(last->if_contains("subdir"));
  if (marker.empty()) return std::nullopt;
  // A name may have more versions than a page has room for.
  const auto version = text(last->if_contains("version_id"));
  const auto further =
      version.empty() ? std::string{} : "&version_marker=" + percent_encode(version);
  return with_link(first, "marker=" + percent_encode(marker) + further);
}

error bad_page(const std::string& url, const std::string& what) {
  error e{errc::protocol, what};
  e.where = "GET " + url;
  return e;
}

}  // namespace

std::optional<std::string> next_page(const std::string& first_url, paging how, std::string_view key,
                                     const json::value& page, std::size_t before) {
  if (how == paging::none) return std::nullopt;
  if (how == paging::offset) {
    const auto* list = list_of(page, key);
    if (list == nullptr || list->empty()) return std::nullopt;
    return with_link(first_url, "offset=" + std::to_string(before + list->size()));
  }
  if (how == paging::marker) {
    const auto* list = list_of(page, key);
    return list != nullptr ? after_marker(first_url, *list) : std::nullopt;
  }
  const auto link = linked(page, how, key);
  if (link.empty()) return std::nullopt;
  return with_link(first_url, query_of(link));
}

asio::awaitable<result<void>> for_each_page(transport& via, request first, paging how,
                                            std::string key, page_reader read) {
  std::set<std::string> seen;
  std::size_t before = 0;
  json::array last;  // by offset: one that is not heeded brings the same for ever
  request r = first;
  for (;;) {
    const std::string url = r.url;
    if (!seen.insert(url).second)
      co_return bad_page(url, "the service sends the same page again and again");
    auto page = co_await get_json_surely(via, std::move(r));
    // Only of the first page may the caller take a 404 for "there is no such list".
    if (!page && page.error().status == 404 && seen.size() > 1)
      co_return bad_page(url, "the next page is not there: " + page.error().message);
    if (!page) co_return page.error();
    // Swift's 204 for an empty account has no body at all.
    const bool nothing = page->is_null() && how == paging::marker;
    const auto* list = list_of(*page, key);
    if (list == nullptr && !nothing)
      co_return bad_page(url, "the answer has no list '" + key + "'");
    if (how == paging::offset && before > 0 && *list == last)
      co_return bad_page(url, "the service sends the same page again and again");
    if (list != nullptr) read(*list);
    auto next = next_page(first.url, how, key, *page, before);
    if (!next) break;
    before += list->size();
    if (how == paging::offset) last = *list;
    r = first;
    r.url = std::move(*next);
  }
  co_return result<void>{};
}

}  // namespace ostclean::http
