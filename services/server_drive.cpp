// The loop of services/stopper.hpp that brings servers to a state, bounded in requests and in time.
#include "core/bounded.hpp"
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/ownership.hpp"
#include "services/reach.hpp"
#include "services/stopper.hpp"

#include <algorithm>
#include <map>

namespace ostclean::services {
namespace asio = boost::asio;
namespace {

constexpr std::size_t k_servers_at_once = 16;
constexpr int k_most_tries = 3;
constexpr std::chrono::seconds k_grace{10};  ///< Nova takes a moment to show what it accepted

std::string status_of(const affected& one) { return text_at(one.what.data, "status"); }

/// "still ACTIVE (powering-off)"
std::string still(const affected& one) {
  const std::string task = text_at(one.what.data, "OS-EXT-STS:task_state");
  return "still " + status_of(one) + (task.empty() ? "" : " (" + task + ")");
}

class drive {
 public:
  drive(place where, std::vector<affected*> servers,
        std::function<power_step(const affected&)> next)
      : where_(std::move(where)), servers_(std::move(servers)), next_(std::move(next)) {}

  /// One step of one server.
  asio::awaitable<void> operator()(std::size_t i) {
    affected& one = *servers_[i];
    if (one.end != affected::fate::pending) co_return;
    const power_step step = next_(one);
    switch (step.kind) {
      case power_step::what::wait:
        break;
      case power_step::what::done:
        one.ends(affected::fate::done, step.reason);
        break;
      case power_step::what::stays:
        // What was asked of it came to nothing.
        one.ends(one.tries > 0 ? affected::fate::left : affected::fate::stays, step.reason);
        break;
      case power_step::what::left:
        one.ends(affected::fate::left, step.reason);
        break;
      case power_step::what::act:
        co_await act(one, step.action);
    }
  }

  bool pending() const {
    return std::any_of(servers_.begin(), servers_.end(),
                       [](const affected* one) { return one->end == affected::fate::pending; });
  }

  std::size_t size() const { return servers_.size(); }

  asio::awaitable<void> look() {
    std::map<std::string, std::vector<affected*>> collections;
    for (auto* one : servers_)
      if (one->end == affected::fate::pending) collections[one->what.base].push_back(one);
    for (const auto& [base, some] : collections) co_await look_at(base, some);
  }

  void give_up(const std::string& why) {
    for (auto* one : servers_)
      if (one->end == affected::fate::pending)
        one->ends(affected::fate::left, still(*one) + " " + why);
  }

 private:
  asio::awaitable<void> act(affected& one, std::string action) {
    const auto now = where_.time.now();
    const bool same = one.asked_in == status_of(one);
    if (same && now - one.asked_at < k_grace) co_return;
    if (same && one.tries >= k_most_tries) {
      if (one.reason.empty()) one.reason = "Nova accepted " + action + ", then left it as it was";
      one.ends(affected::fate::left, still(one) + ": " + one.reason);
      co_return;
    }
    one.tries = same ? one.tries + 1 : 1;
    one.asked_in = status_of(one);
    auto sent = co_await act_on_server(*where_.session, one.what, std::move(action));
    one.asked_at = where_.time.now();
    if (sent) {
      one.reason.clear();
    } else if (sent.error().status == 404) {
      one.ends(affected::fate::done, "it is gone");
    } else if (sent.error().status == 409) {
      one.reason = sent.error().line();
      one.asked_at -= k_grace;  // the state may have moved on already: look, then try again
    } else {
      one.ends(affected::fate::left, sent.error().line());
    }
  }

  asio::awaitable<void> look_at(std::string base, std::vector<affected*> some) {
    place here = where_;
    here.region = some.front()->what.region;
    auto listed = co_await list_kind(here, *find_kind("server"), base);
    std::vector<affected*> missing = std::move(some);
    if (listed) take(*listed, missing);
    // What is in no list is gone only while all cells are up.
    result<void> whole;
    if (!listed)
      whole = listed.error();
    else if (!missing.empty())
      whole = co_await check_servers(std::move(here), std::move(base));
    if (whole) blind_ = 0;
    if (!whole && ++blind_ < k_most_tries) co_return;
    for (auto* one : missing) end_missing(*one, whole);
  }

  /// What is listed is no longer missing.
  static void take(const listing& now, std::vector<affected*>& missing) {
    std::map<std::string_view, const item*> by_id;
    for (const auto& found : now.items) by_id.emplace(found.id, &found);
    std::erase_if(missing, [&](affected* one) {
      const auto at = by_id.find(one->what.id);
      if (at != by_id.end()) one->what.data = at->second->data;
      return at != by_id.end();
    });
  }

  static void end_missing(affected& one, const result<void>& whole) {
    if (whole)
      one.ends(affected::fate::done, "it is gone");
    else
      one.ends(affected::fate::left, "cannot see what became of it: " + whole.error().line());
  }

  place where_;
  std::vector<affected*> servers_;
  std::function<power_step(const affected&)> next_;
  int blind_ = 0;
};

}  // namespace

asio::awaitable<result<void>> act_on_server(auth::session& as, const item& server,
                                            std::string action) {
  // A gateway in trouble says 404 as well: what is gone twice is gone.
  for (bool again = false;; again = true) {
    http::request r{http::verb::post,
                    server.base + "/servers/" + http::percent_encode(server.id) + "/action"};
    r.service = "compute";
    r.headers.set("Accept", "application/json");
    r.headers.set("Content-Type", "application/json");
    set_microversion(r, *server.row);
    r.body = "{\"" + action + "\":null}";
    r.repeatable = true;  // in the state it leads to, Nova refuses it
    http::request said{r.method, r.url};
    auto answer = co_await as.send(std::move(r));
    if (!answer) co_return answer.error();
    if (answer->status == 404 && !again) continue;
    if (answer->status >= 400) co_return http::to_error(*answer, said);
    co_return result<void>{};
  }
}

asio::awaitable<void> drive_servers(place where, std::vector<affected*> servers,
                                    std::function<power_step(const affected&)> next,
                                    std::chrono::seconds limit, std::function<bool()> interrupted) {
  const waiting time = where.time;
  drive work{std::move(where), std::move(servers), std::move(next)};
  const auto end = time.now() + limit;
  std::chrono::milliseconds tick{250};
  for (;;) {
    co_await run_bounded(work.size(), k_servers_at_once, work);
    if (!work.pending()) co_return;
    if (interrupted()) co_return work.give_up("when it was interrupted");
    if (time.now() >= end) co_return work.give_up("after " + std::to_string(limit.count()) + " s");
    co_await time.sleep(tick);
    tick = std::min(tick * 2, std::chrono::milliseconds{5000});
    co_await work.look();
  }
}

}  // namespace ostclean::services
