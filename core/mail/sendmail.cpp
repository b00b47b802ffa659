#include "core/mail/sendmail.hpp"

#include "core/auth/descriptor.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <thread>
#include <vector>

extern char** environ;

namespace ostclean::mail {
namespace {

using auth::descriptor;
using steady = std::chrono::steady_clock;

error failed(const std::string& program, std::string_view why) {
  return error(errc::io, fmt::format("{}: {}", program, why));
}

bool fill(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return ::lseek(fd, 0, SEEK_SET) == 0;
}

/// The end of what was said, on one line of printable characters.
std::string last_words(int fd) {
  char block[400];
  const off_t size = ::lseek(fd, 0, SEEK_END), most = sizeof block;
  const ssize_t got = ::pread(fd, block, sizeof block, size > most ? size - most : 0);
  std::string text(block, got > 0 ? static_cast<std::size_t>(got) : 0);
  if (size > most) text.erase(0, text.find('\n') + 1);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  std::string line;
  for (const char c : text) {
    if (c == '\n')
      line += "; ";
    else
      line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return line;
}

/// OS_PASSWORD, and the password in the URL of a proxy.
bool may_hold_a_secret(std::string_view entry) {
  const auto name = entry.substr(0, entry.find('='));
  return name.starts_with("OS_") || name.ends_with("_proxy") || name.ends_with("_PROXY");
}

std::vector<char*> environment() {
  std::vector<char*> kept;
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (!may_hold_a_secret(*entry)) kept.push_back(*entry);
  kept.push_back(nullptr);
  return kept;
}

/// The actions and attributes of one start; freed whatever happens.
class starting {
 public:
  starting() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    sigset_t defaults, none;
    sigemptyset(&defaults);
    sigemptyset(&none);
    for (int number : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP}) sigaddset(&defaults, number);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    // A group of its own: the first Ctrl-C lets the letter that is being sent be sent.
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  starting(const starting&) = delete;
  starting& operator=(const starting&) = delete;
  ~starting() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

result<int> wait_for(pid_t child, const std::string& program, std::chrono::milliseconds deadline) {
  const auto end = steady::now() + deadline;
  for (auto pause = std::chrono::milliseconds(1);;) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return status;
    if (ended < 0 && errno != EINTR) return failed(program, std::strerror(errno));
    if (steady::now() > end) {
      ::kill(-child, SIGKILL);
      ::waitpid(child, &status, 0);
      return error(errc::timeout,
                   fmt::format("{} did not end within {} s", program, deadline.count() / 1000));
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, std::chrono::milliseconds(50));
  }
}

}  // namespace

result<void> send_through(const std::string& program, const std::string& recipient,
                          const std::string& text, std::chrono::milliseconds deadline) {
  descriptor letter(::memfd_create("letter", MFD_CLOEXEC));
  descriptor said(::memfd_create("said", MFD_CLOEXEC));
  if (!letter || !said || !fill(letter.get(), text))
    return failed("a letter", std::strerror(errno));
  starting how;
  ::posix_spawn_file_actions_adddup2(&how.actions, letter.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&how.actions, said.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&how.actions, said.get(), STDERR_FILENO);
  // Boost opens its sockets without close-on-exec; the mailer has no business with them.
  ::posix_spawn_file_actions_addclosefrom_np(&how.actions, STDERR_FILENO + 1);
  std::string name = program, quiet = "-i", rest = "--", to = recipient;
  char* const argv[] = {name.data(), quiet.data(), rest.data(), to.data(), nullptr};
  auto settings = environment();
  pid_t child = -1;
  const int why =
      ::posix_spawn(&child, program.c_str(), &how.actions, &how.attributes, argv, settings.data());
  if (why != 0) return failed(program, std::strerror(why));
  auto status = wait_for(child, program, deadline);
  if (!status) return status.error();
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return {};
  const std::string words = last_words(said.get());
  const std::string how_it_ended = WIFEXITED(*status)
                                       ? fmt::format("exit code {}", WEXITSTATUS(*status))
                                       : fmt::format("signal {}", WTERMSIG(*status));
  return failed(program,
                words.empty() ? how_it_ended : fmt::format("{} ({})", words, how_it_ended));
}

}  // namespace ostclean::mail
