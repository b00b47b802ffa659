// The credentials file as `reset` writes it: a password is on the disk before Keystone is told it,
// and its line is marked when Keystone has taken it, so that no crash loses one. services/
// selection_files.hpp reads it.
#pragma once

#include "core/line_file.hpp"
#include "services/identity.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ostclean::services {

enum class credentials_format {
  json,  ///< JSON lines
  csv,   ///< user,password,project: the names of users, no mark
};

class credentials_out {
 public:
  /// Creates the file, or (`append`) adds to it. errc::refused when it exists and is not to be
  /// added to; errc::config for a file that cannot be taken for one of this format.
  static result<std::unique_ptr<credentials_out>> open(const std::string& file, bool append,
                                                       credentials_format how);

  /// What the file has of a user.
  class entry {
   public:
    entry() = default;
    std::string password;
    bool done = false;
    std::optional<std::size_t> mark_at;  ///< where "false" stands
  };
  const entry* find(const user& who) const;
  /// Why a user cannot be written in this format, empty when it can.
  std::string why_unwritable(const user& who) const;

  /// On the disk when it returns. The password goes nowhere else.
  result<entry> add(const user& who, const std::string& password);
  result<void> mark_done(const entry& what);

 private:
  credentials_out(std::unique_ptr<line_file> file, credentials_format how)
      : file_(std::move(file)), how_(how) {}
  result<void> read();
  std::string key(const user& who) const;

  std::unique_ptr<line_file> file_;
  credentials_format how_;
  std::map<std::string, entry> entries_;
};

}  // namespace ostclean::services
