// What settings say of single services: {type}{suffix} under any alias of the type, with '_' for
// '-', for every region or for one of those that clouds.yaml lists.
#pragma once

#include "core/auth/settings.hpp"

#include <span>
#include <string>
#include <string_view>

namespace ostclean::auth {

/// "_endpoint_override", "_service_type", ...
std::span<const std::string_view> service_suffixes();
bool is_service_setting(std::string_view key);

class service_setting {
 public:
  service_setting() = default;
  std::string value;      ///< empty: it is not set
  std::string name;       ///< "compute_endpoint_override"
  std::string source;     ///< where it was set
  bool regional = false;  ///< it is the region's own
};

/// The region's own setting, else the one for all. An empty `region` is the chosen one, else the
/// first of those listed.
service_setting find_service_setting(const settings& who, std::string_view type,
                                     std::string_view suffix, const std::string& region);

/// The URL that is set for a service in the catalog's place.
service_setting find_override(const settings& who, std::string_view type,
                              const std::string& region);

}  // namespace ostclean::auth
