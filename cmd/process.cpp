#include "cmd/process.hpp"

#include "cmd/terminal.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <cstring>
#include <string_view>

// LeakSanitizer traces its own process, which a process that is not dumpable refuses.
#if defined(__SANITIZE_ADDRESS__)
#define OSTCLEAN_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OSTCLEAN_SANITIZED 1
#endif
#endif

namespace ostclean::cmd {
namespace {

volatile std::sig_atomic_t first_signal = 0;
volatile std::sig_atomic_t leaves_at_once = 0;

void say(const char* text, std::size_t size) {
  if (::write(STDERR_FILENO, text, size) < 0) return;
}

extern "C" void on_signal(int number) {
  if (first_signal != 0 || leaves_at_once != 0) {
    restore_echo();
    ::_exit(128 + number);
  }
  first_signal = number;
  wake_reader();
  static constexpr char text[] =
      "\nostclean: stopping: what is in flight is finished and reported; again to leave at once\n";
  say(text, sizeof text - 1);
}

extern "C" void on_alarm(int) {}

}  // namespace

void harden_process() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef OSTCLEAN_SANITIZED
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its limit is a write that fails, as on a full disk
  // Open for reading only: a write to a stdout that was closed must fail, not vanish.
  for (int fd = 0; fd <= 2; ++fd)
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", O_RDONLY);
}

void hide_secrets(int argc, char** argv) {
  static constexpr std::string_view options[] = {"--os-application-credential-secret",
                                                 "--os-passcode", "--os-password", "--os-token"};
  const auto wipe = [](char* from) { std::fill(from, from + std::strlen(from), 'x'); };
  for (int i = 1; i < argc; ++i)
    for (const auto option : options) {
      const std::string_view word = argv[i];
      if (word == option && i + 1 < argc) wipe(argv[i + 1]);
      if (word.starts_with(option) && word.substr(option.size()).starts_with('='))
        wipe(argv[i] + option.size() + 1);
    }
}

void catch_signals(bool at_once) {
  leaves_at_once = at_once ? 1 : 0;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
  action.sa_handler = on_alarm;
  ::sigaction(SIGALRM, &action, nullptr);
}

int caught_signal() { return first_signal; }

}  // namespace ostclean::cmd
