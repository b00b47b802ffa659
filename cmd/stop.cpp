// `ostclean stop`: the servers of the selected projects stopped, their images made private, and the
// way back with --undo. What is asked and said; the work is in stopping.cpp.
#include "cmd/changing.hpp"
#include "cmd/commands.hpp"
#include "cmd/exit_status.hpp"
#include "cmd/shared_options.hpp"
#include "cmd/stopping.hpp"

#include <array>
#include <exception>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace {

constexpr option_spec k_stop_options[] = {
    {.name = "dry-run",
     .letter = 'n',
     .help = "list what would be changed; send nothing but reads"},
    k_yes_option,
    {.name = "record",
     .argument = "FILE",
     .help = "what everything was before; a file that is there is added to",
     .words = "<file>"},
    {.name = "undo",
     .argument = "FILE",
     .help = "bring back what this record of stop says",
     .words = "<file>"},
    {.name = "lock", .help = "also lock the servers"},
    {.name = "wait", .argument = "SECONDS", .help = "how long to wait for the servers, 600"},
};

std::span<const option_spec> options() {
  static const auto all = joined(selector_options(), k_stop_options);
  return all;
}

result<void> check_stop(const arguments& args) {
  if (!args.words.empty()) return error{errc::usage, "stop takes no arguments: name a --project"};
  if (!args.has("undo")) return {};
  for (auto other : {"record", "lock", "project", "project-domain", "user", "user-domain", "users",
                     "auth-project"})
    if (args.has(other))
      return error{errc::usage, std::string{"--undo and --"} + other + " contradict each other"};
  if (args.has("credentials") && args.has("trusts"))
    return error{errc::usage, "--credentials or --trusts, not both"};
  return {};
}

/// The projects of a record, in which the caller acts.
asio::awaitable<result<selected>> recorded_targets(context& ctx, services::stop_facts known) {
  auto token = co_await ctx.session().current();
  if (!token) co_return token.error();
  auto url = co_await identity_url(ctx.session());
  if (!url) co_return url.error();
  services::identity from{ctx.session(), *url};
  std::set<std::string> ids;
  for (const auto& [key, before] : known.changed) ids.insert(before.project_id);
  selected out;
  for (const auto& id : ids) {
    services::target one;
    one.project_id = id;
    one.origin = "--undo";
    if ((*token)->project_id != id) {
      auto there = co_await from.project_by_id(id);
      if (!there && there.error().code == errc::not_found) continue;
      if (!there && there.error().code != errc::forbidden) co_return there.error();
      if (there) {
        one.project_name = there->name;
        one.project_enabled = there->enabled;
      }
    }
    out.all.targets.push_back(std::move(one));
  }
  co_return out;
}

asio::awaitable<result<selected>> undo_targets(context& ctx, const arguments& args) {
  auto known = services::read_stop_record(args.value("undo"));
  if (!known) co_return known.error();
  auto here = co_await find_cloud(ctx, acts_as_users(args));
  if (!here) co_return here.error();
  if (auto same = here->check(known->cloud, args.value("undo"), services::k_record_way_out); !same)
    co_return same.error();
  if (!acts_as_users(args)) co_return co_await recorded_targets(ctx, std::move(*known));
  auto who = co_await log_in_users(ctx, args);
  if (!who) co_return who.error();
  std::erase_if(who->all.targets, [&](const services::target& one) {
    return std::none_of(known->changed.begin(), known->changed.end(), [&](const auto& entry) {
      return entry.second.project_id == one.project_id;
    });
  });
  co_return who;
}

asio::awaitable<result<int>> work_off(context& ctx, const arguments& args, stopping& work,
                                      change_mode mode) {
  auto planned = co_await work.plan();
  if (!planned) co_return planned.error();
  if (mode.dry) {
    ctx.print(work.rows(true));
    co_return 0;
  }
  if (ctx.interrupted()) co_return ctx.interrupt_code();
  work.say_counts();
  if (mode.refuses && work.planned() == 0) {
    ctx.print(work.rows(false));
    co_return 0;
  }
  if (mode.refuses) {
    error no{errc::refused, "not confirmed: there is no terminal to ask on; nothing was changed"};
    no.hint = "--yes does it without asking";
    co_return no;
  }
  if (!args.has("yes") && work.planned() > 0) {
    auto typed = ctx.ask("type yes to do all this: ");
    if (!typed || *typed != "yes")
      co_return error{errc::refused, "not confirmed; nothing was changed"};
  }
  auto executed = co_await work.execute();
  ctx.print(work.rows(false));
  if (!executed) co_return executed.error();
  if (ctx.interrupted()) co_return ctx.interrupt_code();
  co_return 0;
}

services::stop_wishes wishes_of(const arguments& args, const services::policy& rules) {
  services::stop_wishes how;
  how.lock = args.has("lock");
  how.tag = rules.tag_of_resources();
  how.wait = std::chrono::seconds{static_cast<long>(args.number("wait", 600))};
  return how;
}

asio::awaitable<result<int>> run_stop(context& ctx, arguments args) {
  if (auto good = check_stop(args); !good) co_return good.error();
  const bool back = args.has("undo");
  const auto mode = begin_change(ctx, args);
  const std::string file = args.value(back ? "undo" : "record");
  if (!back && !file.empty())
    if (auto good = services::look_at_stop_record(file); !good) co_return good.error();
  result<selected> who = error{};
  if (back)
    who = co_await undo_targets(ctx, args);
  else
    who = co_await select_unprotected(ctx, args);
  if (!who) co_return who.error();
  stopping work{ctx, wishes_of(args, ctx.policy()), file, back, mode.reads()};
  ctx.check_columns(work.rows(mode.dry));
  auto opened = co_await work.open(*who);
  result<int> code = 0;
  std::exception_ptr thrown;
  if (!opened)
    code = opened.error();
  else
    thrown = co_await caught(work_off(ctx, args, work, mode), code);
  co_await work.give_back();
  if (thrown) std::rethrow_exception(thrown);
  if (code && *code == exit_done && !mode.dry && work.left()) co_return exit_partial;
  if (code) co_return code_for(*code, who->all);
  co_return code;
}

}  // namespace

command stop_command() {
  command row;
  row.name = "stop";
  row.summary = "stop the servers of the selected projects and make their images private";
  row.synopsis = "[selection] [options] [output options]";
  row.options = options();
  row.lists = true;
  row.run = run_stop;
  return row;
}

}  // namespace ostclean::cmd
