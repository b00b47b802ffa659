// Small accessors over boost::json: services add and omit fields as they like, so nothing here
// throws on a missing or differently typed member, and a path is dotted ("fixed_ips.subnet_id"
// looks into every element of an array).
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean {

/// The member at a dotted path through objects only; null when there is none. A member whose own
/// name has the dots wins.
const boost::json::value* find(const boost::json::value& in, std::string_view path);
/// The text there; numbers are written out; "" for anything else.
std::string text_at(const boost::json::value& in, std::string_view path);
bool true_at(const boost::json::value& in, std::string_view path);
/// Every text below the path, through arrays on the way.
std::vector<std::string> texts_at(const boost::json::value& in, std::string_view path);

}  // namespace ostclean
