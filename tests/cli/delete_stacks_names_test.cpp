// Where Heat goes by something else than the id that it shows of a resource: by the user's
// environment of each stack, by what a property names, by an address, by a region of the user's
// choice.
#include <boost/test/unit_test.hpp>

#include "tests/cli/stacks.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_stacks_names)

namespace {

using sandbox::level;

std::string address(site& s, const std::string& of) {
  return std::string(s.it.object("floatingip", of).at("floating_ip_address").as_string());
}

}  // namespace

/// A parameter of that name is a part of the environment to Heat.
BOOST_AUTO_TEST_CASE(a_nested_stack_has_an_environment_of_its_own) {
  site s(level::extra);
  const json::object registry{{"OS::Heat::RandomString", "OS::Mistral::ExternalResource"}};
  const json::object environment{{"resource_registry", registry}};
  s.it.put("_nested_stack", k_further, s.mine.project_id,
           {{"stack_name", "inner"}, {"_environment", environment}});
  put_into_stack(s, in_stack("AWS::CloudFormation::Stack", k_further, {{"_stack", k_further}}));
  auto leaf = workflow(s, "OS::Heat::RandomString");
  leaf["parent_resource"] = "more", leaf["_in"] = k_further;
  put_into_stack(s, std::move(leaf));
  check_stack_left(s);
}

BOOST_AUTO_TEST_CASE(a_pattern_that_leads_to_a_template_hides_no_workflow) {
  site s(level::extra);
  put_into_stack(s, workflow(s, "OS::Mistral::ExternalResource"));
  map_in_stack(s, {{"OS::Mistral::*", "mine.yaml"}});
  check_stack_left(s);
}

/// Heat lacks a type in some releases, and takes the next that fits.
BOOST_AUTO_TEST_CASE(a_type_that_heat_may_lack_hides_no_workflow) {
  site s(level::extra);
  put_into_stack(s, workflow(s, "OS::Mistral::ExternalResource"));
  map_in_stack(s, {{"OS::Mistral::ExternalResource", "OS::Aodh::PrometheusAlarm"}});
  check_stack_left(s);
}

BOOST_AUTO_TEST_CASE(members_of_a_group_of_instances_are_servers) {
  const json::object registry{{"OS::Heat::ScaledResource", "AWS::EC2::Instance"}};
  const json::object environment{{"resource_registry", registry}};
  for (const bool theirs : {true, false}) {
    site s(level::extra);
    s.it.put("_nested_stack", k_further, s.mine.project_id,
             {{"stack_name", "inner"}, {"_environment", environment}});
    put_into_stack(s, in_stack("OS::Heat::InstanceGroup", k_further, {{"_stack", k_further}}));
    put_into_stack(s, in_stack("OS::Heat::ScaledResource", (theirs ? s.theirs : s.mine).servers[0],
                               {{"parent_resource", "more"}, {"_in", k_further}}));
    theirs ? check_stack_left(s) : check_gone(s);
  }
}

/// Heat shows the address, or the id where the template has that.
BOOST_AUTO_TEST_CASE(an_association_of_amazons_goes_by_what_heat_shows) {
  for (const bool theirs : {true, false})
    for (const bool by_id : {true, false}) {
      site s(level::extra);
      const auto& id = (theirs ? s.theirs : s.mine).floating_ip;
      put_into_stack(s, in_stack("AWS::EC2::EIPAssociation", by_id ? id : address(s, id)));
      theirs ? check_stack_left(s) : check_gone(s);
    }
}

BOOST_AUTO_TEST_CASE(a_parameter_names_what_the_parent_gives) {
  for (const bool theirs : {true, false}) {
    site s(level::extra);
    const auto& id = theirs ? s.theirs.floating_ip : s.mine.floating_ip;
    put_into_stack(s, in_stack("OS::Neutron::FloatingIPAssociation", "7"));
    give_property(s, "floatingip_id", json::object{{"get_param", "address"}});
    s.it.change("stack", s.mine.stack,
                {{"_environment", json::object{{"resource_registry", json::object{}},
                                               {"parameters", json::object{{"address", id}}}}}});
    theirs ? check_stack_left(s) : check_gone(s);
  }
}

/// Heat looks for a router of the key pair's name.
BOOST_AUTO_TEST_CASE(a_reference_to_a_key_pair_is_a_name) {
  for (const json::value& given :
       {json::value(json::object{{"get_resource", "key"}}), json::value("same")}) {
    site s(level::extra);
    s.it.change("router", s.theirs.router, {{"name", "same"}});
    put_into_stack(s, in_stack("OS::Nova::KeyPair", "same", {{"resource_name", "key"}}));
    put_into_stack(s, in_stack("OS::Neutron::ExtraRoute", "7"));
    give_property(s, "router_id", given);
    check_stack_left(s);
  }
}

BOOST_AUTO_TEST_CASE(a_stack_of_another_region_is_none_of_this_one) {
  site s(level::extra, distinct_regions());
  json::object far = s.it.object("stack", s.mine.stack).as_object();
  far["id"] = k_further, far["stack_name"] = "far", far["_resources"] = json::array{};
  s.it.put("r2:stack", k_further, s.mine.project_id, std::move(far));
  put_into_stack(s, in_stack("OS::Heat::Stack", k_further));
  const auto e = s.remove({"--all-regions"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null());
  BOOST_TEST(e.says("holds OS::Heat::Stack"), e.err);
  BOOST_TEST(e.says("--credentials or --trusts"), e.err);
}

/// What answered there chose the id.
BOOST_AUTO_TEST_CASE(a_stack_that_was_made_with_other_credentials_is_none_of_ours) {
  for (const bool elsewhere : {true, false}) {
    site s(level::extra);
    json::object other = s.it.object("stack", s.mine.stack).as_object();
    other["id"] = k_further, other["stack_name"] = "other", other["_resources"] = json::array{};
    s.it.put("stack", k_further, s.mine.project_id, std::move(other));
    put_into_stack(s, in_stack("OS::Heat::Stack", k_further));
    if (elsewhere) give_property(s, "context", json::object{{"credential_secret_id", "12345"}});
    elsewhere ? check_stack_left(s) : check_gone(s);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
