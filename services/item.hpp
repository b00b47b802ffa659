// One object that the target project owns, as the service described it, and what the plan decided
// about it.
#pragma once

#include "services/kind.hpp"

#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ostclean::services {

class item {
 public:
  item(const kind& row, std::string id) : row(&row), id(std::move(id)) {}

  const kind* row;
  std::string id, name;
  std::string project_id;  ///< as the service said, or as the row's fallback proved
  std::string region;
  std::string base;              ///< endpoint URL it was found under
  std::string parent;            ///< id of the owning object, empty for most
  std::string user_id;           ///< keypairs: whose
  std::string created, updated;  ///< as the service wrote them, empty when it does not say
  boost::json::value data;

  enum class fate {
    goes,
    unselected,  ///< not among --only: protects nothing that it stands on less closely
    kept,  ///< on purpose: protected, locked, tagged, --keep-images, or something that is kept
           ///< stands on it
    left   ///< it cannot be deleted without touching somebody else's: counts as left over
  };
  fate decided = fate::goes;
  /// Not decided by what protects it: what is others' may still hold it.
  bool is_open() const { return decided == fate::goes || decided == fate::unselected; }
  /// It goes, or would go along with what does, and its deletion has not begun.
  bool is_yet_to_go() const {
    return (decided == fate::goes || (decided == fate::unselected && tied)) && !begun;
  }
  std::string reason;           ///< of any fate but `goes`
  bool derived = false;         ///< has that fate only because something else has
  std::string root;             ///< what it comes from in the end, when that is another object
  bool chosen = true;           ///< among --only; of the others nothing counts as left over
  bool tied = false;            ///< unselected, and may go along with what goes
  bool other_part = false;      ///< another cleanup of the run deletes it
  bool by_lock = false;         ///< kept because it is locked, and not by `stop`
  bool preserve = false;        ///< kept, but made private and marked (--keep-images)
  bool foreign = false;         ///< another project's router interface on an owned subnet
  bool begun = false;           ///< its deletion: too late to keep it
  bool accepted = false;        ///< the service took the DELETE
  bool seen_deleting = false;   ///< and said that it works on it
  bool forced = false;          ///< --force was used on it
  bool handed_over = false;     ///< it is another project's by now
  bool answer_lost = false;     ///< of a DELETE that may have been done
  bool untaken = false;         ///< no service took its DELETE: if it is gone, it is by others
  bool manifests_read = false;  ///< containers: what else must stay with it is known
  bool spared_read = false;     ///< and whether one of those is newer than the limits of the run
  int came_back = 0;            ///< how often an accepted delete was silently undone
  std::string
      first_status;  ///< before the DELETE: a broken state that was there already proves nothing
  std::chrono::steady_clock::time_point accepted_at;
  std::optional<std::chrono::steady_clock::time_point> seen_at;  ///< in a list that said whose
  std::uint64_t children =
      0;  ///< containers: objects deleted; groups: whether their volumes were taken out
};

/// Kept, or not asked for.
bool stays_on_purpose(const item& one);

/// "server web-1 (id)".
std::string describe(const item& one);

}  // namespace ostclean::services
