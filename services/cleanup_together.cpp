// What one project's things have to do with those of the other projects of the same run.
#include "services/cleanup.hpp"

namespace ostclean::services {

void cleanup::add_going(std::set<std::string>& all) const {
  for (const auto& one : items_)
    if (one.decided == item::fate::goes) all.insert(one.id);
}

std::vector<std::string> cleanup::needs() const {
  std::vector<std::string> all;
  for (const auto& one : ties_.conditions)
    if (items_[one.at].is_open()) all.push_back(one.needs);
  return all;
}

bool cleanup::settle_with(const std::set<std::string>& going) {
  bool changed = false;
  for (const auto& unless : ties_.conditions) {
    item& one = items_[unless.at];
    if (!one.is_open() || going.count(unless.needs) > 0) continue;
    one.decided = unless.otherwise;
    one.reason = unless.why;
    one.derived = false;
    changed = true;
  }
  if (changed) conclude();
  return changed;
}

}  // namespace ostclean::services
