// How much more than its own project a session is shown: what the services answer tells, and not
// what the session's roles are called.
#pragma once

#include "services/inventory.hpp"

namespace ostclean::services {

/// Whether this Nova (the URL of its endpoint) lists the servers of all projects to the session.
boost::asio::awaitable<result<bool>> is_shown_all_servers(place where, std::string compute);

/// Whether Nova or Neutron of the place's region shows the session what is another project's and
/// shared with nobody.
boost::asio::awaitable<result<bool>> is_shown_others(place where);

}  // namespace ostclean::services
