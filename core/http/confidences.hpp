// A service that fails likes to repeat what it was asked, and its words go into messages, journals
// and reports. What a request confided to it is taken out of its answer before anybody reads that.
#pragma once

#include "core/http/message.hpp"

#include <string>
#include <vector>

namespace ostclean::http {

class confidences {
 public:
  /// The credentials in the fields and in the JSON body of `r`: tokens, passwords, secrets.
  explicit confidences(const request& r);

  /// `text` with "***" for each of them, also where it is escaped for JSON, HTML or a URL. What is
  /// shorter than four characters is left: it would be found everywhere.
  std::string without(std::string text) const;
  /// The same for the fields and the body.
  void take_from(response& answer) const;

 private:
  void collect(const std::string& body);
  std::vector<std::string> all_;
};

}  // namespace ostclean::http
