// How loans stand in a journal: a line when something is lent, one when it is returned.
#pragma once

#include "services/loan.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <vector>

namespace ostclean::services {

/// `event` is "lend" or "returned".
boost::json::object as_line(const char* event, const cloud_identity& where, const loan& one);

/// What was lent and not returned, each with its cloud; damaged lines are passed over.
known_loans loans_of(const std::vector<boost::json::object>& lines);

}  // namespace ostclean::services
