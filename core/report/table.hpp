// Rows of named JSON values, and how they are written: table, json, ndjson, csv, value, yaml, with
// the column options of the OpenStack client (cliff). JSON keeps native types and snake_case keys;
// tables show titles.
#pragma once

#include "core/error.hpp"

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::report {

/// How good a value is; on a terminal a colour.
enum class tone { plain, near, past };

class table {
 public:
  explicit table(std::vector<std::string> keys) : keys(std::move(keys)) {}

  std::vector<std::string>
      keys;  ///< snake_case, in output order; a title is the key with spaces and capitals
  std::vector<std::vector<boost::json::value>> rows;
  std::vector<std::string>
      hidden;               ///< keys that only the machine formats show unless -c asks for them
  std::string toned;        ///< the key whose values are coloured by `tones`, empty for none
  std::vector<tone> tones;  ///< by row
};

class options {
 public:
  options() = default;
  std::string format = "table";  ///< table json ndjson csv value yaml
  std::vector<std::string> columns, sort_columns;
  bool sort_descending = false, noindent = false, print_empty = false, fit_width = false,
       color = false;
  std::string quote = "nonnumeric";  ///< csv: all minimal none nonnumeric
  int max_width = 0;                 ///< table: characters, 0 for no limit
};

/// A text as a value of a row.
inline boost::json::value cell(std::string_view text) {
  return boost::json::value(boost::json::string(text));
}

/// Nothing is null, in every format.
inline boost::json::value cell_or_null(std::string_view text) {
  return text.empty() ? boost::json::value() : cell(text);
}

/// The whole text; errc::usage "No recognized column names in [...]" when none of the asked columns
/// exists.
result<std::string> render(const table& rows, const options& how);
/// One object: the first row of `fields` as Field/Value (table, csv), an object (json, yaml) or
/// values (value).
result<std::string> render_object(const table& fields, const options& how);

/// "project_id" -> "Project ID".
std::string title(std::string_view key);

/// One row as one line of JSON without a line feed, all keys, for streams of events.
std::string json_line(const table& rows, std::size_t row);

/// What may reach a terminal: control characters, bidirectional overrides and broken UTF-8 become
/// \\n, \\x1b, \\u202e; everything else stays. Names come from services and are not trusted.
std::string printable(std::string_view text);

/// Columns a terminal gives to UTF-8 text (wide characters count two, combining ones none).
std::size_t display_width(std::string_view text);

}  // namespace ostclean::report
