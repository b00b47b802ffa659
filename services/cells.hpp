// Whether Nova sees all of its cells. The servers of one that is down are missing from every list
// that is filtered, sorted or paged, and nothing in the answer tells: whoever decides by "no server
// uses it" asks here first.
#pragma once

#include "core/auth/session.hpp"

#include <string>

namespace ostclean::services {

/// The first version of Nova's API that tells of cells that are down.
inline constexpr const char* k_down_cells = "2.69";

/// errc::service when a cell is down. `admin` is an administrator's session, `compute` the URL of a
/// Nova. One that is older than 2.69 cannot say it, and passes.
boost::asio::awaitable<result<void>> check_cells(auth::session& admin, std::string compute,
                                                 std::string region);

/// The same of the servers of the project that `user`'s token is for.
boost::asio::awaitable<result<void>> check_own_servers(auth::session& user, std::string compute,
                                                       std::string region);

}  // namespace ostclean::services
