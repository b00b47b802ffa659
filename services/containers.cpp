// What Swift says of a container in its headers only: its tag, what holds its segments and older
// versions, and, where the listing of the account has no times, its age.
#include "core/bounded.hpp"
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "core/time.hpp"
#include "services/fate.hpp"
#include "services/hooks.hpp"
#include "services/inventory.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

constexpr std::size_t k_requests = 32;

/// The tag "ostclean:keep" as container metadata: X-Container-Meta-Ostclean-Keep.
std::string header_of(std::string tag) {
  std::replace_if(
      tag.begin(), tag.end(), [](char c) { return c == ':' || c == '_' || c == ' '; }, '-');
  return "X-Container-Meta-" + tag;
}

/// "1795324164.09384", rounded up: in doubt it is newer than a plan.
std::string time_of(std::string_view stamp) {
  std::int64_t seconds = 0;
  const auto [end, ec] = std::from_chars(stamp.data(), stamp.data() + stamp.size(), seconds);
  if (ec != std::errc{} || seconds < 0 || seconds >= (1LL << 33)) return {};
  return format_rfc3339(sys_time{std::chrono::seconds{seconds + 1}});
}

class taken_containers {
 public:
  bool all = false;
  std::set<std::size_t> some;
};

/// What loses something to what is chosen, as a container does the data of a backup or an image. A
/// stack does not say what it takes along.
taken_containers taken_from(const std::vector<item>& items, const choices& how) {
  const auto chosen = [&](const item& one) {
    return how.only.contains(std::string{one.row->name});
  };
  taken_containers found;
  found.all = how.only.empty() || how.only.contains("container") ||
              std::any_of(items.begin(), items.end(),
                          [&](const item& one) { return one.row->name == "stack" && chosen(one); });
  if (found.all) return found;
  std::vector<std::size_t> going;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (chosen(items[i])) going.push_back(i);
  const auto all_count = [](std::size_t) { return true; };
  found.some = holders_of(std::move(going), relations{items}, all_count);
  return found;
}

/// What the headers of each container say and the listing of the account does not.
class container_reader {
 public:
  container_reader(place where, const choices& how) : where_(std::move(where)), tag_(how.tag) {}

  void add(std::vector<item>& items, const choices& how) {
    if (how.skip.contains("container")) return;
    const auto by_these = taken_from(items, how);
    for (std::size_t i = 0; i < items.size(); ++i) {
      item& one = items[i];
      if (one.row->name == "container" && (by_these.all || by_these.some.contains(i)) &&
          !http::has_dot_segment(one.id) && !find(one.data, "holds"))
        containers.push_back(&one);
    }
  }

  asio::awaitable<void> operator()(std::size_t i) {
    item& one = *containers[i];
    auto seen = co_await read(one);
    if (seen) co_return;
    if (seen.error().status == 404)
      missing.push_back(&one);
    else
      failed = seen.error();
  }

  asio::awaitable<result<void>> read(item& one) {
    // A gateway in trouble says 404 as well.
    for (bool again = false;; again = true) {
      http::request r{http::verb::head, one.base + "/" + http::percent_encode(one.id)};
      r.service = "object-store";
      http::request said{r.method, r.url};
      auto answer = co_await where_.session->send(std::move(r));
      if (!answer) co_return answer.error();
      if (answer->status == 404 && !again) continue;
      if (answer->status >= 400) co_return http::to_error(*answer, said);
      note(one, answer->headers);
      co_return result<void>{};
    }
  }

  std::vector<item*> containers;  ///< that are yet to be asked
  std::vector<item*> missing;     ///< are listed, and not found
  std::optional<error> failed;

 private:
  void note(item& one, const http::fields& headers) const {
    json::object data = one.data.is_object() ? one.data.get_object() : json::object{};
    json::array holds;
    for (const char* segments : {"_segments", "+segments"})  // of Swift's clients, of its S3
      holds.emplace_back(one.id + segments);
    bool stacked = false;
    for (const char* field : {"X-Versions-Location", "X-History-Location"}) {
      if (headers.get(field).empty()) continue;
      stacked = true;
      holds.emplace_back(http::percent_decode(headers.get(field)));
    }
    data["holds"] = std::move(holds);
    data["stacked"] = stacked;
    // Only Ceph's gateway says so, whose lists do not show what is a manifest.
    data["hides_manifests"] = !headers.get("X-Container-Bytes-Used-Actual").empty();
    data["versions_enabled"] = !headers.get("X-Versions-Enabled").empty();
    if (!tag_.empty() && !headers.get(header_of(tag_)).empty())
      data["tags"].emplace_array().emplace_back(tag_);
    one.data = std::move(data);
    if (one.updated.empty()) one.updated = time_of(headers.get("X-Timestamp"));
  }

  place where_;
  std::string tag_;
};

/// Those that the account does not list any more are nobody's.
asio::awaitable<result<void>> forget_gone(place where, std::vector<item>& items,
                                          std::vector<item*> missing) {
  std::map<std::string, std::set<std::string>> gone;
  for (const item* one : missing) gone[one->base].insert(one->id);
  const kind& row = *missing.front()->row;
  for (auto& [base, names] : gone) {
    auto now = co_await list_kind(where, row, base);
    if (!now) co_return now.error();
    for (const auto& one : now->items) names.erase(one.id);
  }
  std::erase_if(items, [&](const item& one) {
    const auto at = gone.find(one.base);
    return one.row == &row && at != gone.end() && at->second.contains(one.id);
  });
  co_return result<void>{};
}

}  // namespace

/// An account lists for a while what is gone: where one of its servers is slow, or somebody deletes
/// containers himself.
asio::awaitable<result<void>> read_containers(place where, std::vector<item>& items,
                                              const choices& how) {
  constexpr int rounds = 4;
  for (int round = 0;; ++round) {
    container_reader read{where, how};
    read.add(items, how);
    co_await run_bounded(read.containers.size(), k_requests, read);
    if (read.failed) co_return *read.failed;
    if (read.missing.empty()) co_return result<void>{};
    if (round + 1 == rounds) {
      for (item* one : read.missing) {
        one->decided = item::fate::left;
        one->reason = "is listed, but does not show what may protect it";
      }
      co_return result<void>{};
    }
    const std::chrono::milliseconds pause{500 << round};
    co_await where.time.sleep(pause);
    if (auto told = co_await forget_gone(where, items, read.missing); !told) co_return told;
  }
}

asio::awaitable<result<void>> look_at_container(place where, item& one, const choices& how) {
  // Nothing is ever sent to such a one.
  if (http::has_dot_segment(one.id)) co_return result<void>{};
  container_reader reader{std::move(where), how};
  co_return co_await reader.read(one);
}

}  // namespace ostclean::services
