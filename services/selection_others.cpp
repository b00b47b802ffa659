// Who else works in a project that was reached through a user: theirs is not to be emptied.
#include "core/bounded.hpp"
#include "services/selection_run.hpp"

#include <fmt/core.h>

#include <optional>

namespace ostclean::services {
namespace {

constexpr std::size_t k_projects_at_once = 16;

std::string label(const std::string& name, const std::string& id) {
  return name.empty() ? id : fmt::format("{} ({})", name, id);
}

/// Whether somebody who is not selected has a direct role in a project, as a user or as a member of
/// a group, or calls it the own one.
class look_for_others {
 public:
  look_for_others(selection_run& all, std::vector<std::string> projects)
      : projects(std::move(projects)), all_(all) {}

  http::asio::awaitable<void> operator()(std::size_t i) {
    if (failed) co_return;
    auto rows = co_await all_.from.assignments_on_project(projects[i]);
    if (!rows) {
      failed = rows.error();
      co_return;
    }
    for (const auto& row : *rows) {
      if (!row.user_id.empty()) look_at(projects[i], row.user_id, row.role_id, "");
      if (row.group_id.empty()) continue;
      auto members = co_await all_.from.group_members(row.group_id);
      if (!members) failed = members.error();
      if (failed) co_return;
      for (const auto& member : *members)
        look_at(projects[i], member.id, row.role_id, row.group_id);
    }
  }

  std::vector<std::string> projects;
  std::optional<error> failed;

 private:
  void look_at(const std::string& project_id, const std::string& user_id,
               const std::string& role_id, const std::string& group_id) {
    if (all_.selected.contains(user_id) || all_.lent(user_id, project_id, role_id)) return;
    const auto* role = all_.book.find(role_id);
    const std::string through = group_id.empty() ? "" : " through group " + group_id;
    const auto name = all_.names.find(user_id);
    const auto& where = all_.targets.at(project_id);
    error why(
        errc::refused,
        fmt::format("user {} is not selected and has the role {} in project {}{}",
                    label(name == all_.names.end() ? "" : name->second, user_id),
                    role ? role->name : role_id, label(where.project_name, project_id), through));
    why.hint = "select the project with --project when it is to be emptied all the same";
    all_.refused.emplace(project_id, std::move(why));
  }

  selection_run& all_;
};

void others_own(selection_run& all) {
  for (const auto& who : all.everyone) {
    const auto found = all.targets.find(who.own_project());
    if (found == all.targets.end() || all.overridden.contains(found->first)) continue;
    if (all.selected.contains(who.id)) continue;
    error e(errc::refused,
            fmt::format("project {} is also the own project of user {}, who is not selected",
                        label(found->second.project_name, found->first), label(who.name, who.id)));
    e.hint = "select the project with --project when it is to be emptied all the same";
    all.refused.emplace(found->first, std::move(e));
  }
}

/// One project that may not be touched is no reason to leave the others: it is listed. Alone it
/// refuses the run.
result<bool> drop_refused(selection_run& all) {
  if (all.refused.empty()) return true;
  if (all.refused.size() == all.targets.size()) return all.refused.begin()->second;
  for (const auto& [id, why] : all.refused) {
    all.made.failed.emplace_back(all.targets.at(id).origin, why);
    all.targets.erase(id);
    std::erase(all.order, id);
    std::erase_if(all.made.accounts,
                  [&id = id](const account& one) { return one.who.own_project() == id; });
  }
  return true;
}

}  // namespace

selection_step check_others(selection_run& all) {
  others_own(all);
  std::vector<std::string> reached;
  for (const auto& id : all.order)
    if (!all.overridden.contains(id)) reached.push_back(id);
  look_for_others look(all, std::move(reached));
  co_await run_bounded(look.projects.size(), k_projects_at_once, look);
  if (look.failed) co_return *look.failed;
  co_return drop_refused(all);
}

}  // namespace ostclean::services
