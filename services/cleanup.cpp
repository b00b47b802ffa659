#include "services/cleanup.hpp"

#include "core/parallel.hpp"
#include "services/hooks.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace {

using object_key = std::pair<std::string_view, std::string>;

object_key key_of(const item& one) {
  return {one.row->name, one.base + " " + one.parent + " " + one.user_id + " " + one.id};
}

std::set<object_key> keys_of(const std::vector<item>& items) {
  std::set<object_key> keys;
  for (const auto& one : items) keys.insert(key_of(one));
  return keys;
}

}  // namespace

cleanup::cleanup(auth::session& session, std::string project_id, std::string project_name,
                 std::vector<std::string> regions, choices how)
    : where_(session, std::move(project_id), regions.empty() ? std::string{} : regions.front()),
      project_name_(std::move(project_name)),
      regions_(std::move(regions)),
      how_(std::move(how)) {}

void cleanup::enter(place where, std::vector<std::string> regions) {
  where_ = std::move(where);
  regions_ = std::move(regions);
}

void cleanup::skip(const std::string& why) {
  ties_ = ties{};
  relations_ = std::make_unique<relations>(items_);  // a plan that failed has new items only
  outcomes_.resize(items_.size());
  gone_.assign(items_.size(), false);
  for (auto& one : items_) {
    if (stays_on_purpose(one)) continue;
    if (one.decided != item::fate::left) one.reason = why;
    one.decided = item::fate::left;
    remains_.emplace_back(one, one.reason);
  }
}

void cleanup::leave_out(const error& why) {
  left_out_ = true;
  items_.clear();
  ties_ = ties{};
  relations_ = std::make_unique<relations>(items_);
  outcomes_.clear();
  gone_.clear();
  if (regions_.empty()) regions_.emplace_back();  // in which it could not be entered
  unverified_.assign(1, why);
}

void cleanup::restrict_to(const std::string& kind) { part_ = kind; }

void cleanup::leave_to_others(std::vector<item>& items) const {
  if (part_.empty()) return;
  for (auto& one : items) {
    if (one.row->name == part_) continue;
    one.chosen = one.preserve = false;
    one.other_part = true;
    if (one.decided != item::fate::goes) continue;
    one.decided = item::fate::unselected;
    one.reason = "is the matter of the project's other part";
  }
}

asio::awaitable<inventory> cleanup::look() {
  std::set<std::string> done;
  std::vector<std::optional<inventory>> parts(regions_.size());
  std::vector<asio::awaitable<void>> work;
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    place here = where_;
    here.region = regions_[i];
    work.push_back(put(take_inventory(std::move(here), how_.skip, done), parts[i]));
  }
  co_await all_of(std::move(work));
  inventory all;
  for (auto& part : parts) {
    auto& found = *part;
    std::move(found.items.begin(), found.items.end(), std::back_inserter(all.items));
    all.not_visible.insert(all.not_visible.end(), found.not_visible.begin(),
                           found.not_visible.end());
    all.absent.insert(all.absent.end(), found.absent.begin(), found.absent.end());
    all.not_looked_at.insert(all.not_looked_at.end(), found.not_looked_at.begin(),
                             found.not_looked_at.end());
    all.unlisted.merge(found.unlisted);
    std::move(found.others.begin(), found.others.end(), std::back_inserter(all.others));
    all.failures.insert(all.failures.end(), found.failures.begin(), found.failures.end());
  }
  co_return all;
}

/// What others have on these things, or would lose with them.
asio::awaitable<result<void>> cleanup::settle_others(std::vector<item> ports,
                                                     std::set<std::string> unlisted) {
  auto settled = co_await settle_foreign(where_, items_);
  if (settled) settled = co_await settle_guests(where_, items_, std::move(ports), ties_);
  if (settled) settled = co_await settle_carried(where_, items_, std::move(unlisted), ties_);
  if (settled) settled = co_await settle_shelved(where_, items_, ties_);
  if (settled) settled = co_await settle_references(where_, items_, ties_);
  if (settled) settled = co_await settle_forwardings(where_, items_, ties_);
  co_return settled;
}

asio::awaitable<result<void>> cleanup::plan() {
  auto found = co_await look();
  if (!found.failures.empty()) co_return found.failures.front();
  items_ = std::move(found.items);
  not_visible_ = std::move(found.not_visible);
  absent_ = std::move(found.absent);
  unseen_ = std::move(found.not_looked_at);
  // A part has no use for a request to each container: nothing personal stands on one.
  if (part_.empty())
    if (auto read = co_await read_containers(where_, items_, how_); !read) co_return read.error();
  judge_alone(items_, how_);
  settle_unlisted(items_, found.unlisted);
  ties_ = ties{};
  settle_consumers(where_, items_, ties_);
  co_await settle_keypairs(where_, items_, ties_);
  co_await settle_devices(where_, items_, ties_);
  auto settled = co_await settle_others(std::move(found.others), found.unlisted);
  if (!settled) co_return settled.error();
  relations_ = std::make_unique<relations>(items_);
  for (auto [balancer, ground] : ties_.guests) relations_->add_guest(balancer, ground);
  auto added = co_await add_stack_contents(where_, items_, *relations_, std::move(found.unlisted));
  if (!added) co_return added.error();
  if (how_.planned) keep_untold(items_, *relations_, *how_.planned);
  if (part_.empty()) co_return co_await keep_what_is_held(where_, items_, *relations_, how_);
  conclude();
  co_return result<void>{};
}

asio::awaitable<result<void>> cleanup::plan_within(std::shared_ptr<const planned_objects> shown,
                                                   sys_time at) {
  how_.planned_by_this_run = !how_.planned || how_.planned_by_this_run;
  how_.planned = std::move(shown);
  if (!how_.planned_at) how_.planned_at = at;
  co_return co_await plan();
}

void cleanup::conclude() {
  judge_together(items_, *relations_);
  leave_to_others(items_);
  mark_tied(items_, *relations_);
}

void cleanup::overlook(std::vector<unseen> more) { overlooked_ = std::move(more); }

bool cleanup::is_wanted(const std::string& kind) const {
  return !how_.skip.contains(kind) && (how_.only.empty() || how_.only.contains(kind));
}

std::set<std::pair<std::string, std::string>> cleanup::not_offered() const {
  std::set<std::pair<std::string, std::string>> all;
  for (const auto& one : absent_)
    if (is_wanted(one.kind)) all.emplace(one.region, one.kind);
  return all;
}

std::vector<unseen> cleanup::not_looked_at() const {
  const auto wanted = [this](const kind& row) { return is_wanted(std::string{row.name}); };
  std::set<unseen> all;
  // What has no kind is not among those of --only.
  if (how_.only.empty()) all.insert(overlooked_.begin(), overlooked_.end());
  for (const auto& one : unseen_)
    if (std::any_of(kinds().begin(), kinds().end(), [&](const kind& row) {
          return wanted(row) &&
                 (one.kind.empty() ? row.service == one.service : row.name == one.kind);
        }))
      all.insert(one);
  return {all.begin(), all.end()};
}

counts cleanup::planned() const {
  counts by_kind;
  for (const auto& one : items_)
    if (one.decided == item::fate::goes) ++by_kind[std::string{one.row->name}];
  return by_kind;
}

bool cleanup::has_work() const {
  return std::any_of(items_.begin(), items_.end(), [](const item& one) {
    return one.preserve || one.decided == item::fate::goes;
  });
}

asio::awaitable<void> cleanup::prepare(cleaner& by) {
  co_await preserve_images(by);
  co_await unlock_stack_servers(by, items_, *relations_);
}

asio::awaitable<void> cleanup::preserve_images(cleaner& by) {
  for (auto& one : items_) {
    if (!one.preserve) continue;
    if (by.interrupted()) co_return;
    auto done = by.record(one, "intent", "preserve");
    if (done) done = co_await preserve_image(by, one);
    if (done) done = by.record(one, "outcome", "preserved");
    if (done || done.error().status == 404) continue;
    one.decided = item::fate::left;
    one.reason = "could not be made private and marked: " + done.error().line();
  }
}

/// Some lists lag behind what the service said is done; they get a few seconds.
bool cleanup::still_settling(const inventory& now) const {
  auto there = keys_of(now.items);
  for (std::size_t i = 0; i < items_.size(); ++i)
    if (outcomes_[i].ended && outcomes_[i].how == plan::step::kind::gone &&
        there.count(key_of(items_[i])) > 0)
      return true;
  return !now.failures.empty();
}

asio::awaitable<void> cleanup::verify() {
  outcomes_.resize(items_.size());
  inventory now = co_await look();
  for (int tries = 0; tries < 4 && still_settling(now); ++tries) {
    co_await where_.time.sleep(std::chrono::milliseconds{500 << tries});
    now = co_await look();
  }
  compare(now);
}

/// A list that came at first and is refused now proves nothing.
void cleanup::note_unseen(const inventory& now) {
  for (const auto* unseen : {&now.not_visible, &now.absent})
    for (const auto& remark : *unseen)
      if (std::any_of(items_.begin(), items_.end(), [&](const item& one) {
            return one.row->name == remark.kind && one.region == remark.region;
          }))
        unverified_.emplace_back(errc::service, "cannot list " + remark.kind + " in " +
                                                    remark.region + " any more: " + remark.why);
}

/// Unseen things protect nothing. Regions that share an endpoint take turns in remarking, so the
/// remarks are counted.
void cleanup::note_late(const inventory& now) {
  std::map<std::string, int> absent;
  for (const auto& remark : absent_) ++absent[remark.kind];
  for (const auto& remark : now.absent) --absent[remark.kind];
  for (const auto& [kind, n] : absent)
    if (n > 0)
      unverified_.emplace_back(errc::service, "the service did not offer " + kind +
                                                  " at first, and does now: what is protected "
                                                  "of it was not known");
}

void cleanup::compare(const inventory& now) {
  unverified_ = now.failures;
  note_unseen(now);
  auto before = keys_of(items_), there = keys_of(now.items);
  gone_.assign(items_.size(), false);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const item& one = items_[i];
    // Nova hides a server that is only set aside: what the delete itself showed counts more.
    const bool hidden = (one.row->name == "server" || one.handed_over) && outcomes_[i].ended &&
                        outcomes_[i].how == plan::step::kind::failed;
    gone_[i] = unverified_.empty() && !hidden && there.count(key_of(one)) == 0;
    if (gone_[i] || stays_on_purpose(one)) continue;
    if (one.decided == item::fate::left)
      remains_.emplace_back(one, one.reason);
    else if (outcomes_[i].how == plan::step::kind::gone && outcomes_[i].ended)
      remains_.emplace_back(one, unverified_.empty()
                                     ? "the service said it was gone and still lists it"
                                     : "could not be verified");
    else if (outcomes_[i].how != plan::step::kind::kept)
      remains_.emplace_back(
          one, outcomes_[i].ended ? outcomes_[i].reason : "not reached before the interrupt");
  }
  note_late(now);
  note_lost();
  std::vector<item> made;
  for (const auto& one : now.items)
    if (before.count(key_of(one)) == 0) made.push_back(one);
  judge_alone(made, how_);
  leave_to_others(made);
  for (auto& one : made)
    if (one.decided == item::fate::goes || one.decided == item::fate::left)
      unexpected_.push_back(std::move(one));
}

bool cleanup::left() const {
  return !remains_.empty() || !unexpected_.empty() || !unverified_.empty();
}

}  // namespace ostclean::services
