#include "cmd/terminal.hpp"

#include "cmd/process.hpp"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>

namespace ostclean::cmd {
namespace {

termios with_echo;
volatile std::sig_atomic_t echo_is_off = 0;
volatile std::sig_atomic_t is_waiting = 0;

/// A signal between the last look and the read would leave the read waiting: an alarm ends it.
class waiting {
 public:
  waiting() { is_waiting = 1; }
  waiting(const waiting&) = delete;
  waiting& operator=(const waiting&) = delete;
  ~waiting() {
    is_waiting = 0;
    ::alarm(0);
  }
};

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

}  // namespace

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

std::size_t terminal_width() {
  const int columns = std::atoi(std::string{environment("COLUMNS")}.c_str());
  if (columns > 0) return static_cast<std::size_t>(columns);
  winsize size{};
  for (int fd : {STDOUT_FILENO, STDERR_FILENO})
    if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

bool wants_color(std::string_view when, int fd) {
  if (when == "always") return true;
  if (when == "never" || !environment("NO_COLOR").empty()) return false;
  const std::string_view force = environment("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return is_terminal(fd) && environment("TERM") != "dumb";
}

std::optional<std::string> read_line() {
  const waiting for_a_person;
  if (caught_signal() != 0) return std::nullopt;
  std::string line;
  for (char c = 0; c != '\n';) {
    const auto n = ::read(STDIN_FILENO, &c, 1);
    if (n <= 0) {
      if (n == 0 && !line.empty()) break;
      return std::nullopt;
    }
    if (c != '\n') line += c;
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

silence::silence() {
  if (::tcgetattr(STDIN_FILENO, &with_echo) != 0) return;
  termios silent = with_echo;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  echo_is_off = 1;
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
}

silence::~silence() { restore_echo(); }

void restore_echo() noexcept {
  if (echo_is_off == 0) return;
  echo_is_off = 0;
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &with_echo);
}

void wake_reader() noexcept {
  if (is_waiting != 0) ::alarm(1);
}

}  // namespace ostclean::cmd
