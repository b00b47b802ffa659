#include "services/ended_credentials.hpp"

#include <fmt/core.h>

namespace ostclean::services {
namespace {

std::set<std::string> at(const roles_by_project& all, const std::string& project) {
  const auto found = all.find(project);
  return found == all.end() ? std::set<std::string>{} : found->second;
}

void append(std::string& list, const std::string& one) { list += (list.empty() ? "" : ", ") + one; }

}  // namespace

roles_by_project roles_in_effect(const fresh_look& now) {
  roles_by_project all;
  for (const auto& row : now.effective)
    if (!row.project_id.empty()) all[row.project_id].insert(row.role_id);
  return all;
}

roles_by_project after_moves(roles_by_project before, const std::vector<role_move>& moves) {
  for (const auto& one : moves)
    for (auto& [project, roles] : before) {
      // What is held on a domain may reach a project by inheritance.
      if (!one.where.project_id.empty() && one.where.project_id != project) continue;
      if (one.where.project_id.empty() && !one.where.inherited) continue;
      if (roles.erase(one.from.id) > 0) roles.insert(one.to.id);
    }
  return before;
}

std::string ended_credentials(const std::vector<application_credential>& all,
                              const roles_by_project& before, const roles_by_project& after) {
  std::string ended, poorer;
  for (const auto& one : all) {
    const auto had = at(before, one.project_id), has = at(after, one.project_id);
    std::string lost;
    bool works = false;
    for (const auto& role : one.roles) {
      works = works || has.contains(role.id);
      if (had.contains(role.id) && !has.contains(role.id)) append(lost, role.name);
    }
    const auto label = fmt::format("{} ({})", one.name, one.id);
    if (!lost.empty())
      append(works ? poorer : ended, works ? fmt::format("{}: {}", label, lost) : label);
  }
  std::string text;
  if (!ended.empty()) text = "application credentials that stop working: " + ended;
  if (!poorer.empty())
    text += (text.empty() ? "application credentials that lose roles: " : "; that lose roles: ") +
            poorer;
  return text;
}

}  // namespace ostclean::services
