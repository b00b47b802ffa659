// What the neighbour has on the project's things.
#pragma once

#include "tests/cli/harness.hpp"

namespace cli {

/// The run ended with 3, the thing is still there, and `why` was said.
void check_left(const site& s, const ending& e, const char* kind, const std::string& id,
                const std::string& why);
/// The neighbour's address, in front of that port.
void forward_to(site& s, const std::string& port);
/// A rule of the neighbour's that names the project's group.
void name_group(site& s);

}  // namespace cli
