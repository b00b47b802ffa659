#include "services/planned.hpp"

#include "core/json.hpp"

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
      fingerprint(kind == "keypair" ? text_at(one.data, "fingerprint") : std::string{}),
      preserve(one.preserve) {}

std::string planned_object::key() const {
  return kind + " " + endpoint + " " + parent + " " + user_id + " " + id;
}

bool planned_object::is_same(const planned_object& now) const {
  return project_id == now.project_id && created == now.created && preserve == now.preserve &&
         fingerprint == now.fingerprint;
}

void judge_planned(std::vector<item>& items, const planned_objects& planned, bool by_this_run) {
  for (auto& one : items) {
    if (one.decided != item::fate::goes && !one.preserve) continue;
    const planned_object now{one};
    const auto at = planned.find(now.key());
    if (at == planned.end() || at->second.along) {
      one.decided = by_this_run ? item::fate::left : item::fate::kept;
      one.preserve = false;
      one.reason = by_this_run ? "has come since this run looked first" : "not in the plan";
    } else if (!at->second.is_same(now)) {
      one.decided = item::fate::left;
      one.preserve = false;
      one.reason = "is not the object that was planned: it has another owner, age or purpose";
    }
  }
}

}  // namespace ostclean::services
