// A list that is printed while it is still being read. What comes out is, byte for byte, what
// render() makes of the whole; only a table and a sorted list have to wait for the last row.
#pragma once

#include "core/report/table.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace ostclean::report {

class stream {
 public:
  /// `keys`, `hidden` and `toned` of the list, no rows yet. `write` gets the text.
  stream(table head, options how, std::function<void(std::string_view)> write);

  void add(std::vector<boost::json::value> row, tone t = tone::plain);
  /// Prints what is left; call it when the list is complete, and not otherwise: then the missing
  /// end tells a reader of JSON that something is missing. Errors as render().
  result<void> finish();

  bool begun() const { return begun_; }  ///< something was printed
  /// Where a key may be added when a row has one that no row before it had; null once a header that
  /// holds for all rows is out.
  table* head() { return begun_ && how_.format == "csv" ? nullptr : &rows_; }
  const table& head() const { return rows_; }
  /// Forgets the rows that were not printed yet.
  void restart();

 private:
  bool waits() const;
  result<void> flush();

  table rows_;
  options how_;
  std::function<void(std::string_view)> write_;
  bool begun_ = false;
};

}  // namespace ostclean::report
