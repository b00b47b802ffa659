// `ostclean delete`: everything the selected projects own, and only that. What is asked and said;
// the work is in deletion.cpp.
#include "cmd/changing.hpp"
#include "cmd/commands.hpp"
#include "cmd/delete_choices.hpp"
#include "cmd/deletion_report.hpp"
#include "cmd/exit_status.hpp"
#include "cmd/judging_again.hpp"
#include "cmd/prior.hpp"
#include "cmd/resuming.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <exception>
#include <map>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace {

/// The caller's token for the plan; null when users act for themselves.
asio::awaitable<result<const auth::token*>> caller(context& ctx, const selected& who) {
  const auth::token* none = nullptr;
  if (who.as_users) co_return none;
  auto token = co_await ctx.session().current();
  if (!token) co_return token.error();
  co_return *token;
}

/// The project's name, or for several their number, typed.
result<void> confirm(context& ctx, const deletion& work) {
  std::map<std::string, std::string> names;
  for (const auto& one : work.projects())
    if (!one->is_left_out()) names.emplace(one->project_id(), one->project_name());
  const std::string wanted =
      names.size() == 1 ? names.begin()->second : std::to_string(names.size());
  auto typed =
      ctx.ask(names.size() == 1
                  ? "type the project's name to delete all this: "
                  : fmt::format("type the number of projects ({}) to delete all this: ", wanted));
  if (typed && *typed == wanted) return {};
  return error{errc::refused, "not confirmed; nothing was deleted"};
}

/// What has gone meanwhile needs no second question; what goes and was not shown does.
result<void> check_shown(const services::planned_objects& shown,
                         const services::planned_objects& now) {
  for (const auto& [key, one] : now) {
    const auto at = shown.find(key);
    // Of a container only this tells that it was made anew.
    const bool put =
        one.kind == "container" && at != shown.end() && at->second.updated != one.updated;
    if (at != shown.end() && at->second.is_same(one) && !put) continue;
    return error{errc::refused,
                 fmt::format("the project has changed while you were asked: {} {} ({}) was not "
                             "among what would go; nothing was deleted; run it again",
                             one.kind, one.name, one.id)};
  }
  return {};
}

/// Asks, unless --yes was given. After a long wait nothing may go that was not shown.
asio::awaitable<result<void>> be_sure(context& ctx, const arguments& args, deletion& work) {
  if (args.has("yes")) co_return result<void>{};
  const auto shown = work.objects();
  const auto asked = std::chrono::steady_clock::now();
  if (auto sure = confirm(ctx, work); !sure) co_return sure;
  if (std::chrono::steady_clock::now() - asked <= std::chrono::minutes{1}) co_return result<void>{};
  if (auto again = co_await work.plan(); !again) co_return again;
  co_return check_shown(shown, work.objects());
}

/// The result is told whatever becomes of the report.
int tell(context& ctx, const arguments& args, const deletion& work) {
  const auto all = result_of(work);
  print_result(ctx, all);
  say_kept(ctx, all);
  say_failures(ctx, all);
  say_summary(ctx, all);
  if (!args.has("report")) return exit_done;
  auto written = write_report(args.value("report"), all);
  if (written) return exit_done;
  ctx.warning(written.error().line());
  return exit_partial;
}

/// What must hold before the first change, in the order in which it is cheap to find out.
asio::awaitable<result<void>> be_ready(context& ctx, const arguments& args, const selected& who,
                                       deletion& work, bool refuses) {
  if (refuses) {
    error no{errc::refused, "not confirmed: there is no terminal to ask on; nothing was deleted"};
    no.hint = "--yes deletes without asking";
    co_return no;
  }
  if (auto sure = co_await be_sure(ctx, args, work); !sure) co_return sure;
  if (auto able = check_report(args.value("report")); !able) co_return able;
  if (auto good = co_await judge_again(ctx, args, who, work, work.ids()); !good) co_return good;
  auto token = co_await caller(ctx, who);
  if (!token) co_return token.error();
  const auto plan = plan_of(ctx, work, who, args, *token);
  co_return work.remember(plan);
}

result<void> check_number(const arguments& args, const deletion& work) {
  if (!args.has("max-delete")) return {};
  std::size_t all = 0;
  for (const auto& [kind, n] : work.planned()) all += n;
  const auto most = static_cast<std::size_t>(args.number("max-delete", 0));
  if (all <= most) return {};
  return error{errc::refused,
               fmt::format("{} objects would be deleted, more than --max-delete {}; nothing was "
                           "deleted",
                           all, most)};
}

asio::awaitable<result<int>> write_down(context& ctx, const arguments& args, const selected& who,
                                        deletion& work) {
  say_counts(ctx, work);
  auto token = co_await caller(ctx, who);
  if (!token) co_return token.error();
  const auto plan = plan_of(ctx, work, who, args, *token);
  auto written = services::write_plan(args.value("plan"), plan);
  if (!written) co_return written.error();
  co_return 0;
}

asio::awaitable<result<int>> work_off(context& ctx, const arguments& args, const selected& who,
                                      deletion& work, bool refuses) {
  auto planned = co_await work.plan();
  if (!planned) co_return planned.error();
  if (auto same = check_endpoints(work); !same) co_return same.error();
  if (args.has("dry-run")) {
    print_plan(ctx, work);
    co_return 0;
  }
  if (ctx.interrupted()) co_return ctx.interrupt_code();
  if (auto few = check_number(args, work); !few) co_return few.error();
  if (args.has("plan")) co_return co_await write_down(ctx, args, who, work);
  say_counts(ctx, work);
  const bool changes = work.has_work();
  if (changes)
    if (auto ready = co_await be_ready(ctx, args, who, work, refuses); !ready)
      co_return ready.error();
  deletion::judge still = [&](std::set<std::string> coming) {
    return judge_again(ctx, args, who, work, std::move(coming));
  };
  co_await work.carry_out(changes, still);
  const int code = tell(ctx, args, work);
  co_return ctx.interrupted() ? ctx.interrupt_code() : code;
}

/// The plan or the journal of an earlier run takes the place of a selection.
asio::awaitable<result<selected>> select_for(context& ctx, const arguments& args,
                                             const std::optional<prior>& earlier,
                                             std::string resumed) {
  if (args.has("resume") && !earlier) co_return selected{};
  result<selected> who = error{};
  if (args.has("resume"))
    who = co_await select_targets(ctx, args, std::move(resumed));
  else
    who = co_await select_unprotected(ctx, args);
  co_return who;
}

result<services::choices> all_choices(context& ctx, const arguments& args, const handed_over& files,
                                      const std::optional<prior>& earlier) {
  auto how = choices_of(args, ctx.policy());
  if (!how) return how;
  how->keep_images = files.images.ids;
  how->unlock = files.locked;
  if (earlier) restrict_to_plan(*how, earlier->plan);
  return how;
}

result<void> check_usage(const arguments& args) {
  if (!args.words.empty()) return error{errc::usage, "delete takes no arguments: name a --project"};
  if (args.has("report") && !args.value("report").ends_with(".json"))
    return error{errc::usage, "--report: the file name must end in .json"};
  if (args.has("plan") && (args.has("apply") || args.has("resume") || args.has("dry-run")))
    return error{errc::usage, "--plan stands without --apply, --resume and --dry-run"};
  return check_prior(args);
}

/// Everything from the journal to the giving back; nothing may leave in between.
asio::awaitable<result<int>> run_opened(context& ctx, const arguments& args, const selected& who,
                                        deletion& work, bool refuses,
                                        const std::optional<error>& unplanned) {
  std::string journal = args.has("resume") ? std::string{} : args.value("journal");
  auto opened = co_await work.open(who, std::move(journal));
  result<int> code = 0;
  std::exception_ptr thrown;
  if (!opened)
    code = opened.error();
  else if (unplanned)
    code = *unplanned;
  else
    thrown = co_await caught(work_off(ctx, args, who, work, refuses), code);
  const bool complete = code && *code == exit_done && !work.left();
  co_await work.give_back(complete);
  if (thrown) std::rethrow_exception(thrown);
  co_return code;
}

asio::awaitable<result<int>> run_delete(context& ctx, arguments args) {
  if (auto good = check_usage(args); !good) co_return good.error();
  if (auto good = choices_of(args, ctx.policy()); !good) co_return good.error();
  const auto mode = begin_change(ctx, args, !args.has("plan"));
  std::optional<error> unplanned;
  auto earlier = co_await read_prior(ctx, args, unplanned);
  if (!earlier) co_return earlier.error();
  if (*earlier) args = with_decided(std::move(args), (**earlier).plan);
  auto files = read_files(args);
  if (!files) co_return files.error();
  auto how = all_choices(ctx, args, *files, *earlier);
  if (!how) co_return how.error();
  const auto resumed = resumed_run(args, *earlier, unplanned);
  auto who = co_await select_for(ctx, args, *earlier, resumed);
  if (!who) co_return who.error();
  if (auto same = co_await check_clouds(ctx, args, *files); !same) co_return same.error();
  if (auto good = check_covered(files->images, *who, args.value("keep-images")); !good)
    co_return good.error();
  if (auto over = check_running(ctx, args, *who, !mode.dry && !args.has("plan")); !over)
    co_return over.error();
  if (!mode.dry) check_result_columns(ctx);
  deletion work{ctx, std::move(*how), mode.reads()};
  work.resume(resumed);
  auto code = co_await run_opened(ctx, args, *who, work, mode.refuses, unplanned);
  const bool done = code && *code == exit_done;
  if (done && work.left()) co_return exit_partial;
  if (done && !mode.dry && *earlier && !(**earlier).journal.empty())
    if (auto marked = mark_resumed((**earlier).journal); !marked) co_return marked.error();
  if (code) co_return strict_code(ctx, args, work, code_for(*code, who->all));
  co_return code;
}

}  // namespace

command delete_command() {
  command row;
  row.name = "delete";
  row.summary = "delete everything the selected projects own, and only that";
  row.synopsis = "[selection] [options]";
  row.options = delete_options();
  row.lists = true;
  row.run = run_delete;
  return row;
}

}  // namespace ostclean::cmd
