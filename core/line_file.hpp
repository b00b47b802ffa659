// A private file of lines that survives kill -9: each line is on the disk before append() returns,
// and nothing that was there is ever overwritten but a mark of the same length. For credentials and
// for what has to be remembered from one day to the next.
#pragma once

#include "core/error.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean {

class line_file {
 public:
  enum class mode {
    fresh,   ///< must not exist
    append,  ///< is created or added to
  };
  /// Opens the file and holds an exclusive flock on it. It is 0600, and an existing one has to be a
  /// regular file of ours with no wider mode, not a symbolic link: errc::config. One that exists in
  /// mode fresh is errc::refused, one that another run holds errc::conflict. With
  /// `private_folders` missing folders are made, 0700.
  static result<std::unique_ptr<line_file>> open(const std::string& file, mode how,
                                                 bool private_folders = false);
  /// A fresh file that was given no line is removed: it would only stand in the way of the next
  /// run.
  ~line_file();
  line_file(const line_file&) = delete;
  line_file& operator=(const line_file&) = delete;

  const std::string& name() const { return name_; }
  /// The whole lines that stood there, with their ends.
  const std::string& text() const { return text_; }
  /// What stood behind the last line end: a line that a crash tore, or that an editor did not end.
  const std::string& tail() const { return tail_; }
  /// For lines that are JSON objects. Makes a line of a tail that is one, and removes one that a
  /// crash tore, which begins like all lines with `begin`, as far as it goes; what it says was
  /// never acted on. Any other is somebody's own: errc::config.
  result<void> mend_tail(std::string_view begin);
  /// What is to be said of a tail that is nobody's to mend.
  error unended() const;

  /// Adds a line (without its end) and syncs it; the value is the offset of its first byte.
  result<std::size_t> append(std::string_view line);
  /// Writes over bytes that are there, and syncs.
  result<void> overwrite(std::size_t at, std::string_view bytes);

 private:
  line_file(std::string name, int fd, mode how) : name_(std::move(name)), fd_(fd), how_(how) {}
  error failed(std::string_view what) const;
  result<void> cut_tail();
  result<void> end_tail();
  result<void> write_at(std::size_t at, std::string_view bytes);

  std::string name_;
  int fd_;
  mode how_;
  std::string text_, tail_;
  std::size_t size_ = 0;
};

/// $XDG_STATE_HOME/ostclean, else $HOME/.local/state/ostclean.
std::string state_folder();

}  // namespace ostclean
