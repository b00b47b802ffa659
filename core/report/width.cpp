// How wide UTF-8 text is on a terminal, and what of it may go there. A table of its own, because
// libc's wcwidth answers by locale and a cleaner is often run with LC_ALL=C.
#include "core/report/table.hpp"
#include "core/report/utf8.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace ostclean::report {
namespace {

struct range {
  char32_t first, last;
};

// Nonspacing and enclosing marks, joiners, variation selectors (Unicode 15, blocks rounded up).
constexpr std::array zero_width{
    range{0x0300, 0x036f},   range{0x0483, 0x0489},   range{0x0591, 0x05bd},  range{0x05bf, 0x05bf},
    range{0x05c1, 0x05c2},   range{0x05c4, 0x05c5},   range{0x0610, 0x061a},  range{0x064b, 0x065f},
    range{0x0670, 0x0670},   range{0x06d6, 0x06dc},   range{0x06df, 0x06e4},  range{0x06e7, 0x06e8},
    range{0x06ea, 0x06ed},   range{0x0711, 0x0711},   range{0x0730, 0x074a},  range{0x07a6, 0x07b0},
    range{0x0816, 0x082d},   range{0x08d3, 0x0902},   range{0x093a, 0x093a},  range{0x093c, 0x093c},
    range{0x0941, 0x0948},   range{0x094d, 0x094d},   range{0x0951, 0x0957},  range{0x0e31, 0x0e31},
    range{0x0e34, 0x0e3a},   range{0x0e47, 0x0e4e},   range{0x1ab0, 0x1aff},  range{0x1dc0, 0x1dff},
    range{0x200b, 0x200d},   range{0x2060, 0x2060},   range{0x20d0, 0x20f0},  range{0x302a, 0x302d},
    range{0x3099, 0x309a},   range{0xfe00, 0xfe0f},   range{0xfe20, 0xfe2f},  range{0xfeff, 0xfeff},
    range{0x1f3fb, 0x1f3ff}, range{0xe0020, 0xe007f}, range{0xe0100, 0xe01ef}};

// East Asian Width W and F, and the pictographs that terminals draw two cells wide.
constexpr std::array double_width{
    range{0x1100, 0x115f},   range{0x231a, 0x231b},   range{0x2329, 0x232a},
    range{0x23e9, 0x23ec},   range{0x23f0, 0x23f0},   range{0x25fd, 0x25fe},
    range{0x2614, 0x2615},   range{0x2648, 0x2653},   range{0x267f, 0x267f},
    range{0x26a1, 0x26a1},   range{0x26bd, 0x26be},   range{0x26c4, 0x26c5},
    range{0x26ce, 0x26ce},   range{0x26d4, 0x26d4},   range{0x26ea, 0x26ea},
    range{0x26f2, 0x26f3},   range{0x26f5, 0x26f5},   range{0x26fa, 0x26fa},
    range{0x26fd, 0x26fd},   range{0x2705, 0x2705},   range{0x270a, 0x270b},
    range{0x2728, 0x2728},   range{0x274c, 0x274c},   range{0x2753, 0x2755},
    range{0x2757, 0x2757},   range{0x2795, 0x2797},   range{0x2b1b, 0x2b1c},
    range{0x2b50, 0x2b50},   range{0x2e80, 0x303e},   range{0x3041, 0x33ff},
    range{0x3400, 0x4dbf},   range{0x4e00, 0x9fff},   range{0xa000, 0xa4cf},
    range{0xa960, 0xa97f},   range{0xac00, 0xd7a3},   range{0xf900, 0xfaff},
    range{0xfe10, 0xfe19},   range{0xfe30, 0xfe6f},   range{0xff00, 0xff60},
    range{0xffe0, 0xffe6},   range{0x16fe0, 0x18aff}, range{0x1b000, 0x1b2ff},
    range{0x1f004, 0x1f004}, range{0x1f0cf, 0x1f0cf}, range{0x1f18e, 0x1f18e},
    range{0x1f191, 0x1f19a}, range{0x1f200, 0x1f320}, range{0x1f32d, 0x1f335},
    range{0x1f337, 0x1f37c}, range{0x1f37e, 0x1f393}, range{0x1f3a0, 0x1f3ca},
    range{0x1f3cf, 0x1f3d3}, range{0x1f3e0, 0x1f3f0}, range{0x1f3f4, 0x1f3f4},
    range{0x1f3f8, 0x1f43e}, range{0x1f440, 0x1f440}, range{0x1f442, 0x1f4fc},
    range{0x1f4ff, 0x1f53d}, range{0x1f54b, 0x1f54e}, range{0x1f550, 0x1f567},
    range{0x1f57a, 0x1f57a}, range{0x1f595, 0x1f596}, range{0x1f5a4, 0x1f5a4},
    range{0x1f5fb, 0x1f64f}, range{0x1f680, 0x1f6c5}, range{0x1f6cc, 0x1f6cc},
    range{0x1f6d0, 0x1f6d2}, range{0x1f6d5, 0x1f6d7}, range{0x1f6dc, 0x1f6df},
    range{0x1f6eb, 0x1f6ec}, range{0x1f6f4, 0x1f6fc}, range{0x1f7e0, 0x1f7eb},
    range{0x1f90c, 0x1f93a}, range{0x1f93c, 0x1f945}, range{0x1f947, 0x1f9ff},
    range{0x1fa70, 0x1faff}, range{0x20000, 0x3fffd}};

bool in(std::span<const range> table, char32_t c) {
  auto at = std::upper_bound(table.begin(), table.end(), c,
                             [](char32_t value, const range& r) { return value < r.first; });
  return at != table.begin() && c <= std::prev(at)->last;
}

// C0, DEL, C1, line separators and the marks that reorder or hide text.
bool unsafe(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200e && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

std::string escaped(char32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  const auto number = static_cast<std::uint32_t>(c);
  return c < 0x100 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{:04x}", number);
}

}  // namespace

glyph next_glyph(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = lead >= 0xf0 && lead < 0xf5   ? 4
                           : lead >= 0xe0 && lead < 0xf0 ? 3
                           : lead >= 0xc2 && lead < 0xe0 ? 2
                                                         : 0;
  if (size == 0 || text.size() < size) return {lead, 1, false};
  char32_t code = lead & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {lead, 1, false};
    code = (code << 6) | (byte(i) & 0x3fU);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[size] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
    return {lead, 1, false};
  return {code, size, true};
}

std::size_t glyph_width(char32_t c) {
  if (c < 0x20 || (c >= 0x7f && c < 0xa0) || in(zero_width, c)) return 0;
  return in(double_width, c) ? 2 : 1;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const glyph g = next_glyph(text);
    width += g.valid ? glyph_width(g.code) : 1;
    text.remove_prefix(g.size);
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const glyph g = next_glyph(text);
    if (!g.valid || unsafe(g.code))
      out += escaped(g.code);
    else
      out += text.substr(0, g.size);
    text.remove_prefix(g.size);
  }
  return out;
}

}  // namespace ostclean::report
