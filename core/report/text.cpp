// The formats for people: the bordered table of the OpenStack client, and bare values.
#include "core/report/utf8.hpp"
#include "core/report/view.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cctype>

namespace ostclean::report {
namespace {

namespace json = boost::json;

constexpr std::size_t least_list_width = 8;
constexpr std::size_t least_field_width = 16;

class grid {
 public:
  grid() = default;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::vector<tone>> tones;  ///< as rows, or empty
  std::vector<bool> right;               ///< by column
  std::vector<bool> status;              ///< by column: its values are coloured
  std::vector<std::size_t> widths;
};

// Words a service or this program uses for a state; anything else keeps the terminal's colour.
std::string_view colour_of(std::string_view value) {
  static constexpr std::array<std::string_view, 8> green{
      "active", "available", "ok", "done", "enabled", "up", "in-use", "deleted"};
  static constexpr std::array<std::string_view, 6> red{"error", "failed", "expired",
                                                       "left",  "down",   "unreachable"};
  static constexpr std::array<std::string_view, 5> yellow{"expiring", "pending", "build", "kept",
                                                          "deleting"};
  std::string low{value};
  for (char& c : low) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto is = [&](const auto& words) {
    return std::find(words.begin(), words.end(), low) != words.end();
  };
  if (is(green)) return "\033[32m";
  if (is(red) || low.starts_with("error")) return "\033[31m";
  if (is(yellow)) return "\033[33m";
  return low == "protected" ? "\033[36m" : "";
}

std::string_view colour_of(tone t) {
  return t == tone::past ? "\033[31m" : t == tone::near ? "\033[33m" : "";
}

std::string_view prefix_of_width(std::string_view text, std::size_t width) {
  std::size_t bytes = 0, used = 0;
  while (bytes < text.size()) {
    const glyph g = next_glyph(text.substr(bytes));
    const std::size_t w = g.valid ? glyph_width(g.code) : 1;
    if (used + w > width && bytes > 0) break;
    used += w;
    bytes += g.size;
  }
  return text.substr(0, bytes);
}

// At spaces where there are any, inside a word only when it alone is too long.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (display_width(text) > width) {
    std::string_view line = prefix_of_width(text, width);
    const bool at_word_end = line.size() < text.size() && text[line.size()] == ' ';
    const std::size_t space = at_word_end ? line.size() : line.rfind(' ');
    if (space != std::string_view::npos && space > 0) line = text.substr(0, space);
    text.remove_prefix(line.size());
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    while (line.ends_with(' ')) line.remove_suffix(1);
    lines.emplace_back(line);
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  return lines;
}

void measure(grid& g) {
  for (std::size_t c = 0; c < g.header.size(); ++c) {
    std::size_t width = display_width(g.header[c]);
    for (const auto& row : g.rows) width = std::max(width, display_width(row[c]));
    g.widths.push_back(width);
  }
}

// The client's rule: columns narrower than an equal share keep their width, the others share what
// is left, but none gets less than `least`.
void shrink(grid& g, std::size_t limit, std::size_t least) {
  const std::size_t count = g.widths.size();
  std::size_t total = 1 + 3 * count;
  for (std::size_t w : g.widths) total += w;
  if (limit == 0 || count == 0 || total <= limit) return;
  const std::size_t borders = 1 + 3 * count;
  std::size_t rest = limit > borders ? limit - borders : 0;
  const std::size_t share = rest / count;
  std::vector<std::size_t> wide;
  for (std::size_t c = 0; c < count; ++c) {
    if (g.widths[c] > share)
      wide.push_back(c);
    else
      rest -= g.widths[c];
  }
  const std::size_t each = rest / wide.size();
  for (std::size_t c : wide) {
    const std::size_t given = c == wide.back() ? rest : each;
    g.widths[c] = std::min(g.widths[c], std::max(least, given));
    rest -= each;
  }
}

void write_rule(std::string& out, const grid& g) {
  for (std::size_t width : g.widths) out += "+" + std::string(width + 2, '-');
  out += "+\n";
}

void write_cell(std::string& out, const std::string& text, std::size_t width, bool right,
                std::string_view colour) {
  const std::size_t used = display_width(text);
  const std::string pad(width > used ? width - used : 0, ' ');
  out += ' ';
  if (right) out += pad;
  if (!colour.empty() && !text.empty())
    out += std::string{colour} + text + "\033[0m";
  else
    out += text;
  if (!right) out += pad;
  out += " |";
}

std::vector<std::string_view> colours_of(const grid& g, std::size_t r) {
  std::vector<std::string_view> list;
  for (std::size_t c = 0; c < g.header.size(); ++c) {
    const tone t = g.tones.empty() ? tone::plain : g.tones[r][c];
    list.push_back(g.status[c] ? colour_of(g.rows[r][c]) : colour_of(t));
  }
  return list;
}

void write_row(std::string& out, const grid& g, const std::vector<std::string>& row,
               const std::vector<std::string_view>& colours) {
  std::vector<std::vector<std::string>> cells;
  std::size_t height = 1;
  for (std::size_t c = 0; c < row.size(); ++c) {
    cells.push_back(wrapped(row[c], g.widths[c]));
    height = std::max(height, cells.back().size());
  }
  for (std::size_t line = 0; line < height; ++line) {
    out += '|';
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string text = line < cells[c].size() ? cells[c][line] : std::string{};
      write_cell(out, text, g.widths[c], g.right[c],
                 colours.empty() ? std::string_view{} : colours[c]);
    }
    out += '\n';
  }
}

void write_grid(std::string& out, grid& g, const options& how, std::size_t least) {
  measure(g);
  shrink(g, static_cast<std::size_t>(std::max(0, how.max_width)), least);
  write_rule(out, g);
  write_row(out, g, g.header, {});
  write_rule(out, g);
  for (std::size_t r = 0; r < g.rows.size(); ++r)
    write_row(out, g, g.rows[r], how.color ? colours_of(g, r) : std::vector<std::string_view>{});
  write_rule(out, g);
}

bool is_status(std::string_view key) {
  return key == "state" || key == "outcome" || key.ends_with("status");
}

}  // namespace

std::string number_text(const json::value& number) {
  return number.is_double() ? fmt::format("{}", number.get_double()) : json::serialize(number);
}

std::string cell_text(const json::value& cell) {
  if (cell.is_null()) return "None";
  if (cell.is_bool()) return cell.get_bool() ? "True" : "False";
  if (cell.is_string()) return printable(std::string_view{cell.get_string()});
  std::string text;
  if (cell.is_array()) {
    for (const auto& item : cell.get_array()) text += (text.empty() ? "" : ", ") + cell_text(item);
    return text;
  }
  if (!cell.is_object()) return number_text(cell);
  for (const auto& item : cell.get_object()) {
    if (!text.empty()) text += ", ";
    text += printable(std::string_view{item.key()}) + "='" + cell_text(item.value()) + "'";
  }
  return text;
}

std::string cell_word(const json::value& cell) {
  return cell.is_structured() ? printable(json::serialize(cell)) : cell_text(cell);
}

void write_table(std::string& out, const view& rows, const options& how) {
  if (rows.height() == 0 && !how.print_empty) {
    out += '\n';  // what the client prints for a list without rows
    return;
  }
  grid g;
  for (std::size_t c = 0; c < rows.width(); ++c) {
    g.header.push_back(title(rows.key(c)));
    g.right.push_back(rows.height() > 0 && rows.at(0, c).is_number());
    g.status.push_back(is_status(rows.key(c)));
  }
  for (std::size_t r = 0; r < rows.height(); ++r) {
    auto& row = g.rows.emplace_back();
    auto& tones = g.tones.emplace_back();
    for (std::size_t c = 0; c < rows.width(); ++c) {
      row.push_back(cell_text(rows.at(r, c)));
      tones.push_back(rows.tone_at(r, c));
    }
  }
  write_grid(out, g, how, least_list_width);
}

void write_fields(std::string& out, const view& fields, const options& how) {
  grid g;
  g.header = {"Field", "Value"};
  g.right = {false, false};
  g.status = {false, false};
  for (std::size_t c = 0; c < fields.width(); ++c) {
    g.rows.push_back({fields.key(c), cell_text(fields.at(0, c))});
    g.tones.push_back({tone::plain, fields.tone_at(0, c)});
  }
  write_grid(out, g, how, least_field_width);
}

void write_value(std::string& out, const view& rows) {
  for (std::size_t r = 0; r < rows.height(); ++r) {
    for (std::size_t c = 0; c < rows.width(); ++c) {
      if (c > 0) out += ' ';
      out += cell_word(rows.at(r, c));
    }
    out += '\n';
  }
}

void write_values(std::string& out, const view& fields) {
  for (std::size_t c = 0; c < fields.width(); ++c) out += cell_word(fields.at(0, c)) + '\n';
}

}  // namespace ostclean::report
