// What large objects are made of, and where symlinks lead. That lies in a container of any name,
// which only the manifest or the link tells, and which is to stay as long as such an object does:
// with its container, or alone, because it is newer than what goes.
#include "core/bounded.hpp"
#include "core/http/pages.hpp"
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/hooks.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

constexpr std::size_t k_manifest_requests = 32;
/// Of one container; with more of them nobody asks.
constexpr std::size_t k_most_candidates = 10'000;

/// "/CONTAINER/OBJECT", or without the first slash.
std::string container_in(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  return std::string{path.substr(0, path.find('/'))};
}

/// The container in "/v1/ACCOUNT/CONTAINER/OBJECT".
std::string container_of_link(std::string_view path) {
  for (int segments = 0; segments < 2; ++segments)
    path.remove_prefix(std::min(path.find('/', 1), path.size()));
  return http::percent_decode(container_in(path));
}

/// An object that may be a manifest.
class candidate {
 public:
  candidate(const json::value& entry, bool versions)
      : path("/" + http::percent_encode(text_at(entry, "name"))),
        is_static(!text_at(entry, "slo_etag").empty()) {
    if (versions) path = http::with_query(path, "version-id", text_at(entry, "version_id"));
  }
  std::string path;  ///< below the container
  bool is_static;    ///< has a list of its segments as its data, as far as is known
};

/// A list shows the one kind of manifest by its etag, unless it `hides` them, and the other not at
/// all: those have no data of their own, so what is empty is asked. The marker of a deleted version
/// is no object.
bool may_be_manifest(const json::value& entry, bool hides) {
  if (text_at(entry, "content_type").starts_with("application/x-deleted")) return false;
  const auto* bytes = find(entry, "bytes");
  const bool empty = bytes && bytes->is_int64() && bytes->get_int64() == 0;
  return hides || empty || !text_at(entry, "slo_etag").empty();
}

/// Nothing when they cannot be asked one by one: whatever they may name stays.
using candidates = std::optional<std::vector<candidate>>;

/// The containers of one account.
class manifest_reader {
 public:
  manifest_reader(place where, std::string base, const choices& how)
      : where_(std::move(where)), base_(std::move(base)), how_(how) {}

  void add(item& container) {
    containers_.emplace(container.id, &container);
    if (container.is_open()) open_.insert(container.id);
    if (would_go(container)) at_risk_.insert(container.id);
    if (!container.is_open() && !container.manifests_read) waiting_.push_back(&container);
    if (spares_objects(how_) && container.decided == item::fate::goes && !container.begun &&
        !container.spared_read)
      parted_.push_back(&container);
  }

  /// A kept container's segments may be large objects themselves, and its older versions too.
  asio::awaitable<result<void>> read() {
    if (auto done = co_await read_parted(); !done) co_return done;
    while (!waiting_.empty() && !at_risk_.empty()) {
      item& one = *waiting_.front();
      waiting_.pop_front();
      hold_known(one);
      if (auto done = co_await read_container(one); !done) co_return done;
      one.manifests_read = true;
    }
    co_return result<void>{};
  }

 private:
  void hold_known(item& one) {
    for (const auto& name : texts_at(one.data, "holds")) reach(name);
  }

  /// What stays of a container for its age may be made of what is older.
  asio::awaitable<result<void>> read_parted() {
    return read_each(parted_.size(), [this](std::size_t i) -> asio::awaitable<result<void>> {
      item& one = *parted_[i];
      if (!at_risk_.contains(one.id)) co_return result<void>{};
      auto done = co_await read_container(one);
      one.spared_read = true;
      co_return done;
    });
  }

  /// Several at a time, until one fails; its error.
  template <typename Read>
  static asio::awaitable<result<void>> read_each(std::size_t n, Read read) {
    result<void> all;
    auto read_at = [&](std::size_t i) -> asio::awaitable<void> {
      if (!all) co_return;
      if (auto done = co_await read(i); !done) all = done;
    };
    co_await run_bounded(n, k_manifest_requests, read_at);
    co_return all;
  }

  static bool would_go(const item& one) {
    return one.decided == item::fate::goes || (one.decided == item::fate::unselected && one.tied);
  }

  /// What is being deleted is held, but what it holds counts only once that has come to nothing.
  void reach(const std::string& name) {
    at_risk_.erase(name);
    if (open_.erase(name) == 0) return;
    item* one = containers_.at(name);
    if (!one->begun) waiting_.push_back(one);
  }

  void hold(item& by, const std::string& name) {
    if (!open_.contains(name)) return;
    if (is_parted(by)) keep_whole(by);
    if (name == by.id) return;
    if (!by.data.is_object()) by.data.emplace_object();
    auto& named = by.data.get_object()["manifests"];
    if (!named.is_array()) named.emplace_array();
    named.get_array().emplace_back(name);
    reach(name);
  }

  /// Goes, but for some of its objects.
  bool is_parted(const item& one) const { return open_.contains(one.id); }

  void keep_whole(item& one) {
    if (one.is_open()) {
      one.decided = item::fate::kept;
      one.reason =
          "has a large object or a symlink newer than --created-before, --updated-before or the "
          "plan";
    }
    reach(one.id);
  }

  void hold_all(item& by) {
    for (const auto& name : std::set<std::string>{open_}) hold(by, name);
  }

  asio::awaitable<result<void>> read_container(item& one) {
    const std::string at = base_ + "/" + http::percent_encode(one.id);
    result<candidates> all = candidates{};
    // Without what its headers say, the list does not tell what it holds.
    if (find(one.data, "holds") && !http::has_dot_segment(one.id)) all = co_await list(one, at);
    if (!all) co_return all.error();
    if (!*all) {
      hold_all(one);
      co_return result<void>{};
    }
    const auto& some = **all;
    auto read_at = [&](std::size_t i) -> asio::awaitable<result<void>> {
      if (at_risk_.empty()) co_return result<void>{};
      auto named = co_await named_by(some[i], at);
      if (!named) co_return named.error();
      for (const auto& name : *named) hold(one, name);
      co_return result<void>{};
    };
    co_return co_await read_each(some.size(), read_at);
  }

  /// What a link leads to is held at once. Where that is in another account, a container of the
  /// same name stays for nothing.
  asio::awaitable<result<candidates>> list(item& one, std::string at) {
    const bool versions = true_at(one.data, "versions_enabled");
    const bool hides = true_at(one.data, "hides_manifests");
    const bool parted = is_parted(one);
    candidates all = std::vector<candidate>{};
    http::page_reader take = [&](const json::array& page) {
      for (const auto& entry : page) {
        if (parted && !is_spared(text_at(entry, "last_modified"), how_)) continue;
        const auto link = text_at(entry, "symlink_path");
        if (!link.empty()) hold(one, container_of_link(link));
        if (!link.empty() || !all || !may_be_manifest(entry, hides)) continue;
        if (all->size() == k_most_candidates || http::has_dot_segment(text_at(entry, "name")))
          all.reset();
        else
          all->emplace_back(entry, versions);
      }
    };
    std::string url = at + "?format=json&limit=10000";
    if (versions) url += "&versions";
    http::request r{http::verb::get, std::move(url)};
    r.service = "object-store";
    r.headers.set("Accept", "application/json");
    std::string whole;
    auto done = co_await http::for_each_page(*where_.session, std::move(r), http::paging::marker,
                                             std::move(whole), take);
    if (!done && done.error().status != 404) co_return done.error();
    if (!done) {  // it was there: a gateway in trouble says 404 as well
      all.reset();
      one.decided = item::fate::left;
      one.reason = "is listed, but what it holds does not show";
    }
    co_return all;
  }

  /// The object itself, and not what it is made of or leads to: that may be where nobody may look,
  /// or nowhere, and anybody can write a header that Swift then stumbles over.
  asio::awaitable<result<http::response>> ask(candidate one, std::string at) {
    std::string url = http::with_query(at + one.path, "multipart-manifest", "get");
    if (!one.is_static) url = http::with_query(url, "symlink", "get");
    // A gateway in trouble says 404 as well.
    for (bool again = false;; again = true) {
      http::request r{one.is_static ? http::verb::get : http::verb::head, url};
      r.service = "object-store";
      auto answer = co_await where_.session->send(std::move(r));
      if (!answer || answer->status != 404 || again) co_return answer;
    }
  }

  asio::awaitable<result<std::vector<std::string>>> named_by(candidate one, std::string at) {
    std::vector<std::string> names;
    http::request said{one.is_static ? http::verb::get : http::verb::head, at + one.path};
    auto answer = co_await ask(one, at);
    if (!answer) co_return answer.error();
    if (answer->status == 404) co_return names;  // deleted meanwhile
    if (answer->status >= 400) co_return http::to_error(*answer, said);
    for (const char* leads : {"X-Object-Manifest", "X-Symlink-Target"})
      if (const auto to = answer->headers.get(leads); !to.empty())
        names.push_back(container_in(http::percent_decode(to)));
    if (!one.is_static && !answer->headers.get("X-Static-Large-Object").empty()) {
      one.is_static = true;  // and no list had shown it
      co_return co_await named_by(std::move(one), std::move(at));
    }
    if (!one.is_static) co_return names;
    auto segments = http::parse_json(answer->body, said);
    if (!segments) co_return segments.error();
    if (segments->is_array())
      for (const auto& segment : segments->get_array())
        if (auto path = text_at(segment, "name"); !path.empty())
          names.push_back(container_in(path));
    co_return names;
  }

  place where_;
  std::string base_;
  const choices& how_;
  std::map<std::string, item*> containers_;
  std::vector<item*> parted_;      ///< lose only some of their objects, and are yet to be read
  std::deque<item*> waiting_;      ///< stay, and are yet to be read
  std::set<std::string> open_;     ///< may come to stay for one of those
  std::set<std::string> at_risk_;  ///< and else go; without any nothing need be read
};

/// Costs a list of each container that stays while another goes, or of which newer objects stay,
/// and a request for each of their large and empty objects until every other container is known to
/// stay too.
asio::awaitable<result<void>> read_manifests(place where, std::vector<item>& items,
                                             const choices& how) {
  std::map<std::string, manifest_reader> accounts;
  for (auto& one : items)
    if (one.row->name == "container")
      accounts.try_emplace(one.base, where, one.base, how).first->second.add(one);
  for (auto& [base, account] : accounts)
    if (auto read = co_await account.read(); !read) co_return read;
  co_return result<void>{};
}

}  // namespace

asio::awaitable<result<void>> keep_what_is_held(place where, std::vector<item>& items,
                                                relations& all, const choices& how) {
  result<void> read;
  const auto is_open = [](const item& one) { return one.is_open(); };
  // What was read is judged, also when the reading failed half way, and may show more to read.
  for (bool more = true; more;) {
    judge_together(items, all);
    mark_tied(items, all);
    if (!read) break;
    place same = where;
    const auto open = std::count_if(items.begin(), items.end(), is_open);
    read = co_await read_manifests(std::move(same), items, how);
    more = std::count_if(items.begin(), items.end(), is_open) != open;
    more = all.add_bonds_of(items, "container") || more || !read;
  }
  co_return read;
}

}  // namespace ostclean::services
