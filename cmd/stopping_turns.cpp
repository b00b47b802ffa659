// The turns of a run of `stop`: some projects at a time, with a role granted in each for its turn.
#include "cmd/stopping.hpp"
#include "core/parallel.hpp"

namespace ostclean::cmd {
namespace asio = boost::asio;

asio::awaitable<result<void>> stopping::enter(turn which) {
  for (auto place = which.first; place < which.second; ++place) {
    const auto& one = access_.places()[place];
    if (!one.whole) continue;
    auto entered = co_await access_.enter(place);
    if (!entered) co_return entered.error();
    if (!of_place_[place]) {
      projects_.push_back(std::make_unique<services::stopper>(one.where, *one.other,
                                                              one.project_name, one.regions, how_));
      of_place_[place] = projects_.back().get();
    }
    of_place_[place]->enter(one.where, *one.other, one.regions);
  }
  co_return result<void>{};
}

asio::awaitable<void> stopping::leave(turn which) {
  for (auto place = which.first; place < which.second; ++place) co_await access_.leave(place);
}

asio::awaitable<result<void>> stopping::work_on(turn which, piece_of_work each) {
  if (auto entered = co_await enter(which); !entered) co_return entered.error();
  std::vector<error> failed;
  std::vector<asio::awaitable<void>> work;
  for (auto place = which.first; place < which.second; ++place)
    if (of_place_[place]) work.push_back((this->*each)(*of_place_[place], failed));
  co_await all_of(std::move(work));
  if (!failed.empty()) co_return failed.front();
  co_return result<void>{};
}

asio::awaitable<result<void>> stopping::plan_turn(turn which) {
  const context::heeding until_here{ctx_};
  co_return co_await work_on(which, &stopping::plan_one);
}

asio::awaitable<result<void>> stopping::execute_turn(turn which) {
  co_return co_await work_on(which, &stopping::run_one);
}

}  // namespace ostclean::cmd
