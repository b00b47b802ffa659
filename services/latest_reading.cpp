// How things are looked at once more: by lists of their kind, or one by one where no list shows
// them, or not their tag.
#include "core/bounded.hpp"
#include "core/http/status.hpp"
#include "core/json.hpp"
#include "services/hooks.hpp"
#include "services/latest.hpp"
#include "services/ownership.hpp"

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// {"volume": {...}}; Glance wraps nothing.
const json::value& content_of(const json::value& answer) {
  const bool whole = answer.is_object() && answer.get_object().size() == 1 &&
                     answer.get_object().begin()->value().is_object();
  return whole ? answer.get_object().begin()->value() : answer;
}

/// Without the query, which is meant for the DELETE.
std::string path_of(const item& one) {
  const auto path = cleaner::item_path(one);
  return path.substr(0, path.find('?'));
}

}  // namespace

error latest::unseen_now(const std::string& what, error why) {
  why.message = "cannot see what protects it by now: " + what + ": " + why.message;
  return why;
}

asio::awaitable<result<void>> latest::read(group& of) {
  const item& first = items_[of.members.front()];
  const auto begun = where_.time.now();
  // Such as a router's interface, which is no list's own.
  const bool unlisted = first.row->list.empty();
  result<void> end;
  if (unlisted || find_look_hook(first.row->name))
    end = co_await look_one_by_one(of);
  else
    end = co_await list(of);
  of.took = where_.time.now() - begun;
  if (end) of.seen_at = where_.time.now();
  co_return end;
}

asio::awaitable<result<void>> latest::list(group& of) {
  const item& first = items_[of.members.front()];
  place here = where_;
  here.region = first.region;
  std::string base = first.base;
  auto now = co_await list_kind(std::move(here), *first.row, std::move(base));
  if (!now) co_return unseen_now("cannot list " + std::string{first.row->name}, now.error());
  std::map<std::string_view, item*> by_id;
  for (auto& one : now->items) by_id.emplace(one.id, &one);
  std::vector<std::size_t> seen;
  for (auto i : of.members) {
    const auto at = by_id.find(items_[i].id);
    if (!items_[i].is_yet_to_go()) continue;  // what is being deleted is its hook's
    if (at == by_id.end()) missing_.insert(i);
    if (at == by_id.end()) continue;
    missing_.erase(i);
    items_[i].data = std::move(at->second->data);
    items_[i].seen_at = at->second->seen_at;
    seen.push_back(i);
  }
  protect(seen);
  co_return result<void>{};
}

asio::awaitable<result<void>> latest::look_one_by_one(group& of) {
  constexpr std::size_t requests = 32;
  std::vector<std::size_t> all;
  for (auto i : of.members)
    if (items_[i].is_yet_to_go() && !is_fresh(of, items_[i].seen_at)) all.push_back(i);
  auto look_at = [&](std::size_t k) -> asio::awaitable<void> {
    const item& one = items_[all[k]];
    auto seen = co_await look_alone(items_[all[k]]);
    unseen_.erase(all[k]);
    // Given away, it is no longer the project's to keep.
    if (!seen && !one.handed_over) unseen_.emplace(all[k], unseen_now(describe(one), seen.error()));
  };
  co_await run_bounded(all.size(), requests, look_at);
  protect(all);
  co_return result<void>{};
}

/// Any container may hold any other, which nobody knows of one that was not seen.
const error* latest::why_unseen(std::size_t at) {
  if (unseen_.empty()) return nullptr;
  const item& one = items_[at];
  std::vector<std::size_t> which{at};
  if (find_look_hook(one.row->name)) which = group_of(one).members;
  for (auto i : which)
    if (const auto found = unseen_.find(i); found != unseen_.end() && items_[i].is_yet_to_go())
      return &found->second;
  return nullptr;
}

/// A thing that its list does not show any more, or not well enough.
asio::awaitable<result<void>> latest::look_alone(item& one) {
  const auto hook = find_look_hook(one.row->name);
  result<void> seen;
  if (hook)
    seen = co_await hook(where_, one, how_);
  else
    seen = co_await get(one);
  // Gone: by whom, the DELETE will show.
  if (!seen && seen.error().status == 404) co_return result<void>{};
  if (seen) one.seen_at = where_.time.now();
  co_return seen;
}

asio::awaitable<result<json::value>> latest::ask(const item& one, bool older) const {
  http::request r{http::verb::get, one.base + path_of(one)};
  r.service = std::string{one.row->service};
  r.headers.set("Accept", "application/json");
  set_microversion(r, *one.row, older);
  co_return co_await http::get_json_surely(*where_.session, std::move(r));
}

/// Accepted by another project's hands, it is listed there; an administrator's DELETE would take it
/// from the new owner.
asio::awaitable<result<void>> latest::get(item& one) {
  auto now = co_await ask(one, false);
  if (!now && now.error().status == 406 && !one.row->older.empty()) now = co_await ask(one, true);
  if (!now) co_return now.error();
  const auto& data = content_of(*now);
  const auto owner = text_at(data, one.row->owner);
  // A leg of another's router may be a port of the project's.
  auto before = text_at(one.data, one.row->owner);
  if (before.empty()) before = one.project_id;
  one.handed_over = !owner.empty() && owner != before;
  if (one.handed_over) co_return error{errc::refused, "it is project " + owner + "'s by now"};
  place here = where_;
  here.region = one.region;
  // A leg of another's router, on a network of the project's, is not made an item of.
  auto seen = make_item(here, *one.row, one.base, data);
  one.data = seen ? seen->data : data;
  co_return result<void>{};
}

}  // namespace ostclean::services
