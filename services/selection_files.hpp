// The files that name users for a run: what `users -f json` printed, the credentials and the trusts
// that `reset` wrote, and the plain lists of the system this program replaces. A file is taken
// whole or not at all: every complaint is one line with file and line.
#pragma once

#include "core/error.hpp"

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ostclean::services {

/// A user id and the line it stands on, for messages about it.
class listed_user {
 public:
  listed_user(std::string id, std::string where) : id(std::move(id)), where(std::move(where)) {}
  std::string id;
  std::string where;  ///< "users.json:3"
};

/// How to act as one user: a password or a trust. Ids win over names where both are given.
class credentials {
 public:
  credentials() = default;
  std::string user_id, user_name, domain_id;
  std::string project_id, project_name;
  std::string password;  ///< never printed
  std::string trust_id;
  std::string where;  ///< "credentials.jsonl:3"

  /// The user in messages: the name, else the id.
  const std::string& label() const { return user_name.empty() ? user_id : user_name; }
};
static_assert(!std::is_aggregate_v<credentials>);

template <class T>
class file_entries {
 public:
  file_entries() = default;
  std::vector<T> entries;
  std::vector<std::string> warnings;  ///< a line for each entry given twice and taken once
};

/// `-` is standard input. A JSON array of objects with `id`, such objects one a line, or lines
/// whose first comma-separated field is the id; a byte order mark and CRLF are fine. errc::config.
result<file_entries<listed_user>> read_users_file(const std::string& file);
/// JSON lines with user_id, user_name, domain_id, project_id, password; or lines
/// "user,password,project". Must be a regular file (no symbolic link) of ours or of root's and not
/// wider than 0600. errc::config.
result<file_entries<credentials>> read_credentials_file(const std::string& file);
/// JSON lines with trust_id, user_id, user_name, project_id. errc::config.
result<file_entries<credentials>> read_trusts_file(const std::string& file);

/// How a file of accounts is written.
enum class layout { plain, json_lines, json_array };
/// What it begins with decides.
layout layout_of(std::string_view text);

/// The same on text; `name` stands for the file in messages.
result<file_entries<listed_user>> parse_users(std::string_view text, const std::string& name);
result<file_entries<credentials>> parse_credentials(std::string_view text, const std::string& name);
result<file_entries<credentials>> parse_trusts(std::string_view text, const std::string& name);

}  // namespace ostclean::services
