// Who we are towards one cloud: a token for one scope, renewed before it ends and made anew once on
// a 401 for everyone who waits; the catalog and the discovered endpoints that came with it. It is
// the outermost layer of the transport stack. Follows the Identity API v3 (POST /v3/auth/tokens)
// and keystoneauth's rules for scope, interface, region and aliases.
#pragma once

#include "core/auth/catalog.hpp"
#include "core/auth/settings.hpp"
#include "core/auth/token_cache.hpp"
#include "core/http/transport.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::auth {

/// What Keystone said about a token; times are UTC.
class token {
 public:
  token() = default;
  std::string id;  ///< the secret itself: never printed
  std::chrono::system_clock::time_point expires_at;
  std::string user_id, user_name, user_domain_id;
  std::string project_id, project_name, project_domain_id;  ///< empty when not scoped to a project
  std::vector<std::string> roles;                           ///< names
  catalog services;
  std::vector<std::string> methods;
};

class session : public http::transport {
 public:
  /// `next` must outlive the session. `cache` may be null. The scope in `who` decides what the
  /// token is for.
  session(settings who, http::transport& next, token_cache* cache);
  ~session() override;

  /// Adds X-Auth-Token (unless the request is the authentication itself); on 401 authenticates
  /// again, once, for all waiting.
  http::asio::awaitable<result<http::response>> send(http::request r) override;

  /// The current token, from the cache where it is good for 120 s more.
  http::asio::awaitable<result<const token*>> current();

  /// Base URL of a service, version included and without a trailing slash, e.g.
  /// "https://host/volume/v3/PROJECT". `major` is the API major wanted ("2" for glance): appended
  /// or discovered when the catalog's URL has no version, "" for none. errc::not_found when the
  /// catalog has no such service in that region.
  http::asio::awaitable<result<std::string>> endpoint(std::string service_type, std::string region,
                                                      std::string major);

  const settings& who() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace ostclean::auth
