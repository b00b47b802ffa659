// JSON for programs: native types, snake_case keys, indented by two unless --noindent.
#include "core/report/view.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace ostclean::report {
namespace {

namespace json = boost::json;

json::object object_of(const view& rows, std::size_t row) {
  json::object object;
  object.reserve(rows.width());
  for (std::size_t c = 0; c < rows.width(); ++c) object[rows.key(c)] = rows.at(row, c);
  return object;
}

void write(std::string& out, const json::value& v, std::size_t depth);

// One body for arrays and objects: they differ in the brackets and in what an entry starts with.
template <class Container, class Entry>
void write_block(std::string& out, const Container& items, std::string_view brackets,
                 std::size_t depth, Entry entry) {
  out += brackets[0];
  bool first = true;
  for (const auto& item : items) {
    out += first ? "\n" : ",\n";
    first = false;
    out.append(2 * (depth + 1), ' ');
    entry(item);
  }
  if (!first) out += '\n' + std::string(2 * depth, ' ');
  out += brackets[1];
}

void write(std::string& out, const json::value& v, std::size_t depth) {
  if (v.is_array()) {
    write_block(out, v.get_array(), "[]", depth,
                [&](const json::value& item) { write(out, item, depth + 1); });
  } else if (v.is_object()) {
    write_block(out, v.get_object(), "{}", depth, [&](const json::key_value_pair& item) {
      out += json::serialize(item.key()) + ": ";
      write(out, item.value(), depth + 1);
    });
  } else {
    out += json::serialize(v);
  }
}

}  // namespace

void write_json(std::string& out, const view& rows, const options& how) {
  json::array list;
  list.reserve(rows.height());
  for (std::size_t r = 0; r < rows.height(); ++r) list.push_back(object_of(rows, r));
  if (how.noindent)
    out += json::serialize(list);
  else
    write(out, list, 0);
  out += '\n';
}

void write_json_object(std::string& out, const view& fields, const options& how) {
  const json::value object = object_of(fields, 0);
  if (how.noindent)
    out += json::serialize(object);
  else
    write(out, object, 0);
  out += '\n';
}

void write_ndjson(std::string& out, const view& rows) {
  for (std::size_t r = 0; r < rows.height(); ++r) out += json::serialize(object_of(rows, r)) + '\n';
}

std::string json_line(const table& rows, std::size_t row) {
  json::object object;
  for (std::size_t c = 0; c < rows.keys.size(); ++c)
    object[rows.keys[c]] = c < rows.rows[row].size() ? rows.rows[row][c] : json::value{};
  return json::serialize(object);
}

}  // namespace ostclean::report
