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

// Writes one value, on one line or indented by two. Not json::serialize, which writes 0.5 as 5E-1.
class writer {
 public:
  writer(std::string& out, bool flat) : out_(out), flat_(flat) {}

  void write(const json::value& v) {
    if (v.is_array()) {
      block(v.get_array(), "[]", [&](const json::value& item) { write(item); });
    } else if (v.is_object()) {
      block(v.get_object(), "{}", [&](const json::key_value_pair& item) {
        out_ += json::serialize(item.key()) + (flat_ ? ":" : ": ");
        write(item.value());
      });
    } else {
      out_ += v.is_double() ? number_text(v) : json::serialize(v);
    }
  }

 private:
  template <class Container, class Entry>
  void block(const Container& items, std::string_view brackets, Entry entry) {
    out_ += brackets[0];
    ++depth_;
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ',';
      first = false;
      line();
      entry(item);
    }
    --depth_;
    if (!first) line();
    out_ += brackets[1];
  }

  void line() {
    if (!flat_) out_ += '\n' + std::string(2 * depth_, ' ');
  }

  std::string& out_;
  bool flat_;
  std::size_t depth_ = 0;
};

void write(std::string& out, const json::value& v, bool flat) { writer{out, flat}.write(v); }

}  // namespace

void write_json(std::string& out, const view& rows, const options& how) {
  json::array list;
  list.reserve(rows.height());
  for (std::size_t r = 0; r < rows.height(); ++r) list.push_back(object_of(rows, r));
  write(out, list, how.noindent);
  out += '\n';
}

void write_json_object(std::string& out, const view& fields, const options& how) {
  const json::value object = object_of(fields, 0);
  write(out, object, how.noindent);
  out += '\n';
}

void write_ndjson(std::string& out, const view& rows) {
  for (std::size_t r = 0; r < rows.height(); ++r) {
    write(out, object_of(rows, r), true);
    out += '\n';
  }
}

std::string json_line(const table& rows, std::size_t row) {
  json::object object;
  for (std::size_t c = 0; c < rows.keys.size(); ++c)
    object[rows.keys[c]] = c < rows.rows[row].size() ? rows.rows[row][c] : json::value{};
  std::string out;
  write(out, object, true);
  return out;
}

}  // namespace ostclean::report
