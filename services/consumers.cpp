// Barbican deletes a secret whoever uses it, but those who use one may say so.
#include "services/hooks.hpp"
#include "services/naming.hpp"

namespace ostclean::services {

void settle_consumers(const place& where, std::vector<item>& items, ties& all) {
  std::set<std::string> known;
  for (const auto& one : items) {
    known.insert(one.id);
    if (one.row->name != "load_balancer") continue;
    for (auto& id : other_ids(one)) known.insert(std::move(id));  // its listeners and pools
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].row->service != "key-manager" || !items[i].is_open()) continue;
    for (const auto& id : consumers_of(items[i]))
      if (known.count(id) == 0)
        leave(where, items, i, "", id, "its consumer " + id + " is not one of the project's", all);
  }
}

}  // namespace ostclean::services
