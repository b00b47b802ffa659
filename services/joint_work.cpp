#include "services/joint_work.hpp"

namespace ostclean::services {
namespace asio = boost::asio;
using plan::step;

std::size_t joint_work::add(cleaner& by, relations& all) {
  const std::size_t number = parts_.size();
  part& made = parts_.emplace_back(by, part_of_.size());
  made.nodes = by.enlist(work_, all);
  for (const auto& n : made.nodes)
    if (n) part_of_.push_back(number);
  return number;
}

void joint_work::edge(spot first, spot then) {
  const auto before = parts_[first.first].nodes[first.second];
  const auto after = parts_[then.first].nodes[then.second];
  if (before && after) work_.edge(*before, *after);
}

asio::awaitable<void> joint_work::run(plan::limits bounds) {
  if (!parts_.empty()) co_await plan::run(work_, *this, bounds);
}

asio::awaitable<step> joint_work::attempt(plan::node n) {
  const part& in = parts_[part_of_[n]];
  co_return co_await in.by->attempt(n - in.first);
}

std::size_t joint_work::group(plan::node n) {
  const auto number = part_of_[n];
  const auto own = parts_[number].by->group(n - parts_[number].first);
  return groups_.try_emplace({number, own}, groups_.size()).first->second;
}

asio::awaitable<plan::sight> joint_work::look(std::vector<plan::node> watched) {
  const part& in = parts_[part_of_[watched.front()]];  // of a group all are
  for (auto& n : watched) n -= in.first;
  auto seen = co_await in.by->look(std::move(watched));
  for (auto& [n, how] : seen.decided) n += in.first;
  co_return seen;
}

void joint_work::over(plan::node n, const step& how, std::optional<plan::node> blocked_by) {
  const part& in = parts_[part_of_[n]];
  const item* first = nullptr;
  if (blocked_by) {
    const part& other = parts_[part_of_[*blocked_by]];
    first = &other.by->item_at(*blocked_by - other.first);
  }
  in.by->over(n - in.first, how, first);
}

asio::awaitable<void> joint_work::sleep(std::chrono::milliseconds time) {
  co_await parts_.front().by->sleep(time);
}

bool joint_work::interrupted() const { return parts_.front().by->interrupted(); }

}  // namespace ostclean::services
