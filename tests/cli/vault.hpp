// A cloud and a home full of marked secrets, and the search for them in everything that a run of
// the program leaves behind.
#pragma once

#include "tests/cli/changing_commands.hpp"

namespace cli {

class vault {
 public:
  vault();

  /// args with --debug, -v, --timing and --log-file, and everything that was written so far
  /// searched afterwards.
  ending run(const words& args);
  process start(const words& args);
  /// Complains about each secret in `text` or in a file below the home. Only what holds secrets by
  /// design is left out: what the test gave, the token cache, the credentials file of reset.
  void search(const std::string& text, const std::string& about) const;
  /// The secrets there are by now: planted ones, every token ever issued, new passwords.
  words secrets() const;
  /// "FILE: mode" of each file the run made that others may read.
  words wide_files() const;

  busy_site s;
  manner how;

 private:
  void plant();
};

}  // namespace cli
