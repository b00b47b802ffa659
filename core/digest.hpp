// SHA-256 in the one form that everything here writes down.
#pragma once

#include <string>
#include <string_view>

namespace ostclean {

/// 64 lower-case hexadecimal digits.
std::string sha256(std::string_view text);

}  // namespace ostclean
