// `ostclean delete`: everything the selected projects own, and only that. What is asked and said;
// the work is in deletion.cpp.
#include "cmd/commands.hpp"
#include "cmd/deletion_report.hpp"
#include "cmd/exit_status.hpp"
#include "cmd/judging_again.hpp"
#include "core/time.hpp"
#include "services/kept_images.hpp"
#include "services/kind.hpp"
#include "services/stop_record.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <exception>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace {

constexpr option_spec k_own_options[] = {
    {.name = "dry-run",
     .letter = 'n',
     .help = "list what would be deleted; send nothing but reads"},
    {.name = "yes", .letter = 'y', .help = "do not ask"},
    {.name = "only",
     .argument = "KIND",
     .help = "only this kind of resource",
     .repeatable = true,
     .words = "<kind>"},
    {.name = "skip",
     .argument = "KIND",
     .help = "leave this kind alone, and what it stands on",
     .repeatable = true,
     .words = "<kind>"},
    {.name = "created-before",
     .argument = "TIME",
     .help = "only what was created before (RFC 3339, or a date)"},
    {.name = "updated-before", .argument = "TIME", .help = "only what was last changed before"},
    {.name = "keep-images",
     .argument = "FILE",
     .help = "keep these images: made private and marked orphan_image",
     .words = "<file>"},
    {.name = "record",
     .argument = "FILE",
     .help = "the locks that this 'stop --record' has set come off",
     .words = "<file>"},
    {.name = "include-protected", .help = "also locked servers and protected images"},
    {.name = "force", .help = "force what the services fail to delete"},
    {.name = "journal",
     .argument = "FILE",
     .help = "where the record of this run goes",
     .words = "<file>"},
    {.name = "report",
     .argument = "FILE",
     .help = "also write the JSON result to FILE.json",
     .words = "<file>"},
};

std::span<const option_spec> options() {
  static const std::vector<option_spec> all = [] {
    auto shared = selector_options();
    std::vector<option_spec> rows(shared.begin(), shared.end());
    rows.insert(rows.end(), std::begin(k_own_options), std::end(k_own_options));
    return rows;
  }();
  return all;
}

result<std::set<std::string>> kinds_of(const arguments& args, std::string_view option) {
  std::set<std::string> chosen;
  for (const auto& name : args.values(option)) {
    if (!services::find_kind(name)) {
      error unknown{errc::usage, fmt::format("--{}: there is no kind '{}'", option, name)};
      unknown.hint = "'ostclean kinds' lists them";
      return unknown;
    }
    chosen.insert(name);
  }
  return chosen;
}

result<std::optional<std::chrono::system_clock::time_point>> time_of(const arguments& args,
                                                                     std::string_view option) {
  if (!args.has(option)) return std::optional<std::chrono::system_clock::time_point>{};
  auto time = parse_iso8601(args.value(option));
  if (!time)
    return error{errc::usage, fmt::format("--{}: '{}' is not a time", option, args.value(option))};
  return time;
}

result<services::choices> choices_of(const arguments& args, const services::policy& rules) {
  services::choices how;
  how.tag = rules.protected_tag;
  how.include_protected = args.has("include-protected");
  how.force = args.has("force");
  auto only = kinds_of(args, "only"), skip = kinds_of(args, "skip");
  auto created = time_of(args, "created-before"), updated = time_of(args, "updated-before");
  if (!only) return only.error();
  if (!skip) return skip.error();
  if (!created) return created.error();
  if (!updated) return updated.error();
  how.only = *only;
  how.skip = *skip;
  how.created_before = *created;
  how.updated_before = *updated;
  return how;
}

/// What `stop` and `images` wrote for this run.
class handed_over {
 public:
  handed_over() = default;
  services::kept_images images;
  std::set<std::string> locked;  ///< servers that stop has locked
};

result<handed_over> read_files(const arguments& args, const std::string& auth_url) {
  const std::string cloud = services::cloud_name(auth_url);
  handed_over all;
  if (args.has("keep-images")) {
    auto images = services::read_kept_images(args.value("keep-images"), cloud);
    if (!images) return images.error();
    all.images = std::move(*images);
  }
  if (args.has("record")) {
    auto record = services::read_stop_record(args.value("record"), cloud);
    if (!record) return record.error();
    for (const auto& [key, before] : record->changed)
      if (before.locked_by_us) all.locked.insert(before.id);
  }
  return all;
}

/// A record of stop knows of the projects it was written for, and not when users stopped their own.
result<void> check_covered(const services::kept_images& images, const selected& who,
                           const std::string& file) {
  if (!images.projects) return {};
  for (const auto& one : who.all.targets)
    if (!images.projects->contains(one.project_id)) {
      error no{errc::refused, fmt::format("{} does not say which images of project {} servers of "
                                          "others use",
                                          file, one.project_id)};
      no.hint = "'ostclean images' lists them";
      return no;
    }
  return {};
}

/// The project's name, or for several their number, typed.
result<void> confirm(context& ctx, const deletion& work) {
  const auto& all = work.projects();
  std::set<std::string> ids;
  for (const auto& one : all) ids.insert(one->project_id());
  const std::string wanted =
      ids.size() == 1 ? all.front()->project_name() : std::to_string(ids.size());
  auto typed =
      ctx.ask(ids.size() == 1
                  ? "type the project's name to delete all this: "
                  : fmt::format("type the number of projects ({}) to delete all this: ", wanted));
  if (typed && *typed == wanted) return {};
  return error{errc::refused, "not confirmed; nothing was deleted"};
}

/// Asks, unless --yes was given. What was shown must still be what goes after a long wait.
asio::awaitable<result<void>> be_sure(context& ctx, const arguments& args, deletion& work) {
  if (args.has("yes")) co_return result<void>{};
  const auto shown = work.planned();
  const auto asked = std::chrono::steady_clock::now();
  if (auto sure = confirm(ctx, work); !sure) co_return sure;
  if (std::chrono::steady_clock::now() - asked <= std::chrono::minutes{1}) co_return result<void>{};
  if (auto again = co_await work.plan(); !again) co_return again;
  if (work.planned() == shown) co_return result<void>{};
  co_return error{errc::refused, "the project has changed while you were asked; run it again"};
}

/// The result is told whatever becomes of the report.
int tell(context& ctx, const arguments& args, const deletion& work) {
  const auto all = result_of(work);
  print_result(ctx, all);
  say_failures(ctx, all);
  if (!args.has("report")) return exit_done;
  auto written = write_report(args.value("report"), all);
  if (written) return exit_done;
  ctx.warning(written.error().line());
  return exit_partial;
}

asio::awaitable<result<int>> work_off(context& ctx, const arguments& args, const selected& who,
                                      deletion& work, bool dry, bool refuses) {
  auto planned = co_await work.plan();
  if (!planned) co_return planned.error();
  if (dry) {
    print_plan(ctx, work);
    co_return 0;
  }
  if (ctx.interrupted()) co_return ctx.interrupt_code();
  say_counts(ctx, work);
  if (work.has_work()) {
    if (refuses) {
      error no{errc::refused, "not confirmed: there is no terminal to ask on; nothing was deleted"};
      no.hint = "--yes deletes without asking";
      co_return no;
    }
    if (auto sure = co_await be_sure(ctx, args, work); !sure) co_return sure.error();
    if (auto able = check_report(args.value("report")); !able) co_return able.error();
    if (auto good = co_await judge_again(ctx, args, who, work); !good) co_return good.error();
    co_await work.execute();
  }
  co_await work.verify();
  const int code = tell(ctx, args, work);
  co_return ctx.interrupted() ? ctx.interrupt_code() : code;
}

asio::awaitable<result<int>> run_delete(context& ctx, arguments args) {
  if (!args.words.empty())
    co_return error{errc::usage, "delete takes no arguments: name a --project"};
  if (args.has("report") && !args.value("report").ends_with(".json"))
    co_return error{errc::usage, "--report: the file name must end in .json"};
  auto how = choices_of(args, ctx.policy());
  if (!how) co_return how.error();
  auto files = read_files(args, ctx.settings().auth_url);
  if (!files) co_return files.error();
  how->keep_images = files->images.ids;
  how->unlock = files->locked;
  const bool dry = args.has("dry-run");
  const bool refuses = !dry && !args.has("yes") && !ctx.interactive();
  if (dry || refuses)
    ctx.only_read();
  else
    ctx.check_clock();
  ctx.check_cloud();
  auto who = co_await select_targets(ctx, args);
  if (!who) co_return who.error();
  if (auto good = check_covered(files->images, *who, args.value("keep-images")); !good)
    co_return good.error();
  if (!dry) check_result_columns(ctx);
  deletion work{ctx, std::move(*how), dry || refuses};
  auto opened = co_await work.open(*who, args.value("journal"));
  result<int> code = 0;
  std::exception_ptr thrown;
  try {
    if (!opened)
      code = opened.error();
    else
      code = co_await work_off(ctx, args, *who, work, dry, refuses);
  } catch (...) {
    thrown = std::current_exception();
  }
  co_await work.give_back();
  if (thrown) std::rethrow_exception(thrown);
  if (code && *code == exit_done && !dry && work.left()) co_return exit_partial;
  if (code && *code == exit_done && !who->all.failed.empty())
    co_return who->all.targets.empty() ? exit_auth : exit_partial;
  co_return code;
}

}  // namespace

command delete_command() {
  command row;
  row.name = "delete";
  row.summary = "delete everything the selected projects own, and only that";
  row.synopsis = "[selection] [options]";
  row.options = options();
  row.lists = true;
  row.run = run_delete;
  return row;
}

}  // namespace ostclean::cmd
