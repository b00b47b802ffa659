// What one project's things have to do with those of the other projects of the same run.
#include "services/cleanup.hpp"

#include "core/parallel.hpp"
#include "services/clusters.hpp"
#include "services/hooks.hpp"
#include "services/joint_work.hpp"
#include "services/naming.hpp"
#include "services/ownership.hpp"

#include <deque>

namespace ostclean::services {
namespace asio = boost::asio;

void leave(const place& where, std::vector<item>& items, std::size_t at, const std::string& owner,
           const std::string& id, std::string why, ties& all) {
  item& one = items[at];
  if (owner.empty() ? is_one_of_several(where) : goes_with_another(where, owner)) {
    all.conditions.emplace_back(at, id, std::move(why));
    return;
  }
  if (!one.is_open()) return;
  one.decided = item::fate::left;
  one.reason = std::move(why);
}

void cleanup::add_going(std::set<std::string>& all) const {
  for (const auto& one : items_)
    if (one.decided == item::fate::goes) {
      all.insert(one.id);
      for (auto& id : other_ids(one)) all.insert(std::move(id));
    }
}

std::vector<std::string> cleanup::needs() const {
  std::vector<std::string> all;
  for (const auto& one : ties_.conditions)
    if (items_[one.at].is_open()) all.push_back(one.needs);
  return all;
}

bool cleanup::settle_with(const std::set<std::string>& going) {
  bool changed = false;
  for (const auto& unless : ties_.conditions) {
    item& one = items_[unless.at];
    if (!one.is_open() || going.count(unless.needs) > 0) continue;
    one.decided = unless.otherwise;
    one.reason = unless.why;
    one.derived = false;
    changed = true;
  }
  if (changed) conclude();
  return changed;
}

std::vector<cleanup::across> cleanup::needs_between(const std::vector<cleanup*>& some) {
  std::multimap<std::string, joint_work::spot> whose;
  for (std::size_t k = 0; k < some.size(); ++k)
    for (std::size_t i = 0; i < some[k]->items_.size(); ++i) {
      const item& one = some[k]->items_[i];
      if (one.decided != item::fate::goes) continue;
      whose.emplace(one.id, std::pair(k, i));
      for (auto& id : other_ids(one)) whose.emplace(std::move(id), std::pair(k, i));
    }
  std::vector<across> all;
  for (std::size_t k = 0; k < some.size(); ++k)
    for (const auto& tie : some[k]->ties_.conditions) {
      auto [at, last] = whose.equal_range(tie.needs);
      for (; at != last; ++at) all.emplace_back(joint_work::spot{k, tie.at}, at->second, tie);
    }
  return all;
}

/// The table of kinds is an order in which things may go, whoever has them.
std::vector<joint_work::sequence> cleanup::edges_of(const std::vector<cleanup*>& some,
                                                    const std::vector<across>& needs) {
  const auto row_of = [&](joint_work::spot at) { return some[at.first]->items_[at.second].row; };
  std::vector<joint_work::sequence> all;
  for (const auto& one : needs) {
    if (row_of(one.needed) < row_of(one.by)) all.emplace_back(one.needed, one.by);
    if (row_of(one.by) < row_of(one.needed)) all.emplace_back(one.by, one.needed);
  }
  return all;
}

asio::awaitable<void> cleanup::execute(std::vector<cleanup*> some, plan::journal& log,
                                       cleaner::observer seen, std::function<bool()> interrupted) {
  std::deque<cleaner> cleaners;
  std::vector<asio::awaitable<void>> work;
  for (auto* one : some) {
    auto& by = cleaners.emplace_back(one->where_, one->items_, one->how_, &log, seen, interrupted);
    work.push_back(one->prepare(by));
  }
  co_await all_of(std::move(work));
  const auto needs = needs_between(some);
  const auto edges = edges_of(some, needs);
  clusters hang(some.size());
  for (const auto& [first, then] : edges) hang.join(first.first, then.first);
  std::map<std::size_t, joint_work> jobs;
  std::vector<std::size_t> part(some.size());
  for (std::size_t k = 0; k < some.size(); ++k)
    part[k] = jobs[hang.first_of(k)].add(cleaners[k], *some[k]->relations_);
  for (const auto& [first, then] : edges)
    jobs[hang.first_of(first.first)].edge({part[first.first], first.second},
                                          {part[then.first], then.second});
  for (const auto& [by, needed, unless] : needs)
    cleaners[by.first].need(by.second, cleaners[needed.first], needed.second, unless);
  work.clear();
  plan::limits bounds;
  for (auto& [first, job] : jobs) work.push_back(job.run(bounds));
  co_await all_of(std::move(work));
  for (std::size_t k = 0; k < some.size(); ++k) some[k]->outcomes_ = cleaners[k].outcomes();
}

}  // namespace ostclean::services
