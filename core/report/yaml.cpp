// YAML in block style. A string is left plain only where no YAML 1.1 or 1.2 parser can take it for
// something else; every other one is written as a JSON string, which YAML includes.
#include "core/report/view.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cctype>

namespace ostclean::report {
namespace {

namespace json = boost::json;

bool plain(std::string_view text) {
  static constexpr std::array<std::string_view, 9> words{"y",  "n",   "yes",  "no",   "true",
                                                         "on", "off", "null", "false"};
  const auto is_plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
           c == '/' || c == '@' || c == ' ';
  };
  if (text.empty() || text.back() == ' ' || !std::all_of(text.begin(), text.end(), is_plain))
    return false;
  if (std::isalpha(static_cast<unsigned char>(text.front())) == 0 && text.front() != '/')
    return false;
  std::string low{text};
  for (char& c : low) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::find(words.begin(), words.end(), low) == words.end();
}

std::string scalar(const json::value& v) {
  if (v.is_string() && plain(std::string_view{v.get_string()})) return std::string{v.get_string()};
  return v.is_double() ? number_text(v) : json::serialize(v);
}

bool is_block(const json::value& v) {
  return (v.is_array() && !v.get_array().empty()) || (v.is_object() && !v.get_object().empty());
}

void write(std::string& out, const json::value& v, std::size_t depth);

void write_entry(std::string& out, std::string_view key, const json::value& v, std::size_t depth) {
  out += scalar(json::value(key)) + ':';
  if (!is_block(v)) {
    out += ' ' + scalar(v) + '\n';
    return;
  }
  out += '\n' + std::string(2 * (depth + 1), ' ');
  write(out, v, depth + 1);
}

// The caller has already written the indentation of the first line.
void write(std::string& out, const json::value& v, std::size_t depth) {
  const std::string indent(2 * depth, ' ');
  bool first = true;
  if (v.is_array()) {
    for (const auto& item : v.get_array()) {
      out += (first ? "" : indent) + "- ";
      first = false;
      if (is_block(item))
        write(out, item, depth + 1);
      else
        out += scalar(item) + '\n';
    }
  } else {
    for (const auto& item : v.get_object()) {
      if (!first) out += indent;
      first = false;
      write_entry(out, item.key(), item.value(), depth);
    }
  }
}

void write_fields_of(std::string& out, const view& rows, std::size_t row, std::size_t depth) {
  for (std::size_t c = 0; c < rows.width(); ++c) {
    if (c > 0) out.append(2 * depth, ' ');
    write_entry(out, rows.key(c), rows.at(row, c), depth);
  }
}

}  // namespace

void write_yaml(std::string& out, const view& rows) {
  if (rows.height() == 0) out += "[]\n";
  for (std::size_t r = 0; r < rows.height(); ++r) {
    out += "- ";
    write_fields_of(out, rows, r, 1);
  }
}

void write_yaml_object(std::string& out, const view& fields) { write_fields_of(out, fields, 0, 0); }

}  // namespace ostclean::report
