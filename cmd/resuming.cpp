#include "cmd/resuming.hpp"

#include "core/json.hpp"
#include "core/plan/journal.hpp"
#include "services/stop_record.hpp"

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
  std::string auth_url, at, names;
  std::set<std::string> projects;  ///< ids; those of older versions do not say
};

void begin(told& into, const json::value& line) {
  into.deletes = text_at(line, "command") == "delete";
  into.auth_url = text_at(line, "auth_url");
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

/// Looks through the journals until one has a plan that is not carried out.
class looking {
 public:
  looking(context& ctx, bool named) : ctx_(ctx), named_(named) {}

  result<std::optional<prior>> look_at(const std::string& file) {
    auto one = read_one(file);
    if (!one && named_) return one.error();
    if (!one && !unreadable) unreadable = one.error();
    if (!one) return std::optional<prior>{};
    if (!one->plan || one->complete) {
      note_planless(*one, file);
      return std::optional<prior>{};
    }
    const auto here = check_cloud_of(ctx_, one->plan->auth_url, file);
    if (!here && named_) return here.error();
    if (!here) return std::optional<prior>{};  // in the folder are the journals of all clouds
    prior found;
    found.plan = std::move(*one->plan);
    found.journal = file;
    return std::optional<prior>{std::move(found)};
  }

  std::optional<error> unreadable, unplanned;

 private:
  /// A run that was killed before it had a plan has deleted nothing: that is not done, unless a
  /// later run has done it.
  void note_planless(const told& one, const std::string& file) {
    if (!one.deletes || !check_cloud_of(ctx_, one.auth_url, file)) return;
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

  context& ctx_;
  bool named_, all_done_ = false;
  std::set<std::string> done_;  ///< projects that a later run has emptied
};

}  // namespace

result<void> check_cloud_of(context& ctx, const std::string& auth_url, const std::string& file) {
  if (services::cloud_name(auth_url) == services::cloud_name(ctx.settings().auth_url)) return {};
  return error{errc::config, fmt::format("{} is of another cloud: {}", file, auth_url)};
}

result<std::optional<prior>> find_unfinished(context& ctx, const arguments& args,
                                             std::optional<error>& unplanned) {
  const bool named = args.has("journal");
  const auto files = named ? std::vector<std::string>{args.value("journal")}
                           : newest_first(plan::journal_folder());
  looking all{ctx, named};
  for (const auto& file : files) {
    auto found = all.look_at(file);
    if (!found) return found;
    if (!*found) continue;
    if (all.unplanned) ctx.warning(all.unplanned->line());
    if (all.unreadable) ctx.warning("not resumed: " + all.unreadable->line());
    return found;
  }
  if (all.unreadable) {
    all.unreadable->hint = "see what it was about, and remove it";
    return *all.unreadable;  // what it was about may be unfinished
  }
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
