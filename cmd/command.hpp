// The table of subcommands and what one of them is.
//
// Adding a subcommand: 1. cmd/NAME.cpp with its options, its run function and NAME_command(), which
// returns the row; 2. its declaration in commands.hpp and its line in commands.cpp;
// 3. man/ostclean-NAME.1.scd; 4. a row in README.md; 5. transcripts in tests/cli. Help, completion
// and their tests come from the row.
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
  std::string_view name;  ///< without dashes
  char letter = 0;        ///< short form, 0 for none
  /// Placeholder such as "FILE"; empty for a flag. "N" takes whole numbers and "SECONDS" positive
  /// numbers only.
  std::string_view argument = "";
  std::string_view help = "";
  bool repeatable = false;
  /// What the argument may be: words separated by spaces (others are refused), or what completes
  /// it: "<file>", "<cloud>", "<kind>", "<command>", "<interface>", "<role>".
  std::string_view words = "";
};

/// What the user gave to one command.
class arguments {
 public:
  arguments() = default;
  bool has(std::string_view option) const;
  std::string value(std::string_view option, std::string_view otherwise = "") const;
  std::vector<std::string> values(std::string_view option) const;

  /// Of an option with the placeholder N or SECONDS.
  double number(std::string_view option, double otherwise) const;

  /// By name without dashes; flags have one empty string for each time they were given.
  std::map<std::string, std::vector<std::string>, std::less<>> options;
  std::vector<std::string> words;  ///< the positional arguments
};

struct command {
  std::string_view name;                 ///< one word, or two: "vmexpire list"
  std::string_view summary;              ///< one line for `ostclean help`
  std::string_view synopsis;             ///< after the name: "[options] [ID...]"
  std::span<const option_spec> options;  ///< beside the global ones and --help
  bool lists = false;  ///< also takes the output options (-f, -c, --sort-column, ...)
  /// Returns the exit code; a failure is printed by the caller, which also chooses its exit code.
  boost::asio::awaitable<result<int>> (*run)(context& ctx, arguments args);
  std::string_view words = "";  ///< completion of the positional arguments, as in option_spec
  bool only_reads = false;      ///< the first SIGINT or SIGTERM ends it at once: nothing to drain
};

std::span<const command> commands();
std::span<const option_spec> global_options();
std::span<const option_spec> output_options();
/// What they say of cloud and identity, under the names of clouds.yaml.
std::map<std::string, std::string> settings_in(const arguments& global);

/// The whole program: argv to exit code. Does not throw.
int run(int argc, const char* const* argv);

}  // namespace ostclean::cmd
