// The interface every Unix mailer offers: a program that takes a letter on standard input. It is
// started directly, never through a shell, with the recipient behind "--", and without the OS_*
// settings: a mailer has no business with the cloud's password.
#pragma once

#include "core/error.hpp"

#include <chrono>
#include <string>

namespace ostclean::mail {

/// Runs `program -i -- recipient` with `text` on its standard input and waits for it, for
/// `deadline` at most. errc::io when it cannot be started or ends with another code than 0, with
/// the last line it wrote; errc::timeout.
result<void> send_through(const std::string& program, const std::string& recipient,
                          const std::string& text,
                          std::chrono::milliseconds deadline = std::chrono::seconds(60));

}  // namespace ostclean::mail
