// What a deletion keeps, for people: each thing that is kept for a reason of its own, and under it,
// counted, what is kept because of it.
#include "cmd/deletion_report.hpp"
#include "core/json.hpp"

#include <fmt/core.h>
#include <map>

namespace ostclean::cmd {
namespace json = boost::json;
namespace {

/// So many lines of one project; a whole project left out by an option would fill the screen.
constexpr std::size_t k_most = 50;

std::string label(const json::value& one) {
  return fmt::format("{} {} ({})", text_at(one, "kind"), text_at(one, "name"), text_at(one, "id"));
}

std::string counted(const std::map<std::string, std::size_t>& kinds) {
  std::string line;
  for (const auto& [kind, n] : kinds)
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", n, kind);
  return line;
}

}  // namespace

void say_kept(context& ctx, const json::object& all) {
  for (const auto& project : all.at("projects").as_array()) {
    std::map<std::string, std::map<std::string, std::size_t>> under;  // kinds, by root cause
    std::vector<std::string> lines;
    for (const auto& one : find(project, "kept")->as_array()) {
      if (find(one, "asked_for")) continue;
      const auto root = text_at(one, "root_cause");
      if (root.empty())
        lines.push_back(label(one) + ": " + text_at(one, "reason"));
      else
        ++under[root][text_at(one, "kind")];
      if (!root.empty()) ctx.detail("kept: " + label(one) + ": " + text_at(one, "reason"));
    }
    const std::string place = "kept in " + text_at(project, "project_name") + ": ";
    for (std::size_t i = 0; i < lines.size() && i < k_most; ++i) ctx.note(place + lines[i]);
    if (lines.size() > k_most)
      ctx.note(fmt::format("{}{} more; -f json lists them", place, lines.size() - k_most));
    for (const auto& [root, kinds] : under)
      ctx.note(fmt::format("{}{}, needed by {}", place, counted(kinds), root));
  }
}

}  // namespace ostclean::cmd
