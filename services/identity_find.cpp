// What Keystone's objects are made of, and how a name that a person typed becomes one of them.
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/identity.hpp"

#include <fmt/core.h>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/json/array.hpp>

#include <string_view>
#include <utility>

namespace ostclean::services {
namespace {

namespace json = boost::json;

/// The error for a name that stands for several things, with what tells them apart.
template <class T>
error ambiguous(std::string_view what, const std::string& name, const std::vector<T>& found) {
  std::string list;
  for (const auto& item : found)
    list += fmt::format("{}{} (domain {})", list.empty() ? "" : ", ", item.id, item.domain_id);
  error e(errc::config, fmt::format("{} {}s are named {}: {}", found.size(), what, name, list));
  e.hint = "use an id";
  return e;
}

error unknown(std::string_view what, const std::string& name) {
  return error(errc::config, fmt::format("no {} named {}", what, name));
}

}  // namespace

user::user(const json::value& body)
    : id(text_at(body, "id")),
      name(text_at(body, "name")),
      email(text_at(body, "email")),
      domain_id(text_at(body, "domain_id")),
      default_project_id(text_at(body, "default_project_id")),
      cloud_project_id(text_at(body, "cloud_project_id")),
      enabled(!find(body, "enabled") || true_at(body, "enabled")) {
  if (const auto* all = body.if_object()) attributes = *all;
}

const std::string& user::own_project() const {
  return cloud_project_id.empty() ? default_project_id : cloud_project_id;
}

project::project(const json::value& body)
    : id(text_at(body, "id")),
      name(text_at(body, "name")),
      domain_id(text_at(body, "domain_id")),
      enabled(!find(body, "enabled") || true_at(body, "enabled")),
      is_domain(true_at(body, "is_domain")),
      tags(texts_at(body, "tags")) {}

named::named(const json::value& body) : id(text_at(body, "id")), name(text_at(body, "name")) {}

assignment::assignment(const json::value& body)
    : role_id(text_at(body, "role.id")),
      user_id(text_at(body, "user.id")),
      group_id(text_at(body, "group.id")),
      project_id(text_at(body, "scope.project.id")),
      domain_id(text_at(body, "scope.domain.id")),
      inherited(find(body, "scope.OS-INHERIT:inherited_to") != nullptr) {}

application_credential::application_credential(const json::value& body)
    : id(text_at(body, "id")),
      name(text_at(body, "name")),
      project_id(text_at(body, "project_id")) {
  if (const auto* all = find(body, "roles"); all && all->is_array())
    for (const auto& role : all->get_array()) roles.emplace_back(role);
}

identity::answer<std::vector<application_credential>> identity::application_credentials(
    std::string user_id) {
  std::string path = "/users/" + http::percent_encode(user_id) + "/application_credentials";
  auto bodies = co_await whole(std::move(path), "application_credentials");
  if (!bodies) co_return bodies.error();
  co_return made_from<application_credential>(*bodies);
}

identity::answer<project> identity::find_project(std::string id_or_name, std::string domain) {
  auto by_id = co_await project_by_id(id_or_name);
  if (by_id || by_id.error().code != errc::not_found) co_return by_id;
  auto place = co_await domain_id(domain);
  if (!place) co_return place.error();
  auto found = co_await projects_named(id_or_name, *place);
  if (!found) co_return found.error();
  if (found->empty()) co_return unknown("project", id_or_name);
  if (found->size() > 1) co_return ambiguous("project", id_or_name, *found);
  co_return found->front();
}

identity::answer<user> identity::find_user(std::string id_or_name, std::string domain) {
  auto by_id = co_await user_by_id(id_or_name);
  if (by_id || by_id.error().code != errc::not_found) co_return by_id;
  auto place = co_await domain_id(domain);
  if (!place) co_return place.error();
  std::string path = http::with_query("/users", "name", id_or_name);
  if (!place->empty()) path = http::with_query(path, "domain_id", *place);
  auto bodies = co_await pages(path, "users");
  if (!bodies) co_return bodies.error();
  auto found = made_from<user>(*bodies);
  std::erase_if(found, [&id_or_name](const user& u) { return u.name != id_or_name; });
  if (found.empty()) co_return unknown("user", id_or_name);
  if (found.size() > 1) co_return ambiguous("user", id_or_name, found);
  co_return found.front();
}

identity::answer<named> identity::find_domain(std::string id_or_name) {
  auto body = co_await one("domains", id_or_name, "domain");
  if (body) co_return named(*body);
  if (body.error().code != errc::not_found) co_return body.error();
  auto bodies = co_await pages(http::with_query("/domains", "name", id_or_name), "domains");
  if (!bodies) co_return bodies.error();
  for (const auto& found : made_from<named>(*bodies))
    if (found.name == id_or_name) co_return found;
  co_return unknown("domain", id_or_name);
}

identity::answer<named> identity::find_role(std::string id_or_name) {
  auto body = co_await one("roles", id_or_name, "role");
  if (body) co_return named(*body);
  if (body.error().code != errc::not_found) co_return body.error();
  auto bodies = co_await whole(http::with_query("/roles", "name", id_or_name), "roles");
  if (!bodies) co_return bodies.error();
  for (const auto& found : made_from<named>(*bodies))
    if (found.name == id_or_name) co_return found;
  co_return unknown("role", id_or_name);
}

identity::answer<bool> identity::lists(std::string collection, std::string name,
                                       std::string domain_id) {
  std::string path = http::with_query("/" + collection, "name", name);
  if (!domain_id.empty()) path = http::with_query(path, "domain_id", domain_id);
  auto bodies = co_await pages(std::move(path), std::move(collection));
  if (!bodies) co_return bodies.error();
  for (const auto& found : *bodies)
    if (boost::algorithm::iequals(text_at(found, "name"), name)) co_return true;
  co_return false;
}

/// A plain list leaves out domains with a driver of their own: then each is asked.
identity::answer<bool> identity::has_user(std::string id_or_name) {
  auto by_id = co_await user_by_id(id_or_name);
  if (by_id) co_return true;
  if (by_id.error().code != errc::not_found) co_return by_id.error();
  auto here = co_await lists("users", id_or_name, std::string());
  if (!here || *here) co_return here;
  auto all = co_await domains();
  if (!all) co_return all.error();
  for (const auto& domain : *all) {
    auto there = co_await lists("users", id_or_name, domain.id);
    if (!there || *there) co_return there;
  }
  co_return false;
}

identity::answer<bool> identity::has_project(std::string id_or_name) {
  auto by_id = co_await project_by_id(id_or_name);
  if (by_id) co_return true;
  if (by_id.error().code != errc::not_found) co_return by_id.error();
  co_return co_await lists("projects", std::move(id_or_name), std::string());
}

identity::answer<bool> identity::has_role(std::string id_or_name) {
  auto all = co_await roles();
  if (!all) co_return all.error();
  for (const auto& role : *all)
    if (role.id == id_or_name || boost::algorithm::iequals(role.name, id_or_name)) co_return true;
  auto by_id = co_await one("roles", id_or_name, "role");
  if (!by_id && by_id.error().code != errc::not_found) co_return by_id.error();
  co_return by_id.has_value();
}

identity::answer<std::string> identity::domain_id(std::string id_or_name) {
  if (id_or_name.empty()) co_return std::string();
  auto found = co_await find_domain(id_or_name);
  if (!found) co_return found.error();
  co_return found->id;
}

}  // namespace ostclean::services
