// The reads and the order of services/accounts.hpp.
#include "services/accounts.hpp"

#include "core/bounded.hpp"
#include "core/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <climits>
#include <functional>
#include <optional>
#include <tuple>

namespace ostclean::services {
namespace {

/// Requests in flight; the transport's own limit may be lower.
constexpr std::size_t k_lists_at_once = 8;

std::vector<std::string> roles_that_matter(const policy& rules, std::vector<std::string> more) {
  std::vector<std::string> all;
  for (const auto& rule : rules.roles) all.push_back(rule.role);
  all.insert(all.end(), rules.protected_roles.begin(), rules.protected_roles.end());
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// Results of many reads by position; the first error wins.
template <class T>
class gather {
 public:
  using read = std::function<identity::answer<T>(std::string)>;
  gather(read one, std::vector<std::string> keys)
      : one_(std::move(one)), keys(std::move(keys)), found(this->keys.size()) {}

  http::asio::awaitable<void> operator()(std::size_t i) {
    if (failed) co_return;
    auto answer = co_await one_(keys[i]);
    if (answer)
      found[i] = std::move(*answer);
    else if (!failed)
      failed = answer.error();
  }

 private:
  read one_;

 public:
  std::vector<std::string> keys;
  std::vector<T> found;
  std::optional<error> failed;
};

using assignments = std::vector<assignment>;

identity::answer<std::vector<named>> resolve_roles(identity& from, role_book& book,
                                                   std::vector<std::string> wanted) {
  std::vector<named> found;
  for (const auto& name : wanted) {
    const named* role = book.find(name);
    if (!role) {
      auto asked = co_await from.find_role(name);
      if (!asked && asked.error().code != errc::config) co_return asked.error();
      if (!asked && !contains(book.missing, name)) book.missing.push_back(name);
      if (asked) book.roles.push_back(*asked);
      role = asked ? &book.roles.back() : nullptr;
    }
    const auto same = [role](const named& other) { return other.id == role->id; };
    if (role && std::none_of(found.begin(), found.end(), same)) found.push_back(*role);
  }
  co_return found;
}

std::vector<std::string> groups_in(const std::vector<assignments>& all) {
  std::set<std::string> ids;
  for (const auto& one : all)
    for (const auto& row : one)
      if (!row.group_id.empty()) ids.insert(row.group_id);
  return std::vector<std::string>(ids.begin(), ids.end());
}

void write_down(role_book& book, const std::vector<assignments>& all,
                const gather<std::vector<user>>& groups) {
  for (const auto& one : all)
    for (const auto& row : one) {
      if (!row.user_id.empty())
        book.by_user[row.user_id].push_back(book.held_by_way_of(row, false));
      for (std::size_t g = 0; !row.group_id.empty() && g < groups.keys.size(); ++g)
        if (groups.keys[g] == row.group_id)
          for (const auto& member : groups.found[g])
            if (!member.id.empty())
              book.by_user[member.id].push_back(book.held_by_way_of(row, true));
    }
}

/// A protected project is listed by id or by name; a name protects it in every domain.
identity::answer<std::set<std::string>> protected_ids(identity& from, const policy& rules) {
  const auto by_name = [&from](std::string name) {
    return from.projects_named(std::move(name), "");
  };
  gather<std::vector<project>> named(by_name, rules.protected_projects);
  co_await run_bounded(named.keys.size(), k_lists_at_once, named);
  if (named.failed) co_return *named.failed;
  std::set<std::string> ids(rules.protected_projects.begin(), rules.protected_projects.end());
  for (const auto& found : named.found)
    for (const auto& one : found) ids.insert(one.id);
  co_return ids;
}

/// The users of `ids`, from the list of the cloud or of one domain, and what that leaves out.
identity::answer<std::map<std::string, user>> users_of(identity& from, std::set<std::string> ids,
                                                       std::string domain_id) {
  bool truncated = false;
  auto listed = co_await from.users(domain_id, &truncated);
  if (!listed) co_return listed.error();
  std::map<std::string, user> found;
  for (auto& one : *listed) {
    std::string id = one.id;
    if (ids.erase(id) == 1) found.emplace(std::move(id), std::move(one));
  }
  if (ids.empty() || (!domain_id.empty() && !truncated)) co_return found;
  std::vector<std::string> missing(ids.begin(), ids.end());
  auto rest = co_await from.users_by_id(std::move(missing));
  if (!rest) co_return rest.error();
  for (auto& [id, one] : *rest)
    if (domain_id.empty() || one.domain_id == domain_id) found.emplace(id, std::move(one));
  co_return found;
}

std::set<std::string> listed_role_ids(const role_book& book, const policy& rules,
                                      const account_filter& filter) {
  std::set<std::string> ids;
  std::vector<std::string> names = filter.roles;
  if (names.empty())
    for (const auto& rule : rules.roles) names.push_back(rule.role);
  for (const auto& name : names)
    if (const auto* role = book.find(name)) ids.insert(role->id);
  return ids;
}

/// The first of the held roles that is listed, restricted to a project where one is given.
const held_role* listed_role(const std::vector<held_role>& held, const std::set<std::string>& ids,
                             const std::string& project_id) {
  for (const auto& role : held)
    if (ids.contains(role.id) && (project_id.empty() || role.project_id == project_id))
      return &role;
  return nullptr;
}

/// The domain and the project of a filter as ids.
class resolved_filter {
 public:
  resolved_filter() = default;
  std::string domain_id, project_id;

  /// `role_there`: a listed role held in the project, or null.
  bool matches(const user& who, const held_role* role_there) const {
    return project_id.empty() || role_there || who.own_project() == project_id;
  }
};

identity::answer<resolved_filter> resolve(identity& from, account_filter filter) {
  resolved_filter found;
  if (!filter.domain.empty()) {
    auto domain = co_await from.find_domain(filter.domain);
    if (!domain) co_return domain.error();
    found.domain_id = domain->id;
  }
  if (!filter.project.empty()) {
    auto project = co_await from.find_project(filter.project, "");
    if (!project) co_return project.error();
    found.project_id = project->id;
  }
  co_return found;
}

bool wanted_state(const account_filter& filter, trial_state state) {
  return filter.states.empty() ||
         std::find(filter.states.begin(), filter.states.end(), state) != filter.states.end();
}

auto order(const account& one) {
  return std::make_tuple(one.judged.remaining_days.value_or(INT_MAX), one.who.name, one.who.id);
}

}  // namespace

held_role role_book::held_by_way_of(const assignment& from, bool via_group) const {
  held_role made;
  made.id = from.role_id;
  if (const auto* role = find(from.role_id)) made.name = role->name;
  made.project_id = from.project_id;
  made.via_group = via_group;
  return made;
}

const named* role_book::find(const std::string& id_or_name) const {
  for (const auto& role : roles)
    if (role.id == id_or_name) return &role;
  for (const auto& role : roles)
    if (role.name == id_or_name) return &role;
  return nullptr;
}

const std::vector<held_role>& role_book::held_by(const std::string& user_id) const {
  static const std::vector<held_role> nothing;
  const auto found = by_user.find(user_id);
  return found == by_user.end() ? nothing : found->second;
}

identity::answer<role_book> read_role_book(identity& from, const policy& rules,
                                           std::vector<std::string> more) {
  role_book book;
  auto all = co_await from.roles();
  if (!all) {
    error why = all.error();
    if (why.code == errc::forbidden)
      why.hint = "to see roles and who has them takes the role admin";
    co_return why;
  }
  book.roles = std::move(*all);
  auto matter = roles_that_matter(rules, std::move(more));
  for (const auto& role : book.roles)
    for (const auto& listed : rules.protected_roles)
      if (boost::algorithm::iequals(role.name, listed)) matter.push_back(role.id);
  auto wanted = co_await resolve_roles(from, book, std::move(matter));
  if (!wanted) co_return wanted.error();
  std::vector<std::string> ids;
  for (const auto& role : *wanted) ids.push_back(role.id);
  gather<assignments> rows(std::bind_front(&identity::assignments_of_role, &from), std::move(ids));
  std::optional<result<std::set<std::string>>> kept;
  std::vector<http::asio::awaitable<void>> reads;
  reads.push_back(run_bounded(rows.keys.size(), k_lists_at_once, rows));
  reads.push_back(put(protected_ids(from, rules), kept));
  co_await all_of(std::move(reads));
  if (rows.failed) co_return *rows.failed;
  if (!*kept) co_return kept->error();
  gather<std::vector<user>> groups(std::bind_front(&identity::group_members, &from),
                                   groups_in(rows.found));
  co_await run_bounded(groups.keys.size(), k_lists_at_once, groups);
  if (groups.failed) co_return *groups.failed;
  write_down(book, rows.found, groups);
  book.protected_projects = std::move(**kept);
  co_return book;
}

identity::answer<account_list> list_accounts(identity& from, const policy& rules,
                                             account_filter filter, sys_time now) {
  auto where = co_await resolve(from, filter);
  if (!where) co_return where.error();
  auto book = co_await read_role_book(from, rules, filter.roles);
  if (!book) co_return book.error();
  account_list list;
  for (const auto& name : book->missing) {
    if (contains(filter.roles, name))
      co_return error(errc::config, fmt::format("no role named {}", name));
    list.notes.push_back(fmt::format("no role named {} in Keystone: nobody holds it", name));
  }
  const auto role_ids = listed_role_ids(*book, rules, filter);
  std::set<std::string> holders;
  for (const auto& [user_id, held] : book->by_user)
    if (listed_role(held, role_ids, "")) holders.insert(user_id);
  auto users = co_await users_of(from, std::move(holders), where->domain_id);
  if (!users) co_return users.error();
  for (auto& [id, who] : *users) {
    const auto& held = book->held_by(id);
    const auto* role = listed_role(held, role_ids, "");
    if (!where->matches(who, listed_role(held, role_ids, where->project_id))) continue;
    verdict judged = judge(who, held, rules, book->protected_projects, now);
    if (judged.role.empty()) judged.role = role->name;
    if (wanted_state(filter, judged.state))
      list.accounts.emplace_back(std::move(who), held, std::move(judged));
  }
  std::sort(list.accounts.begin(), list.accounts.end(),
            [](const account& a, const account& b) { return order(a) < order(b); });
  co_return list;
}

}  // namespace ostclean::services
