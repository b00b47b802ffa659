// The program on a terminal: what it asks is read, what a person types is typed, and Ctrl-C is the
// key, not the signal.
#pragma once

#include "tests/cli/harness.hpp"

namespace cli {

inline const std::string k_ctrl_c = "\x03", k_ctrl_d = "\x04";

/// stdin, stdout and stderr of the child are one pseudo-terminal.
class terminal {
 public:
  terminal(site& s, const words& args, int columns = 80, const manner& how = manner());
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;
  ~terminal();  ///< kills what nobody waited for

  /// Waits until `text` is on the screen behind what was waited for before; two and a half minutes
  /// at most.
  bool shows(const std::string& text);
  void type(const std::string& keys) const;
  /// Whether what is typed is shown; no for passwords.
  bool echoes() const;
  const std::string& raw() const { return raw_; }  ///< with carriage returns
  /// `out` and `err` are both what was on the screen, without carriage returns. Kills it, and
  /// throws, after that time, too.
  ending wait();

 private:
  bool read_some(int milliseconds);

  pid_t pid_ = -1;
  int screen_ = -1;
  std::string seen_, raw_;
  std::size_t looked_at_ = 0;
};

}  // namespace cli
