// What this program does not look at although it may hold what is a project's: services and
// extensions that no row of the table of kinds covers, services without an endpoint where it looks,
// kinds that a service is too old to show. An operator who reads "gone" is told of all of them.
#pragma once

#include "core/auth/catalog.hpp"
#include "core/http/transport.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace ostclean::services {

class unseen {
 public:
  unseen(std::string region, std::string service, std::string kind, std::string reason)
      : region(std::move(region)),
        service(std::move(service)),
        kind(std::move(kind)),
        reason(std::move(reason)) {}
  std::string region;
  std::string service;  ///< the type in the catalog
  std::string kind;     ///< of ours, or an extension's alias; empty for the whole service
  std::string reason;

  bool operator<(const unseen& other) const {
    return std::tie(region, service, kind, reason) <
           std::tie(other.region, other.service, other.kind, other.reason);
  }
};

/// {region, service, kind, reason}
boost::json::object to_json(const unseen& one);

/// Services of the catalog that have an endpoint in `regions` and of which no kind is known; not
/// those that hold nothing of a project.
std::vector<unseen> uncovered_services(const auth::catalog& all,
                                       const std::vector<std::string>& regions);

/// Extensions of the Neutron at `network` of which no kind is known. Where they cannot be listed,
/// that is what is not looked at.
http::asio::awaitable<std::vector<unseen>> uncovered_extensions(http::transport& who,
                                                                std::string network,
                                                                std::string region);

/// The policy's `not_ours` names its service, by whatever alias, or its extension.
bool is_in(const unseen& one, const std::vector<std::string>& not_ours);

/// Whether the service says in the words of a 406 that its newest version is older than `since`.
bool came_after(std::string_view since, const std::string& words);

/// In the tables of what holds nothing of a project, or only what a row covers.
bool is_harmless_service(std::string_view type);
bool is_harmless_extension(std::string_view alias);

}  // namespace ostclean::services
