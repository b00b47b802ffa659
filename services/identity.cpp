// The reads of services/identity.hpp.
#include "services/identity.hpp"

#include "core/bounded.hpp"
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"

#include <fmt/core.h>
#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace ostclean::services {
namespace {

namespace json = boost::json;

/// So many single GETs are quicker than the whole list; more of them are not.
constexpr std::size_t k_few = 16;
/// Single GETs in flight; the transport's own limit may be lower.
constexpr std::size_t k_reads_at_once = 16;

std::vector<std::string> unique(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

template <class T>
void collect(std::vector<T> from, const std::vector<std::string>& wanted,
             std::map<std::string, T>& into) {
  for (auto& item : from)
    if (std::binary_search(wanted.begin(), wanted.end(), item.id)) {
      std::string id = item.id;
      into.insert_or_assign(std::move(id), std::move(item));
    }
}

/// Fetches what is missing one by one; what Keystone does not know stays missing.
template <class T>
class fetch_missing {
 public:
  using fetch = http::asio::awaitable<result<T>> (identity::*)(std::string);
  fetch_missing(identity& from, fetch one, const std::vector<std::string>& wanted,
                std::map<std::string, T>& into)
      : from_(from), one_(one), into_(into) {
    for (const auto& id : wanted)
      if (!into.contains(id)) missing.push_back(id);
  }

  http::asio::awaitable<void> operator()(std::size_t i) {
    if (failed) co_return;
    auto found = co_await (from_.*one_)(missing[i]);
    if (found)
      into_.insert_or_assign(missing[i], std::move(*found));
    else if (found.error().code != errc::not_found && !failed)
      failed = found.error();
  }

  std::vector<std::string> missing;
  std::optional<error> failed;

 private:
  identity& from_;
  fetch one_;
  std::map<std::string, T>& into_;
};

}  // namespace

identity::identity(http::transport& who, std::string base) : who_(who), base_(std::move(base)) {}

identity::answer<json::value> identity::get(std::string url) {
  http::request ask(http::verb::get, std::move(url));
  ask.service = "identity";
  co_return co_await http::get_json(who_, std::move(ask));
}

identity::answer<json::value> identity::one(std::string collection, std::string id,
                                            std::string key) {
  const error none(errc::not_found, fmt::format("no {} with id {}", key, id));
  if (id.empty()) co_return none;
  auto body = co_await get(base_ + "/" + collection + "/" + http::percent_encode(id));
  if (!body) co_return body.error();
  const auto* found = find(*body, key);
  if (!found || text_at(*found, "id") != id) co_return none;
  co_return *found;
}

identity::answer<std::vector<user>> identity::users(std::string domain_id, bool* truncated) {
  std::string path = "/users";
  if (!domain_id.empty()) path = http::with_query(path, "domain_id", domain_id);
  auto bodies = co_await pages(path, "users", truncated);
  if (!bodies) co_return bodies.error();
  co_return made_from<user>(*bodies);
}

identity::answer<std::vector<user>> identity::all_users() {
  bool truncated = false;
  auto everyone = co_await users("", &truncated);
  if (!everyone) co_return everyone.error();
  auto places = co_await domains();
  if (!places) co_return places.error();
  std::set<std::string> seen, known;
  for (const auto& found : *everyone) {
    seen.insert(found.domain_id);
    known.insert(found.id);
  }
  for (const auto& place : *places) {
    if (!truncated && seen.contains(place.id)) continue;
    bool cut = false;
    auto more = co_await users(place.id, &cut);
    if (!more) co_return more.error();
    if (cut)
      co_return error(errc::service, fmt::format("Keystone cuts the list of users of domain {} "
                                                 "short (its list_limit)",
                                                 place.name));
    for (auto& found : *more)
      if (known.insert(found.id).second) everyone->push_back(std::move(found));
  }
  co_return everyone;
}

identity::answer<std::map<std::string, user>> identity::users_by_id(std::vector<std::string> ids) {
  const auto wanted = unique(std::move(ids));
  std::map<std::string, user> found;
  if (wanted.size() > k_few) {
    auto everyone = co_await all_users();
    if (everyone) collect(std::move(*everyone), wanted, found);
  }
  fetch_missing<user> fetch(*this, &identity::user_by_id, wanted, found);
  co_await run_bounded(fetch.missing.size(), k_reads_at_once, fetch);
  if (fetch.failed) co_return *fetch.failed;
  co_return found;
}

identity::answer<std::map<std::string, project>> identity::projects_by_id(
    std::vector<std::string> ids) {
  const auto wanted = unique(std::move(ids));
  std::map<std::string, project> found;
  if (wanted.size() > k_few) {
    bool cut = false;  // what it leaves out is missing below
    auto bodies = co_await pages("/projects", "projects", &cut);
    if (!bodies) co_return bodies.error();
    collect(made_from<project>(*bodies), wanted, found);
  }
  fetch_missing<project> fetch(*this, &identity::project_by_id, wanted, found);
  co_await run_bounded(fetch.missing.size(), k_reads_at_once, fetch);
  if (fetch.failed) co_return *fetch.failed;
  co_return found;
}

identity::answer<std::vector<user>> identity::group_members(std::string group_id) {
  auto bodies = co_await whole("/groups/" + http::percent_encode(group_id) + "/users", "users");
  if (bodies) co_return made_from<user>(*bodies);
  if (bodies.error().code == errc::not_found) co_return std::vector<user>();
  co_return bodies.error();
}

identity::answer<std::vector<named>> identity::roles() {
  auto bodies = co_await whole("/roles", "roles");
  if (!bodies) co_return bodies.error();
  co_return made_from<named>(*bodies);
}

identity::answer<std::vector<named>> identity::domains() {
  auto bodies = co_await pages("/domains", "domains");
  if (!bodies) co_return bodies.error();
  co_return made_from<named>(*bodies);
}

identity::answer<std::vector<project>> identity::projects_named(std::string name,
                                                                std::string domain_id) {
  std::string path = http::with_query("/projects", "name", name);
  if (!domain_id.empty()) path = http::with_query(path, "domain_id", domain_id);
  auto bodies = co_await pages(path, "projects");
  if (!bodies) co_return bodies.error();
  auto found = made_from<project>(*bodies);
  std::erase_if(found, [&name](const project& p) { return p.name != name; });
  co_return found;
}

identity::answer<std::vector<assignment>> identity::assignments_of_role(std::string role_id) {
  const std::string path = http::with_query("/role_assignments", "role.id", role_id);
  auto bodies = co_await whole(path, "role_assignments");
  if (!bodies) co_return bodies.error();
  auto found = made_from<assignment>(*bodies);
  std::erase_if(found, [&role_id](const assignment& a) { return a.role_id != role_id; });
  co_return found;
}

identity::answer<std::vector<assignment>> identity::assignments_on_project(std::string project_id) {
  const std::string path = http::with_query("/role_assignments", "scope.project.id", project_id);
  auto bodies = co_await whole(path, "role_assignments");
  if (!bodies) co_return bodies.error();
  auto found = made_from<assignment>(*bodies);
  std::erase_if(found, [&](const assignment& a) { return a.project_id != project_id; });
  co_return found;
}

identity::answer<std::vector<assignment>> identity::assignments_of_user(std::string user_id,
                                                                        bool effective) {
  std::string path = http::with_query("/role_assignments", "user.id", user_id);
  if (effective) path += "&effective";
  auto bodies = co_await whole(path, "role_assignments");
  if (!bodies) co_return bodies.error();
  auto found = made_from<assignment>(*bodies);
  std::erase_if(found, [&](const assignment& a) { return a.user_id != user_id; });
  co_return found;
}

identity::answer<user> identity::user_by_id(std::string id) {
  auto body = co_await one("users", id, "user");
  if (!body) co_return body.error();
  co_return user(*body);
}

identity::answer<project> identity::project_by_id(std::string id) {
  auto body = co_await one("projects", id, "project");
  if (!body) co_return body.error();
  co_return project(*body);
}

identity::answer<std::vector<named>> identity::roles_of_token(std::string token_id) {
  http::request ask(http::verb::get, base_ + "/auth/tokens?nocatalog");
  ask.service = "identity";
  ask.headers.set("X-Subject-Token", std::move(token_id));
  auto body = co_await http::get_json(who_, std::move(ask));
  if (!body) co_return body.error();
  const auto* list = find(*body, "token.roles");
  std::vector<named> found;
  if (!list || !list->is_array()) co_return found;
  for (const auto& role : list->get_array()) found.emplace_back(role);
  co_return found;
}

}  // namespace ostclean::services
