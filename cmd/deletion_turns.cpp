// The work of a deletion in turns: which projects are worked on together, and what is looked at
// once more before each turn.
#include "cmd/deletion.hpp"
#include "core/parallel.hpp"
#include "services/clusters.hpp"

#include <deque>
#include <map>
#include <memory>
#include <numeric>
#include <optional>

namespace ostclean::cmd {
namespace asio = boost::asio;

std::vector<deletion::turn> deletion::turns() const {
  std::vector<turn> all;
  for (const auto& [first, end] : access_.turns()) {
    auto& one = all.emplace_back(end - first);
    std::iota(one.begin(), one.end(), first);
  }
  return all;
}

/// Places whose things go only with each other's share a turn, however many they are: else what the
/// first of them waits for would still be there.
std::vector<deletion::turn> deletion::turns_of_work() const {
  auto simple = turns();
  if (simple.size() < 2) return simple;
  std::map<std::string, std::size_t> whose;
  services::clusters hang(of_place_.size());
  for (std::size_t place = 0; place < of_place_.size(); ++place) {
    std::set<std::string> going;
    if (const auto* one = at(place)) one->add_going(going);
    for (const auto& id : going) whose.emplace(id, place);
  }
  for (std::size_t place = 0; place < of_place_.size(); ++place)
    for (const auto& id : at(place) ? at(place)->needs() : std::vector<std::string>{}) {
      const auto found = whose.find(id);
      if (found != whose.end()) hang.join(place, found->second);
    }
  std::map<std::size_t, turn> whole;
  for (std::size_t place = 0; place < of_place_.size(); ++place)
    whole[hang.first_of(place)].push_back(place);
  std::vector<turn> all;
  for (const auto& [first, some] : whole) {
    if (all.empty() || all.back().size() + some.size() > access::k_turn) all.emplace_back();
    all.back().insert(all.back().end(), some.begin(), some.end());
  }
  return all;
}

asio::awaitable<void> deletion::work_on(projects_of_run some, bool changes) {
  services::cleaner::observer observe =
      [this](const services::item& one, const services::cleaner::outcome& how) { seen(one, how); };
  std::function<bool()> stop = [this] { return ctx_.interrupted(); };
  if (changes) co_await services::cleanup::execute(some, access_.journal(), observe, stop);
  std::vector<asio::awaitable<void>> work;
  for (auto* one : some) work.push_back(one->verify());
  co_await all_of(std::move(work));
}

/// Those of the turn that can be worked on. What was planned before other turns began may be old.
asio::awaitable<deletion::projects_of_run> deletion::begin(
    turn which, std::shared_ptr<const services::planned_objects> shown) {
  std::deque<std::pair<services::cleanup*, std::optional<result<void>>>> all;
  for (auto place : which) {
    auto* one = at(place);
    if (!one || one->is_left_out()) continue;
    auto entered = co_await enter(place);
    all.emplace_back(one, std::move(entered));
  }
  std::vector<asio::awaitable<void>> work;
  for (auto& [one, good] : all)
    if (*good && shown) work.push_back(put(one->plan_within(shown, planned_at_), good));
  co_await all_of(std::move(work));
  projects_of_run some;
  for (auto& [one, good] : all)
    if (*good)
      some.push_back(one);
    else
      one->skip(ctx_.interrupted() ? "not reached before the interrupt" : good->error().line());
  settle_together();
  co_return some;
}

std::set<std::string> deletion::ids_of(const turn& which) const {
  std::set<std::string> all;
  for (auto place : which)
    if (const auto* one = at(place)) all.insert(one->project_id());
  return all;
}

asio::awaitable<void> deletion::carry_out(bool changes, judge still) {
  for (const auto& [kind, n] : planned()) total_ += n;
  const auto all = turns_of_work();
  std::shared_ptr<const services::planned_objects> shown;
  if (changes && all.size() > 1) shown = std::make_shared<services::planned_objects>(objects());
  for (const auto& one : all) {
    result<void> good;
    if (shown && &one != &all.front() && !ctx_.interrupted()) good = co_await still(ids_of(one));
    if (good) {
      auto some = co_await begin(one, shown);
      co_await work_on(std::move(some), changes);
    } else {
      for (auto place : one)
        if (auto* one_of_it = at(place); one_of_it && !one_of_it->is_left_out())
          one_of_it->skip(good.error().line());
    }
    co_await leave(one);
  }
  ctx_.progress().clear();
}

}  // namespace ostclean::cmd
