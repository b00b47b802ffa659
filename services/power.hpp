// How a server is brought to rest and back, one action at a time: pure functions of what Nova shows
// of it now, so that a run that was killed goes on wherever it stopped (Compute API 2.x,
// servers/{id}/action).
#pragma once

#include "services/item.hpp"

#include <string>
#include <type_traits>

namespace ostclean::services {

class power_step {
 public:
  enum class what {
    act,    ///< send `action`
    wait,   ///< something is under way
    done,   ///< it is where it should be; `reason` says when that is not for us
    stays,  ///< left alone on purpose
    left    ///< cannot be brought there
  };
  explicit power_step(what kind, std::string text = {}) : kind(kind) {
    (kind == what::act ? action : reason) = std::move(text);
  }
  what kind;
  std::string action;  ///< "os-stop"
  std::string reason;
};
static_assert(!std::is_aggregate_v<power_step>);

/// `locked_by_us`: an earlier run of stop has locked it.
power_step toward_stop(const item& server, bool locked_by_us);
/// `before`: its status when stop found it.
power_step toward_before(const item& server, const std::string& before, bool locked_by_us);

}  // namespace ostclean::services
