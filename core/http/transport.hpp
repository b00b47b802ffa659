// The one seam of the HTTP stack. Beast, limits, trace, dry run, retry and authorisation all are
// this interface, one around the other, and tests put a script in the place of any of them.
#pragma once

#include "core/error.hpp"
#include "core/http/message.hpp"

#include <boost/asio/awaitable.hpp>

namespace ostclean::http {

namespace asio = boost::asio;

class transport {
 public:
  transport() = default;
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;
  virtual ~transport() = default;

  /// A response of any status is a success here; an error means there is none. The caller turns
  /// statuses into errors.
  virtual asio::awaitable<result<response>> send(request r) = 0;
};

}  // namespace ostclean::http
