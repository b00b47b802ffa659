// Which cloud is meant, and what the files say about it: profile < clouds.yaml < secure.yaml <
// values of the region, each with its origin.
#pragma once

#include "core/auth/clouds_yaml.hpp"
#include "core/auth/setting_map.hpp"
#include "core/error.hpp"

#include <map>
#include <string>
#include <vector>

namespace ostclean::auth {

/// What the caller knows before any file is read.
class cloud_request {
 public:
  cloud_request() = default;
  std::string cloud;                ///< --os-cloud, else OS_CLOUD; empty: choose one
  std::string region;               ///< --os-region-name, else OS_REGION_NAME
  bool set_by_environment = false;  ///< OS_* describe a cloud of their own ("envvars")
};

class cloud_choice {
 public:
  cloud_choice() = default;
  std::string name;  ///< empty when there was nothing to choose from
  setting_map values;
  std::vector<std::string> regions;             ///< those the cloud lists
  std::map<std::string, setting_map> regional;  ///< their own words on services and interfaces
  std::vector<std::string> differing;           ///< what else they say, each something else
  std::vector<std::string> known, warnings;
  bool cache = true;
};

/// Errors are errc::config: unknown cloud or region, a profile that was shut down, a file that
/// cannot be parsed.
result<cloud_choice> choose_cloud(const cloud_request& wanted, const environment& env);

}  // namespace ostclean::auth
