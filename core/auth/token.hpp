// A token and what Keystone said with it: who, for what scope, until when, and the catalog.
#pragma once

#include "core/auth/catalog.hpp"
#include "core/time.hpp"

#include <boost/json/value.hpp>
#include <chrono>
#include <string>
#include <vector>

namespace ostclean::auth {

/// What Keystone said about a token; times are UTC.
class token {
 public:
  token() = default;
  std::string id;  ///< the secret itself: never printed
  sys_time expires_at;
  sys_time issued_at;
  std::string user_id, user_name, user_domain_id;
  std::string project_id, project_name, project_domain_id;  ///< empty when not scoped to a project
  bool system = false;                                      ///< scoped to the system
  std::vector<std::string> roles;                           ///< names
  catalog services;
};

/// From the answer of POST /v3/auth/tokens: the X-Subject-Token header and the body. Errors are
/// errc::protocol.
result<token> parse_token(std::string id, const boost::json::value& body);

}  // namespace ostclean::auth
