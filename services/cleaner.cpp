#include "services/cleaner.hpp"

#include "core/http/pages.hpp"
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "core/parallel.hpp"
#include "services/ownership.hpp"
#include "services/states.hpp"

#include <algorithm>
#include <map>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
using plan::step;

cleaner::cleaner(place where, std::vector<item>& items, const choices& how, plan::journal* log,
                 observer seen, std::function<bool()> interrupted)
    : where_(std::move(where)),
      items_(items),
      how_(how),
      log_(log),
      seen_(std::move(seen)),
      interrupted_(std::move(interrupted)),
      outcomes_(items.size()) {}

std::vector<std::optional<plan::node>> cleaner::enlist(plan::graph& work, relations& all) {
  latest_.emplace(where_, items_, all, how_);
  std::vector<std::optional<plan::node>> node_of(items_.size());
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (items_[i].decided != item::fate::goes) continue;
    node_of[i] = work.add();
    item_of_.push_back(i);
  }
  for (auto [first, then] : all.order)
    if (node_of[first] && node_of[then]) work.edge(*node_of[first], *node_of[then]);
  return node_of;
}

std::string cleaner::item_path(const item& one) {
  std::string path{one.row->item};
  for (auto [word, value] : {std::pair{std::string_view{"{id}"}, &one.id},
                             {"{name}", &one.name},
                             {"{parent}", &one.parent}})
    if (auto at = path.find(word); at != std::string::npos)
      path.replace(at, word.size(), http::percent_encode(*value));
  return path;
}

asio::awaitable<result<http::response>> cleaner::send(const item& one, http::verb method,
                                                      std::string path, std::string body) {
  http::request r{method, one.base + path};
  r.service = std::string{one.row->service};
  r.headers.set("Accept", "application/json");
  set_microversion(r, *one.row, true);
  if (!body.empty()) r.headers.set("Content-Type", "application/json");
  r.body = std::move(body);
  auto answer = co_await where_.session->send(std::move(r));
  if (!answer || answer->status < 400) co_return answer;
  http::request said{method, one.base + path};
  co_return http::to_error(*answer, said);
}

asio::awaitable<step> cleaner::remove(item& one, std::string path) {
  if (is_to_be_forced(one)) {
    auto forced = co_await force(one);
    // Only administrators may force; what is in error is deleted by its owner all the same.
    if (forced || forced.error().code != errc::forbidden) co_return taken(one, forced);
  }
  auto answer = co_await send(one, http::verb::del, std::move(path), "");
  co_return taken(one, answer);
}

step cleaner::taken(item& one, const result<http::response>& answer) const {
  if (answer) {
    one.accepted = true;
    one.untaken = false;  // an attempt before may have said so
    one.accepted_at = where_.time.now();
    return step{one.row->status.empty() ? step::kind::gone : step::kind::accepted};
  }
  const error why = answer.error();
  if (why.status == 404 || why.status == 410) {
    one.untaken = !one.accepted && !one.answer_lost && !why.repeated;
    return step{step::kind::gone};
  }
  if (why.repeated || why.status >= 500 || (why.status == 0 && !why.unsent)) {
    one.answer_lost = true;
    one.untaken = false;
  }
  return step_of(one, why);
}

result<void> cleaner::record(const item& one, const char* event, const std::string& what) {
  if (!log_) return {};
  json::object line{{"event", event},   {"kind", one.row->name},           {"id", one.id},
                    {"name", one.name}, {"project_id", where_.project_id}, {"region", one.region}};
  if (!what.empty()) line["result"] = what;
  return log_->write(line);
}

/// Only what nothing has come to protect since the plan is begun.
asio::awaitable<step> cleaner::attempt(plan::node n) {
  const auto at = item_of_[n];
  item& one = items_[at];
  if (one.begun) latest_->take_back(at);
  if (one.decided != item::fate::goes)
    co_return step{step::kind::kept, error{errc::refused, one.reason}};
  if (auto seen = co_await latest_->look(at); !seen) {
    one.untaken = !one.accepted && !one.answer_lost;
    co_return step{one.handed_over ? step::kind::failed : step::kind::conflict, seen.error()};
  }
  if (one.decided != item::fate::goes)
    co_return step{step::kind::kept, error{errc::refused, one.reason}};
  one.begun = true;
  step done = co_await begin(one);
  const bool again = done.what == step::kind::conflict && !one.accepted && !one.answer_lost;
  if (again) latest_->take_back(at);
  co_return done;
}

asio::awaitable<step> cleaner::begin(item& one) {
  if (auto written = record(one, "intent", ""); !written)
    co_return step{step::kind::failed, written.error()};
  one.first_status = text_at(one.data, one.row->status);
  auto hook = find_remove_hook(one.row->name);
  if (hook) co_return co_await hook(*this, one);
  co_return co_await remove(one, item_path(one));
}

bool cleaner::is_to_be_forced(const item& one) const {
  return how_.force && !one.row->force.empty() && (one.forced || is_broken(one, one.first_status));
}

asio::awaitable<result<http::response>> cleaner::force(item& one) {
  one.forced = true;
  std::string body = "{\"" + std::string{one.row->force} + "\":{}}";
  co_return co_await send(one, http::verb::post, item_path(one) + "/action", std::move(body));
}

std::size_t cleaner::group(plan::node n) {
  const item& one = items_[item_of_[n]];
  const std::pair which{one.row, one.base};
  auto at = std::find(groups_.begin(), groups_.end(), which);
  if (at == groups_.end()) at = groups_.insert(at, which);
  return static_cast<std::size_t>(at - groups_.begin());
}

/// The ids that are listed, where asking for no more is enough: to show a server in full Nova asks
/// Neutron, which has enough to do while servers go. How they do is asked of those that take long.
asio::awaitable<std::optional<std::set<std::string>>> cleaner::listed_ids(
    std::vector<plan::node> watched) {
  constexpr std::chrono::seconds patience{3};
  const auto now = where_.time.now();
  const item& first = items_[item_of_[watched.front()]];
  for (auto n : watched) {
    const item& one = items_[item_of_[n]];
    if (one.row->ids.empty() || !one.accepted || now - one.accepted_at > patience)
      co_return std::nullopt;
  }
  std::set<std::string> ids;
  http::page_reader take = [&ids](const json::array& page) {
    for (const auto& one : page) ids.insert(text_at(one, "id"));
  };
  http::request r = list_request(where_, *first.row, first.base + std::string{first.row->ids});
  std::string key{first.row->key};
  auto done = co_await http::for_each_page(*where_.session, std::move(r), first.row->paging,
                                           std::move(key), take);
  if (!done) co_return std::nullopt;
  co_return ids;
}

asio::awaitable<plan::sight> cleaner::look(std::vector<plan::node> watched) {
  std::vector<plan::node> all = watched;
  const auto ids = co_await listed_ids(std::move(all));
  const item& first = items_[item_of_[watched.front()]];
  const kind& row = *first.row;
  plan::sight seen;
  std::vector<item> listed;
  if (!ids) {
    auto full = co_await list_kind(where_, row, first.base);
    if (!full) {
      seen.blind = full.error();
      seen.blind->message = "cannot see whether it is gone: cannot list " + std::string{row.name} +
                            ": " + seen.blind->message;
      co_return seen;
    }
    listed = std::move(full->items);
  }
  std::map<std::string_view, const item*> now;
  for (const auto& found : listed) now.emplace(found.id, &found);
  for (auto n : watched) {
    item& one = items_[item_of_[n]];
    if (ids && ids->contains(one.id)) continue;
    auto at = now.find(one.id);
    item shown = one;
    bool there = at != now.end();
    if (there)
      shown = *at->second;
    else if (row.name == "server")
      there = co_await is_only_hidden(shown);
    step s = judge(one, there ? &shown : nullptr);
    if (s.what == step::kind::conflict) latest_->take_back(item_of_[n], &shown);
    if (s.what != step::kind::accepted) seen.decided.emplace_back(n, std::move(s));
  }
  co_return seen;
}

/// Nova lists neither servers that are set aside for a while (reclaim_instance_interval) nor those
/// of a cell that is down.
asio::awaitable<bool> cleaner::is_only_hidden(item& one) {
  auto answer = co_await send(one, http::verb::get, item_path(one), "");
  if (!answer) co_return answer.error().status != 404;
  http::request asked{http::verb::get, one.base};
  auto data = http::parse_json(answer->body, asked);
  const auto* server = data ? find(*data, "server") : nullptr;
  if (server) one.data = *server, one.seen_at = where_.time.now();
  co_return !server || text_at(*server, "status") != "DELETED";
}

step cleaner::judge(item& one, const item* now) const {
  if (!now) return step{step::kind::gone};
  one.data = now->data;
  const std::string status = text_at(now->data, one.row->status);
  if (is_being_deleted(one, status)) {
    one.seen_deleting = true;
    return step{step::kind::accepted};
  }
  if (!one.accepted) {
    if (is_busy(status)) return step{step::kind::accepted};
    return step{step::kind::conflict, error{errc::conflict, "it was busy"}};
  }
  // Services take a moment to show what they accepted.
  constexpr std::chrono::seconds grace{10};
  const bool settled = one.seen_deleting || where_.time.now() - one.accepted_at > grace;
  const bool broken = is_broken(one, status);
  if (!settled && !(broken && status != one.first_status)) return step{step::kind::accepted};
  return came_back(one, broken);
}

/// The delete was taken and undone: a snapshot that a clone still needs, a hypervisor or a backend
/// that failed.
step cleaner::came_back(item& one, bool broken) const {
  error why{errc::service,
            "the service accepted the delete, then left it " + state_of(one) + fault_of(one)};
  if (is_set_aside(one) && !how_.force)
    why.hint = "Nova keeps it for a while (reclaim_instance_interval); --force deletes it now";
  one.accepted = one.seen_deleting = false;
  if (broken && how_.force && !one.row->force.empty() && !one.forced) {
    one.forced = true;
    return step{step::kind::conflict, std::move(why)};
  }
  const bool last = (broken && one.row->name != "stack") || ++one.came_back >= 3;
  return step{last ? step::kind::failed : step::kind::conflict, std::move(why)};
}

void cleaner::over(plan::node n, const step& how, const item* first) {
  item& one = items_[item_of_[n]];
  outcome& end = outcomes_[item_of_[n]];
  end.ended = true;
  end.how = how.what;
  const bool refused = how.what == step::kind::failed && how.why && how.why->status / 100 == 4;
  if ((first || refused) && !one.accepted && !one.answer_lost) one.untaken = true;
  if (first) {
    end.reason = "waits for " + describe(*first) + ", which is left";
    // Snapshots change hands with their volume.
    if (text_at(first->data, "volume_id") == one.id) one.handed_over = first->handed_over;
  } else if (how.why) {
    end.reason = how.why->line(), end.request_id = how.why->request_id;
  }
  // The object's own fate is known by now: a journal that cannot be written stops the next intent,
  // not this report.
  (void)record(one, "outcome", how.what == step::kind::gone ? "gone" : end.reason);
  if (seen_) seen_(one, end);
}

asio::awaitable<void> cleaner::sleep(std::chrono::milliseconds time) {
  co_await where_.time.sleep(time);
}

bool cleaner::interrupted() const { return interrupted_ && interrupted_(); }

}  // namespace ostclean::services
