// The way back of services/stopper.hpp: from a record to what everything was.
#include "core/bounded.hpp"
#include "core/json.hpp"
#include "services/sharing.hpp"
#include "services/stopper.hpp"

#include <map>

namespace ostclean::services {
namespace asio = boost::asio;
using fate = affected::fate;
namespace {

constexpr std::size_t k_undos_at_once = 8;

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

/// In the record, and not in the cloud any more.
affected missing(const former& before) {
  item what{*find_kind(before.kind), before.id};
  what.name = before.name;
  what.project_id = before.project_id;
  what.region = before.region;
  affected one{std::move(what)};
  one.before = before;
  one.was = before.state;
  one.ends(fate::left, "it is not in the project any more");
  return one;
}

}  // namespace

void stopper::decide_back(affected& one, const former& before) {
  one.before = before;
  const std::string now = one.was;
  one.was = before.state;
  if (!one.is_server()) {
    one.wish = "share again";
    // Whoever changed it since knows better.
    if (now != "private" && now != before.state) one.ends(fate::stays, "is " + now + " by now");
    return;
  }
  one.lock = before.locked_by_us && true_at(one.what.data, "locked");
  const power_step step = toward_before(one.what, before.state, before.locked_by_us);
  if (step.kind == power_step::what::stays) one.ends(fate::stays, step.reason);
  if (step.kind == power_step::what::left) one.ends(fate::left, step.reason);
  one.wish = step.kind == power_step::what::done ? (one.lock ? "unlock" : "none") : "start";
}

asio::awaitable<result<void>> stopper::plan_back(const stop_facts& known) {
  auto seen = co_await look();
  if (!seen) co_return seen.error();
  std::map<stop_facts::key, affected> there;
  for (auto& one : all_)
    there.emplace(stop_facts::key{std::string{one.what.row->name}, one.what.id}, std::move(one));
  all_.clear();
  for (const auto& [key, before] : known.changed) {
    if (before.project_id != where_.project_id) continue;
    auto at = there.find(key);
    if (at == there.end()) {
      all_.push_back(missing(before));
      continue;
    }
    all_.push_back(std::move(at->second));
    decide_back(all_.back(), before);
  }
  co_return result<void>{};
}

asio::awaitable<void> stopper::show(affected& one) {
  former before = one.before;
  auto done = co_await share_again(*where_.session, one.what, std::move(before));
  if (!done)
    one.ends(fate::left, done.error().line());
  else
    one.ends(fate::done, done->empty() ? "" : "must be accepted again by " + joined(*done));
}

asio::awaitable<result<void>> stopper::execute_back(stop_record& record,
                                                    std::function<bool()> interrupted) {
  std::vector<affected*> servers, images, locked;
  for (auto& one : all_) {
    if (one.end != fate::pending) continue;
    (one.is_server() ? servers : images).push_back(&one);
    if (one.lock) locked.push_back(&one);
  }
  auto share_at = [&](std::size_t i) -> asio::awaitable<void> {
    if (interrupted()) co_return images[i]->ends(fate::left, "not reached before the interrupt");
    co_await show(*images[i]);
  };
  // Nova starts no locked server for its owner.
  auto unlock_at = [&](std::size_t i) -> asio::awaitable<void> {
    if (interrupted()) co_return locked[i]->ends(fate::left, "not reached before the interrupt");
    co_await put_lock(*locked[i], false, record);
  };
  std::function<power_step(const affected&)> next = [](const affected& one) {
    return toward_before(one.what, one.before.state, one.before.locked_by_us);
  };
  co_await run_bounded(images.size(), k_undos_at_once, share_at);
  co_await run_bounded(locked.size(), k_undos_at_once, unlock_at);
  co_await drive_servers(where_, std::move(servers), std::move(next), how_.wait, interrupted);
  for (const auto& one : all_)
    if (one.end == fate::done)
      if (auto written = record.undone(one.before); !written) co_return written.error();
  co_return result<void>{};
}

}  // namespace ostclean::services
