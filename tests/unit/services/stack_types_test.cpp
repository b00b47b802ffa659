// What a stack's environment puts in the place of types.
#include "services/stack_types.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(services_stack_types)

using namespace ostclean::services;
namespace data = boost::unit_test::data;

namespace {

using types = std::set<std::string>;

types meanings(std::string_view type, const char* registry = "{}") {
  const auto environment =
      boost::json::parse(R"({"resource_registry":)" + std::string(registry) + "}");
  return type_registry(environment).meanings(std::string(type));
}

}  // namespace

BOOST_AUTO_TEST_CASE(heats_own_environment_is_known) {
  BOOST_TEST(meanings("OS::Ceilometer::Alarm") == types{"OS::Aodh::Alarm"},
             boost::test_tools::per_element());
  BOOST_TEST(meanings("OS::Quantum::Net") == types{"OS::Neutron::Net"},
             boost::test_tools::per_element());
  // The members of groups of instances, in the stack that the group makes.
  BOOST_TEST(meanings("OS::Heat::ScaledResource",
                      R"({"OS::Heat::ScaledResource":"AWS::EC2::Instance"})") ==
                 types{"AWS::EC2::Instance"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_alias_is_what_it_is_put_for) {
  for (const char* registry : {R"({"My::Net":"OS::Neutron::Net"})", R"({"My::*":"OS::Neutron::*"})",
                               R"({"My::Net":"Your::Net","Your::Net":"OS::Neutron::Net"})"})
    BOOST_TEST(meanings("My::Net", registry).contains("OS::Neutron::Net"), registry);
  BOOST_TEST(meanings("My::Net", R"({"My::*":"OS::Neutron::*"})") == types{"OS::Neutron::Net"},
             boost::test_tools::per_element());
  BOOST_TEST(meanings("Heat::InstallConfigAgent",
                      R"({"Heat::InstallConfigAgent":"OS::Heat::SoftwareConfig"})") ==
                 types{"OS::Heat::SoftwareConfig"},
             boost::test_tools::per_element());
  BOOST_TEST(
      meanings("OS::Nova::Server", R"({"OS::Nova::Server":"mine.yaml"})") == types{"mine.yaml"},
      boost::test_tools::per_element());
}

/// Each of these left a workflow in sight of nobody: Heat runs it.
BOOST_DATA_TEST_CASE(
    no_environment_hides_a_workflow,
    data::make({// A pattern does not lead to a template.
                R"({"OS::Mistral::*":"mine.yaml"})", R"({"OS::*":"mine.template"})",
                // When Heat lacks what is put there, it takes the type's own class.
                R"({"OS::Mistral::Workflow":"OS::Aodh::PrometheusAlarm"})",
                R"({"OS::Mistral::Workflow":"OS::Neutron::Net"})",
                // For one name only.
                R"({"resources":{"a":{"OS::Mistral::Workflow":"OS::Heat::None"}}})"}),
    registry) {
  BOOST_TEST(meanings("OS::Mistral::Workflow", registry).contains("OS::Mistral::Workflow"));
}

BOOST_DATA_TEST_CASE(no_chain_of_aliases_is_too_long, data::make({8, 9, 40, 60}), length) {
  std::string registry = "{";
  for (int i = 0; i < length; ++i)
    registry += "\"A" + std::to_string(i) + "\":\"A" + std::to_string(i + 1) + "\",";
  registry += "\"A" + std::to_string(length) + "\":\"OS::Heat::None\"," +
              R"("OS::Heat::None":"OS::Mistral::Workflow"})";
  const auto all = meanings("A0", registry.c_str());
  BOOST_TEST((all.contains("OS::Mistral::Workflow") || all.contains("A0 and too many others")));
}

BOOST_AUTO_TEST_CASE(a_template_is_what_a_pattern_puts_in_its_place) {
  // Heat tries "my*" before "my.yaml".
  BOOST_TEST(
      meanings("my.yaml", R"({"my*":"OS::Mistral::Workflow"})").contains("OS::Mistral::Workflow"));
  BOOST_TEST(meanings("my.yaml", R"({"my*":"x*","x*":"OS::Mistral::Workflow"})")
                 .contains("OS::Mistral::Workflow"));
}

BOOST_AUTO_TEST_CASE(aliases_in_a_circle_are_nothing_that_is_known) {
  for (const auto& type : meanings("A", R"({"A":"B","B":"A","A*":"AA*"})"))
    BOOST_TEST((!row_of_type(type) && !is_harmless(type) && !is_template(type)), type);
  BOOST_TEST(!meanings("A.yaml", R"({"A*":"OS::Heat::None","OS::Heat::None":"A.yaml"})").empty());
}

BOOST_AUTO_TEST_SUITE_END()
