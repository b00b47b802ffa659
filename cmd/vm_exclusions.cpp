#include "cmd/vm_exclusions.hpp"

#include <map>
#include <set>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace json = boost::json;
using rows = std::vector<services::vm_exclusion>;

found_exclusion judged(std::string argument, rows matching) {
  found_exclusion one;
  one.argument = std::move(argument);
  if (matching.size() == 1) {
    one.row = std::move(matching.front());
    return one;
  }
  if (matching.empty()) {
    one.why = error{errc::config, "no exclusion has '" + one.argument +
                                      "' as its id, or excludes an object with that id"};
    return one;
  }
  std::string list;
  for (const auto& row : matching)
    list +=
        (list.empty() ? "" : ", ") + row.id + " (" + row.exclude_type + " " + row.exclude_id + ")";
  one.why = error{errc::config, "'" + one.argument + "' means " + std::to_string(matching.size()) +
                                    " exclusions: " + list};
  one.why->hint = "give the id of one";
  return one;
}

}  // namespace

services::vm_answer<std::vector<found_exclusion>> find_exclusions(services::vm_exclusions& from,
                                                                  std::vector<std::string> ids) {
  std::vector<found_exclusion> found;
  if (ids.empty()) co_return found;
  std::map<std::string, rows> matching;
  for (const auto& id : ids) matching[id];
  std::function<void(json::value)> take = [&matching](const json::value& element) {
    if (!element.is_object()) return;
    const services::vm_exclusion row{element.get_object()};
    for (const auto& name : std::set<std::string>{row.id, row.exclude_id})
      if (auto at = matching.find(name); at != matching.end()) at->second.push_back(row);
  };
  auto list = std::make_shared<http::json_list>("vmexcludes", take);
  list->restart = [&matching] {
    for (auto& [id, all] : matching) all.clear();
  };
  auto read = co_await from.list(list);
  if (!read) co_return read.error();
  std::set<std::string> taken;
  for (auto& id : ids) {
    auto one = judged(id, std::move(matching[id]));
    if (!one.row || taken.insert(one.row->id).second) found.push_back(std::move(one));
  }
  co_return found;
}

}  // namespace ostclean::cmd
