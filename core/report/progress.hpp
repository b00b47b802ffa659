// The one line on stderr that says how far a long run is. It lives on a terminal only, fits its
// width and leaves nothing behind.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace ostclean::report {

/// "[ 12/340] text", cut to `width` columns.
std::string progress_line(std::size_t done, std::size_t total, std::string_view text,
                          std::size_t width);

class progress {
 public:
  /// `write` gets raw terminal text; null switches the line off. `width`: columns of the terminal.
  progress(std::function<void(std::string_view)> write, std::size_t width)
      : write_(std::move(write)), width_(width) {}

  /// Redraws at most ten times a second; the last of `total` is always drawn. `text` comes from
  /// services and is escaped here.
  void update(std::size_t done, std::size_t total, std::string_view text);
  /// Erases the line; anything else that goes to stderr does this first.
  void clear();

 private:
  std::function<void(std::string_view)> write_;
  std::size_t width_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace ostclean::report
