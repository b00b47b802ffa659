// What the program knows about the terminal it talks to.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ostclean::cmd {

bool is_terminal(int fd);
/// COLUMNS, else what the terminal says, else 80.
std::size_t terminal_width();
/// --color WHEN, NO_COLOR, CLICOLOR_FORCE, TERM=dumb, for text that goes to `fd`.
bool wants_color(std::string_view when, int fd);

/// One line from standard input without its line feed; nullopt at end of file or on a signal.
std::optional<std::string> read_line();

/// While it lives, what is typed is not shown. To be there before the question is: who types at
/// once must not be shown either.
class silence {
 public:
  silence();
  silence(const silence&) = delete;
  silence& operator=(const silence&) = delete;
  ~silence();
};

/// Async-signal-safe: gives the terminal its echo back when a silence took it.
void restore_echo() noexcept;
/// Async-signal-safe: ends a read_line() that begins to wait just when the signal comes.
void wake_reader() noexcept;

}  // namespace ostclean::cmd
