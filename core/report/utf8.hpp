// UTF-8 one character at a time, for width, wrapping and escaping. Only this folder includes it.
#pragma once

#include <cstddef>
#include <string_view>

namespace ostclean::report {

struct glyph {
  char32_t code;     ///< the byte itself when not valid
  std::size_t size;  ///< bytes
  bool valid;
};

/// The first character of a text that is not empty; a byte that is not UTF-8 stands for itself.
glyph next_glyph(std::string_view text);

/// 0, 1 or 2 columns.
std::size_t glyph_width(char32_t c);

}  // namespace ostclean::report
