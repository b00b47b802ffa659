#include "cmd/resuming.hpp"

#include "core/json.hpp"
#include "core/plan/journal.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <filesystem>
#include <set>
#include <vector>

namespace ostclean::cmd {
namespace json = boost::json;
namespace {

/// What the journal of one run tells.
class told {
 public:
  told() = default;
  std::optional<services::plan_document> plan;
  bool deletes = false;   ///< it is that of a deletion
  bool ended = false;     ///< it came to its end, whether anything was left or not
  bool complete = false;  ///< and nothing was left
  services::cloud_identity cloud;
  std::string at, names;
  std::set<std::string> projects;  ///< ids; those of older versions do not say
};

void begin(told& into, const json::value& line) {
  into.deletes = text_at(line, "command") == "delete";
  into.cloud = services::cloud_identity::read(line, "auth_url");
  into.at = text_at(line, "at");
  for (auto& id : texts_at(line, "projects.id")) into.projects.insert(std::move(id));
  for (const auto& name : texts_at(line, "projects.name"))
    into.names += (into.names.empty() ? "" : ", ") + name;
}

result<void> take(told& into, const json::object& line, const std::string& file) {
  const json::value about(line);
  const auto event = text_at(about, "event");
  if (event == "begin") begin(into, about);
  if (event == "end") into.ended = true;
  if (event == "end" && true_at(about, "complete")) into.complete = true;
  if (event != "plan" || into.complete) return {};
  auto plan = services::plan_from_json(line.at("plan"), file);
  if (!plan) return plan.error();
  into.plan = std::move(*plan);
  return {};
}

result<told> read_one(const std::string& file) {
  auto lines = plan::read_journal(file, false);
  if (!lines) return lines.error();
  if (auto whole = plan::check_chain(*lines, file); !whole) return whole.error();
  told found;
  for (const auto& line : *lines)
    if (auto taken = take(found, line, file); !taken) return taken.error();
  return found;
}

std::vector<std::string> newest_first(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ec))
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path().string());
  std::sort(files.rbegin(), files.rend());
  return files;
}

/// The journal that was named, or those of the folder.
std::vector<std::string> files_of(const arguments& args) {
  if (args.has("journal")) return {args.value("journal")};
  return newest_first(plan::journal_folder());
}

/// Looks through the journals until one has a plan that is not carried out.
class looking {
 public:
  looking(const services::this_cloud& here, bool named) : here_(here), named_(named) {}

  result<std::optional<prior>> look_at(const std::string& file) {
    auto one = read_one(file);
    if (!one && named_) return one.error();
    if (!one && !unreadable) unreadable = damaged(one.error());
    if (!one) return std::optional<prior>{};
    const bool is_done = one->complete || (!one->plan && (one->ended || !one->deletes));
    auto ours = is_done ? result<bool>{here_.is(one->cloud)} : is_ours(*one, file);
    if (!ours) return ours.error();
    if (!*ours) return std::optional<prior>{};
    if (!one->plan || one->complete) {
      note_planless(*one, file);
      return std::optional<prior>{};
    }
    prior found;
    found.plan = std::move(*one->plan);
    found.journal = file;
    return std::optional<prior>{std::move(found)};
  }

  std::optional<error> unreadable, unplanned;

 private:
  static error damaged(error why) {
    why.hint = "see what it was about, and remove it";
    return why;
  }

  /// In the folder are the journals of all clouds; of one at this URL nobody knows.
  result<bool> is_ours(const told& one, const std::string& file) {
    const auto& cloud = one.plan ? one.plan->cloud : one.cloud;
    auto same = here_.check(cloud, file, "delete by --project again, and remove it");
    if (same) return true;
    if (named_) return same.error();
    if (cloud.name() == here_.identity.name() && !unreadable) unreadable = same.error();
    return false;
  }

  /// A run that was killed before it had a plan has deleted nothing: that is not done, unless a
  /// later run has done it.
  void note_planless(const told& one, const std::string& file) {
    if (!one.deletes) return;
    if (one.complete) done_.insert(one.projects.begin(), one.projects.end());
    all_done_ = all_done_ || one.complete;
    const bool later =
        one.projects.empty()
            ? all_done_
            : std::includes(done_.begin(), done_.end(), one.projects.begin(), one.projects.end());
    if (one.ended || later || unplanned) return;
    unplanned = error{errc::refused,
                      fmt::format("the run of {}{}{} had not come to its plan: nothing was deleted "
                                  "by it; run it again",
                                  one.at, one.names.empty() ? "" : " on ", one.names)};
    unplanned->where = file;
  }

  const services::this_cloud& here_;
  bool named_, all_done_ = false;
  std::set<std::string> done_;  ///< projects that a later run has emptied
};

}  // namespace

result<void> check_journal(const arguments& args) {
  if (!args.has("journal")) return {};
  auto one = read_one(args.value("journal"));
  if (!one) return one.error();
  return {};
}

bool is_of_users(context& ctx, const arguments& args) {
  const services::this_cloud by_url(ctx.settings().auth_url, nullptr);
  looking all{by_url, args.has("journal")};
  for (const auto& file : files_of(args)) {
    auto found = all.look_at(file);
    if (!found) return false;
    if (*found) return (**found).plan.as_users;
  }
  return false;
}

result<std::optional<prior>> find_unfinished(context& ctx, const arguments& args,
                                             const services::this_cloud& here,
                                             std::optional<error>& unplanned) {
  const bool named = args.has("journal");
  looking all{here, named};
  for (const auto& file : files_of(args)) {
    auto found = all.look_at(file);
    if (!found) return found;
    if (!*found) continue;
    if (all.unplanned) ctx.warning(all.unplanned->line());
    if (all.unreadable) ctx.warning("not resumed: " + all.unreadable->line());
    return found;
  }
  if (all.unreadable) return *all.unreadable;  // what it was about may be unfinished
  unplanned = all.unplanned;
  if (!unplanned)
    ctx.note(named ? args.value("journal") + ": nothing was begun, or nothing is left to do"
                   : "nothing to resume");
  return std::optional<prior>{};
}

std::string resumed_run(const arguments& args, const std::optional<prior>& earlier,
                        const std::optional<error>& unplanned) {
  if (!args.has("resume")) return {};
  if (earlier) return earlier->journal;
  if (unplanned) return unplanned->where;
  return args.has("journal") ? args.value("journal") : "*";
}

result<void> mark_resumed(const std::string& journal) {
  return plan::append_to_journal(journal, {{"event", "end"}, {"complete", true}});
}

}  // namespace ostclean::cmd
