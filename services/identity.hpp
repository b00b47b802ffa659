// What the Identity API v3 says about users, projects, roles and who holds what. Everything is read
// in whole collections, so that ten thousand users cost a handful of requests; only what a list
// leaves out (domains with a driver of their own, lists that are cut) is fetched one by one.
#pragma once

#include "core/error.hpp"
#include "core/http/transport.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <vector>

namespace ostclean::services {

class user {
 public:
  user() = default;
  explicit user(const boost::json::value& body);

  std::string id, name, email, domain_id, default_project_id, cloud_project_id;
  bool enabled = true;
  boost::json::object attributes;  ///< the whole object as Keystone sent it, "options" too

  /// cloud_project_id, else default_project_id, else empty.
  const std::string& own_project() const;
};

class project {
 public:
  project() = default;
  explicit project(const boost::json::value& body);

  std::string id, name, domain_id;
  bool enabled = true, is_domain = false;
  std::vector<std::string> tags;
};

/// A role or a domain: what has an id and a name and nothing else that matters here.
class named {
 public:
  named() = default;
  explicit named(const boost::json::value& body);
  std::string id, name;
};

/// One row of GET /v3/role_assignments: a role, who holds it and where. Exactly one of user_id and
/// group_id is set; project_id and domain_id are empty when the role is held on the system.
class assignment {
 public:
  assignment() = default;
  explicit assignment(const boost::json::value& body);

  std::string role_id, user_id, group_id, project_id, domain_id;
  bool inherited = false;  ///< OS-INHERIT:inherited_to: held on every project below the scope
};

/// What its user logs in with instead of a password: with those of its roles that the user has.
class application_credential {
 public:
  application_credential() = default;
  explicit application_credential(const boost::json::value& body);
  std::string id, name, project_id;
  std::vector<named> roles;
};

/// One T an object of a list.
template <class T>
std::vector<T> made_from(const std::vector<boost::json::value>& bodies) {
  std::vector<T> all;
  all.reserve(bodies.size());
  for (const auto& body : bodies) all.emplace_back(body);
  return all;
}

/// The reads. Nothing here sends anything but GET. Errors: what the transport reports, and any
/// status of 400 and more as an error with Keystone's own words.
class identity {
 public:
  template <class T>
  using answer = http::asio::awaitable<result<T>>;

  /// `who` adds the token and must outlive this; `base` is the Identity URL up to and including
  /// "/v3", without a trailing slash.
  identity(http::transport& who, std::string base);

  /// The users of one domain, or of the domain `domain_id` names; empty: what Keystone lists for
  /// the whole cloud. `truncated` tells that Keystone cut the list and has no way to the rest;
  /// without it that is an error.
  answer<std::vector<user>> users(std::string domain_id, bool* truncated = nullptr);
  /// Every user of every domain, also of those a plain list leaves out.
  answer<std::vector<user>> all_users();
  /// Users by id, from the lists where there are many. An id nobody has is left out.
  answer<std::map<std::string, user>> users_by_id(std::vector<std::string> ids);
  answer<std::map<std::string, project>> projects_by_id(std::vector<std::string> ids);
  /// Members of a group; empty when the group is gone.
  answer<std::vector<user>> group_members(std::string group_id);

  answer<std::vector<named>> roles();
  answer<std::vector<named>> domains();
  answer<std::vector<project>> projects_named(std::string name, std::string domain_id);
  answer<std::vector<assignment>> assignments_of_role(std::string role_id);
  /// Direct assignments on one project, of users and of groups.
  answer<std::vector<assignment>> assignments_on_project(std::string project_id);
  /// What one user holds itself, or (`effective`) also through groups, inheritance and implication.
  answer<std::vector<assignment>> assignments_of_user(std::string user_id, bool effective);

  answer<std::vector<application_credential>> application_credentials(std::string user_id);

  /// By id, errc::not_found when there is none.
  answer<user> user_by_id(std::string id);
  answer<project> project_by_id(std::string id);

  /// What a person typed: an id first, then a name, in `domain` (ID or NAME, empty: all of them).
  /// errc::config when nothing or more than one thing has that name.
  answer<project> find_project(std::string id_or_name, std::string domain);
  answer<user> find_user(std::string id_or_name, std::string domain);
  answer<named> find_domain(std::string id_or_name);
  /// A global role; a domain's own role only by its id.
  answer<named> find_role(std::string id_or_name);

  /// Whether anybody, in any domain, has that id or name; so for a project, and for a role.
  answer<bool> has_user(std::string id_or_name);
  answer<bool> has_project(std::string id_or_name);
  answer<bool> has_role(std::string id_or_name);

  /// The roles in a token, asked with that same token, which Keystone allows to everyone
  /// (GET /v3/auth/tokens). The token goes into a header only.
  answer<std::vector<named>> roles_of_token(std::string token_id);

 private:
  answer<boost::json::value> get(std::string url);
  /// Users, groups, projects, domains: to the end. Incomplete ones set `cut`, or are errc::service.
  answer<std::vector<boost::json::value>> pages(std::string path, std::string key,
                                                bool* cut = nullptr);
  /// What Keystone knows no pages of: roles, assignments, and the parts of something.
  answer<std::vector<boost::json::value>> whole(std::string path, std::string key);
  /// The object under `key` at `collection`/`id`.
  answer<boost::json::value> one(std::string collection, std::string id, std::string key);
  answer<std::string> domain_id(std::string id_or_name);
  /// Whether the collection ("users") has that name, in any case; an empty domain: the caller's
  /// view.
  answer<bool> lists(std::string collection, std::string name, std::string domain_id);

  http::transport& who_;
  std::string base_;
};

}  // namespace ostclean::services
