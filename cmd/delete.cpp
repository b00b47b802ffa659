// `ostclean delete`: everything the selected projects own, and only that. What is asked and said;
// the work is in deletion.cpp.
#include "cmd/commands.hpp"
#include "cmd/deletion.hpp"
#include "cmd/exit_status.hpp"
#include "core/json.hpp"
#include "core/time.hpp"
#include "services/kind.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace json = boost::json;
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
  if (args.has("keep-images")) {
    auto images = services::read_users_file(args.value("keep-images"));
    if (!images) return images.error();
    for (const auto& image : images->entries) how.keep_images.insert(image.id);
  }
  return how;
}

json::value text(const std::string& s) { return json::value(json::string(s)); }

std::string_view fate_word(services::item::fate f) {
  using fate = services::item::fate;
  return f == fate::goes ? "delete" : f == fate::left ? "cannot" : "keep";
}

void print_plan(context& ctx, const deletion& work) {
  report::table rows{{"kind", "id", "name", "project_id", "region", "action", "reason", "created"}};
  rows.hidden = {"created"};
  for (const auto& one : work.projects()) {
    for (const auto& i : one->items())
      rows.rows.push_back({text(std::string{i.row->name}), text(i.id), text(i.name),
                           text(one->project_id()), text(i.region),
                           text(std::string{fate_word(i.decided)}), text(i.reason),
                           text(i.created)});
    for (const auto& unseen : one->not_visible())
      ctx.note(fmt::format("project {}: {} not visible: {}", one->project_name(), unseen.kind,
                           unseen.why));
  }
  ctx.print(rows);
}

void say_counts(context& ctx, const deletion& work) {
  for (const auto& one : work.projects()) {
    std::string line;
    for (const auto& [kind, n] : one->planned())
      line += fmt::format("{}{} {}", line.empty() ? "" : ", ", n, kind);
    ctx.note(fmt::format("project {} ({}): {}", one->project_name(), one->project_id(),
                            line.empty() ? "nothing to delete" : line));
    for (const auto& unseen : one->not_visible())
      ctx.note(fmt::format("  not visible: {}: {}", unseen.kind, unseen.why));
  }
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

std::uint64_t size_of(const json::value& project, std::string_view key) {
  const auto* list = find(project, key);
  return list && list->is_array() ? list->get_array().size() : 0;
}

json::object result_of(const deletion& work) {
  json::array projects;
  for (const auto& one : work.projects())
    for (auto& place : one->report()) projects.push_back(std::move(place));
  json::object summary;
  for (std::string_view key : {"deleted", "failed", "kept", "not_visible"}) {
    std::uint64_t n = 0;
    for (const auto& project : projects) n += size_of(project, key);
    summary[key] = n;
  }
  summary["left"] = work.left();
  return {{"projects", std::move(projects)}, {"summary", std::move(summary)}};
}

/// One line a kind for people.
void print_result(context& ctx, const json::object& all) {
  if (ctx.format() != "table") {
    report::table whole{{"projects", "summary"}};
    whole.rows.push_back({all.at("projects"), all.at("summary")});
    ctx.print_object(whole);
    return;
  }
  report::table rows{{"project", "region", "kind", "before", "deleted", "kept", "left"}};
  for (const auto& project : all.at("projects").as_array()) {
    std::map<std::string, std::array<std::int64_t, 3>> by_kind;
    int column = 0;
    for (auto key : {"deleted", "kept", "failed"}) {
      for (const auto& kind : texts_at(project, std::string{key} + ".kind"))
        ++by_kind[kind][static_cast<std::size_t>(column)];
      ++column;
    }
    for (const auto& [kind, n] : by_kind)
      rows.rows.push_back({text(text_at(project, "project_name")), text(text_at(project, "region")),
                           text(kind), n[0] + n[1] + n[2], n[0], n[1], n[2]});
  }
  ctx.print(rows);
}

void say_failures(context& ctx, const json::object& all) {
  for (const auto& project : all.at("projects").as_array()) {
    const auto* failed = find(project, "failed");
    for (const auto& one : failed->as_array())
      ctx.warning(fmt::format("left in {}: {} {} ({}): {}", text_at(project, "project_name"),
                              text_at(one, "kind"), text_at(one, "name"), text_at(one, "id"),
                              text_at(one, "reason")));
    for (const auto& line : texts_at(project, "unverified")) ctx.warning("not verified: " + line);
  }
}

result<void> write_report(const std::string& file, const json::object& all) {
  const std::string body = json::serialize(all) + "\n";
  int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  bool good = fd >= 0 && ::write(fd, body.data(), body.size()) == static_cast<ssize_t>(body.size());
  const int why = errno;
  if (fd >= 0) good = ::close(fd) == 0 && good;
  if (good) return {};
  return error{errc::io, "cannot write the report '" + file + "': " + std::strerror(why)};
}

asio::awaitable<result<int>> work_off(context& ctx, const arguments& args, deletion& work, bool dry,
                                      bool refuses) {
  auto planned = co_await work.plan();
  if (!planned) co_return planned.error();
  if (dry) {
    print_plan(ctx, work);
    co_return 0;
  }
  if (ctx.interrupted()) co_return ctx.interrupt_code();
  say_counts(ctx, work);
  if (refuses) {
    error no{errc::refused, "not confirmed: there is no terminal to ask on; nothing was deleted"};
    no.hint = "--yes deletes without asking";
    co_return no;
  }
  if (!args.has("yes"))
    if (auto sure = confirm(ctx, work); !sure) co_return sure.error();
  auto executed = co_await work.execute();
  if (!executed) co_return executed.error();
  co_await work.verify();
  const auto all = result_of(work);
  print_result(ctx, all);
  say_failures(ctx, all);
  if (args.has("report"))
    if (auto written = write_report(args.value("report"), all); !written) co_return written.error();
  if (ctx.interrupted()) co_return ctx.interrupt_code();
  co_return 0;
}

asio::awaitable<result<int>> run_delete(context& ctx, arguments args) {
  if (!args.words.empty())
    co_return error{errc::usage, "delete takes no arguments: name a --project"};
  if (args.has("report") && !args.value("report").ends_with(".json"))
    co_return error{errc::usage, "--report: the file name must end in .json"};
  auto how = choices_of(args, ctx.policy());
  if (!how) co_return how.error();
  const bool dry = args.has("dry-run");
  const bool refuses = !dry && !args.has("yes") && !ctx.interactive();
  if (dry || refuses)
    ctx.only_read();
  else
    ctx.check_clock();
  ctx.check_cloud();
  auto who = co_await select_targets(ctx, args);
  if (!who) co_return who.error();
  deletion work{ctx, std::move(*how), dry || refuses};
  auto opened = co_await work.open(*who, args.value("journal"));
  result<int> code = 0;
  if (!opened)
    code = opened.error();
  else
    code = co_await work_off(ctx, args, work, dry, refuses);
  co_await work.give_back();
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
