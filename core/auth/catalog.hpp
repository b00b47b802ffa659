// The service catalog of a token: which service answers where. Types are looked up with the aliases
// of the service-types-authority, an exact type first (keystoneauth1 access/service_catalog.py).
#pragma once

#include "core/error.hpp"

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::auth {

/// How the region of endpoints that name none is called beside those that do.
inline constexpr std::string_view no_region = "(no region)";

class catalog {
 public:
  class endpoint {
   public:
    endpoint() = default;
    std::string interface, region, url;
  };
  class service {
   public:
    service() = default;
    std::string id, type, name;
    std::vector<endpoint> endpoints;
  };

  catalog() = default;
  /// From the "catalog" array of a token; entries that make no sense are skipped, not fatal.
  static catalog parse(const boost::json::value& array);

  /// The URL of a service, empty when there is none. Empty region: the first one. `interface` may
  /// be a comma list, best first.
  std::string url(std::string_view type, std::string_view interface, std::string_view region) const;
  /// Of the service of this very type; empty when the catalog does not say.
  std::string id(std::string_view type) const;
  bool offers(std::string_view type) const;  ///< under any alias and interface, wherever
  /// All regions, in catalog order, each once; at the end `no_region` where some endpoints have one
  /// and others do not.
  std::vector<std::string> regions() const;
  /// errc::config when there are regions and `region`, unless empty, is none of them: what is
  /// looked for there is found by nobody, and that proves nothing.
  result<void> check_region(const std::string& region) const;

  std::vector<service> services;
};

/// A type and all its aliases, the authority's name first; {type} for an unknown one.
std::vector<std::string_view> type_aliases(std::string_view type);

/// Every type and alias the program knows, for the names of settings ("compute_endpoint_override").
std::vector<std::string_view> known_service_types();

}  // namespace ostclean::auth
