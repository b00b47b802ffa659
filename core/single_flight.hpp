// Work that several want done at the same time is done once: whoever comes while it is under way
// waits for its end, and has the same. A wrong password is not tried a hundred times.
#pragma once

#include "core/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <memory>

namespace ostclean {

class single_flight {
 public:
  single_flight() = default;
  /// The end of `work`, or of what is under way already: then `work` is not begun. Those who wait
  /// for what never came to its end get errc::interrupted. This must outlive it.
  boost::asio::awaitable<result<void>> run(boost::asio::awaitable<result<void>> work);
  bool is_under_way() const { return flying_ != nullptr; }

 private:
  class flight;
  class landing;
  std::shared_ptr<flight> flying_;  ///< null when nobody is under way
};

}  // namespace ostclean
