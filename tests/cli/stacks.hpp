// What the tests of stacks put into one, and what they expect of an administrator.
#pragma once

#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"

namespace cli {

inline const char* const k_further = "77777777-7777-4777-8777-777777777777";

inline json::object in_stack(const std::string& type, const std::string& id,
                             const json::object& further = {}) {
  json::object all{{"resource_type", type},
                   {"resource_name", "more"},
                   {"logical_resource_id", "more"},
                   {"physical_resource_id", id},
                   {"resource_status", "CREATE_COMPLETE"}};
  for (const auto& [name, value] : further) all[name] = value;
  return all;
}

inline void put_into_stack(site& s, json::object resource) {
  json::array all = s.it.object("stack", s.mine.stack).at("_resources").as_array();
  all.push_back(std::move(resource));
  s.it.change("stack", s.mine.stack, {{"_resources", std::move(all)}});
}

/// The stack is left with a way out, and nobody else loses anything.
inline void check_stack_left(site& s) {
  const auto others = s.of_others();
  const auto e = s.remove();
  s.it.settle();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null());
  BOOST_TEST(e.says("--credentials or --trusts"), e.err);
  s.check_others(others);
}

}  // namespace cli
