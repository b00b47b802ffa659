#include "services/power.hpp"

#include "core/json.hpp"
#include "services/states.hpp"

#include <algorithm>
#include <array>

namespace ostclean::services {
namespace {

using what = power_step::what;

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_passing(std::string_view status) {
  static constexpr std::array<std::string_view, 8> words{"BUILD",    "REBOOT",        "HARD_REBOOT",
                                                         "RESIZE",   "REVERT_RESIZE", "MIGRATING",
                                                         "PASSWORD", "REBUILD"};
  return among(words, status);
}

bool is_going(const item& server, std::string_view status) {
  return status == "DELETED" || status == "SOFT_DELETED" ||
         is_being_deleted(server, text_at(server.data, "OS-EXT-STS:task_state"));
}

bool is_shelved(std::string_view status) { return status.starts_with("SHELVED"); }

/// What ends in ERROR may still run; Nova's power state 1 says so.
power_step in_error(const item& server) {
  const bool runs = text_at(server.data, "OS-EXT-STS:power_state") == "1";
  return power_step(runs ? what::left : what::stays,
                    "in ERROR" + fault_of(server) + (runs ? "; it still runs" : ""));
}

power_step odd(const std::string& status) {
  if (status == "VERIFY_RESIZE")
    return power_step(what::left, "its resize waits to be confirmed or reverted");
  return power_step(what::left, "Nova shows it as " + status);
}

std::string way_to_stop(std::string_view status) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> ways{
      {{"ACTIVE", "os-stop"},
       {"PAUSED", "unpause"},
       {"SUSPENDED", "resume"},
       {"RESCUE", "unrescue"}}};
  for (const auto& [from, action] : ways)
    if (from == status) return std::string{action};
  return {};
}

}  // namespace

power_step toward_stop(const item& server, bool locked_by_us) {
  const std::string status = text_at(server.data, "status");
  if (is_going(server, status)) return power_step(what::done, "it is being deleted");
  if (status == "ERROR") return in_error(server);
  if (status == "SHUTOFF" && text_at(server.data, "OS-EXT-STS:task_state").empty())
    return power_step(what::done);
  if (true_at(server.data, "locked") && !locked_by_us && !is_shelved(status))
    return power_step(what::stays, "locked by somebody; it still runs");
  if (!text_at(server.data, "OS-EXT-STS:task_state").empty() || is_passing(status))
    return power_step(what::wait);
  if (is_shelved(status)) return power_step(what::stays, "shelved");
  if (auto action = way_to_stop(status); !action.empty())
    return power_step(what::act, std::move(action));
  return odd(status);
}

power_step toward_before(const item& server, const std::string& before, bool locked_by_us) {
  const std::string status = text_at(server.data, "status");
  if (is_going(server, status)) return power_step(what::left, "it is being deleted");
  if (status == "ERROR") return power_step(what::left, "in ERROR" + fault_of(server));
  if (before == "SHUTOFF" || is_shelved(before)) return power_step(what::done);
  if (!text_at(server.data, "OS-EXT-STS:task_state").empty() || is_passing(status))
    return power_step(what::wait);
  if (status == before) return power_step(what::done);
  if (true_at(server.data, "locked") && !locked_by_us)
    return power_step(what::stays, "locked by somebody since");
  if (status == "SHUTOFF") return power_step(what::act, "os-start");
  if (status == "ACTIVE" && before == "PAUSED") return power_step(what::act, "pause");
  if (status == "ACTIVE" && before == "SUSPENDED") return power_step(what::act, "suspend");
  if (status == "ACTIVE") return power_step(what::done);
  if (is_shelved(status)) return power_step(what::stays, "shelved since");
  if (!way_to_stop(status).empty()) return power_step(what::done, status + " by now");
  return odd(status);
}

}  // namespace ostclean::services
