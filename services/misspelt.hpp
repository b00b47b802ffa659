// A misspelt protection protects nothing: the names under `protect` are looked up, each for itself,
// before anything is changed.
#pragma once

#include "services/identity.hpp"
#include "services/policy.hpp"

#include <string>
#include <vector>

namespace ostclean::services {

/// errc::config when nobody and nothing has one of the expected names. What comes back are warnings
/// about names that the caller may not look up.
identity::answer<std::vector<std::string>> check_protections(identity& from, const policy& rules);

/// Warnings about protected email domains that none of `everyone` has.
std::vector<std::string> unused_email_domains(const std::vector<user>& everyone,
                                              const policy& rules);

}  // namespace ostclean::services
