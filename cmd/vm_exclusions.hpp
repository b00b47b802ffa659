// From arguments to exclusions: by the id of the exclusion, or of what it excludes.
#pragma once

#include "cmd/vm_outcome.hpp"
#include "services/vm_exclusion.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ostclean::cmd {

class found_exclusion {
 public:
  found_exclusion() = default;
  std::string argument;
  std::optional<services::vm_exclusion> row;
  std::optional<error> why;  ///< set when row is not: errc::config, unknown or ambiguous
};

/// One list request for all the arguments.
services::vm_answer<std::vector<found_exclusion>> find_exclusions(services::vm_exclusions& from,
                                                                  std::vector<std::string> ids);

}  // namespace ostclean::cmd
