#include "core/error.hpp"

namespace ostclean {

std::string error::line() const {
  std::string text = message;
  if (status != 0 || !request_id.empty()) {
    text += " (";
    if (status != 0) text += "HTTP " + std::to_string(status);
    if (status != 0 && !request_id.empty()) text += ", ";
    if (!request_id.empty()) text += request_id;
    text += ")";
  }
  if (!where.empty()) text += " [" + where + "]";
  if (!hint.empty()) text += "; " + hint;
  return text;
}

void throw_exception_from_error(const error& e, const boost::source_location&) { throw failure(e); }

}  // namespace ostclean
