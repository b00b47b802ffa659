// What all requests to os-vm-expire have in common: where it answers, the content type it insists
// on, and which of its answers is what. Its status codes mislead (500 and 403 for "not found", 403
// for "too old"), so the words decide. Follows its API reference and, where that differs, the
// answers of the real service.
#pragma once

#include "core/auth/session.hpp"
#include "core/error.hpp"
#include "core/http/json_list.hpp"
#include "core/http/transport.hpp"

#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace ostclean::services {

template <class T>
using vm_answer = http::asio::awaitable<result<T>>;

/// The base of every URL, "https://host/any/prefix/v1/PROJECT" without a slash at the end, from the
/// catalog or the override, whatever of version and project they have. errc::config when the login
/// has no project and the URL needs one, errc::not_found when the catalog has no such service.
vm_answer<std::string> vm_service_url(auth::session& who);

/// The error that an answer is: the service's words, and a code that says what is true.
error vm_error(const http::response& answer, const http::request& asked);

/// JSON of an answer, null where the service sends none (204). A redirect, a list of versions, HTML
/// and an empty body are errc::protocol, 4xx and 5xx what vm_error() makes of them.
result<boost::json::value> vm_judge(const http::response& answer, const http::request& asked);

class vm_service {
 public:
  /// `who` adds the token and outlives this; `base` as vm_service_url() gives it.
  vm_service(http::transport& who, std::string base) : who_(who), base_(std::move(base)) {}

  /// `path` begins with a slash; `body` may be empty.
  vm_answer<boost::json::value> call(http::verb method, std::string path,
                                     std::string body = std::string());
  /// The list under `key`, each element given to `into` as it arrives.
  vm_answer<void> list(std::string path, std::shared_ptr<http::json_list> into);

 private:
  http::transport& who_;
  std::string base_;
};

/// The object under `one`; the published reference shows the list `many` with one element instead.
const boost::json::object* vm_object(const boost::json::value& answer, std::string_view one,
                                     std::string_view many);

}  // namespace ostclean::services
