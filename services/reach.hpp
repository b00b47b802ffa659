// How much more than its own project a session is shown: what the services answer tells, and not
// what the session's roles are called.
#pragma once

#include "services/inventory.hpp"

namespace ostclean::services {

/// Whether this Nova (the URL of its endpoint) lists the servers of all projects to the session.
boost::asio::awaitable<result<bool>> is_shown_all_servers(place where, std::string compute);

/// errc::forbidden unless every Nova of these regions lists the servers of all projects to the
/// session. `for_what` begins the message.
boost::asio::awaitable<result<void>> check_shown_all_servers(auth::session& who,
                                                             std::vector<std::string> regions,
                                                             std::string for_what);

/// Whether Nova or Neutron of the place's region shows the session what is another project's and
/// shared with nobody.
boost::asio::awaitable<result<bool>> is_shown_others(place where);

/// Whether this Nova lists all servers of the project: a list with a filter, and one of an old
/// version, leaves out what is in a cell that is down.
boost::asio::awaitable<result<void>> check_servers(place where, std::string compute);

/// Whether `base` is in truth that of a region: where a service has nothing without a region, the
/// session shows what has one instead, and that is looked at where it is.
boost::asio::awaitable<bool> is_of_a_region(place where, const kind& row, std::string base);

}  // namespace ostclean::services
