// What the tests of stacks put into one, and what they expect of an administrator.
#pragma once

#include <algorithm>
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

/// Under a name that nothing in the stack has yet.
inline void put_into_stack(site& s, json::object resource) {
  json::array all = s.it.object("stack", s.mine.stack).at("_resources").as_array();
  const auto is_taken = [&](const json::value& one) {
    return text(one, "resource_name") == text(resource, "resource_name");
  };
  while (std::any_of(all.begin(), all.end(), is_taken))
    resource["resource_name"] = text(resource, "resource_name") + "-2";
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

/// A workflow of the tenant's that deletes a server of the neighbour's.
inline json::object workflow(const site& s, const std::string& type) {
  return in_stack(type, "more", {{"_workflow", json::object{{"server", s.theirs.servers[0]}}}});
}

inline void give_property(site& s, const char* name, json::value value) {
  s.it.change(
      "stack", s.mine.stack,
      {{"_template",
        json::object{
            {"heat_template_version", "2018-08-31"},
            {"resources",
             json::object{{"more", json::object{{"properties", json::object{{name, value}}}}},
                          {"net", json::object{{"type", "OS::Neutron::Net"}}}}}}}});
}

inline void check_gone(site& s) {
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.it.object("stack", s.mine.stack).is_null());
  s.check_others(others);
}

/// What its user put in the place of types.
inline void map_in_stack(site& s, json::object registry) {
  s.it.change("stack", s.mine.stack,
              {{"_environment", json::object{{"resource_registry", std::move(registry)}}}});
}

}  // namespace cli
