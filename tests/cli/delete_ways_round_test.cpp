// Ways round the rules: kinds that were not asked for, a 404 that is none, a volume that changes
// hands, a stack that holds what is not its project's.
#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"
#include "tests/cli/stacks.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_ways_round)

namespace {

using sandbox::level;

const json::object k_keep{{"tags", json::array{"ostclean:keep"}}};

bool is_told(const ending& e, const char* list, const std::string& id) {
  const auto all = e.data();
  for (const auto& project : all.at("projects").as_array())
    for (const auto& one : project.at(list).as_array())
      if (text(one, "id") == id) return true;
  return false;
}

sandbox::fault once(const char* service, const std::string& path) {
  sandbox::fault f;
  f.service = service, f.method = "GET", f.path = path, f.nth = 1;
  f.status = 404, f.body = "<html>no such page</html>";
  return f;
}

}  // namespace

BOOST_AUTO_TEST_CASE(only_stacks_spares_the_one_that_holds_a_tagged_network) {
  site s(level::extra);
  s.it.change("network", s.mine.stack_network, k_keep);
  const auto e = s.remove({"--only", "stack"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!s.it.object("network", s.mine.stack_network).is_null());
  BOOST_TEST(is_told(e, "kept", s.mine.stack));
}

BOOST_AUTO_TEST_CASE(only_stacks_tells_what_went_with_them) {
  site s(level::extra);
  const auto e = s.remove({"--only", "stack"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.it.object("network", s.mine.stack_network).is_null());
  BOOST_TEST(is_told(e, "deleted", s.mine.stack_network));
  BOOST_TEST(is_told(e, "kept", s.mine.network));
}

BOOST_AUTO_TEST_CASE(only_servers_spares_the_one_with_a_tagged_port) {
  site s;
  const auto port = text(s.it.object("floatingip", s.mine.floating_ip), "port_id");
  s.it.change("port", port, k_keep);
  const auto e = s.remove({"--only", "server"});
  BOOST_TEST(e.code == 0, e.err);
  const auto server = text(s.it.object("port", port), "device_id");
  BOOST_TEST(!s.it.object("server", server).is_null());
  BOOST_TEST(is_told(e, "kept", server));
}

BOOST_AUTO_TEST_CASE(only_servers_cuts_off_no_neighbours_address) {
  site s;
  const auto port = text(s.it.object("floatingip", s.mine.floating_ip), "port_id");
  s.it.change("floatingip", s.mine.floating_ip, {{"port_id", nullptr}});
  s.it.change("floatingip", s.theirs.floating_ip, {{"port_id", port}});
  const auto others = s.of_others();
  const auto e = s.remove({"--only", "server"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(is_told(e, "failed", text(s.it.object("port", port), "device_id")));
  s.check_others(others);
  BOOST_TEST(s.rest().at("server").size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_only_does_not_name_counts_as_nothing_left) {
  site s;
  s.it.change("port", s.mine.port,
              {{"device_id", s.theirs.servers[0]}, {"device_owner", "compute:nova"}});
  const auto e = s.remove({"--only", "volume", "--only", "snapshot", "--only", "backup"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!s.it.object("port", s.mine.port).is_null());
}

BOOST_AUTO_TEST_CASE(one_404_does_not_make_a_neighbours_server_gone) {
  site s;
  s.it.change("port", s.mine.port,
              {{"device_id", s.theirs.servers[0]}, {"device_owner", "compute:nova"}});
  s.it.add_fault(once("compute", "/servers/" + s.theirs.servers[0]));
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("port", s.mine.port).is_null());
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(one_404_does_not_make_a_stack_empty) {
  site s(level::extra);
  s.it.change("network", s.mine.stack_network, k_keep);
  s.it.add_fault(once("orchestration", "/resources"));
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!s.it.object("network", s.mine.stack_network).is_null());
}

BOOST_AUTO_TEST_CASE(a_port_in_one_region_may_have_its_server_in_another) {
  site s(level::plain, distinct_regions());
  const std::string id = "33333333-3333-4333-8333-333333333333";
  s.it.put("r2:server", id, s.theirs.project_id,
           {{"name", "far"}, {"tenant_id", s.theirs.project_id}, {"status", "ACTIVE"}});
  s.it.change("port", s.mine.port, {{"device_id", id}, {"device_owner", "compute:nova"}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("port", s.mine.port).is_null());
}

BOOST_AUTO_TEST_CASE(a_volume_that_was_handed_over_is_not_touched) {
  site s;
  s.fail("volume", "DELETE", "/volumes/" + s.mine.volume, 409);
  auto run = s.start(s.removal());
  const auto path = "/volumes/" + s.mine.volume;
  BOOST_TEST(s.wait_until([&] { return s.count("DELETE", "volume", path) > 0; }));
  const auto volume = s.it.object("volume", s.mine.volume).as_object();
  s.it.put("volume", s.mine.volume, s.theirs.project_id, volume);
  s.it.set_faults({});
  const auto e = run.wait();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("volume", s.mine.volume).is_null());
  BOOST_TEST(is_told(e, "failed", s.mine.volume));
  BOOST_TEST(e.says(s.theirs.project_id), e.err);
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_was_handed_over_with_its_volume_is_not_touched) {
  site s;
  const auto path = "/snapshots/" + s.mine.snapshot;
  s.fail("volume", "DELETE", path, 409);
  auto run = s.start(s.removal());
  BOOST_TEST(s.wait_until([&] { return s.count("DELETE", "volume", path) > 0; }));
  for (const auto& [kind, id] :
       {std::pair("volume", s.mine.volume), std::pair("snapshot", s.mine.snapshot)}) {
    const auto body = s.it.object(kind, id).as_object();
    s.it.put(kind, id, s.theirs.project_id, body);
  }
  s.it.set_faults({});
  const auto e = run.wait();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("snapshot", s.mine.snapshot).is_null());
  for (const auto& id : {s.mine.snapshot, s.mine.volume}) BOOST_TEST(is_told(e, "failed", id), id);
  BOOST_TEST(e.says(s.theirs.project_id), e.err);
}

BOOST_AUTO_TEST_CASE(a_server_that_a_neighbours_port_names_stays) {
  site s;
  s.it.change("port", s.theirs.port,
              {{"device_id", s.mine.servers[0]}, {"device_owner", "compute:nova"}});
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("server", s.mine.servers[0]).is_null());
  BOOST_TEST(s.it.object("server", s.mine.servers[1]).is_null());
  BOOST_TEST(e.says(s.theirs.port), e.err);
  s.check_others(others);
  // Nova, asked by its user, is not shown the port.
  s.who = s.mine.name;
  BOOST_TEST(s.run({"delete", "--auth-project", "--yes"}).code == 0);
  s.check_empty();
  BOOST_TEST(!s.it.object("port", s.theirs.port).is_null());
}

BOOST_AUTO_TEST_CASE(a_stack_that_holds_a_neighbours_server_stays) {
  site s(level::extra);
  put_into_stack(s, in_stack("OS::Nova::Server", s.theirs.servers[0]));
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null());
  BOOST_TEST(e.says(s.theirs.servers[0]), e.err);
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_stack_that_holds_a_flavor_stays) {
  site s(level::extra);
  put_into_stack(s, in_stack("OS::Nova::Flavor", "1"));
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null());
}

BOOST_AUTO_TEST_CASE(a_stack_whose_server_is_gone_already_goes) {
  site s(level::extra);
  put_into_stack(s, in_stack("OS::Nova::Server", "44444444-4444-4444-8444-444444444444"));
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_neighbours_port_keeps_the_address_it_gave_itself) {
  site s;
  s.it.change("subnet", s.mine.subnet, {{"ipv6_address_mode", "slaac"}, {"ip_version", 6}});
  const std::string id = "55555555-5555-4555-8555-555555555555";
  s.it.put("port", id, s.theirs.project_id,
           {{"name", "far"},
            {"project_id", s.theirs.project_id},
            {"network_id", s.mine.network},
            {"device_owner", ""},
            {"device_id", ""},
            {"security_groups", json::array{}},
            {"fixed_ips", json::array{json::object{{"subnet_id", s.mine.subnet}}}}});
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("stands on it"), e.err);
  BOOST_TEST(!s.it.object("subnet", s.mine.subnet).is_null());
  s.check_others(others);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
