// Whose trial is over. A pure function of one user, the roles held, the policy and the time: no
// request is made here, so that the rules can be read and tested on their own. Days are counted by
// calendar date in UTC.
#pragma once

#include "core/time.hpp"
#include "services/identity.hpp"
#include "services/policy.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace ostclean::services {

enum class trial_state { active, expiring, expired, protected_, none };

/// "active", "expiring", "expired", "protected", "none".
std::string_view to_string(trial_state state);
/// The state of that name, nullopt when there is none.
std::optional<trial_state> trial_state_from(std::string_view name);

/// A role somebody holds somewhere.
class held_role {
 public:
  held_role() = default;
  std::string id, name;
  std::string project_id;  ///< empty when held on a domain or on the system
  bool via_group = false;
};

/// Which rule protects a user.
enum class protection { nothing, user, email_domain, role, project };

class verdict {
 public:
  verdict() = default;
  trial_state state = trial_state::none;
  protection rule = protection::nothing;
  std::string role, role_id;  ///< the policy role that was judged: the one that expires last
  std::string becomes;        ///< what the policy makes of it
  bool via_group = false;     ///< held through a group only: never recategorized
  std::string started_at, expires_at;  ///< YYYY-MM-DD in UTC, empty when not known
  std::optional<int> duration_days, remaining_days;
  std::string reason;  ///< why the state is what it is, empty when the dates say it all
};

/// `protected_projects`: ids of the projects the policy protects. `expires_at` is the last day of
/// the account; it is expired from the day after. A user whose start or duration is missing or
/// unreadable is active for ever, with the reason.
verdict judge(const user& who, std::span<const held_role> held, const policy& rules,
              const std::set<std::string>& protected_projects, sys_time now);

/// True when one of `held` is what the policy turns an expiring role into and none is an expiring
/// role: somebody who was recategorized.
bool recategorized(std::span<const held_role> held, const policy& rules);

/// The role that was judged has not ended yet, whatever protects the user besides.
bool runs(const verdict& judged);

/// In lower case, empty when there is none; "Ann <ann@corp.invalid>" has one too.
std::string email_domain(const std::string& email);

/// The UTC day of a time in any form OpenStack writes.
std::optional<std::chrono::sys_days> day_of(const std::string& text);

}  // namespace ostclean::services
