#include "cmd/log.hpp"

#include "core/error.hpp"
#include "core/report/table.hpp"
#include "core/time.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <system_error>

namespace ostclean::cmd {
namespace {

// A log that cannot be written must not stop a run that is under way.
void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno != EINTR) return;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

log::log(const std::string& file) {
  if (file.empty()) return;
  // A FIFO that nobody reads must not keep the run from beginning.
  constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  fd_ = ::open(file.c_str(), flags, 0600);
  if (fd_ < 0)
    throw failure{error{errc::config, "cannot open the log file '" + file +
                                          "': " + std::generic_category().message(errno)}};
}

log::~log() {
  if (fd_ >= 0) ::close(fd_);
}

void log::line(std::string_view text, bool shown) {
  const std::string safe = report::printable(text) + '\n';
  if (shown) write_all(STDERR_FILENO, safe);
  if (fd_ >= 0) write_all(fd_, format_rfc3339(wall_clock()) + ' ' + safe);
}

void log::terminal(std::string_view text) { write_all(STDERR_FILENO, text); }

}  // namespace ostclean::cmd
