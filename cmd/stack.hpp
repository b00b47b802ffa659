// The one function that builds the transport stack below authorisation: retry / timing / dry run /
// trace / limit / Beast. Every session of a run shares it.
#pragma once

#include "core/http/transport.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace ostclean::cmd {

class stack_options {
 public:
  stack_options() = default;
  bool verify = true;
  std::string cacert, cert, key;
  std::chrono::milliseconds timeout{0};  ///< for one request; 0: what the request says
  int max_concurrency = 32;
  double rate = 0;                              ///< requests a second and service, 0 for no limit
  std::function<void(std::string_view)> trace;  ///< lines of --debug; null for none
};

class transport_stack : public http::transport {
 public:
  transport_stack() = default;
  /// From here on nothing but reads and the token POST leave.
  virtual void only_read() = 0;
  /// Seconds and number of requests by "METHOD URL".
  class spent {
   public:
    spent() = default;
    double seconds = 0;
    int requests = 0;
  };
  virtual const std::map<std::string, spent>& timings() const = 0;
};

std::unique_ptr<transport_stack> make_stack(boost::asio::any_io_executor executor,
                                            stack_options how);

}  // namespace ostclean::cmd
