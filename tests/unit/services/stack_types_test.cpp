// Heat's sample templates and its source are the measure of what we say of its types: an
// administrator may delete every stack but those that hold something of a short list.
#include "services/stack_types.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "tests/unit/services/heat_types.hpp"

BOOST_AUTO_TEST_SUITE(services_stack_types)

using namespace ostclean::services;
namespace data = boost::unit_test::data;

namespace {

/// How the types begin that leave the stack with its user, whatever they are put for.
constexpr std::string_view k_left[] = {
    // Runs the tenant's own workflows, with the token of whoever deletes the stack.
    "OS::Mistral::", "OS::Zaqar::MistralTrigger",
    // A stack that may be another region's or another cloud's: judged by its id, not by its type.
    "OS::Heat::Stack",
    // Deletes or plugs a router that is called as the network is; and what is attached to one.
    "AWS::EC2::VPC", "AWS::EC2::Subnet",
    // An extension of a few vendors' plugins only.
    "OS::Neutron::NetworkGateway",
    // Load balancers of Neutron's own, which went with Newton. What the first one deletes, members,
    // is in Heat's data and shown nowhere.
    "OS::Neutron::LoadBalancer", "OS::Neutron::HealthMonitor", "OS::Neutron::Pool",
    // Their second version, which went with Train; names where there should be ids.
    "OS::Neutron::LBaaS::",
    // Services that are no more. To Heat these are names only since 2024.2, Vitrage's since 2026.2;
    // to those before they reach everybody's: Senlin asks administrators for no project, Sahara's
    // ImageRegistry changes any image, and a template of Vitrage's has no owner.
    "OS::Senlin::", "OS::Sahara::", "OS::Vitrage::"};

bool is_left(std::string_view type) {
  return std::any_of(std::begin(k_left), std::end(k_left),
                     [&](std::string_view begin) { return type.starts_with(begin); });
}

bool is_told_of(std::string_view type) {
  return is_looked_up(type) || is_harmless(type) || is_operators(type) || is_template(type) ||
         !naming_properties(type).empty();
}

using types = std::set<std::string>;

types meanings(std::string_view type, const char* registry = "{}") {
  const auto environment =
      boost::json::parse(R"({"resource_registry":)" + std::string(registry) + "}");
  return type_registry(environment).meanings(std::string(type));
}

/// As an administrator, in a stack whose user has mapped nothing.
bool is_known(std::string_view type) {
  const auto all = meanings(type);
  return std::all_of(all.begin(), all.end(),
                     [](const std::string& one) { return is_told_of(one) && !acts_on_names(one); });
}

types all_types() {
  types all;
  for (const auto& [type, templates] : heat_types::k_of_samples) all.emplace(type);
  all.insert(std::begin(heat_types::k_registered), std::end(heat_types::k_registered));
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(types_of_heats_sample_templates_are_known_or_left_on_purpose) {
  for (const auto& [type, templates] : heat_types::k_of_samples)
    BOOST_TEST(is_known(type) != is_left(type), type << ", in " << templates << " templates");
}

BOOST_AUTO_TEST_CASE(types_that_heats_source_registers_are_known_or_left_on_purpose) {
  for (const auto type : heat_types::k_registered)
    BOOST_TEST(is_known(type) != is_left(type), type);
}

BOOST_AUTO_TEST_CASE(nothing_is_left_that_heat_does_not_have) {
  const auto all = all_types();
  for (const auto begin : k_left)
    BOOST_TEST(std::any_of(all.begin(), all.end(),
                           [&](const std::string& type) { return type.starts_with(begin); }),
               begin);
}

BOOST_AUTO_TEST_CASE(each_type_is_told_of_once) {
  for (const auto& type : all_types())
    BOOST_TEST(int(is_operators(type)) + int(is_harmless(type)) +
                       int(row_of_type(type) != nullptr) + int(find_looked_up(type) != nullptr) +
                       int(is_on_a_router(type)) + int(!naming_properties(type).empty()) <=
                   1,
               type << " is told of twice");
}

BOOST_AUTO_TEST_CASE(what_is_looked_up_has_a_place_for_its_id) {
  for (const auto& type : all_types())
    if (const auto* one = find_looked_up(type)) {
      BOOST_TEST((one->path.find("{id}") != std::string_view::npos), type);
      BOOST_TEST(!one->service.empty(), type);
    }
}

BOOST_AUTO_TEST_CASE(an_address_of_amazons_is_a_floating_ip) {
  BOOST_REQUIRE(row_of_type("AWS::EC2::EIP") != nullptr);
  BOOST_TEST(row_of_type("AWS::EC2::EIP")->name == "floating_ip");
  BOOST_REQUIRE(row_of_type("AWS::EC2::RouteTable") != nullptr);
  BOOST_TEST(row_of_type("AWS::EC2::RouteTable")->name == "router");
}

/// The id of what is referred to is not what Heat goes by there.
BOOST_AUTO_TEST_CASE(key_pairs_and_addresses_are_referred_to_by_name) {
  BOOST_TEST(is_referred_to_by_name("OS::Nova::KeyPair"));
  BOOST_TEST(is_referred_to_by_name("AWS::EC2::EIP"));
  BOOST_TEST(!is_referred_to_by_name("OS::Neutron::FloatingIP"));
}

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
    BOOST_TEST(!is_told_of(type), type);
  BOOST_TEST(!meanings("A.yaml", R"({"A*":"OS::Heat::None","OS::Heat::None":"A.yaml"})").empty());
}

BOOST_AUTO_TEST_SUITE_END()
