// Everything that is not data: notes, warnings, the trace. To stderr, one line each, and to the
// file of --log-file.
#pragma once

#include <string>
#include <string_view>

namespace ostclean::cmd {

class log {
 public:
  /// `file` may be empty; it is created 0600 and appended to. Throws failure (config) when it
  /// cannot be opened.
  explicit log(const std::string& file);
  log(const log&) = delete;
  log& operator=(const log&) = delete;
  ~log();

  /// To stderr (if `shown`) and, with the time in front, to the file. Control characters are
  /// escaped.
  void line(std::string_view text, bool shown);
  /// Raw, to stderr alone: prompts and the progress line.
  void terminal(std::string_view text);

 private:
  int fd_ = -1;
};

}  // namespace ostclean::cmd
