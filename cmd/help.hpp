// The texts of --help, made from the rows.
#pragma once

#include "cmd/command.hpp"

#include <string>

namespace ostclean::cmd {

/// Commands, global and output options; `width` columns.
std::string program_help(std::size_t width);
/// One command.
std::string command_help(const command& what, std::size_t width);
/// The commands that share a first word: "vmexpire". Empty when there are none.
std::string group_help(std::string_view first, std::size_t width);
/// "ostclean 0.1.0"
std::string version_text();

}  // namespace ostclean::cmd
