// Users, roles, assignments and projects as Keystone lists them: what is returned is what was asked
// for, and nobody is expired whose dates cannot be read.
#include "core/time.hpp"
#include "services/accounts.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <functional>

using namespace ostclean;
using namespace ostclean::fuzz;
using namespace ostclean::services;

namespace {

const auto now = *parse_iso8601("2026-11-22T05:36:25Z");

template <class T>
void check_all(const result<std::vector<T>>& found, const std::function<bool(const T&)>& wanted) {
  if (!found) return;
  for (const auto& one : *found) require(wanted(one), "a list holds what was asked for");
}

void check_lists(identity& from) {
  check_all<assignment>(run(from.assignments_of_role("r1")),
                        [](const auto& one) { return one.role_id == "r1"; });
  check_all<assignment>(run(from.assignments_on_project("p1")),
                        [](const auto& one) { return one.project_id == "p1"; });
  check_all<assignment>(run(from.assignments_of_user("u1", true)),
                        [](const auto& one) { return one.user_id == "u1"; });
  check_all<project>(run(from.projects_named("one", "")),
                     [](const auto& one) { return one.name == "one"; });
}

template <class T>
void check_ids(const result<std::map<std::string, T>>& found) {
  if (!found) return;
  for (const auto& [id, one] : *found) require(!id.empty() && one.id == id, "an id is its own", id);
}

void check_people(identity& from) {
  (void)run(from.all_users());
  (void)run(from.group_members("g/1"));
  check_ids<user>(run(from.users_by_id({"u1", "u2", ""})));
  check_ids<project>(run(from.projects_by_id({"p1", "p1"})));
  if (const auto one = run(from.user_by_id("u1"))) require(one->id == "u1", "a user is that one");
}

void check_names(identity& from) {
  if (const auto one = run(from.find_user("one", "")))
    require(one->id == "one" || one->name == "one", "a name is that user's", one->name);
  if (const auto one = run(from.find_project("one", "default")))
    require(one->id == "one" || one->name == "one", "a name is that project's", one->name);
  if (const auto one = run(from.find_domain("one")))
    require(one->id == "one" || one->name == "one", "a name is that domain's", one->name);
  if (const auto one = run(from.find_role("one")))
    require(one->id == "one" || one->name == "one", "a name is that role's", one->name);
  (void)run(from.roles_of_token("token"));
}

void check_account(const account& one, const policy& rules) {
  require(!one.who.id.empty() && !one.held.empty(), "an account is somebody's", one.who.name);
  if (one.judged.state != trial_state::expired) return;
  require(one.judged.rule == protection::nothing, "who is protected is not expired", one.who.id);
  require(one.judged.remaining_days && *one.judged.remaining_days < 0, "expired is over",
          one.who.id);
  const bool dated = std::any_of(rules.roles.begin(), rules.roles.end(), [&](const auto& rule) {
    const auto* started = one.who.attributes.if_contains(rule.started);
    return started && started->is_string() && day_of(std::string{started->get_string()});
  });
  require(dated, "who is expired has begun", one.who.id);
}

void check_accounts(identity& from) {
  const policy rules = policy::built_in();
  account_filter filter;
  const auto found = run(list_accounts(from, rules, filter, now));
  if (!found) return;
  for (const auto& one : found->accounts) check_account(one, rules);
  require(std::is_sorted(found->accounts.begin(), found->accounts.end(),
                         [](const account& a, const account& b) {
                           return a.judged.remaining_days.value_or(INT32_MAX) <
                                  b.judged.remaining_days.value_or(INT32_MAX);
                         }),
          "who is over first comes first");
}

}  // namespace

/// A byte for what is asked, then the bodies, again and again.
extern "C" int fuzz_identity(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  const unsigned choice = take_byte(text);
  answers keystone(text, 8);
  identity from(keystone, "http://keystone/v3");
  void (*const asks[])(identity&) = {check_lists, check_people, check_names, check_accounts};
  asks[choice % 4](from);
  require(keystone.only_reads, "Keystone is only asked");
  for (const auto& url : keystone.urls)
    require(url.starts_with("http://keystone/v3/"), "only Keystone is asked", url);
  return 0;
}
