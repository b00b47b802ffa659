// The objects that a plan names: an object is deleted by `--apply` and `--resume` only if it is one
// of them, still the same one.
#pragma once

#include "services/item.hpp"

#include <map>
#include <string>
#include <vector>

namespace ostclean::services {

/// One object of a plan: it goes, or it is known to go along with what does.
class planned_object {
 public:
  planned_object() = default;
  explicit planned_object(const item& one);
  std::string kind, id, name, project_id, region, endpoint, parent, user_id, created, updated;
  std::string fingerprint;  ///< of a key pair, whose id is a name and has no time
  bool along = false;       ///< not chosen, but known to be tied to what is
  bool preserve = false;    ///< made private and marked, not deleted
  bool unlock = false;      ///< a server whose lock `stop --lock` has set

  /// Names the object in a cloud, with the kind: some ids are names.
  std::string key() const;
  /// Whether `now`, which has the same key, is this object and is to end in the same way.
  bool is_same(const planned_object& now) const;
};

/// The objects of a plan, by planned_object::key().
using planned_objects = std::map<std::string, planned_object>;

/// Keeps (with `by_this_run`: leaves) what is not in `planned`, and leaves what is another object
/// under a planned one's id.
void judge_planned(std::vector<item>& items, const planned_objects& planned, bool by_this_run);

}  // namespace ostclean::services
