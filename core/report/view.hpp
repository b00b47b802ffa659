// What is left of a table after column selection and sorting, and the writers of the formats. Only
// the files of this folder include it.
#pragma once

#include "core/report/table.hpp"

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace ostclean::report {

class view {
 public:
  view(const table& rows, std::vector<std::size_t> columns, std::vector<std::size_t> order)
      : columns(std::move(columns)), order(std::move(order)), rows_(rows) {}

  std::size_t width() const { return columns.size(); }
  std::size_t height() const { return order.size(); }
  const std::string& key(std::size_t column) const { return rows_.keys[columns[column]]; }
  /// null where the row is too short
  const boost::json::value& at(std::size_t row, std::size_t column) const;

  /// plain for every column but the toned one
  tone tone_at(std::size_t row, std::size_t column) const;

  std::vector<std::size_t> columns, order;

 private:
  const table& rows_;
};

/// A number as people write it.
std::string number_text(const boost::json::value& number);
/// Text of one cell for people: None, True, a list as "a, b", an object as "key='value'".
std::string cell_text(const boost::json::value& cell);
/// Text of one cell for scripts: as above, but lists and objects in JSON.
std::string cell_word(const boost::json::value& cell);

void write_table(std::string& out, const view& rows, const options& how);
void write_fields(std::string& out, const view& fields, const options& how);
void write_value(std::string& out, const view& rows);
void write_values(std::string& out, const view& fields);
void write_csv(std::string& out, const view& rows, const options& how);
void write_csv_fields(std::string& out, const view& fields, const options& how);
void write_json(std::string& out, const view& rows, const options& how);
void write_json_object(std::string& out, const view& fields, const options& how);
void write_ndjson(std::string& out, const view& rows);
void write_yaml(std::string& out, const view& rows);
void write_yaml_object(std::string& out, const view& fields);

}  // namespace ostclean::report
