// How services write an object's id into another's field: seldom bare, sometimes in a name, in an
// address, or in a text that is JSON.
#pragma once

#include "services/item.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ostclean::services {

/// The id in `said`, which the field of `word` holds in an object of the kind `of`; empty when it
/// names nothing of the kind of `word`.
std::string id_in(std::string_view of, const reference& word, std::string said);

/// By which others may name it, beside its own id.
std::vector<std::string> other_ids(const item& one);

/// `data` with the JSON in its text `field` as JSON.
boost::json::value decoded(const boost::json::value& data, std::string_view field);

/// The ids of those that say to use this secret or container of secrets.
std::vector<std::string> consumers_of(const item& one);

}  // namespace ostclean::services
