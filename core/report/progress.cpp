#include "core/report/progress.hpp"

#include "core/report/table.hpp"
#include "core/report/utf8.hpp"

#include <fmt/core.h>

namespace ostclean::report {

std::string progress_line(std::size_t done, std::size_t total, std::string_view text,
                          std::size_t width) {
  const std::size_t digits = std::to_string(total).size();
  const std::string line = fmt::format("[{:>{}}/{}] {}", done, digits, total, printable(text));
  std::string cut;
  std::size_t used = 0;
  for (std::string_view rest = line; !rest.empty();) {
    const glyph g = next_glyph(rest);
    used += glyph_width(g.code);
    if (used > width) break;
    cut += rest.substr(0, g.size);
    rest.remove_prefix(g.size);
  }
  return cut;
}

void progress::update(std::size_t done, std::size_t total, std::string_view text) {
  if (!write_) return;
  const auto now = std::chrono::steady_clock::now();
  if (shown_ && done != total && now - drawn_ < std::chrono::milliseconds{100}) return;
  drawn_ = now;
  shown_ = true;
  // One column is left free: a full line makes some terminals wrap.
  write_("\r" + progress_line(done, total, text, width_ > 1 ? width_ - 1 : 1) + "\033[K");
}

void progress::clear() {
  if (!shown_) return;
  write_("\r\033[K");
  shown_ = false;
}

}  // namespace ostclean::report
