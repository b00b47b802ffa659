// The authentication itself: one POST to the Identity API v3 (/v3/auth/tokens), its body for every
// supported method and scope, and what each refusal means to a person.
#pragma once

#include "core/auth/settings.hpp"
#include "core/auth/token.hpp"
#include "core/http/transport.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace ostclean::auth {

/// A new token and the answer it came from, which is what the cache keeps.
class authentication {
 public:
  authentication() = default;
  token fresh;
  boost::json::value document;  ///< {"token": {...}}
};

/// "https://host/identity" or ".../v3" or ".../v2.0" -> "https://host/identity/v3".
std::string identity_base(std::string_view auth_url);

/// {"auth": {"identity": ..., "scope": ...}}. `who` is complete.
boost::json::object authentication_body(const settings& who);

/// Sends through `next`, which must not be a session. Errors: errc::config for incomplete settings,
/// errc::auth when Keystone refuses, else errc::network, errc::protocol, errc::service.
http::asio::awaitable<result<authentication>> authenticate(settings who, http::transport& next);

}  // namespace ostclean::auth
