// Swift's odd cases: a container must be empty first, and emptying has three forms: bulk delete,
// one by one where the cluster has switched bulk off, and version by version where versioning keeps
// what a plain DELETE hides.
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "core/parallel.hpp"
#include "core/time.hpp"
#include "services/hooks.hpp"

#include <algorithm>
#include <map>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
using plan::step;
namespace {

constexpr std::size_t page_size = 10'000;  // Swift's own limit of a listing and of a bulk delete
constexpr std::size_t bulk_requests =
    4;  // a bulk delete works off its names two at a time: several help
constexpr std::size_t single_requests = 32;

class object {
 public:
  object(std::string name, std::string version)
      : name(std::move(name)), version(std::move(version)) {}
  std::string name, version;
};

error not_sent(const std::string& what) {
  return error{errc::refused,
               what + " is left alone: a proxy may take '.' and '..' in its name for another path"};
}

/// Empties one container; lives as long as its removal.
class emptier {
 public:
  emptier(cleaner& by, item& container)
      : by_(by), container_(container), path_("/" + http::percent_encode(container.id)) {}

  asio::awaitable<step> run() {
    if (http::has_dot_segment(container_.id))
      co_return step{step::kind::failed, not_sent("container " + container_.id)};
    auto prepared = co_await prepare();
    if (!prepared) co_return by_.taken(container_, prepared.error());
    if (!refused_.message.empty()) co_return step{step::kind::failed, refused_};
    for (;;) {
      auto page = co_await list();
      if (!page) co_return by_.taken(container_, page.error());
      if (page->empty() || co_await is_stuck(*page)) break;
      if (by_.interrupted())
        co_return step{step::kind::conflict, error{errc::interrupted, "interrupted"}};
      std::vector<object> batch = chosen(*page);
      auto before = container_.children;
      co_await remove_all(std::move(batch));
      if (!refused_.message.empty() && container_.children == before)
        co_return step{step::kind::failed, refused_};
    }
    if (auto reason = reason_to_keep(); !reason.empty()) {
      error why{errc::refused, std::move(reason)};
      co_return step{step::kind::kept, std::move(why)};
    }
    co_return co_await by_.remove(container_, path_);
  }

 private:
  /// An empty one that was deleted and made again since the plan is another one under its name.
  std::string reason_to_keep() const {
    if (spared_ > 0)
      return std::to_string(spared_) +
             " objects are newer than --created-before, --updated-before or the plan";
    const auto& limit = by_.how().planned_at;
    const auto put = parse_iso8601(container_.updated);
    return limit && (!put || *put >= *limit) ? "was made, or made anew, after the plan" : "";
  }

  bool by_age() const { return by_.how().created_before || by_.how().updated_before; }

  /// A container that restores older versions on DELETE is told not to.
  asio::awaitable<result<void>> prepare() {
    versioned_ = true_at(container_.data, "versions_enabled");
    if (!true_at(container_.data, "stacked")) co_return result<void>{};
    if (by_age()) {
      refused_ = error{errc::refused,
                       "has X-Versions-Location: deleting by age would bring older objects back"};
      co_return result<void>{};
    }
    http::request r{http::verb::post, container_.base + path_};
    r.service = "object-store";
    r.headers.set("X-Remove-Versions-Location", "x");
    r.headers.set("X-Remove-History-Location", "x");
    r.repeatable = true;
    http::request said{r.method, r.url};
    auto answer = co_await by_.where().session->send(std::move(r));
    if (!answer) co_return answer.error();
    if (answer->status >= 400) co_return http::to_error(*answer, said);
    co_return result<void>{};
  }

  asio::awaitable<result<json::array>> list() {
    std::string url =
        path_ + "?format=json&limit=" + std::to_string(page_size) + (versioned_ ? "&versions" : "");
    if (!marker_.empty()) url = http::with_query(url, "marker", marker_);
    if (!version_marker_.empty()) url = http::with_query(url, "version_marker", version_marker_);
    auto answer = co_await by_.send(container_, http::verb::get, url, "");
    if (!answer) co_return answer.error();
    http::request asked{http::verb::get, container_.base + path_};
    auto page = http::parse_json(answer->body.empty() ? "[]" : answer->body, asked);
    if (!page) co_return page.error();
    if (!page->is_array())
      co_return error{errc::protocol, "Swift sent no list for container " + container_.id};
    co_return std::move(page->get_array());
  }

  /// Listings lag behind deletes; one that never catches up is left to the container's own answer.
  asio::awaitable<bool> is_stuck(const json::array& page) {
    std::string first = text_at(page.front(), "name") + "\n" + text_at(page.front(), "version_id");
    same_ = first == first_ ? same_ + 1 : 0;
    first_ = std::move(first);
    if (same_ > 0) co_await by_.sleep(std::chrono::milliseconds{200 << std::min(same_, 5)});
    co_return same_ > 6;
  }

  /// Those old enough; the listing goes on behind those that are spared, which would otherwise come
  /// back for ever.
  std::vector<object> chosen(const json::array& page) {
    std::vector<object> batch;
    for (const auto& entry : page) {
      std::string name = text_at(entry, "name");
      if (is_spared(text_at(entry, "last_modified"), by_.how())) {
        ++spared_;
        marker_ = name;
        version_marker_ = text_at(entry, "version_id");
      } else {
        batch.emplace_back(std::move(name), text_at(entry, "version_id"));
      }
    }
    return batch;
  }

  asio::awaitable<void> remove_all(std::vector<object> batch) {
    const bool bulk = !versioned_ && !bulk_refused_;
    const std::size_t ways = bulk ? bulk_requests : single_requests;
    const std::size_t share =
        std::max<std::size_t>(bulk ? 250 : 1, (batch.size() + ways - 1) / ways);
    std::vector<asio::awaitable<void>> work;
    for (std::size_t at = 0; at < batch.size(); at += share) {
      auto end = batch.begin() + static_cast<std::ptrdiff_t>(std::min(batch.size(), at + share));
      std::vector<object> part(batch.begin() + static_cast<std::ptrdiff_t>(at), end);
      work.push_back(bulk ? remove_in_bulk(std::move(part)) : remove_singly(std::move(part)));
    }
    co_await all_of(std::move(work));
  }

  /// Answers 200 whatever happened; what happened is in the body.
  asio::awaitable<void> remove_in_bulk(std::vector<object> part) {
    http::request r{http::verb::post, container_.base + "?bulk-delete"};
    r.service = "object-store";
    r.headers.set("Content-Type", "text/plain");
    r.headers.set("Accept", "application/json");
    r.repeatable = true;  // names what is to be gone: saying it twice does no harm
    r.deadline = std::chrono::minutes{10};
    for (const auto& one : part) r.body += path_ + "/" + http::percent_encode(one.name) + "\n";
    http::request said{r.method, r.url};
    auto answer = co_await by_.where().session->send(std::move(r));
    auto told = answer && answer->status < 300
                    ? http::parse_json(answer->body, said)
                    : result<json::value>{error{errc::service, "no bulk delete"}};
    const auto* status = told ? find(*told, "Response Status") : nullptr;
    if (!status) {
      bulk_refused_ = true;
      co_await remove_singly(std::move(part));
      co_return;
    }
    if (const auto* n = find(*told, "Number Deleted"); n && n->is_int64())
      container_.children += static_cast<std::uint64_t>(n->get_int64());
    note_refusals(*told);
  }

  void note_refusals(const json::value& told) {
    const auto* errors = find(told, "Errors");
    if (!errors || !errors->is_array() || errors->get_array().empty()) return;
    const auto& first = errors->get_array().front();
    std::string what;
    if (first.is_array())
      for (const auto& part : first.get_array())
        if (part.is_string())
          what += (what.empty() ? "" : " ") + std::string{part.get_string().c_str()};
    refused_ = error{errc::service, "Swift refused to delete " + what};
  }

  asio::awaitable<void> remove_singly(std::vector<object> part) {
    for (const auto& one : part) {
      if (by_.interrupted()) co_return;
      if (http::has_dot_segment(one.name)) {
        refused_ = not_sent("object " + one.name);
        continue;
      }
      std::string path = path_ + "/" + http::percent_encode(one.name);
      if (!one.version.empty()) path = http::with_query(path, "version-id", one.version);
      auto answer = co_await by_.send(container_, http::verb::del, std::move(path), "");
      if (answer || answer.error().status == 404)
        ++container_.children;
      else
        refused_ = answer.error();
    }
  }

  cleaner& by_;
  item& container_;
  std::string path_, marker_, version_marker_, first_;
  int same_ = 0;
  bool versioned_ = false, bulk_refused_ = false;
  std::uint64_t spared_ = 0;
  error refused_;
};

}  // namespace

asio::awaitable<step> remove_container(cleaner& by, item& one) {
  emptier work{by, one};
  co_return co_await work.run();
}

}  // namespace ostclean::services
