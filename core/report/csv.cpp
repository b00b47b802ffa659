// CSV with the four quoting modes of the OpenStack client, which are those of Python's csv module.
#include "core/report/view.hpp"

namespace ostclean::report {
namespace {

bool must_quote(const std::string& text) { return text.find_first_of(",\"") != std::string::npos; }

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out += '"';
    if (c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == ',' || c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string field(const std::string& text, bool numeric, const std::string& mode) {
  if (mode == "none") return escaped(text);
  if (mode == "all" || (mode == "nonnumeric" && !numeric) ||
      (mode == "minimal" && must_quote(text)))
    return quoted(text);
  return escaped(text);
}

std::string field(const boost::json::value& cell, const std::string& mode) {
  const std::string text = cell.is_null() ? std::string{} : cell_word(cell);
  return field(text, cell.is_number() || cell.is_bool(), mode);
}

}  // namespace

void write_csv(std::string& out, const view& rows, const options& how) {
  for (std::size_t c = 0; c < rows.width(); ++c)
    out += (c > 0 ? "," : "") + field(title(rows.key(c)), false, how.quote);
  out += '\n';
  for (std::size_t r = 0; r < rows.height(); ++r) {
    const std::size_t begin = out.size();
    for (std::size_t c = 0; c < rows.width(); ++c)
      out += (c > 0 ? "," : "") + field(rows.at(r, c), how.quote);
    // A line with nothing on it would be no row at all.
    if (out.size() == begin) out += "\"\"";
    out += '\n';
  }
}

void write_csv_fields(std::string& out, const view& fields, const options& how) {
  out += field("Field", false, how.quote) + ',' + field("Value", false, how.quote) + '\n';
  for (std::size_t c = 0; c < fields.width(); ++c)
    out += field(fields.key(c), false, how.quote) + ',' + field(fields.at(0, c), how.quote) + '\n';
}

}  // namespace ostclean::report
