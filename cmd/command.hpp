// The table of subcommands and what one of them is.
//
// Adding a subcommand: 1. its options and its run function in cmd/NAME.cpp; 2. a row in
// commands.cpp; 3. man/ostclean-NAME.1.scd;
// 4. a row in README.md; 5. transcripts in tests/cli. Help, completion and their tests come from
// the row.
#pragma once

#include "core/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::cmd {

class context;

/// One option: the same row feeds Program_options, --help, the completion and the test of the man
/// page.
struct option_spec {
  std::string_view name;           ///< without dashes
  char letter = 0;                 ///< short form, 0 for none
  std::string_view argument = "";  ///< placeholder such as "FILE"; empty for a flag
  std::string_view help = "";
  bool repeatable = false;
  std::string_view words =
      "";  ///< what completes the argument: space-separated, or "<file>", "<cloud>", "<kind>", ...
};

/// What the user gave to one command.
class arguments {
 public:
  bool has(std::string_view option) const;
  std::string value(std::string_view option, std::string_view otherwise = "") const;
  std::vector<std::string> values(std::string_view option) const;

  std::map<std::string, std::vector<std::string>, std::less<>>
      options;                     ///< flags have an empty list
  std::vector<std::string> words;  ///< the positional arguments
};

struct command {
  std::string_view name;
  std::string_view summary;              ///< one line for `ostclean help`
  std::string_view synopsis;             ///< after the name: "[options] [ID...]"
  std::span<const option_spec> options;  ///< beside the global ones and --help
  bool lists = false;  ///< also takes the output options (-f, -c, --sort-column, ...)
  /// Returns the exit code; a failure is printed by the caller, which also chooses its exit code.
  boost::asio::awaitable<result<int>> (*run)(context& ctx, arguments args);
  std::string_view words = "";  ///< completion of the positional arguments
};

std::span<const command> commands();
std::span<const option_spec> global_options();
std::span<const option_spec> output_options();

/// The whole program: argv to exit code. Does not throw.
int run(int argc, const char* const* argv);

}  // namespace ostclean::cmd
