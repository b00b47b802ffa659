// The wrong cloud is emptied when a cloud is named and OS_* of another one is still exported. Here
// both are compared, setting by setting, before they are merged.
#pragma once

#include "core/auth/cloud_choice.hpp"
#include "core/auth/setting_map.hpp"

#include <string>
#include <vector>

namespace ostclean::auth {

/// The OS_* names (from the sources of `environment`) whose settings of identity, region, overrides
/// and service types differ from what `cloud` says, without those that `options` settle. A setting
/// the cloud says nothing about (a password that is only in the environment) contradicts nothing.
std::vector<std::string> find_contradictions(const cloud_choice& cloud,
                                             const setting_map& environment,
                                             const setting_map& options);

/// The same of interface and certificates, which openrc files set for everybody: they make nobody
/// work in another cloud.
std::vector<std::string> find_differences(const setting_map& cloud, const setting_map& environment,
                                          const setting_map& options);

/// password, token, v3applicationcredential, ... from what is given.
std::string guess_auth_type(const setting_map& settings);

/// v3password -> password, v3token -> token; others as they are.
std::string normalise_auth_type(std::string name);

}  // namespace ostclean::auth
