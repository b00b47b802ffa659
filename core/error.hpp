// One error type for every layer: a failure is a value that says what failed, on what, what the
// service said, its request id and what to do, so that the command line can print one true line and
// choose the exit code.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <utility>

namespace ostclean {

enum class errc {
  usage,      ///< the command line cannot be understood
  config,     ///< a file, a setting or a name given by the user is wrong, unknown or ambiguous
  network,    ///< no connection, reset, name not resolved
  tls,        ///< the certificate or the handshake was refused
  timeout,    ///< a deadline passed
  protocol,   ///< the answer is not what HTTP, JSON or the API document promise
  auth,       ///< Keystone refused the credentials or the scope
  forbidden,  ///< authenticated, but not allowed
  not_found,
  conflict,  ///< 409, or what a service uses in its place: try again later
  service,   ///< any other status of 400 and more
  refused,   ///< a safety rule or a missing confirmation
  stale,     ///< a plan is too old or no longer true
  interrupted,
  io,  ///< a local file cannot be read or written
};

class error {
 public:
  error() = default;  ///< only because Boost 1.81's result<T>::error() wants it
  error(errc code, std::string message) : code(code), message(std::move(message)) {}

  errc code = errc::service;
  std::string message;     ///< the service's own words where there are any; no full stop
  int status = 0;          ///< HTTP status, 0 when there was no answer
  std::string request_id;  ///< x-openstack-request-id of the answer
  std::string where;       ///< "DELETE https://...": never with a token or a password
  std::string hint;        ///< what to do, empty when there is nothing better than the message
  bool repeated = false;   ///< http::response::repeated of the answer
  bool unsent = false;     ///< no byte of the request was sent: even a POST may be repeated

  /// One line: message (HTTP status, request id) [where]; hint.
  std::string line() const;
};

/// A file or a setting at `where` ("FILE:LINE") that cannot be used.
inline error config_error(const std::string& where, const std::string& what) {
  return error(errc::config, where + ": " + what);
}

template <class T>
using result = boost::system::result<T, error>;

/// Makes result<T>::value() throw bad_result when it holds an error.
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);

/// The one exception of the program: thrown where going on makes no sense, caught once in cmd.
class failure : public std::exception {
 public:
  explicit failure(error e) : error_(std::move(e)), text_(error_.line()) {}
  const error& why() const noexcept { return error_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  error error_;
  std::string text_;
};

}  // namespace ostclean
