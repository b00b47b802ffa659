#include "services/planned.hpp"

namespace ostclean::services {

planned_object::planned_object(const item& one)
    : kind(one.row->name),
      id(one.id),
      name(one.name),
      project_id(one.project_id),
      region(one.region),
      endpoint(one.base),
      parent(one.parent),
      user_id(one.user_id),
      created(one.created),
      updated(one.updated),
      preserve(one.preserve) {}

std::string planned_object::key() const {
  return kind + " " + endpoint + " " + parent + " " + user_id + " " + id;
}

void judge_planned(std::vector<item>& items, const planned_objects& planned) {
  for (auto& one : items) {
    if (one.decided != item::fate::goes && !one.preserve) continue;
    const planned_object now{one};
    const auto at = planned.find(now.key());
    if (at == planned.end()) {
      one.decided = item::fate::kept;
      one.preserve = false;
      one.reason = "not in the plan";
    } else if (at->second.project_id != now.project_id || at->second.created != now.created ||
               at->second.preserve != now.preserve) {
      one.decided = item::fate::left;
      one.preserve = false;
      one.reason = "is not the object that was planned: it has another owner, age or purpose";
    }
  }
}

}  // namespace ostclean::services
