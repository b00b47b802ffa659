// How loans stand in a journal: a line when something is lent, one when it is returned.
#pragma once

#include "services/loan.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <vector>

namespace ostclean::services {

/// `event` is "lend" or "returned".
boost::json::object as_line(const char* event, const cloud_identity& where, const loan& one);

/// The first line where the loans of a run have a journal of their own: that of the run is `file`.
boost::json::object as_loans_of(const std::string& file);
/// And that file; empty for any other journal.
std::string run_of_loans(const std::vector<boost::json::object>& lines);

/// What was lent and not returned, each with its cloud; damaged lines are passed over.
known_loans loans_of(const std::vector<boost::json::object>& lines);

}  // namespace ostclean::services
