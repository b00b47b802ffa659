#include "services/loan_lines.hpp"

#include "core/json.hpp"

#include <filesystem>
#include <utility>

namespace ostclean::services {
namespace json = boost::json;
namespace {

loan from_line(const json::value& line) {
  auto kind = text_at(line, "what") == "role" ? loan::what::role : loan::what::enabled;
  loan one{kind, text_at(line, "project_id"), text_at(line, "user_id"), text_at(line, "role_id")};
  one.at = text_at(line, "at");
  one.absent = kind == loan::what::role && true_at(line, "absent");
  return one;
}

bool same(const loan& a, const loan& b) {
  return a.kind == b.kind && a.project_id == b.project_id && a.user_id == b.user_id &&
         a.role_id == b.role_id;
}

/// False for a line that nothing of ours has written: there would be an empty part in the URL.
bool is_complete(const loan& one) {
  return !one.project_id.empty() &&
         (one.kind != loan::what::role || (!one.user_id.empty() && !one.role_id.empty()));
}

}  // namespace

json::object as_line(const char* event, const cloud_identity& where, const loan& one) {
  json::object line{{"event", event},
                    {"what", one.kind == loan::what::role ? "role" : "enabled"},
                    {"project_id", one.project_id},
                    {"user_id", one.user_id},
                    {"role_id", one.role_id}};
  where.write(line, "identity");
  if (!one.at.empty()) line["at"] = one.at;
  if (one.absent) line["absent"] = true;
  return line;
}

json::object as_loans_of(const std::string& file) {
  return {{"event", "loans"}, {"journal", std::filesystem::absolute(file).string()}};
}

std::string run_of_loans(const std::vector<json::object>& lines) {
  const json::value first = lines.empty() ? json::value() : json::value(lines.front());
  return text_at(first, "event") == "loans" ? text_at(first, "journal") : std::string{};
}

known_loans loans_of(const std::vector<json::object>& lines) {
  known_loans open;
  std::string begun;  // older versions say only when the run began
  for (const auto& object : lines) {
    const json::value line(object);  // braces would make an array of it
    auto event = text_at(line, "event");
    if (event == "begin") begun = text_at(line, "at");
    if (event != "lend" && event != "returned") continue;
    auto one = from_line(line);
    if (!is_complete(one)) continue;
    if (one.at.empty()) one.at = begun;
    if (event == "lend")
      open.emplace_back(cloud_identity::read(line, "identity"), std::move(one));
    else
      std::erase_if(open, [&](const auto& entry) { return same(entry.second, one); });
  }
  return open;
}

}  // namespace ostclean::services
