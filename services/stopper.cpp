#include "services/stopper.hpp"

#include "core/bounded.hpp"
#include "core/json.hpp"
#include "services/fate.hpp"
#include "services/reach.hpp"
#include "services/sharing.hpp"

#include <algorithm>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
using fate = affected::fate;
namespace {

constexpr std::size_t k_stops_at_once = 8;

former former_of(const affected& one) {
  former was;
  was.kind = std::string{one.what.row->name};
  was.id = one.what.id;
  was.name = one.what.name;
  was.project_id = one.what.project_id;
  was.region = one.what.region;
  was.state = one.was;
  return was;
}

/// What Nova's refusal of a lock means: a server that is gone needs none.
void take_lock_answer(affected& one, const result<void>& sent, const char* word) {
  if (sent || sent.error().status == 404) return;
  one.ends(fate::left, std::string{"cannot "} + word + " it: " + sent.error().line());
}

/// Glance's list of images knows "private" and what others see.
bool is_visible(const item& image) {
  const auto visibility = text_at(image.data, "visibility");
  return visibility == "public" || visibility == "community" || visibility == "shared";
}

}  // namespace

stopper::stopper(place where, auth::session& locker, std::string project_name,
                 std::vector<std::string> regions, stop_wishes how)
    : where_(std::move(where)),
      locker_(&locker),
      project_name_(std::move(project_name)),
      regions_(std::move(regions)),
      how_(std::move(how)) {}

void stopper::enter(place where, auth::session& locker, std::vector<std::string> regions) {
  where_ = std::move(where);
  locker_ = &locker;
  regions_ = std::move(regions);
}

asio::awaitable<result<void>> stopper::look_at(std::string kind, std::string region,
                                               std::vector<std::string>& done) {
  const auto& row = *find_kind(kind);
  std::string service{row.service}, major{row.major};
  auto base = co_await where_.session->endpoint(std::move(service), region, std::move(major));
  if (!base && base.error().code == errc::not_found) co_return result<void>{};
  if (!base) co_return base.error();
  std::string collection = kind + " " + *base;
  if (std::find(done.begin(), done.end(), collection) != done.end()) co_return result<void>{};
  done.push_back(std::move(collection));
  place here = where_;
  here.region = region;
  auto listed = co_await list_kind(here, row, *base);
  if (listed && kind == "server")
    if (auto whole = co_await check_servers(std::move(here), *base); !whole) listed = whole.error();
  if (!listed || listed->ownerless) {
    error why =
        listed ? error{errc::protocol, "the service does not say whose they are"} : listed.error();
    why.message = "cannot list " + kind + " in " + region + ": " + why.message;
    co_return why;
  }
  std::set<std::string> seen;
  for (auto& one : listed->items)
    if (seen.insert(one.id).second) all_.emplace_back(std::move(one));
  co_return result<void>{};
}

asio::awaitable<result<void>> stopper::look() {
  all_.clear();
  images_.clear();
  std::vector<std::string> done;
  for (const auto& region : regions_)
    for (std::string kind : {"server", "image"}) {
      auto seen = co_await look_at(std::move(kind), region, done);
      if (!seen) co_return seen.error();
    }
  for (auto& one : all_) {
    one.was = text_at(one.what.data, one.is_server() ? "status" : "visibility");
    if (!one.is_server()) images_.push_back(former_of(one));
  }
  co_return result<void>{};
}

void stopper::decide_server(affected& one, const stop_facts* known) {
  if (known)
    if (auto at = known->changed.find({"server", one.what.id}); at != known->changed.end())
      one.before = at->second;
  const power_step step = toward_stop(one.what, one.before.locked_by_us);
  if (step.kind == power_step::what::stays) one.ends(fate::stays, step.reason);
  if (step.kind == power_step::what::left) one.ends(fate::left, step.reason);
  const bool moves = step.kind == power_step::what::act || step.kind == power_step::what::wait;
  const bool rests = step.kind == power_step::what::done && step.reason.empty();
  const bool shelved = one.was.starts_with("SHELVED");
  one.lock = how_.lock && (moves || rests || shelved) && !true_at(one.what.data, "locked");
  if (moves) one.wish = one.lock ? "stop and lock" : "stop";
  if (!moves && one.lock) one.wish = "lock";
  if (one.wish == "lock") one.ends(fate::pending, "");
}

void stopper::decide_image(affected& one) {
  if (is_visible(one.what)) one.wish = "make private";
}

asio::awaitable<result<void>> stopper::plan(const stop_facts* known) {
  auto seen = co_await look();
  if (!seen) co_return seen.error();
  for (auto& one : all_) {
    if (one.is_server())
      decide_server(one, known);
    else
      decide_image(one);
    if (has_tag(one.what, how_.tag) && (!one.wish.empty() || one.end != fate::pending)) {
      one.ends(fate::stays, "protected by the tag " + how_.tag);
      one.wish.clear();
      one.lock = false;
    }
  }
  std::erase_if(all_,
                [](const affected& one) { return one.wish.empty() && one.end == fate::pending; });
  co_return co_await read_members();
}

asio::awaitable<result<void>> stopper::read_members() {
  std::vector<affected*> shared;
  for (auto& one : all_)
    if (one.was == "shared" && one.end == fate::pending) shared.push_back(&one);
  for (auto* one : shared) {
    auto members = co_await members_of(*where_.session, one->what);
    if (!members && members.error().status == 404) continue;
    if (!members) co_return members.error();
    one->before.members = std::move(*members);
  }
  co_return result<void>{};
}

asio::awaitable<void> stopper::hide(affected& one) {
  auto done = co_await make_private(*where_.session, one.what);
  if (done)
    one.ends(fate::done, "");
  else if (done.error().status == 404)
    one.ends(fate::done, "it is gone");
  else
    one.ends(fate::left, done.error().line());
}

asio::awaitable<void> stopper::put_lock(affected& one, bool on, stop_record& record) {
  if (on) {
    former was = former_of(one);
    if (auto written = record.locks(was); !written) {
      one.ends(fate::left, written.error().line());
      co_return;
    }
  }
  item there = one.what;
  std::string service = "compute", region = there.region, major = "2";
  auto base = co_await locker_->endpoint(std::move(service), std::move(region), std::move(major));
  if (base) there.base = *base;
  auto sent = co_await act_on_server(*locker_, there, on ? "lock" : "unlock");
  take_lock_answer(one, sent, on ? "lock" : "unlock");
}

asio::awaitable<result<void>> stopper::execute(stop_record& record,
                                               std::function<bool()> interrupted) {
  std::vector<affected*> servers, images, locks;
  for (auto& one : all_) {
    if (one.end != fate::pending) continue;
    former was = former_of(one);
    was.members = one.before.members;
    if (auto written = record.before(was); !written) co_return written.error();
    if (!one.is_server()) images.push_back(&one);
    if (one.wish.starts_with("stop")) servers.push_back(&one);
    if (one.lock) locks.push_back(&one);
  }
  auto make_private_at = [&](std::size_t i) -> asio::awaitable<void> {
    if (interrupted()) co_return images[i]->ends(fate::left, "not reached before the interrupt");
    co_await hide(*images[i]);
  };
  auto lock_at = [&](std::size_t i) -> asio::awaitable<void> {
    affected& one = *locks[i];
    if (one.end == fate::left || one.end == fate::stays) co_return;
    if (interrupted()) co_return one.ends(fate::left, "not locked before the interrupt");
    if (one.end == fate::pending) one.ends(fate::done, "");
    if (one.reason.empty()) co_await put_lock(one, true, record);
  };
  std::function<power_step(const affected&)> next = [](const affected& one) {
    return toward_stop(one.what, one.before.locked_by_us);
  };
  co_await run_bounded(images.size(), k_stops_at_once, make_private_at);
  co_await drive_servers(where_, std::move(servers), std::move(next), how_.wait, interrupted);
  co_await run_bounded(locks.size(), k_stops_at_once, lock_at);
  co_return result<void>{};
}

bool stopper::left() const {
  return std::any_of(all_.begin(), all_.end(),
                     [](const affected& one) { return one.end == fate::left; });
}

}  // namespace ostclean::services
