// Who we are towards one cloud: a token for one scope, renewed before it ends and made anew once on
// a 401 for everyone who waits; the catalog and the discovered endpoints that came with it. It is
// the outermost layer of the transport stack. Follows the Identity API v3 (POST /v3/auth/tokens)
// and keystoneauth's rules for scope, interface, region and aliases.
#pragma once

#include "core/auth/settings.hpp"
#include "core/auth/token.hpp"
#include "core/auth/token_cache.hpp"
#include "core/http/transport.hpp"

#include <memory>
#include <string>

namespace ostclean::auth {

class session_state;

class session : public http::transport {
 public:
  /// `next` must outlive the session. `cache` may be null. The scope in `who` decides what the
  /// token is for.
  session(settings who, http::transport& next, token_cache* cache);
  ~session() override;

  /// Adds X-Auth-Token (unless the request is the authentication itself or brings its own); on 401
  /// authenticates again, once, for all waiting, and sends the request once more. A second 401 is
  /// the answer. A GET that asks for a microversion and is answered in another one is
  /// errc::protocol.
  http::asio::awaitable<result<http::response>> send(http::request r) override;

  /// The current token: one from the cache while it is good for 60 s more, one of our own while it
  /// is good for 120 s more. The pointer is valid as long as the session; what it points to changes
  /// with every renewal. Errors: settings::incomplete(), errc::auth, errc::network and the like.
  http::asio::awaitable<result<const token*>> current();

  /// Base URL of a service, version included and without a trailing slash, e.g.
  /// "https://host/volume/v3/PROJECT". `major` is the API major wanted ("2" for glance): appended
  /// or discovered when the catalog's URL has no version, "" for none. {type}_endpoint_override in
  /// the settings beats the catalog. Empty region: the settings' one, else the catalog's first.
  /// errc::not_found when the catalog has no such service in that region, nor has one that was
  /// asked for since this session began.
  http::asio::awaitable<result<std::string>> endpoint(std::string service_type, std::string region,
                                                      std::string major);

 private:
  http::asio::awaitable<result<http::response>> authorised(http::request r);

  std::shared_ptr<session_state> state_;  ///< shared with the coroutines that are under way
};

}  // namespace ostclean::auth
