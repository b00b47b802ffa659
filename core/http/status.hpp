// From statuses to errors: every OpenStack service wraps its own words differently, and those words
// are what the operator needs.
#pragma once

#include "core/http/transport.hpp"

#include <boost/json/value.hpp>

namespace ostclean::http {

/// The service's message, on one line of at most 300 bytes, out of the bodies of Keystone, Nova,
/// Cinder, Neutron, Glance, Swift, Heat, Octavia, Barbican, Designate and Placement. 401 is
/// errc::auth, 403 forbidden, 404 not_found, 409 conflict, the rest service.
error to_error(const response& answer, const request& asked);

/// JSON of `body`, at most 64 levels deep; errc::protocol names the request.
result<boost::json::value> parse_json(std::string_view body, const request& asked);

/// Sends `r`: a 2xx with JSON is the value (null for an empty body), anything else the error.
asio::awaitable<result<boost::json::value>> get_json(transport& via, request r);

/// The same, but a 404 is the answer only when it comes twice: a gateway in trouble says it as
/// well.
asio::awaitable<result<boost::json::value>> get_json_surely(transport& via, request r);

}  // namespace ostclean::http
