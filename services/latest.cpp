#include "services/latest.hpp"

#include "core/http/status.hpp"
#include "core/json.hpp"
#include "core/parallel.hpp"
#include "services/cleaner.hpp"
#include "services/ownership.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// Nothing protects what has no tags and no owner that may change.
bool can_be_protected(const kind& row) { return !row.marks.empty(); }

bool is_yet_to_go(const item& one) { return one.decided == item::fate::goes && !one.begun; }

/// {"volume": {...}}; Glance wraps nothing.
const json::value& content_of(const json::value& answer) {
  const bool whole = answer.is_object() && answer.get_object().size() == 1 &&
                     answer.get_object().begin()->value().is_object();
  return whole ? answer.get_object().begin()->value() : answer;
}

/// Lets those at the gate go on, whatever ended the list.
class opening {
 public:
  explicit opening(std::shared_ptr<asio::steady_timer>& gate) : gate_(gate) {}
  opening(const opening&) = delete;
  opening& operator=(const opening&) = delete;
  ~opening() {
    gate_->cancel();
    gate_.reset();
  }

 private:
  std::shared_ptr<asio::steady_timer>& gate_;
};

/// Without the query, which is meant for the DELETE.
std::string path_of(const item& one) {
  const auto path = cleaner::item_path(one);
  return path.substr(0, path.find('?'));
}

}  // namespace

latest::latest(place where, std::vector<item>& items, const relations& all, const choices& how)
    : where_(std::move(where)), items_(items), all_(all), how_(how), holders_(items.size()) {
  for (const auto& bond : all.bonds) holders_[bond.to].push_back(bond.from);
  for (std::size_t i = 0; i < items.size(); ++i)
    if (can_be_protected(*items[i].row))
      groups_[{items[i].row, items[i].base}].members.push_back(i);
}

bool latest::is_fresh(const group& of, std::optional<clock::time_point> seen) const {
  constexpr clock::duration enough = std::chrono::seconds{2};
  return seen && where_.time.now() - *seen <= std::max(enough, 4 * of.took);
}

/// What is yet to go, and when it stays keeps `at`, be it by way of others.
std::vector<std::size_t> latest::stays_for(std::size_t at) const {
  std::vector<std::size_t> all;
  std::set<std::size_t> known{at};
  std::vector<std::size_t> queue{at};
  while (!queue.empty()) {
    const auto one = queue.back();
    queue.pop_back();
    for (auto holder : holders_[one]) {
      if (!is_yet_to_go(items_[holder]) || !known.insert(holder).second) continue;
      all.push_back(holder);
      queue.push_back(holder);
    }
  }
  return all;
}

asio::awaitable<result<void>> latest::look(std::size_t at) {
  if (auto seen = co_await look_at_groups(at); !seen) co_return seen;
  item& one = items_[at];
  if (!is_yet_to_go(one) || !can_be_protected(*one.row)) co_return result<void>{};
  if (is_fresh(group_of(one), one.seen_at)) co_return result<void>{};
  auto seen = co_await look_alone(one);
  if (seen) protect(std::vector<std::size_t>{at});
  co_return seen;
}

asio::awaitable<result<void>> latest::look_at_groups(std::size_t at) {
  std::set<group*> old;
  const auto note = [&](std::size_t i, bool itself) {
    const item& one = items_[i];
    if (!can_be_protected(*one.row) || find_look_hook(one.row->name)) return;
    group& of = group_of(one);
    if (!is_fresh(of, one.seen_at) && (itself || !is_fresh(of, of.seen_at))) old.insert(&of);
  };
  note(at, true);
  for (auto holder : stays_for(at)) note(holder, false);
  if (old.empty()) co_return result<void>{};
  std::vector<asio::awaitable<void>> work;
  work.reserve(old.size());
  for (auto* of : old) work.push_back(list(*of));
  co_await all_of(std::move(work));
  for (const auto* of : old)
    if (!of->end) co_return of->end.error();
  co_return result<void>{};
}

/// Whoever comes while a list is under way waits for that one.
asio::awaitable<void> latest::list(group& of) {
  if (auto gate = of.gate) {
    co_await gate->async_wait(asio::as_tuple(asio::use_awaitable));
    co_return;
  }
  auto executor = co_await asio::this_coro::executor;
  of.gate = std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
  const opening at_the_end{of.gate};
  const auto begun = where_.time.now();
  of.end = co_await read(of);
  of.took = where_.time.now() - begun;
  if (of.end) of.seen_at = where_.time.now();
}

asio::awaitable<result<void>> latest::read(group& of) {
  const item& first = items_[of.members.front()];
  place here = where_;
  here.region = first.region;
  std::string base = first.base;
  auto now = co_await list_kind(std::move(here), *first.row, std::move(base));
  if (!now) {
    error why = now.error();
    why.message = "cannot see what protects it by now: cannot list " +
                  std::string{first.row->name} + ": " + why.message;
    co_return why;
  }
  std::map<std::string_view, item*> by_id;
  for (auto& one : now->items) by_id.emplace(one.id, &one);
  std::vector<std::size_t> seen;
  for (auto i : of.members) {
    const auto at = by_id.find(items_[i].id);
    // What is being deleted is its hook's.
    if (at == by_id.end() || !is_yet_to_go(items_[i])) continue;
    items_[i].data = std::move(at->second->data);
    items_[i].seen_at = at->second->seen_at;
    seen.push_back(i);
  }
  protect(seen);
  co_return result<void>{};
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
  one.handed_over = !owner.empty() && owner != one.project_id;
  if (one.handed_over) co_return error{errc::refused, "it is project " + owner + "'s by now"};
  place here = where_;
  here.region = one.region;
  if (auto seen = make_item(here, *one.row, one.base, data)) one.data = std::move(seen->data);
  co_return result<void>{};
}

/// And what such a thing stands on, as far as it is still there.
void latest::protect(const std::vector<std::size_t>& seen) {
  bool more = false;
  for (auto i : seen)
    if (is_yet_to_go(items_[i]) && keep_protected(items_[i], how_)) more = true;
  if (more) judge_together(items_, all_);
}

}  // namespace ostclean::services
