#include "cmd/output.hpp"

#include "cmd/exit_status.hpp"

#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace ostclean::cmd {

void output::write(std::string_view text) {
  while (!text.empty() && failure_ == 0) {
    const auto n = ::write(STDOUT_FILENO, text.data(), text.size());
    if (n >= 0)
      text.remove_prefix(static_cast<std::size_t>(n));
    else if (errno != EINTR)
      failure_ = errno;
  }
}

int output::finish(int code, int unwritten) {
  if (failure_ == 0) return code;
  if (failure_ == EPIPE) return code == exit_done ? exit_broken_pipe : code;
  std::fprintf(stderr, "ostclean: cannot write to standard output: %s\n",
               std::generic_category().message(failure_).c_str());
  return code == exit_done ? unwritten : code;
}

}  // namespace ostclean::cmd
