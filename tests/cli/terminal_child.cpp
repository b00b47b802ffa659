#include "tests/cli/terminal_child.hpp"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>

namespace cli {

using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

terminal::terminal(site& s, const words& args, int columns, const manner& how) {
  auto given = how;
  given.environment.emplace("TERM", "xterm");
  auto argv = s.command(args), env = s.variables(given);
  auto arguments = pointers(argv), settings = pointers(env);
  winsize size{};
  size.ws_row = 24;
  size.ws_col = static_cast<unsigned short>(columns);
  pid_ = ::forkpty(&screen_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::runtime_error("no pseudo-terminal");
  if (pid_ == 0) execute(arguments.data(), settings.data(), how.limits);
}

terminal::~terminal() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(screen_);
}

/// False once nobody holds the other end any more.
bool terminal::read_some(int milliseconds) {
  pollfd what{screen_, POLLIN, 0};
  if (::poll(&what, 1, milliseconds) <= 0) return true;
  char block[4096];
  const auto got = ::read(screen_, block, sizeof block);
  if (got <= 0) return false;
  raw_.append(block, static_cast<std::size_t>(got));
  for (const char c : std::string(block, static_cast<std::size_t>(got)))
    if (c != '\r') seen_ += c;
  return true;
}

bool terminal::shows(const std::string& text) {
  const auto end = steady::now() + 150s;
  for (bool open = true;; open = read_some(50)) {
    const auto at = seen_.find(text, looked_at_);
    if (at != std::string::npos) {
      looked_at_ = at + text.size();
      return true;
    }
    if (!open || steady::now() > end) return false;
  }
}

void terminal::type(const std::string& keys) const {
  if (::write(screen_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
    throw std::runtime_error("cannot type");
}

bool terminal::echoes() const {
  termios how{};
  return ::tcgetattr(screen_, &how) == 0 && (how.c_lflag & ECHO) != 0;
}

ending terminal::wait() {
  const auto end = steady::now() + 150s;
  int status = 0;
  while (read_some(20) || ::waitpid(pid_, &status, WNOHANG) == 0) {
    if (steady::now() < end) continue;
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
    throw std::runtime_error("the program hangs on its terminal: " + seen_);
  }
  pid_ = -1;
  ending e;
  e.code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  e.out = e.err = seen_;
  return e;
}

}  // namespace cli
