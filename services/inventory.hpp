// Everything a project owns, asked of every service of a region at the same time, one request a
// page. What the services send is not believed: an object is listed here only if it proves to be
// the project's.
#pragma once

#include "core/auth/session.hpp"
#include "core/waiting.hpp"
#include "services/coverage.hpp"
#include "services/item.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ostclean::services {

/// Where and as whom to look.
class place {
 public:
  place(auth::session& session, std::string project_id, std::string region)
      : session(&session), project_id(std::move(project_id)), region(std::move(region)) {}

  auth::session* session;
  /// Asks what others have. Neutron makes the default group of the project that a list of rules is
  /// asked with: an administrator asks with another's.
  auth::session* outside = session;
  std::string project_id, region;
  bool scoped =
      true;  ///< the token is for project_id; else it is an administrator's for another one
  bool as_user = false;  ///< one of the project's users acts itself: services guard the others
  bool home = false;     ///< so, or the project is the one that the caller's settings name
  std::string caller_project;  ///< where the caller is at home; empty: in this one
  std::vector<std::string> keypair_users;
  /// The ids of all projects of the same run, or none: what is another's of them goes with that
  /// one.
  std::shared_ptr<const std::set<std::string>> together;
  bool own_keypairs = false;  ///< the caller is the one keypair user: needs no user filter
  waiting time;               ///< how long services are given, and how that passes
};

class inventory {
 public:
  inventory() = default;

  class remark {
   public:
    remark(std::string kind, std::string region, std::string why)
        : kind(std::move(kind)), region(std::move(region)), why(std::move(why)) {}
    std::string kind, region, why;
  };

  std::vector<item> items;
  std::vector<item> others;  ///< ports of others on the networks and subnets: never touched
  /// Of `absent`, what this cloud may have all the same; `kind` is empty for a whole service.
  std::vector<unseen> not_looked_at;
  std::vector<remark>
      not_visible;  ///< 403 as the user itself, or no view for an administrator of another project
  std::vector<remark>
      absent;  ///< services that are not in the catalog, extensions that are not loaded
  std::set<std::string> unlisted;  ///< kinds of `skip` whose list did not come
  std::vector<error>
      failures;  ///< lists that did not come: the rest cannot be trusted to be complete
};

/// A list of a kind in `skip` may fail. `done` holds "KIND URL" of the collections already listed
/// for this project, so that regions which share an endpoint are looked at once; it grows.
boost::asio::awaitable<inventory> take_inventory(place where, std::set<std::string> skip,
                                                 std::set<std::string>& done);

/// What is owned in one collection of one kind.
class listing {
 public:
  listing() = default;
  std::vector<item> items;
  bool ownerless = false;  ///< objects came, and none of them says whose it is
  std::string unseen;      ///< what else there may be, and why it is not shown; empty: nothing
};
/// A GET of a collection of the kind, whole or of ids only.
http::request list_request(const place& where, const kind& row, const std::string& url,
                           bool older = false);
boost::asio::awaitable<result<listing>> list_kind(place where, const kind& row, std::string base);

}  // namespace ostclean::services
