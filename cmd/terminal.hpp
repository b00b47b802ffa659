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
/// The same without echo.
std::optional<std::string> read_secret();

/// Async-signal-safe: gives the terminal its echo back when read_secret() took it.
void restore_echo() noexcept;

}  // namespace ostclean::cmd
