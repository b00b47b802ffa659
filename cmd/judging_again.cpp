#include "cmd/judging_again.hpp"

#include <algorithm>
#include <set>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace {

bool reached_through_users(const selected& who) {
  return std::any_of(who.all.targets.begin(), who.all.targets.end(),
                     [](const services::target& one) { return one.origin.starts_with("user "); });
}

std::string reason_for(const selected& now, const std::string& project_id) {
  for (const auto& one : now.all.spared)
    if (one.project_id == project_id)
      return (one.user_name.empty() ? one.user_id : one.user_name) + ": " + one.reason;
  return "it is no longer selected";
}

}  // namespace

asio::awaitable<result<void>> judge_again(context& ctx, const arguments& args,
                                          const selected& before, deletion& work) {
  if (!reached_through_users(before)) co_return result<void>{};
  auto now = co_await select_again(ctx, args, before);
  if (!now) co_return now.error();
  std::set<std::string> still;
  for (const auto& one : now->all.targets) still.insert(one.project_id);
  for (const auto& one : before.all.targets) {
    if (still.contains(one.project_id)) continue;
    ctx.note("left alone: project " + one.project_name + ": " + reason_for(*now, one.project_id));
    work.drop(one.project_id);
  }
  co_return result<void>{};
}

}  // namespace ostclean::cmd
