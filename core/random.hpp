// Secrets that nobody can guess: straight from the operating system, in letters that survive
// shells, CSV and every password rule that wants a letter and a digit.
#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <string>

namespace ostclean {

/// `length` characters of [A-Za-z0-9], each equally likely (5.95 bits), from getrandom(2); at least
/// one of each class when there is room for it. errc::io when the system has none.
result<std::string> random_word(std::size_t length);

/// 32 characters: 190 bits.
result<std::string> random_password();

}  // namespace ostclean
