// What services that are known keep of a project beside what the table of kinds has.
#pragma once

#include "services/inventory.hpp"

#include <set>
#include <string>
#include <vector>

namespace ostclean::services {

/// Of the things without a kind in the place's region those that the project has, or that cannot be
/// listed: record sets in zones of others, software configs, orders, metadef namespaces. `asked`
/// are the endpoints that were asked already for this project.
boost::asio::awaitable<std::vector<unseen>> find_kindless(place where,
                                                          std::set<std::string>& asked);

}  // namespace ostclean::services
