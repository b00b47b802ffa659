// `ostclean purge`: the images that `delete --keep-images` has kept, once no server of any project
// uses them any more.
#include "cmd/access.hpp"
#include "cmd/changing.hpp"
#include "cmd/commands.hpp"
#include "cmd/deletion_report.hpp"
#include "cmd/exit_status.hpp"
#include "cmd/shared_options.hpp"
#include "core/time.hpp"
#include "services/purger.hpp"
#include "services/reach.hpp"

#include <fmt/core.h>

#include <array>
#include <map>
#include <optional>
#include <set>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace json = boost::json;
using services::orphan;
namespace {

constexpr option_spec k_purge_options[] = {
    {.name = "project",
     .argument = "PROJECT",
     .help = "only images of this project, by id or name; also of one that is gone, by id",
     .repeatable = true},
    k_project_domain_option,
    {.name = "dry-run",
     .letter = 'n',
     .help = "list what would be deleted; send nothing but reads"},
    k_yes_option,
    k_report_option,
};

std::string word_of(const orphan& one, bool planned) {
  static constexpr std::array<std::string_view, 4> plans{"delete", "keep", "none", "cannot"};
  static constexpr std::array<std::string_view, 4> results{"not reached", "kept", "deleted",
                                                           "left"};
  return std::string{(planned ? plans : results)[static_cast<std::size_t>(one.end)]};
}

report::table table_of(const std::vector<orphan>& all, bool planned) {
  report::table rows{
      {"id", "name", "project_id", "region", planned ? "action" : "result", "reason", "used_by"}};
  rows.hidden = {"region", "used_by"};
  for (const auto& one : all) {
    json::array users;
    for (const auto& id : one.used_by) users.push_back(report::cell(id));
    rows.rows.push_back({report::cell(one.what.id), report::cell(one.what.name),
                         report::cell(one.what.project_id), report::cell(one.what.region),
                         report::cell(word_of(one, planned)), report::cell(one.reason),
                         std::move(users)});
  }
  return rows;
}

json::object report_of(const report::table& rows) {
  json::array images;
  std::map<std::string, std::uint64_t> counts{{"deleted", 0}, {"kept", 0}, {"left", 0}};
  for (const auto& row : rows.rows) {
    json::object image;
    for (std::size_t i = 0; i < row.size(); ++i) image[rows.keys[i]] = row[i];
    ++counts[std::string{row[4].as_string()}];
    images.push_back(std::move(image));
  }
  json::object summary;
  for (const auto& [word, n] : counts) summary[word] = n;
  return {{"images", std::move(images)}, {"summary", std::move(summary)}};
}

/// Whose images nothing may happen to: what the policy protects, and what is always protected.
class guard {
 public:
  guard(context& ctx, services::identity& from, const auth::token& caller)
      : ctx_(ctx), from_(from), caller_(caller) {}

  services::identity::answer<std::string> why(std::string project_id) {
    if (auto known = known_.find(project_id); known != known_.end()) co_return known->second;
    auto project = co_await from_.project_by_id(project_id);
    if (!project && project.error().code != errc::not_found) co_return project.error();
    std::string reason;
    // The project of a purge may be gone for long.
    if (project) {
      auto refused = services::why_protected(*project, ctx_.policy(), caller_, services::is_lent());
      if (refused) reason = refused->message;
    }
    known_[project_id] = reason;
    co_return reason;
  }

 private:
  context& ctx_;
  services::identity& from_;
  const auth::token& caller_;
  std::map<std::string, std::string> known_;
};

asio::awaitable<result<std::set<std::string>>> projects_of(services::identity& from,
                                                           const arguments& args) {
  std::set<std::string> ids;
  for (const auto& name : args.values("project")) {
    auto project = co_await from.find_project(name, args.value("project-domain"));
    const bool is_id = name.size() == 32 && name.find_first_not_of("0123456789abcdef") == name.npos;
    if (!project && (project.error().code != errc::config || !is_id)) co_return project.error();
    ids.insert(project ? project->id : name);
  }
  co_return ids;
}

std::set<std::string> ids_of_planned(const services::purger& work) {
  std::set<std::string> ids;
  for (const auto& one : work.all())
    if (one.end == orphan::fate::goes) ids.insert(one.what.id);
  return ids;
}

result<void> confirm(context& ctx, std::size_t planned) {
  auto typed = ctx.ask(fmt::format("type the number of images ({}) to delete them: ", planned));
  if (typed && *typed == std::to_string(planned)) return {};
  return error{errc::refused, "not confirmed; nothing was deleted"};
}

/// The result is told whatever becomes of the report.
int tell(context& ctx, const arguments& args, const services::purger& work) {
  const auto rows = table_of(work.all(), false);
  ctx.print(rows);
  for (const auto& one : work.all())
    if (one.end == orphan::fate::left)
      ctx.warning(fmt::format("left: image {} ({}): {}", one.what.name, one.what.id, one.reason));
  int code = work.left() ? exit_partial : exit_done;
  if (!args.has("report")) return code;
  auto written = write_report(args.value("report"), report_of(rows));
  if (written) return code;
  ctx.warning(written.error().line());
  return exit_partial;
}

asio::awaitable<result<int>> delete_them(context& ctx, const arguments& args,
                                         services::purger& work) {
  if (auto able = check_report(args.value("report")); !able) co_return able.error();
  const std::string chosen_for_it;
  auto here = co_await find_cloud(ctx);
  if (!here) co_return here.error();
  auto log = begin_journal(ctx, "purge", here->identity, chosen_for_it);
  if (!log) co_return log.error();
  std::function<bool()> interrupted = [&ctx] { return ctx.interrupted(); };
  co_await work.execute(**log, std::move(interrupted));
  auto verified = co_await work.verify();
  json::object end{{"event", "end"}, {"at", format_rfc3339(wall_clock())}};
  if (auto written = (*log)->write(end); !written) ctx.warning(written.error().line());
  const int code = tell(ctx, args, work);
  if (!verified) co_return verified.error();
  co_return ctx.interrupted() ? ctx.interrupt_code() : code;
}

asio::awaitable<result<int>> purge(context& ctx, const arguments& args, const auth::token& token,
                                   change_mode mode) {
  auto url = co_await identity_url(ctx.session());
  if (!url) co_return url.error();
  if (!mode.reads()) (void)co_await settle_loans(ctx, *url);
  services::identity from{ctx.session(), *url};
  std::optional<context::heeding> planning{std::in_place, ctx};
  auto projects = co_await projects_of(from, args);
  if (!projects) co_return projects.error();
  // Always all regions: an image may be in use where nobody looks.
  services::purger work{ctx.session(), token.services.regions(), std::move(*projects)};
  guard keeps{ctx, from, token};
  std::function<services::identity::answer<std::string>(std::string)> why_kept =
      [&keeps](const std::string& id) { return keeps.why(id); };
  auto planned = co_await work.plan(why_kept, ctx.policy().tag_of_resources());
  if (!planned) co_return planned.error();
  for (const auto& note : work.notes()) ctx.note(note);
  if (mode.dry) {
    ctx.print(table_of(work.all(), true));
    co_return 0;
  }
  if (ctx.interrupted()) co_return ctx.interrupt_code();
  ctx.note(
      fmt::format("{} marked images, {} of them nobody uses", work.all().size(), work.planned()));
  if (work.planned() == 0) co_return tell(ctx, args, work);
  if (mode.refuses) {
    error no{errc::refused, "not confirmed: there is no terminal to ask on; nothing was deleted"};
    no.hint = "--yes deletes without asking";
    co_return no;
  }
  if (!args.has("yes")) {
    const auto shown = ids_of_planned(work);
    if (auto sure = confirm(ctx, shown.size()); !sure) co_return sure.error();
    // Somebody may have begun to use one while the question stood there.
    auto again = co_await work.plan(why_kept, ctx.policy().tag_of_resources());
    if (!again) co_return again.error();
    if (ids_of_planned(work) != shown)
      co_return error{errc::refused, "the images have changed while you were asked; run it again"};
  }
  planning.reset();
  co_return co_await delete_them(ctx, args, work);
}

asio::awaitable<result<int>> run_purge(context& ctx, arguments args) {
  if (!args.words.empty()) co_return error{errc::usage, "purge takes no arguments"};
  if (args.has("report") && !args.value("report").ends_with(".json"))
    co_return error{errc::usage, "--report: the file name must end in .json"};
  const auto mode = begin_change(ctx, args);
  const std::vector<orphan> none;
  ctx.check_columns(table_of(none, mode.dry));
  auto token = co_await ctx.session().current();
  if (!token) co_return token.error();
  const auth::token mine = **token;
  if (auto sees = check_scope(mine); !sees) co_return sees.error();
  const std::string for_what = "purge";
  auto all =
      co_await services::check_shown_all_servers(ctx.session(), mine.services.regions(), for_what);
  if (!all) co_return all.error();
  if (auto spelt = co_await check_protections(ctx); !spelt) co_return spelt.error();
  co_return co_await purge(ctx, args, mine, mode);
}

}  // namespace

command purge_command() {
  command row;
  row.name = "purge";
  row.summary = "delete the images that were kept for servers of others and that nobody uses now";
  row.synopsis = "[options] [output options]";
  row.options = k_purge_options;
  row.lists = true;
  row.run = run_purge;
  return row;
}

}  // namespace ostclean::cmd
