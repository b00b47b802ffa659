// Fields of a JSON object that may be missing, null or of another type than the API promises:
// what cannot be read is empty, never an exception.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace ostclean::services {

inline std::string text(const boost::json::object& body, std::string_view key) {
  const auto* found = body.if_contains(key);
  const auto* value = found ? found->if_string() : nullptr;
  return value ? std::string(*value) : std::string();
}

inline bool flag(const boost::json::object& body, std::string_view key, bool otherwise) {
  const auto* found = body.if_contains(key);
  const auto* value = found ? found->if_bool() : nullptr;
  return value ? *value : otherwise;
}

inline const boost::json::object& object(const boost::json::object& body, std::string_view key) {
  static const boost::json::object nothing;
  const auto* found = body.if_contains(key);
  const auto* value = found ? found->if_object() : nullptr;
  return value ? *value : nothing;
}

}  // namespace ostclean::services
