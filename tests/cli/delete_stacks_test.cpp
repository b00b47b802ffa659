// A tenant's stack is the tenant's own program, and Heat runs it with the rights of whoever deletes
// the stack: an administrator lends it none of his.
#include <boost/test/unit_test.hpp>

#include "tests/cli/meanwhile.hpp"
#include "tests/cli/stacks.hpp"
#include "tests/cli/store.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_stacks)

using sandbox::level;

BOOST_AUTO_TEST_CASE(a_tenants_workflow_does_not_run_as_administrator) {
  site s(level::extra);
  put_into_stack(s, workflow(s, "OS::Mistral::ExternalResource"));
  check_stack_left(s);
}

BOOST_AUTO_TEST_CASE(its_own_user_may_run_it) {
  site s(level::extra);
  put_into_stack(s, workflow(s, "OS::Mistral::ExternalResource"));
  s.who = s.mine.name;
  const auto others = s.of_others();
  const auto e = s.run({"delete", "--auth-project", "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.it.object("stack", s.mine.stack).is_null());
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(types_that_nobody_knows_leave_the_stack) {
  for (const char* type : {"OS::Zaqar::MistralTrigger", "OS::Mistral::Workflow", "Corp::Own::Thing",
                           "OS::Neutron::NetworkGateway", "AWS::EC2::VPCGatewayAttachment"}) {
    site s(level::extra);
    put_into_stack(s, in_stack(type, k_further));
    check_stack_left(s);
  }
}

BOOST_AUTO_TEST_CASE(an_environment_that_calls_a_workflow_a_string_does_not_hide_it) {
  for (const char* pattern : {"OS::Heat::RandomString", "OS::Heat::Random*", "OS::*"}) {
    site s(level::extra);
    put_into_stack(s, workflow(s, "OS::Heat::RandomString"));
    s.it.change("stack", s.mine.stack,
                {{"_environment",
                  json::object{{"resource_registry",
                                json::object{{pattern, "OS::Mistral::ExternalResource"}}}}}});
    check_stack_left(s);
  }
}

BOOST_AUTO_TEST_CASE(an_environment_that_maps_one_resource_only_does_not_hide_it_either) {
  site s(level::extra);
  put_into_stack(s, workflow(s, "OS::Heat::None"));
  const json::object one{{"OS::Heat::None", "My::Alias"}};
  s.it.change(
      "stack", s.mine.stack,
      {{"_environment", json::object{{"resource_registry",
                                      json::object{{"My::Alias", "OS::Mistral::ExternalResource"},
                                                   {"resources", json::object{{"more", one}}}}}}}});
  check_stack_left(s);
}

BOOST_AUTO_TEST_CASE(an_alias_of_a_known_type_goes) {
  site s(level::extra);
  put_into_stack(s, in_stack("My::Net", s.mine.stack_network));
  s.it.change("stack", s.mine.stack,
              {{"_environment",
                json::object{{"resource_registry", json::object{{"My::*", "OS::Neutron::*"}}}}}});
  check_gone(s);
}

BOOST_AUTO_TEST_CASE(an_adopted_stack_stays) {
  site s(level::extra);
  for (const char* first : {"ADOPT_IN_PROGRESS", "UPDATE_IN_PROGRESS", ""}) {
    const json::object event{{"physical_resource_id", s.mine.stack}, {"resource_status", first}};
    s.it.change("stack", s.mine.stack, {{"_events", *first ? json::array{event} : json::array{}}});
    check_stack_left(s);
  }
  const json::object event{{"physical_resource_id", s.mine.stack},
                           {"resource_status", "CREATE_IN_PROGRESS"}};
  s.it.change("stack", s.mine.stack, {{"_events", json::array{event}}});
  check_gone(s);
}

BOOST_AUTO_TEST_CASE(a_neighbours_listener_is_looked_up) {
  for (const bool theirs : {true, false}) {
    site s(level::extra);
    const auto& whose = theirs ? s.theirs : s.mine;
    s.it.put("listener", k_further, whose.project_id,
             {{"project_id", whose.project_id}, {"name", "more"}, {"_lb", whose.load_balancer}});
    put_into_stack(s, in_stack("OS::Octavia::Listener", k_further));
    theirs ? check_stack_left(s) : check_gone(s);
  }
}

BOOST_AUTO_TEST_CASE(an_address_that_is_a_neighbours_by_now_stays_where_it_is) {
  site s(level::extra);
  const auto address = std::string(
      s.it.object("floatingip", s.theirs.floating_ip).at("floating_ip_address").as_string());
  put_into_stack(s, in_stack("OS::Neutron::FloatingIPAssociation", "7"));
  give_property(s, "floatingip_id", json::string(address));
  check_stack_left(s);
}

BOOST_AUTO_TEST_CASE(an_association_with_an_address_of_its_own_goes) {
  site s(level::extra);
  put_into_stack(s, in_stack("OS::Neutron::FloatingIPAssociation", "7"));
  give_property(s, "floatingip_id", json::string(s.mine.floating_ip));
  check_gone(s);
}

BOOST_AUTO_TEST_CASE(a_router_that_is_called_as_the_network_stays) {
  site s(level::extra);
  s.it.change("router", s.theirs.router, {{"name", "same"}});
  s.it.change("network", s.mine.stack_network, {{"name", "same"}});
  put_into_stack(s, in_stack("AWS::EC2::VPC", s.mine.stack_network));
  check_stack_left(s);
}

BOOST_AUTO_TEST_CASE(nested_stacks_are_judged_by_their_leaves) {
  for (const bool harmful : {true, false}) {
    site s(level::extra);
    s.it.put("_nested_stack", k_further, s.mine.project_id, {{"stack_name", "inner"}});
    put_into_stack(s, in_stack("OS::Heat::ResourceGroup", k_further, {{"_stack", k_further}}));
    put_into_stack(s, in_stack("my.yaml", k_further, {{"_stack", k_further}}));
    auto leaf = workflow(s, harmful ? "OS::Mistral::ExternalResource" : "OS::Heat::Value");
    leaf["parent_resource"] = "more", leaf["_in"] = k_further;
    put_into_stack(s, std::move(leaf));
    harmful ? check_stack_left(s) : check_gone(s);
  }
}

BOOST_AUTO_TEST_CASE(what_heat_keeps_for_itself_harms_nobody) {
  site s(level::extra);
  for (const char* type :
       {"OS::Heat::RandomString", "OS::Heat::WaitCondition", "OS::Heat::WaitConditionHandle",
        "OS::Heat::SoftwareConfig", "OS::Heat::SoftwareDeployment", "OS::Heat::ScalingPolicy",
        "OS::Heat::None", "AWS::IAM::AccessKey", "OS::Swift::Container", "OS::Zaqar::Queue"})
    put_into_stack(s, in_stack(type, "more"));
  put_into_stack(
      s, in_stack("OS::Neutron::RouterInterface", s.mine.router + ":subnet_id=" + s.mine.subnet));
  put_into_stack(s, in_stack("OS::Neutron::Router", s.mine.router));
  check_gone(s);
}

BOOST_AUTO_TEST_CASE(a_stack_within_a_stack_is_the_projects_own_or_stays) {
  site s(level::extra);
  put_into_stack(s, in_stack("OS::Heat::Stack", s.theirs.stack));
  check_stack_left(s);
}

BOOST_AUTO_TEST_CASE(without_the_environment_nothing_is_known) {
  for (const char* path : {"/environment", "/events"}) {
    site s(level::extra);
    s.fail("orchestration", "GET", path, 404);
    const auto e = s.remove();
    BOOST_TEST(e.code == 3, e.err);
    BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null());
  }
}

/// Between the plan and the DELETE its user puts a workflow in.
BOOST_AUTO_TEST_CASE(a_stack_that_is_updated_after_it_was_judged_is_left) {
  site s(level::extra);
  store mine(s);
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  const auto others = s.of_others();
  s.fault("hold", "object-store", "GET", "/precious?format=json", 1);
  const auto e = remove_slowly(
      s, {[&] {
        put_into_stack(s, workflow(s, "OS::Mistral::ExternalResource"));
        s.it.change("stack", s.mine.stack, {{"updated_time", "2026-11-29T12:00:00Z"}});
      }});
  s.it.settle();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null(), e.out);
  BOOST_TEST(e.says("was updated after it was looked at"), e.err);
  s.check_others(others);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
