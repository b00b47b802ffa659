// What random worlds have found: things of others, and kept things, that name what was to go.
#include <boost/test/unit_test.hpp>

#include "tests/cli/references.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_references)

namespace {

using sandbox::level;

}  // namespace

BOOST_AUTO_TEST_CASE(a_neighbours_address_is_not_cut_off) {
  site s;
  s.it.change("floatingip", s.theirs.floating_ip, {{"port_id", s.mine.port}});
  const auto others = s.of_others();
  const auto e = s.remove();
  check_left(s, e, "port", s.mine.port, "would lead nowhere");
  s.check_others(others);
  BOOST_TEST(s.it.object("server", s.mine.servers[0]).is_null());
}

BOOST_AUTO_TEST_CASE(a_neighbours_rule_does_not_go_with_the_group) {
  site s;
  name_group(s);
  const auto others = s.of_others();
  const auto e = s.remove();
  check_left(s, e, "security_group", s.mine.security_group, "would go with it");
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_neighbours_forwarding_does_not_go_with_the_port) {
  site s;
  forward_to(s, s.mine.port);
  const auto others = s.of_others();
  const auto e = s.remove();
  check_left(s, e, "port", s.mine.port, "forwards to it");
  s.check_others(others);
  BOOST_TEST(s.it.object("server", s.mine.servers[0]).is_null());
}

BOOST_AUTO_TEST_CASE(a_neighbours_forwarding_does_not_go_with_the_server) {
  site s;
  const auto port = text(s.it.object("floatingip", s.mine.floating_ip), "port_id");
  s.it.change("floatingip", s.mine.floating_ip, {{"port_id", nullptr}});
  forward_to(s, port);
  const auto others = s.of_others();
  const auto e = s.remove({"--only", "server"});
  check_left(s, e, "server", text(s.it.object("port", port), "device_id"), "forwards to it");
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(on_the_neighbours_network_its_router_is_asked_for) {
  site s;
  const auto subnet = s.theirs.subnet, network = s.theirs.network;
  s.it.change(
      "port", s.mine.port,
      {{"network_id", network}, {"fixed_ips", json::array{json::object{{"subnet_id", subnet}}}}});
  forward_to(s, s.mine.port);
  const auto others = s.of_others();
  const auto e = s.remove();
  check_left(s, e, "port", s.mine.port, "forwards to it");
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(an_older_neutron_is_asked_for_each_forwarding) {
  site s;
  forward_to(s, s.mine.port);
  const auto others = s.of_others();
  const json::object shown{{"id", s.theirs.floating_ip},
                           {"project_id", s.theirs.project_id},
                           {"port_forwardings", json::array{json::object{{"protocol", "tcp"}}}}};
  s.fail("network", "GET", "floatingips?router_id=", 200,
         json::serialize(json::object{{"floatingips", json::array{shown}}}));
  const auto e = s.remove();
  check_left(s, e, "port", s.mine.port, "forwards to it");
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_kept_address_keeps_the_port_it_forwards_to) {
  site s(level::rare);
  s.it.change("floatingip", s.mine.rare.at("floating_ip"),
              {{"tags", json::array{"ostclean:keep"}}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!s.it.object("port_forwarding", s.mine.rare.at("port_forwarding")).is_null());
  BOOST_TEST(!s.it.object("port", s.mine.port).is_null());
}

BOOST_AUTO_TEST_CASE(a_kept_group_keeps_the_groups_its_rules_name) {
  site s(level::rare);
  s.it.change("security_group", s.mine.rare.at("group_a"),
              {{"tags", json::array{"ostclean:keep"}}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!s.it.object("security_group", s.mine.rare.at("group_b")).is_null());
  BOOST_TEST(s.it.object("security_group", s.mine.security_group).is_null());
}

BOOST_AUTO_TEST_CASE(a_forwarding_is_as_old_as_its_address) {
  site s(level::rare);
  const json::object old{{"created_at", "2020-01-01T00:00:00Z"}};
  for (const auto& [kind, id] :
       {std::pair("floatingip", s.mine.rare.at("floating_ip")), std::pair("port", s.mine.port)})
    s.it.change(kind, id, old);
  // Else the router, which stays, needs the port as its next hop.
  s.it.change("router", s.mine.router, {{"routes", json::array{}}});
  const auto e = s.remove({"--created-before", "2021-01-01"});
  BOOST_TEST(e.code == 3, e.err);  // a container of old versions is left, for its age
  BOOST_TEST(s.it.object("port_forwarding", s.mine.rare.at("port_forwarding")).is_null(), e.err);
  BOOST_TEST(s.it.object("floatingip", s.mine.rare.at("floating_ip")).is_null(), e.err);
}

BOOST_AUTO_TEST_CASE(a_locked_server_does_not_hold_its_stack) {
  site s(level::extra);
  const auto stack = s.it.object("stack", s.mine.stack);
  json::array made = stack.at("_resources").as_array();
  made.push_back(json::object{{"resource_type", "OS::Nova::Server"},
                              {"resource_name", "vm"},
                              {"physical_resource_id", s.mine.servers[0]}});
  s.it.change("stack", s.mine.stack, {{"_resources", made}});
  s.it.change("server", s.mine.servers[0], {{"locked", true}});
  const auto e = s.remove({"--include-protected"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_user_who_may_not_force_deletes_all_the_same) {
  site s;
  s.it.change("backup", s.mine.backup, {{"status", "error"}});
  s.who = s.mine.name;
  const auto e = s.run({"delete", "--auth-project", "--force", "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_neighbours_volume_does_not_end_with_the_server) {
  for (const bool doomed : {true, false}) {
    site s;
    const auto& server = s.mine.servers[0];
    const json::object at{{"id", s.theirs.volume},        {"server_id", server},
                          {"volume_id", s.theirs.volume}, {"attachment_id", s.theirs.volume},
                          {"host_name", nullptr},         {"device", "/dev/vdb"}};
    s.it.change("volume", s.theirs.volume,
                {{"status", "in-use"}, {"attachments", json::array{at}}});
    if (doomed)
      s.it.change("server", server,
                  {{"_delete_on_termination", json::array{json::value(s.theirs.volume)}}});
    const auto others = s.of_others();
    const auto e = s.remove();
    check_left(s, e, "server", server,
               "volume " + s.theirs.volume + " of project " + s.theirs.project_id);
    BOOST_TEST(s.it.object("server", s.mine.servers[1]).is_null());
    s.check_others(others);
  }
}

BOOST_AUTO_TEST_CASE(a_neighbours_port_stays_on_the_trunk) {
  site s(level::rare);
  const auto trunk = s.mine.rare.at("trunk");
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  const json::object sub{
      {"port_id", s.theirs.port}, {"segmentation_type", "vlan"}, {"segmentation_id", 99}};
  const json::object all{{"sub_ports", json::array{sub}}};
  const auto added =
      admin.send("PUT", "/network/v2.0/trunks/" + trunk + "/add_subports", json::serialize(all));
  BOOST_TEST_REQUIRE(added.status == 200, added.body);
  const auto others = s.of_others();
  const auto e = s.remove();
  check_left(s, e, "trunk", trunk, "carries port " + s.theirs.port);
  s.check_others(others);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
