// From words to options: the rows of option_spec drive Boost.Program_options, which is kept from
// guessing. An abbreviation that works today deletes the wrong thing when an option is added.
#pragma once

#include "cmd/command.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::cmd {

/// Where the first word stands that is neither a global option nor its argument; args.size() when
/// there is none. The split is done by hand, as git does: Program_options would take the argument
/// of an unknown option for the command.
std::size_t command_position(std::span<const std::string> args);

/// Strict: unknown, abbreviated or repeated options, missing, empty or wrong arguments are
/// errc::usage. `rows` are the only options there are.
result<arguments> parse_options(std::span<const std::string> args,
                                std::span<const option_spec> rows);

/// The row for a word as it was typed ("--os_cloud=x", "-f"); null when there is none.
const option_spec* find_option(std::string_view word, std::span<const option_spec> rows);
const option_spec* find_option(std::string_view word, std::vector<option_spec>&& rows) = delete;

/// The candidate that was probably meant, or an empty string.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

/// The options that `what` takes beside its own: global ones, and the output options if it lists.
std::vector<option_spec> options_of(const command& what);

}  // namespace ostclean::cmd
