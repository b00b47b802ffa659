#include "cmd/judging_again.hpp"

#include <algorithm>
#include <set>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace {

bool is_named(const services::target& one) { return !one.origin.starts_with("user "); }

std::string reason_for(const selected& now, const std::string& project_id) {
  for (const auto& one : now.all.spared)
    if (one.project_id == project_id)
      return (one.user_name.empty() ? one.user_id : one.user_name) + ": " + one.reason;
  return "it is no longer selected";
}

void drop(context& ctx, deletion& work, const services::target& one, const std::string& why) {
  ctx.note("left alone: project " + one.project_name + ": " + why);
  work.drop(one.project_id);
}

asio::awaitable<result<void>> judge_reached(context& ctx, const arguments& args,
                                            const selected& before, deletion& work) {
  auto now = co_await select_again(ctx, args, before);
  if (!now) co_return now.error();
  std::set<std::string> still;
  for (const auto& one : now->all.targets) still.insert(one.project_id);
  for (const auto& one : before.all.targets)
    if (!is_named(one) && !still.contains(one.project_id))
      drop(ctx, work, one, reason_for(*now, one.project_id));
  co_return result<void>{};
}

/// Of what cannot be looked at nothing goes.
asio::awaitable<void> judge_named(context& ctx, const services::target& one, deletion& work) {
  auto why = co_await look_again(ctx, one.project_id);
  if (!why) {
    ctx.warning("left out: project " + one.project_name + ": " + why.error().line());
    work.leave_out(one.project_id, why.error());
  } else if (!why->empty()) {
    drop(ctx, work, one, *why);
  }
}

}  // namespace

asio::awaitable<result<void>> judge_again(context& ctx, const arguments& args,
                                          const selected& before, deletion& work,
                                          std::set<std::string> coming) {
  const auto& all = before.all.targets;
  if (!std::all_of(all.begin(), all.end(), is_named))
    if (auto judged = co_await judge_reached(ctx, args, before, work); !judged) co_return judged;
  for (const auto& one : all)
    if (is_named(one) && coming.contains(one.project_id)) co_await judge_named(ctx, one, work);
  co_return result<void>{};
}

}  // namespace ostclean::cmd
