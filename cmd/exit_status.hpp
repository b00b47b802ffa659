// The exit codes of the program, in one place: scripts depend on them (ostclean(1), EXIT STATUS).
#pragma once

#include "core/error.hpp"

namespace ostclean::cmd {

enum exit_status : int {
  exit_done = 0,
  exit_failed = 1,
  exit_usage = 2,
  exit_partial = 3,
  exit_auth = 4,
  exit_refused = 5,
  exit_stale = 7,
  exit_timeout = 8,
  exit_interrupted = 130,
  exit_broken_pipe = 141,
};

exit_status exit_status_of(errc code);

}  // namespace ostclean::cmd
