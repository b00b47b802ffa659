// What a session knows between two requests, without any waiting: the token and how long it is
// good, which answers made it worthless, the versions found, and the text the cache keeps of it.
#pragma once

#include "core/auth/keystone.hpp"
#include "core/auth/token_cache.hpp"
#include "core/single_flight.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ostclean::auth {

class session_state {
 public:
  session_state(settings who, http::transport& next, token_cache* cache);

  settings who;
  http::transport& next;
  token_cache* cache;  ///< null: nothing is kept
  std::string key;

  token now;
  std::uint64_t generation = 0;                   ///< one more with every token
  std::map<std::string, single_flight> flying;    ///< "" is the authentication
  std::map<std::string, std::string> discovered;  ///< root and major -> version segment

  bool usable() const {
    return valid_ && wall_clock() < renew_at_ && (fresh || !who.fresh_catalog);
  }
  bool fresh = false;  ///< Keystone gave us the catalog itself, not the cache
  /// Takes the token of the cache if it is good for a minute more and was not rejected.
  bool adopt_cached();
  /// Takes a new token and writes it to the cache.
  void adopt(authentication done);
  void save() const;

  /// Takes the answer of GET /v3/auth/catalog; false when it is none.
  bool adopt_catalog(const http::response& answer);

  /// A service answered 401 to the token of that generation.
  void reject(std::uint64_t refused);
  /// Takes the rejected token out of the cache; with the lock held.
  void drop_rejected() const;
  /// A service that refuses a brand-new token is not asked again with it.
  void refuse(const std::string& service, std::uint64_t refused) { refusing_[service] = refused; }
  bool refuses(const std::string& service, std::uint64_t current) const;

  /// The catalog's URL of a service as it stands there; an empty `interface` is that of the
  /// settings.
  std::string catalog_url(const std::string& type, const std::string& region,
                          const std::string& interface = {}) const;
  /// The URL that is set, else the catalog's; errc::config when one URL is set for several regions
  /// whose own differ.
  result<std::string> service_url(const std::string& type, const std::string& region) const;
  /// Whether service_url() looks into the catalog.
  bool needs_catalog(const std::string& type, const std::string& region) const;
  /// There is no such endpoint. That a service is not there is a fact (errc::not_found); that a
  /// setting hides it, a mistake (errc::config).
  error no_endpoint(const std::string& type, const std::string& region) const;

 private:
  std::string region_of(const std::string& type, const std::string& region) const;
  std::string interface_in(const std::string& type, const std::string& region) const;
  void take(token fresh, sys_time good_until, sys_time renew_at);

  bool valid_ = false;
  sys_time good_until_, renew_at_;
  boost::json::value document_;
  std::string rejected_;
  std::map<std::string, std::uint64_t> refusing_;  // service -> generation it would not have
};

}  // namespace ostclean::auth
