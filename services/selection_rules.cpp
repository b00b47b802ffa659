// The two rules every selection obeys: which projects nobody may touch, and whose trial is not
// over.
#include "core/text.hpp"
#include "services/loan.hpp"
#include "services/selection.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

namespace ostclean::services {
namespace {

error refusal(const project& what, std::string_view why) {
  return error(errc::refused,
               fmt::format("project {} ({}) is protected: {}", what.name, what.id, why));
}

bool is_administrators(const auth::token& caller, const policy& rules) {
  return std::any_of(caller.roles.begin(), caller.roles.end(), [&](const std::string& role) {
    return is_admin_name(role) ||
           std::any_of(rules.protected_roles.begin(), rules.protected_roles.end(),
                       [&](const auto& listed) { return boost::algorithm::iequals(role, listed); });
  });
}

}  // namespace

std::optional<error> why_protected(const project& what, const policy& rules,
                                   const auth::token& caller, const is_lent& lent) {
  if (what.is_domain) return refusal(what, "it is a domain");
  for (const auto& listed : rules.protected_projects)
    if (listed == what.id || boost::algorithm::iequals(listed, what.name))
      return refusal(what, "the policy lists it (protect.projects)");
  if (const auto tag = rules.tag_of_projects(); !tag.empty() && contains(what.tags, tag))
    return refusal(what, fmt::format("it has the tag {}", tag));
  const bool borrowed = lent && lent(caller.user_id, what.id, "");
  if (what.id == caller.project_id && is_administrators(caller, rules) && !borrowed)
    return refusal(what, "it is the caller's own admin project");
  return std::nullopt;
}

std::string why_spared(const account& who, const policy& rules) {
  const auto& judged = who.judged;
  if (judged.state == trial_state::expired) return "";
  if (judged.state == trial_state::protected_) return judged.reason;
  if (judged.state == trial_state::none) return recategorized(who.held, rules) ? "" : judged.reason;
  const std::string state = fmt::format("not expired (role {})", judged.role);
  if (judged.remaining_days)
    return fmt::format("{}: {} days remain", state, *judged.remaining_days);
  return judged.reason.empty() ? state : fmt::format("{}: {}", state, judged.reason);
}

}  // namespace ostclean::services
