#include "services/latest.hpp"

#include "core/bounded.hpp"
#include "core/http/status.hpp"
#include "core/json.hpp"
#include "core/parallel.hpp"
#include "services/hooks.hpp"
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

/// It goes, or would go along with what does.
bool is_yet_to_go(const item& one) {
  const bool goes_along = one.decided == item::fate::unselected && one.tied;
  return (one.decided == item::fate::goes || goes_along) && !one.begun;
}

/// {"volume": {...}}; Glance wraps nothing.
const json::value& content_of(const json::value& answer) {
  const bool whole = answer.is_object() && answer.get_object().size() == 1 &&
                     answer.get_object().begin()->value().is_object();
  return whole ? answer.get_object().begin()->value() : answer;
}

error unseen_now(const std::string& what, error why) {
  why.message = "cannot see what protects it by now: " + what + ": " + why.message;
  return why;
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

latest::latest(place where, std::vector<item>& items, relations& all, const choices& how)
    : where_(std::move(where)), items_(items), all_(all), how_(how) {
  hold();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const item& one = items[i];
    if (!can_be_protected(*one.row)) continue;
    const auto [at, first] = groups_.try_emplace({one.row, one.base});
    group& of = at->second;
    of.members.push_back(i);
    of.seen_at = first ? one.seen_at : std::min(of.seen_at, one.seen_at);  // none is the oldest
  }
}

void latest::hold() {
  holders_.assign(items_.size(), {});
  for (const auto& bond : all_.bonds) holders_[bond.to].push_back(bond.from);
}

void latest::need(std::size_t at, latest& other, std::size_t what, const ties::condition& unless) {
  needs_.emplace(at, condition{spot{&other, what}, unless});
}

bool latest::is_fresh(const group& of, std::optional<clock::time_point> seen) const {
  constexpr clock::duration enough = std::chrono::seconds{2};
  return seen && where_.time.now() - *seen <= std::max(enough, 4 * of.took);
}

/// What is yet to go, and when it stays keeps `at`, be it by way of others.
std::vector<latest::spot> latest::stays_for(std::size_t at) {
  std::vector<spot> all;
  std::set<spot> known{{this, at}};
  const auto note = [&](spot holder) {
    const auto& [whose, i] = holder;
    if (is_yet_to_go(whose->items_[i]) && known.insert(holder).second) all.push_back(holder);
  };
  const auto note_holders = [&](latest& whose, std::size_t i) {
    for (auto holder : whose.holders_[i]) note({&whose, holder});
    const auto [first, last] = whose.needs_.equal_range(i);
    for (auto need = first; need != last; ++need) note(need->second.on);
  };
  note_holders(*this, at);
  for (std::size_t k = 0; k < all.size(); ++k) {
    const auto [whose, i] = all[k];
    note_holders(*whose, i);
  }
  return all;
}

asio::awaitable<result<void>> latest::look(std::size_t at) {
  auto all = stays_for(at);
  all.emplace_back(this, at);
  if (auto seen = co_await look_at_groups(all); !seen) co_return seen;
  item& one = items_[at];
  if (is_yet_to_go(one) && can_be_protected(*one.row) && !is_fresh(group_of(one), one.seen_at)) {
    if (auto seen = co_await look_alone(one); !seen) co_return seen;
    if (protect({at}))
      if (auto read = co_await read_what_they_hold(); !read) co_return read;
  }
  give_up(all);
  co_return result<void>{};
}

void latest::take_back(std::size_t at, const item* shown) {
  item& one = items_[at];
  one.begun = false;
  one.seen_at = shown ? shown->seen_at : std::nullopt;
  const bool held = std::any_of(holders_[at].begin(), holders_[at].end(),
                                [&](auto holder) { return !items_[holder].is_open(); });
  if (held) judge_together(items_, all_);
  if (shown) protect({at});
}

latest::group* latest::old_group_of(std::size_t at) {
  const item& one = items_[at];
  if (!can_be_protected(*one.row)) return nullptr;
  group& of = group_of(one);
  return is_fresh(of, of.seen_at) ? nullptr : &of;
}

asio::awaitable<result<void>> latest::look_at_groups(std::vector<spot> all) {
  std::set<std::pair<latest*, group*>> old;
  for (const auto& [whose, i] : all)
    if (group* of = whose->old_group_of(i)) old.emplace(whose, of);
  std::vector<asio::awaitable<void>> work;
  work.reserve(old.size());
  for (const auto& [whose, of] : old) work.push_back(whose->see_again(*of));
  co_await all_of(std::move(work));
  for (const auto& [whose, of] : old)
    if (!of->end) co_return of->end.error();
  co_return result<void>{};
}

/// Whoever comes while a group is looked at waits for that.
asio::awaitable<void> latest::see_again(group& of) {
  if (auto gate = of.gate) {
    co_await gate->async_wait(asio::as_tuple(asio::use_awaitable));
    co_return;
  }
  auto executor = co_await asio::this_coro::executor;
  of.gate = std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
  const opening at_the_end{of.gate};
  of.end = error{errc::interrupted, "what protects it by now was not read to the end"};
  const auto begun = where_.time.now();
  of.end = co_await read(of);
  of.took = where_.time.now() - begun;
  if (of.end) of.seen_at = where_.time.now();
}

asio::awaitable<result<void>> latest::read(group& of) {
  const item& first = items_[of.members.front()];
  // Such as a router's interface, which is no list's own.
  const bool unlisted = first.row->list.empty();
  if (unlisted || find_look_hook(first.row->name)) co_return co_await look_one_by_one(of);
  co_return co_await list(of);
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
    // What is being deleted is its hook's.
    if (at == by_id.end() || !is_yet_to_go(items_[i])) continue;
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
    if (is_yet_to_go(items_[i])) all.push_back(i);
  std::optional<error> failed;
  auto look_at = [&](std::size_t k) -> asio::awaitable<void> {
    const item& one = items_[all[k]];
    // Given away, it is no longer the project's to keep.
    auto seen = co_await look_alone(items_[all[k]]);
    if (!seen && !one.handed_over) failed = unseen_now(describe(one), seen.error());
  };
  co_await run_bounded(all.size(), requests, look_at);
  if (failed) co_return *failed;
  if (!protect(all)) co_return result<void>{};
  co_return co_await read_what_they_hold();
}

/// What stays by now may hold what nobody asked about while it was to go.
asio::awaitable<result<void>> latest::read_what_they_hold() {
  if (auto read = co_await read_manifests(where_, items_); !read) co_return read;
  if (all_.add_bonds_of(items_, "container")) {
    hold();
    judge_together(items_, all_);
  }
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
  // A leg of another's router, on a network of the project's, is not made an item of.
  auto seen = make_item(here, *one.row, one.base, data);
  one.data = seen ? std::move(seen->data) : data;
  co_return result<void>{};
}

/// And what such a thing stands on, as far as it is still there.
bool latest::protect(const std::vector<std::size_t>& seen) {
  bool more = false;
  for (auto i : seen)
    if (is_yet_to_go(items_[i]) && keep_protected(items_[i], how_)) more = true;
  if (more) judge_together(items_, all_);
  return more;
}

/// Of these, what goes only with another project's thing that stays by now.
void latest::give_up(const std::vector<spot>& all) {
  const auto one_more = [](const spot& at) { return at.first->give_up_without(at.second); };
  while (std::any_of(all.begin(), all.end(), one_more)) continue;
}

bool latest::give_up_without(std::size_t at) {
  item& one = items_[at];
  if (!is_yet_to_go(one)) return false;
  const auto [first, last] = needs_.equal_range(at);
  for (auto need = first; need != last; ++need) {
    const auto& [on, unless] = need->second;
    if (on.first->items_[on.second].decided == item::fate::goes) continue;
    one.decided = unless.otherwise;
    one.reason = unless.why;
    one.derived = false;
    judge_together(items_, all_);
    return true;
  }
  return false;
}

}  // namespace ostclean::services
