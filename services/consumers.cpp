// Barbican deletes a secret whoever uses it, but those who use one may say so.
#include "services/hooks.hpp"
#include "services/naming.hpp"

#include <algorithm>

namespace ostclean::services {

void settle_consumers(std::vector<item>& items) {
  std::set<std::string> known;
  for (const auto& one : items) {
    known.insert(one.id);
    if (one.row->name != "load_balancer") continue;
    for (auto& id : other_ids(one)) known.insert(std::move(id));  // its listeners and pools
  }
  for (auto& one : items) {
    if (one.row->service != "key-manager" || !one.is_open()) continue;
    const auto consumers = consumers_of(one);
    const auto other = std::find_if(consumers.begin(), consumers.end(),
                                    [&](const auto& id) { return known.count(id) == 0; });
    if (other == consumers.end()) continue;
    one.decided = item::fate::left;
    one.reason = "its consumer " + *other + " is not one of the project's";
  }
}

}  // namespace ostclean::services
