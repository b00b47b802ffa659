// Key pairs are users', and no project's: one goes with its user's own project, unless it serves
// elsewhere.
#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"
#include "tests/sandbox/seed.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_keypairs)

namespace {

/// A server of our user in the neighbour's project, with the user's key pair.
std::string work_elsewhere(site& s, const std::string& key) {
  s.it.grant(s.mine.user_id, s.theirs.project_id, "member");
  std::string id;
  s.it.arrange([&](sandbox::world& w) {
    auto guest = sandbox::hand::of(w, s.mine.user_id, s.mine.password, s.theirs.project_id);
    json::object server{{"name", "elsewhere"},
                        {"flavorRef", "1"},
                        {"imageRef", w.of("image").rows().begin()->second.id},
                        {"networks", json::array{}},
                        {"key_name", key}};
    const auto made = guest.call("POST", "/compute/v2.1/servers", json::object{{"server", server}});
    id = sandbox::text(made.at("server").as_object(), "id");
    w.settle();
  });
  return id;
}

bool has_pair(const site& s) { return s.it.inventory(s.mine.user_id).count("keypair") > 0; }

}  // namespace

BOOST_AUTO_TEST_CASE(a_pair_that_a_server_elsewhere_names_stays) {
  site s;
  const auto server = work_elsewhere(s, s.mine.keypair);
  const auto before = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(has_pair(s));
  BOOST_TEST(e.out.find(server) != std::string::npos, e.out);
  s.check_others(before);
}

/// It may come back, and no plain list shows it.
BOOST_AUTO_TEST_CASE(a_pair_that_a_server_set_aside_elsewhere_names_stays) {
  site s;
  const auto server = work_elsewhere(s, s.mine.keypair);
  s.it.change("server", server,
              {{"status", "SOFT_DELETED"}, {"OS-EXT-STS:vm_state", "soft-delete"}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(has_pair(s));
  BOOST_TEST(e.out.find(server) != std::string::npos, e.out);
}

BOOST_AUTO_TEST_CASE(a_policy_that_hides_what_is_set_aside_keeps_no_pair) {
  site s;
  s.fail("compute", "GET", "&deleted=True&status=SOFT_DELETED", 403);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!has_pair(s));
}

/// That project goes in the same run, and its server with it; a locked one does not.
BOOST_AUTO_TEST_CASE(a_pair_that_a_server_of_the_same_run_names_goes_with_it) {
  for (const bool locked : {true, false}) {
    site s;
    const auto server = work_elsewhere(s, s.mine.keypair);
    if (locked) s.it.change("server", server, {{"locked", true}});
    const auto e = s.remove({"--project", s.theirs.name});
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(has_pair(s) == locked, e.err);
    BOOST_TEST(s.it.object("server", server).is_null() != locked);
  }
}

BOOST_AUTO_TEST_CASE(a_guest_whose_servers_name_another_pair_loses_it) {
  site s;
  work_elsewhere(s, "another");
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!has_pair(s));
}

BOOST_AUTO_TEST_CASE(what_a_cell_that_is_down_may_use_stays) {
  site s;
  sandbox::fault down;
  down.service = "compute", down.path = "/os-services", down.action = "inject";
  down.nth = 2;  // after the list of servers
  down.object = {{"binary", "nova-compute"}, {"host", "far-1"}, {"status", "UNKNOWN"}};
  s.it.add_fault(down);
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(has_pair(s));
  BOOST_TEST(e.out.find("a cell of Nova is down") != std::string::npos, e.out);
}

BOOST_AUTO_TEST_CASE(a_list_that_does_not_come_keeps_the_pair) {
  site s;
  s.fail("compute", "GET", "all_tenants=1&user_id=", 403);
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(has_pair(s));
}

BOOST_AUTO_TEST_CASE(a_user_alone_deletes_its_own) {
  site s;
  work_elsewhere(s, s.mine.keypair);
  s.who = s.mine.name;
  const auto e = s.run({"delete", "--auth-project", "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!has_pair(s));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
