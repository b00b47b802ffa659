#include "core/report/table.hpp"

#include "core/report/view.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <optional>

namespace ostclean::report {
namespace {

namespace json = boost::json;

std::string folded(std::string_view name) {
  std::string text{name};
  for (char& c : text)
    c = c == ' ' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool holds(const std::vector<std::string>& names, std::string_view key) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return folded(name) == key; });
}

// The client's message shows Python's lists and tuples, and scripts look for that text.
std::string quoted_list(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "'" : ", '") + printable(name) + "'";
  return text;
}

error no_such_columns(const table& rows, const options& how) {
  std::vector<std::string> titles;
  for (const auto& key : rows.keys) titles.push_back(title(key));
  return {errc::usage, "No recognized column names in [" + quoted_list(how.columns) +
                           "]. Recognized columns are (" + quoted_list(titles) +
                           (titles.size() == 1 ? ",)" : ")")};
}

bool shows_hidden(const options& how) { return how.format != "table" && how.format != "value"; }

result<std::vector<std::size_t>> chosen_columns(const table& rows, const options& how) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < rows.keys.size(); ++i) {
    const std::string key = folded(rows.keys[i]);
    const bool wanted = how.columns.empty() ? shows_hidden(how) || !holds(rows.hidden, key)
                                            : holds(how.columns, key);
    if (wanted) columns.push_back(i);
  }
  if (columns.empty() && !how.columns.empty()) return no_such_columns(rows, how);
  return columns;
}

int rank(const json::value& v) {
  if (v.is_number()) return 0;
  if (v.is_bool()) return 1;
  if (v.is_string()) return 2;
  return v.is_null() ? 4 : 3;
}

bool less(const json::value& a, const json::value& b) {
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  if (a.is_int64() && b.is_int64()) return a.get_int64() < b.get_int64();
  if (a.is_number()) return a.to_number<double>() < b.to_number<double>();
  if (a.is_bool()) return a.get_bool() < b.get_bool();
  return cell_text(a) < cell_text(b);
}

void sort_by(std::vector<std::size_t>& order, const view& all, std::size_t column,
             bool descending) {
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto& left = all.at(a, column);
    const auto& right = all.at(b, column);
    if (left.is_null() || right.is_null()) return !left.is_null() && right.is_null();
    return descending ? less(right, left) : less(left, right);
  });
}

std::vector<std::size_t> counted(std::size_t n) {
  std::vector<std::size_t> list(n);
  std::iota(list.begin(), list.end(), std::size_t{0});
  return list;
}

// The last sort column first: stable sorts compose that way.
std::vector<std::size_t> sorted_rows(const table& rows, const options& how) {
  std::vector<std::size_t> order = counted(rows.rows.size());
  const view all{rows, counted(rows.keys.size()), order};
  for (auto name = how.sort_columns.rbegin(); name != how.sort_columns.rend(); ++name) {
    auto at = std::find_if(rows.keys.begin(), rows.keys.end(),
                           [&](const std::string& key) { return folded(key) == folded(*name); });
    if (at != rows.keys.end())
      sort_by(order, all, static_cast<std::size_t>(at - rows.keys.begin()), how.sort_descending);
  }
  return order;
}

}  // namespace

const json::value& view::at(std::size_t row, std::size_t column) const {
  static const json::value none;
  const auto& cells = rows_.rows[order[row]];
  return columns[column] < cells.size() ? cells[columns[column]] : none;
}

tone view::tone_at(std::size_t row, std::size_t column) const {
  const bool has = key(column) == rows_.toned && order[row] < rows_.tones.size();
  return has ? rows_.tones[order[row]] : tone::plain;
}

std::string title(std::string_view key) {
  static constexpr std::array<std::string_view, 6> acronyms{"id", "ip", "url", "vm", "api", "uuid"};
  std::string text;
  std::size_t begin = 0;
  while (begin <= key.size()) {
    const std::size_t end = std::min(key.find('_', begin), key.size());
    std::string word{key.substr(begin, end - begin)};
    const bool all = std::find(acronyms.begin(), acronyms.end(), word) != acronyms.end();
    for (std::size_t i = 0; i < word.size() && (all || i == 0); ++i)
      word[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[i])));
    text += (begin == 0 ? "" : " ") + word;
    begin = end + 1;
  }
  return text;
}

result<std::string> render(const table& rows, const options& how) {
  auto columns = chosen_columns(rows, how);
  if (!columns) return columns.error();
  const view shown{rows, *columns, sorted_rows(rows, how)};
  std::string out;
  if (how.format == "json")
    write_json(out, shown, how);
  else if (how.format == "ndjson")
    write_ndjson(out, shown);
  else if (how.format == "csv")
    write_csv(out, shown, how);
  else if (how.format == "value")
    write_value(out, shown);
  else if (how.format == "yaml")
    write_yaml(out, shown);
  else
    write_table(out, shown, how);
  return out;
}

result<std::string> render_object(const table& fields, const options& how) {
  auto columns = chosen_columns(fields, how);
  if (!columns) return columns.error();
  if (fields.rows.empty()) return std::string{};
  const view shown{fields, *columns, counted(1)};
  std::string out;
  if (how.format == "json")
    write_json_object(out, shown, how);
  else if (how.format == "ndjson")
    write_ndjson(out, shown);
  else if (how.format == "csv")
    write_csv_fields(out, shown, how);
  else if (how.format == "value")
    write_values(out, shown);
  else if (how.format == "yaml")
    write_yaml_object(out, shown);
  else
    write_fields(out, shown, how);
  return out;
}

}  // namespace ostclean::report
