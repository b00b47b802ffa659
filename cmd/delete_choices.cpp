#include "cmd/delete_choices.hpp"

#include "cmd/changing.hpp"
#include "cmd/selecting.hpp"
#include "cmd/shared_options.hpp"
#include "core/time.hpp"
#include "services/kind.hpp"
#include "services/stop_record.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace {

constexpr option_spec k_delete_options[] = {
    {.name = "dry-run",
     .letter = 'n',
     .help = "list what would be deleted; send nothing but reads"},
    k_yes_option,
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
    {.name = "not-expired", .help = "also the project of a user whose trial is not over"},
    {.name = "include-protected", .help = "also locked servers and protected images"},
    {.name = "force", .help = "force what the services fail to delete"},
    {.name = "strict", .help = "end with 3 when something was not looked at, or is kept by a lock"},
    {.name = "max-delete", .argument = "N", .help = "refuse to delete more objects than this"},
    {.name = "plan",
     .argument = "FILE",
     .help = "write what would be deleted to FILE, and delete nothing",
     .words = "<file>"},
    {.name = "apply",
     .argument = "FILE",
     .help = "delete only what this plan names, each looked at again",
     .words = "<file>"},
    {.name = "max-age", .argument = "N", .help = "hours that the plan may be old (24)"},
    {.name = "resume",
     .help = "finish what a run that was killed had begun, the last or that of --journal"},
    {.name = "journal",
     .argument = "FILE",
     .help = "where the record of this run goes, or with --resume, is",
     .words = "<file>"},
    k_report_option,
};

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

result<std::optional<sys_time>> time_of(const arguments& args, std::string_view option) {
  if (!args.has(option)) return std::optional<sys_time>{};
  auto time = parse_iso8601(args.value(option));
  if (!time)
    return error{errc::usage, fmt::format("--{}: '{}' is not a time", option, args.value(option))};
  return time;
}

}  // namespace

std::span<const option_spec> delete_options() {
  static const auto all = joined(selector_options(), k_delete_options);
  return all;
}

result<services::choices> choices_of(const arguments& args, const services::policy& rules) {
  services::choices how;
  how.tag = rules.tag_of_resources();
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

result<handed_over> read_files(const arguments& args) {
  handed_over all;
  if (args.has("keep-images")) {
    auto images = services::read_kept_images(args.value("keep-images"));
    if (!images) return images.error();
    all.images = std::move(*images);
    if (all.images.cloud) all.clouds.emplace_back(*all.images.cloud, args.value("keep-images"));
  }
  if (args.has("record")) {
    auto record = services::read_stop_record(args.value("record"));
    if (!record) return record.error();
    for (const auto& [key, before] : record->changed)
      if (before.locked_by_us) all.locked.insert(before.id);
    all.clouds.emplace_back(std::move(record->cloud), args.value("record"));
  }
  return all;
}

asio::awaitable<result<void>> check_clouds(context& ctx, const arguments& args,
                                           const handed_over& files) {
  if (files.clouds.empty()) co_return result<void>{};
  auto here = co_await find_cloud(ctx, acts_as_users(args));
  if (!here) co_return here.error();
  for (const auto& [cloud, file] : files.clouds)
    if (auto same = here->check(cloud, file, services::k_record_way_out); !same) co_return same;
  co_return result<void>{};
}

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

result<void> check_running(context& ctx, const arguments& args, const selected& who, bool deletes) {
  constexpr std::array others{"apply", "resume",         "only",
                              "skip",  "created-before", "updated-before"};
  const auto given = [&args](const char* option) { return args.has(option); };
  if (std::any_of(others.begin(), others.end(), given)) return {};
  std::string list;
  for (const auto& one : who.all.running) {
    std::string line =
        fmt::format("project {} is the own project of user {}, whose role {} {}", one.project_name,
                    one.user_name, one.role,
                    one.until.empty() ? "has no end that is known" : "runs until " + one.until);
    if (!deletes || args.has("not-expired")) ctx.warning(line);
    list += (list.empty() ? "" : "; ") + line;
  }
  if (list.empty() || !deletes || args.has("not-expired")) return {};
  error no{errc::refused, list + "; nothing was deleted"};
  no.hint = "--not-expired deletes it all the same";
  return no;
}

}  // namespace ostclean::cmd
