// The one function that builds the transport stack below authorisation: retry / dry run /
// trace / limit / Beast. Every session of a run shares it.
#pragma once

#include "core/http/trace.hpp"
#include "core/http/transport.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::cmd {

class stack_options {
 public:
  stack_options() = default;
  bool verify = true;
  std::string cacert, cert, key;
  std::chrono::milliseconds timeout{0};  ///< for one request; 0: what the request says
  std::size_t max_concurrency = 32;      ///< requests in flight, at least 1
  bool keep_timings = false;
  double rate = 0;                              ///< requests begun a second, 0 for no limit
  std::function<bool()> interrupted;            ///< whether the user asked to stop
  std::function<void(std::string_view)> trace;  ///< lines of --debug; null for none
};

class transport_stack : public http::transport {
 public:
  transport_stack() = default;
  /// From here on nothing but reads and the token POST leave.
  virtual void only_read() = 0;
  /// While it heeds, nothing leaves any more once the user asked to stop. Counts.
  virtual void heed(bool on) = 0;
  /// Every request so far, if keep_timings was set.
  virtual const std::vector<http::timing>& timings() const = 0;
};

std::unique_ptr<transport_stack> make_stack(const boost::asio::any_io_executor& executor,
                                            const stack_options& how);

}  // namespace ostclean::cmd
