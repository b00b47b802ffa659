#include "core/report/stream.hpp"

#include <utility>

namespace ostclean::report {
namespace {

/// Rows that are held back: an answer that fails early has printed nothing.
constexpr std::size_t k_batch = 1000;

}  // namespace

stream::stream(table head, options how, std::function<void(std::string_view)> write)
    : rows_(std::move(head)), how_(std::move(how)), write_(std::move(write)) {}

bool stream::waits() const { return how_.format == "table" || !how_.sort_columns.empty(); }

void stream::add(std::vector<boost::json::value> row, tone t) {
  rows_.rows.push_back(std::move(row));
  rows_.tones.push_back(t);
  // An error here is one of the columns, and finish() meets it again.
  if (rows_.rows.size() >= k_batch && !waits()) (void)flush();
}

void stream::restart() {
  rows_.rows.clear();
  rows_.tones.clear();
}

result<void> stream::flush() {
  auto text = render(rows_, how_);
  if (!text) return text.error();
  std::string_view part = *text;
  if (how_.format == "json") {
    // "[" rows "]\n": the brackets belong to the whole list.
    part.remove_prefix(1);
    part.remove_suffix(how_.noindent ? 2 : 3);
    write_(begun_ ? "," : "[");
  } else if (how_.format == "csv" && begun_) {
    part.remove_prefix(part.find('\n') + 1);
  }
  write_(part);
  begun_ = true;
  restart();
  return {};
}

result<void> stream::finish() {
  if (!begun_) {
    auto text = render(rows_, how_);
    if (!text) return text.error();
    write_(*text);
    begun_ = true;
    return {};
  }
  if (!rows_.rows.empty())
    if (auto good = flush(); !good) return good;
  if (how_.format == "json") write_(how_.noindent ? "]\n" : "\n]\n");
  return {};
}

}  // namespace ostclean::report
