// The record that survives kill -9: one JSON object a line, written and synced before a request
// that changes something (the intent) and after it (the outcome). What a run lent (a role, an
// enabled flag) is found here and given back by the next one.
#pragma once

#include "core/error.hpp"

#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <vector>

namespace ostclean::plan {

class journal {
 public:
  /// A chained line carries the SHA-256 of itself and of the one before it: check_chain() tells
  /// when one was changed, lost or put in. Plain lines are for files that people may edit.
  enum class lines { chained, plain };
  /// Creates `file` (0600, never an existing one, its folder 0700 where missing) and holds an
  /// exclusive flock on it. errc::refused when it exists, errc::io when it cannot.
  static result<std::unique_ptr<journal>> create(const std::string& file,
                                                 lines form = lines::chained);
  /// Goes on with a plain `file`, which must be there, ours and held by nobody. A torn last line
  /// goes. errc::io when it cannot.
  static result<std::unique_ptr<journal>> go_on(const std::string& file);
  ~journal();
  journal(const journal&) = delete;
  journal& operator=(const journal&) = delete;

  /// Appends one line and syncs it; where it is not UTF-8, it has question marks. errc::io (disk
  /// full, ...): then the request must not be sent.
  result<void> write(const boost::json::object& line);
  const std::string& file() const { return file_; }

 private:
  journal(std::string file, int fd, lines form) : file_(std::move(file)), fd_(fd), form_(form) {}
  std::string file_;
  int fd_;
  lines form_;
  std::string chain_;  ///< of the last line
};

/// The whole lines of a journal; a torn last line is left out. Of one that a running process holds:
/// nothing, or what it has so far when `running` is set. errc::config when it cannot be opened or
/// is not a journal of ours.
result<std::vector<boost::json::object>> read_journal(const std::string& file, bool running);

/// errc::config when a chained line was changed, lost or put in after it was written.
result<void> check_chain(const std::vector<boost::json::object>& lines, const std::string& file);

/// Adds a line to a journal that nobody writes any more; a torn last line goes first. errc::io.
result<void> append_to_journal(const std::string& file, const boost::json::object& line);

/// $XDG_STATE_HOME/ostclean/journal, else $HOME/.local/state/ostclean/journal.
std::string journal_folder();
/// A new name in that folder, "20261128T110817.123Z-LABEL-PID.jsonl", so that names are in the
/// order of time; the folder is made, 0700. What is no plain letter in the label becomes "_".
std::string new_journal_name(const std::string& folder, const std::string& label = {});

}  // namespace ostclean::plan
