// The rules of services/trial.hpp.
#include "services/trial.hpp"

#include "core/time.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <charconv>
#include <cmath>

namespace ostclean::services {
namespace {

using std::chrono::sys_days;

constexpr std::string_view k_states[] = {"active", "expiring", "expired", "protected", "none"};
constexpr int k_most_days = 1000000;

std::string iso(sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

const boost::json::value* attribute(const user& who, const std::string& name) {
  const auto* found = who.attributes.if_contains(name);
  return found && !found->is_null() ? found : nullptr;
}

/// Whole numbers, as a number or as text; nullopt for anything else.
std::optional<int> whole_days(const boost::json::value& given) {
  double number = -1;
  if (const auto* text = given.if_string()) {
    const std::string trimmed = boost::algorithm::trim_copy(std::string(*text));
    int days = -1;
    const auto end = trimmed.data() + trimmed.size();
    const auto [stop, ec] = std::from_chars(trimmed.data(), end, days);
    if (ec == std::errc() && stop == end) number = days;
  } else if (given.is_number()) {
    number = given.to_number<double>();
  }
  if (!(number >= 0 && number <= k_most_days) || number != std::floor(number)) return std::nullopt;
  return static_cast<int>(number);
}

void read_duration(const user& who, const role_rule& rule, verdict& into) {
  into.duration_days = rule.days;
  const auto* given = attribute(who, rule.duration);
  if (!given) return;
  into.duration_days = whole_days(*given);
  if (!into.duration_days) into.reason = fmt::format("{} cannot be read", rule.duration);
}

/// The dates of one policy role and the state they make; protection is looked at later.
verdict by_dates(const user& who, const held_role& held, const role_rule& rule, sys_days today) {
  verdict found;
  found.state = trial_state::active;
  found.role = held.name.empty() ? rule.role : held.name;
  found.role_id = held.id;
  found.becomes = rule.becomes;
  found.via_group = held.via_group;
  read_duration(who, rule, found);
  const auto* given = attribute(who, rule.started);
  const auto* text = given ? given->if_string() : nullptr;
  const auto started = text ? day_of(std::string(*text)) : std::nullopt;
  if (!given) found.reason = fmt::format("no {}", rule.started);
  if (given && !started) found.reason = fmt::format("{} cannot be read", rule.started);
  if (started) found.started_at = iso(*started);
  if (!started || !found.duration_days) return found;
  const sys_days expires = *started + std::chrono::days(*found.duration_days);
  found.expires_at = iso(expires);
  found.remaining_days = static_cast<int>((expires - today).count());
  if (*found.remaining_days < 0)
    found.state = trial_state::expired;
  else if (*found.remaining_days <= rule.warn_days)
    found.state = trial_state::expiring;
  return found;
}

bool is(const held_role& held, const std::string& id_or_name) {
  return !id_or_name.empty() && (held.id == id_or_name || held.name == id_or_name);
}

/// Most Keystones take Admin and admin for one name: what protects does so too.
bool is_listed(const std::string& listed, const std::string& id, const std::string& name) {
  return !listed.empty() && (listed == id || boost::algorithm::iequals(listed, name));
}

/// Never expiring is last of all; of equals, the role that is held directly.
bool lasts_longer(const verdict& a, const verdict& b) {
  if (a.remaining_days.has_value() != b.remaining_days.has_value()) return !a.remaining_days;
  if (a.remaining_days != b.remaining_days) return *a.remaining_days > *b.remaining_days;
  return !a.via_group && b.via_group;
}

void protect(verdict& found, protection rule, std::string reason) {
  found.state = trial_state::protected_;
  found.rule = rule;
  found.reason = std::move(reason);
}

bool holds(std::span<const held_role> held, const std::string& id_or_name) {
  for (const auto& role : held)
    if (is(role, id_or_name)) return true;
  return false;
}

void look_for_protection(const user& who, std::span<const held_role> held, const policy& rules,
                         const std::set<std::string>& projects, verdict& found) {
  for (const auto& listed : rules.protected_users)
    if (is_listed(listed, who.id, who.name))
      return protect(found, protection::user, fmt::format("user {} is protected", listed));
  const std::string domain = email_domain(who.email);
  for (const auto& listed : rules.protected_email_domains)
    if (!domain.empty() && boost::algorithm::to_lower_copy(listed) == domain)
      return protect(found, protection::email_domain,
                     fmt::format("email domain {} is protected", listed));
  for (const auto& listed : rules.protected_roles)
    if (std::any_of(held.begin(), held.end(),
                    [&](const held_role& role) { return is_listed(listed, role.id, role.name); }))
      return protect(found, protection::role, fmt::format("role {} is protected", listed));
  if (!who.own_project().empty() && projects.contains(who.own_project()))
    protect(found, protection::project, fmt::format("project {} is protected", who.own_project()));
}

}  // namespace

std::string email_domain(const std::string& email) {
  const auto at = email.rfind('@');
  if (at == std::string::npos) return "";
  const std::string domain = boost::algorithm::to_lower_copy(email.substr(at + 1));
  return domain.substr(0, domain.find_first_of("> \t\r\n"));
}

bool runs(const verdict& judged) {
  using enum trial_state;
  if (judged.state == active || judged.state == expiring) return true;
  return judged.state == protected_ && !judged.role.empty() &&
         judged.remaining_days.value_or(0) >= 0;
}

std::string_view to_string(trial_state state) { return k_states[static_cast<int>(state)]; }

std::optional<trial_state> trial_state_from(std::string_view name) {
  for (std::size_t i = 0; i < std::size(k_states); ++i)
    if (k_states[i] == name) return static_cast<trial_state>(i);
  return std::nullopt;
}

std::optional<sys_days> day_of(const std::string& text) {
  const auto time = parse_iso8601(boost::algorithm::trim_copy(text));
  if (!time) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*time);
}

verdict judge(const user& who, std::span<const held_role> held, const policy& rules,
              const std::set<std::string>& protected_projects, sys_time now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  std::optional<verdict> last;
  for (const auto& rule : rules.roles) {
    for (const auto& role : held) {
      if (!is(role, rule.role)) continue;
      verdict candidate = by_dates(who, role, rule, today);
      if (!last || lasts_longer(candidate, *last)) last = std::move(candidate);
    }
  }
  verdict found = last.value_or(verdict());
  if (!last)
    found.reason = "holds none of the policy's roles";
  else if (found.via_group && found.reason.empty())
    found.reason = fmt::format("role {} is held through a group", found.role);
  look_for_protection(who, held, rules, protected_projects, found);
  return found;
}

bool recategorized(std::span<const held_role> held, const policy& rules) {
  bool became = false;
  for (const auto& rule : rules.roles) {
    if (holds(held, rule.role)) return false;
    became = became || holds(held, rule.becomes);
  }
  return became;
}

}  // namespace ostclean::services
