// A new password for somebody: what Keystone is asked, and for whom it would be of no use.
#pragma once

#include "services/identity.hpp"

#include <string>

namespace ostclean::services {

/// Why nobody could log in with a new password although Keystone would take it (the user's options
/// ask for a second factor), or why the options forbid a change; empty when there is no reason.
std::string why_password_is_useless(const user& who);

/// PATCH /v3/users/{id}. `admin` adds the token, `base` ends with /v3. The password goes into the
/// body only. True on success.
identity::answer<bool> set_password(http::transport& admin, std::string base, std::string user_id,
                                    std::string password);

}  // namespace ostclean::services
