// Standard output with a memory: the first failed write decides the exit code, and nothing is lost
// in silence on a full disk.
#pragma once

#include <string_view>

namespace ostclean::cmd {

class output {
 public:
  output() = default;
  /// Writes all of it at once; does nothing after a failure.
  void write(std::string_view text);
  /// `code`, or what the failed write makes of it: 141 for a closed pipe (quietly), else
  /// `unwritten` with a line on stderr. An exit code that already says something is kept.
  int finish(int code, int unwritten);

 private:
  int failure_ = 0;  ///< errno
};

}  // namespace ostclean::cmd
