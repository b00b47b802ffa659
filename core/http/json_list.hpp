// The one list in an answer {"key": [...], ...}, element by element while the bytes arrive: a
// service that knows no pages sends a hundred thousand rows in one answer, and they are printed
// without ever being in memory together.
#pragma once

#include "core/error.hpp"
#include "core/http/transport.hpp"

#include <boost/json/value.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ostclean::http {

class json_list : public body_reader {
 public:
  /// `key`: the member of the answer that is the list. `take` gets each element, in order.
  json_list(std::string key, std::function<void(boost::json::value)> take);

  /// Takes 200 with JSON; whatever else is answered stays in the response.
  bool wants(const response& head) override;
  bool read(std::string_view bytes) override;
  bool passed_on() const override { return passed_on_; }

  /// What `take` got is on its way to somebody: a second attempt would repeat it.
  void pass_on() { passed_on_ = true; }
  /// Called when an answer begins: whatever came from an earlier attempt is to be forgotten.
  std::function<void()> restart;

  /// The answer with its list emptied, once it has arrived; errc::protocol when it was no JSON or
  /// had no such list.
  result<boost::json::value> finish() const;
  bool wanted() const { return wanted_; }  ///< an answer that might be the list has begun
  const std::optional<error>& failure() const { return failure_; }

 private:
  bool step(char c);
  bool inside_string(char c);
  bool opens(char c);
  bool closes(char c);
  bool separates();
  bool element_done();
  bool fail(const std::string& why);

  std::string key_;
  std::function<void(boost::json::value)> take_;
  bool passed_on_ = false, wanted_ = false;
  std::string outline_;  ///< everything but the elements
  std::string element_;  ///< the one that is arriving
  std::string word_;     ///< the last string at depth one: maybe the key of what comes next
  std::size_t depth_ = 0;
  bool in_string_ = false, escaped_ = false, in_list_ = false, seen_ = false, wants_comma_ = false;
  bool after_comma_ = false;
  std::optional<error> failure_;
};

/// Sends `r` (a GET) and gives the list to `into`; the answer without its elements, or whatever
/// `refuse` makes of an answer that is not such a list.
asio::awaitable<result<boost::json::value>> read_list(
    transport& via, request r, std::shared_ptr<json_list> into,
    std::function<error(const response&, const request&)> refuse);

}  // namespace ostclean::http
