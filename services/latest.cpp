#include "services/latest.hpp"

#include "core/json.hpp"
#include "core/parallel.hpp"
#include "services/hooks.hpp"

#include <algorithm>
#include <deque>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace {

/// Nothing protects what has no tags and no owner that may change.
bool can_be_protected(const kind& row) { return !row.marks.empty(); }

bool is_stack(const item& one) { return one.row->name == "stack"; }

/// What Heat takes along was looked at for the plan, and whoever has updated the stack since may
/// have put anything in. Once it is being deleted, Heat takes no update.
bool leave_updated(item& one) {
  if (!is_stack(one) || text_at(one.data, "stack_status").starts_with("DELETE_")) return false;
  if (text_at(one.data, "updated_time") == one.updated) return false;
  one.decided = item::fate::left;
  one.reason = "was updated after it was looked at; run it again";
  return true;
}

}  // namespace

latest::latest(place where, std::vector<item>& items, relations& all, const choices& how)
    : where_(std::move(where)), items_(items), all_(all), how_(how), holders_(items.size()) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const item& one = items[i];
    if (!can_be_protected(*one.row)) continue;
    const auto [at, first] = groups_.try_emplace({one.row, one.base});
    group& of = at->second;
    of.members.push_back(i);
    of.seen_at = first ? one.seen_at : std::min(of.seen_at, one.seen_at);  // none is the oldest
  }
}

const std::vector<std::size_t>& latest::holders_of(std::size_t at) {
  for (; bonds_ < all_.bonds.size(); ++bonds_)
    holders_[all_.bonds[bonds_].to].push_back(all_.bonds[bonds_].from);
  return holders_[at];
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
    if (whose->items_[i].is_yet_to_go() && known.insert(holder).second) all.push_back(holder);
  };
  const auto note_holders = [&](latest& whose, std::size_t i) {
    for (auto holder : whose.holders_of(i)) note({&whose, holder});
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

/// What is held may take long to read, and then more may have come to be protected. The thing's own
/// look is the last: nothing slow lies between that and its DELETE.
asio::awaitable<result<void>> latest::look(std::size_t at) {
  constexpr int rounds = 3;  // while the one is read, another may become old
  auto all = stays_for(at);
  all.emplace_back(this, at);
  for (int round = 0; round < rounds; ++round) {
    if (auto seen = co_await look_at_groups(all); !seen) co_return seen;
    if (auto kept = co_await keep_held(all); !kept) co_return kept;
  }
  if (auto seen = co_await look_at_groups(all); !seen) co_return seen;
  if (is_stack(items_[at]))
    if (auto seen = co_await look_at_missing(all); !seen) co_return seen;
  item& one = items_[at];
  if (one.is_yet_to_go() && can_be_protected(*one.row) && !is_fresh(group_of(one), one.seen_at)) {
    if (auto seen = co_await look_alone(one); !seen) co_return seen;
    protect(std::vector<std::size_t>{at});
  }
  give_up(all);
  const auto may_be_held = [](const spot& other) { return other.first->may_be_held(other.second); };
  if (!one.is_yet_to_go() || std::none_of(all.begin(), all.end(), may_be_held))
    co_return result<void>{};
  co_return unseen_now("what is kept may need it",
                       error{errc::conflict, "a container has come to stay just now"});
}

/// What a stack holds and no list shows any more is gone, or another project's, for whom Heat would
/// delete it as well.
asio::awaitable<result<void>> latest::look_at_missing(std::vector<spot> all) {
  for (const auto& [whose, i] : all) {
    item& one = whose->items_[i];
    if (!one.is_yet_to_go() || !whose->missing_.contains(i)) continue;
    auto seen = co_await whose->look_alone(one);
    if (!seen && !one.handed_over) co_return unseen_now(describe(one), seen.error());
    if (seen) {
      whose->protect(std::vector<std::size_t>(1, i));
      continue;
    }
    one.decided = item::fate::left;
    one.reason = seen.error().message;
    judge_together(whose->items_, whose->all_);
  }
  co_return result<void>{};
}

void latest::take_back(std::size_t at, const item* shown) {
  item& one = items_[at];
  one.begun = false;
  one.seen_at = shown ? shown->seen_at : std::nullopt;
  const auto& holders = holders_of(at);
  const bool held = std::any_of(holders.begin(), holders.end(),
                                [&](auto holder) { return !items_[holder].is_open(); });
  if (held) judge_together(items_, all_);
  if (shown) protect(std::vector<std::size_t>{at});
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
  std::deque<std::optional<result<void>>> ends;
  std::vector<asio::awaitable<void>> work;
  work.reserve(old.size());
  for (const auto& [whose, of] : old)
    work.push_back(put(of->reading.run(whose->read(*of)), ends.emplace_back()));
  co_await all_of(std::move(work));
  for (const auto& end : ends)
    if (!*end) co_return (*end).error();
  for (const auto& [whose, i] : all)
    if (const error* why = whose->why_unseen(i)) co_return *why;
  co_return result<void>{};
}

/// Of its account a container stays of which nobody knows what it holds, or what it does is not
/// judged yet.
bool latest::may_be_held(std::size_t at) {
  const item& one = items_[at];
  if (one.row->name != "container" || !one.is_yet_to_go()) return false;
  if (holding_.is_under_way()) return true;
  const auto& all = group_of(one).members;
  return std::any_of(all.begin(), all.end(), [&](std::size_t i) {
    return !items_[i].is_open() && !items_[i].manifests_read;
  });
}

/// Before a container goes, or what takes one along: what those hold that have come to stay.
asio::awaitable<result<void>> latest::keep_held(std::vector<spot> all) {
  for (const auto& [whose, i] : all)
    // What is under way may have begun before the last one came to stay.
    for (int round = 0; round < 2 && whose->may_be_held(i); ++round)
      if (auto kept = co_await whose->holding_.run(whose->read_held()); !kept) co_return kept;
  co_return result<void>{};
}

asio::awaitable<result<void>> latest::read_held() {
  auto kept = co_await keep_what_is_held(where_, items_, all_, how_);
  if (!kept) co_return unseen_now("what is kept may need it", kept.error());
  co_return kept;
}

/// And what such a thing stands on, as far as it is still there.
void latest::protect(const std::vector<std::size_t>& seen) {
  bool more = false;
  for (auto i : seen)
    if (items_[i].is_yet_to_go() && (keep_protected(items_[i], how_) || leave_updated(items_[i])))
      more = true;
  if (more) judge_together(items_, all_);
}

/// Of these, what goes only with another project's thing that stays by now.
void latest::give_up(const std::vector<spot>& all) {
  const auto one_more = [](const spot& at) { return at.first->give_up_without(at.second); };
  while (std::any_of(all.begin(), all.end(), one_more)) continue;
}

bool latest::give_up_without(std::size_t at) {
  item& one = items_[at];
  if (!one.is_yet_to_go()) return false;
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
