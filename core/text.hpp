// Text as editors and other programs hand it over.
#pragma once

#include <string_view>

namespace ostclean {

/// UTF-8 files of some editors begin with a mark that is no part of the text.
inline std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

}  // namespace ostclean
