// Several projects in one run: what one has on the other's things goes with them, in the right
// order, and stays with what stays of them.
#include <boost/test/unit_test.hpp>

#include "tests/cli/references.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_several)

namespace {

ending remove_both(site& s) {
  return s.run(
      {"delete", "--project", s.mine.name, "--project", s.theirs.name, "--yes", "-f", "json"});
}

bool is_there(const site& s, const char* kind, const std::string& id) {
  return !s.it.object(kind, id).is_null();
}

void check_both_gone(const site& s, const ending& e) {
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  for (const char* kind : {"server", "port", "network", "router", "security_group", "floatingip"}) {
    const auto all = s.it.inventory(s.theirs.project_id);
    const auto at = all.find(kind);
    // Every project has a default group.
    const std::size_t most = std::string{kind} == "security_group" ? 1 : 0;
    BOOST_TEST((at == all.end() || at->second.size() <= most), kind << " is left: " << e.err);
  }
}

/// A port of ours on the server of the other.
void plug(site& s) {
  s.it.change("port", s.mine.port,
              {{"device_owner", "compute:nova"}, {"device_id", s.theirs.servers[0]}});
}

/// Where in what was changed the first request of that kind for that thing stands.
std::size_t turn_of(const words& all, const std::string& method, const std::string& id) {
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].starts_with(method) && all[i].find(id) != std::string::npos) return i;
  return all.size();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_port_on_the_others_server_goes_after_it) {
  site s;
  plug(s);
  const auto e = remove_both(s);
  check_both_gone(s, e);
  const auto sent = s.changes();
  BOOST_TEST(turn_of(sent, "DELETE", s.theirs.servers[0]) <
             turn_of(sent, "DELETE", "/ports/" + s.mine.port));
}

BOOST_AUTO_TEST_CASE(a_port_stays_with_the_others_server) {
  site s;
  plug(s);
  s.it.change("server", s.theirs.servers[0], {{"locked", true}});
  const auto e = remove_both(s);
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(is_there(s, "port", s.mine.port), e.err);
  BOOST_TEST(is_there(s, "server", s.theirs.servers[0]), e.err);
  BOOST_TEST(!is_there(s, "server", s.theirs.servers[1]), e.err);
}

/// The server was to go, and does not: its port is not taken from it.
BOOST_AUTO_TEST_CASE(a_port_waits_for_the_others_server) {
  site s;
  plug(s);
  s.fail("compute", "DELETE", "/servers/" + s.theirs.servers[0], 400);
  const auto e = remove_both(s);
  check_left(s, e, "port", s.mine.port, "waits for server");
}

BOOST_AUTO_TEST_CASE(the_others_address_goes_with_the_port) {
  site s;
  s.it.change("floatingip", s.theirs.floating_ip, {{"port_id", s.mine.port}});
  check_both_gone(s, remove_both(s));
}

BOOST_AUTO_TEST_CASE(a_kept_address_of_the_other_keeps_the_port) {
  site s;
  s.it.change("floatingip", s.theirs.floating_ip,
              {{"port_id", s.mine.port}, {"tags", json::array{"ostclean:keep"}}});
  const auto e = remove_both(s);
  check_left(s, e, "port", s.mine.port, "would lead nowhere");
}

BOOST_AUTO_TEST_CASE(the_others_rule_goes_with_the_group) {
  site s;
  name_group(s);
  check_both_gone(s, remove_both(s));
}

BOOST_AUTO_TEST_CASE(the_others_forwarding_goes_with_the_port) {
  site s;
  forward_to(s, s.mine.port);
  check_both_gone(s, remove_both(s));
}

BOOST_AUTO_TEST_CASE(a_secret_goes_after_the_others_thing_that_uses_it) {
  site s(sandbox::level::extra);
  const json::object consumer{
      {"service", "volume"}, {"resource_type", "volume"}, {"resource_id", s.theirs.volume}};
  s.it.change("secret", s.mine.secret, {{"consumers", json::array{consumer}}});
  const auto e = remove_both(s);
  check_both_gone(s, e);
  const auto sent = s.changes();
  BOOST_TEST(turn_of(sent, "DELETE", "/volumes/" + s.theirs.volume) <
             turn_of(sent, "DELETE", "/secrets/" + s.mine.secret));
}

/// The one project's trouble stops neither the plan of the other nor its work.
void check_left_out(site& s, const std::string& why) {
  const auto before = s.it.inventory(s.theirs.project_id);
  const auto dry = s.run(
      {"delete", "--project", s.mine.name, "--project", s.theirs.name, "--dry-run", "-f", "json"});
  BOOST_TEST(dry.code == 3, dry.err);
  BOOST_TEST(dry.says("left out: project " + s.theirs.name), dry.err);
  BOOST_TEST(dry.out.find(s.mine.volume) != std::string::npos, dry.out);
  const auto e = remove_both(s);
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("left out: project " + s.theirs.name), e.err);
  BOOST_TEST(e.says(why), e.err);
  BOOST_TEST(e.out.find(why) != std::string::npos, e.out);
  BOOST_TEST((s.it.inventory(s.theirs.project_id) == before));
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_project_whose_list_does_not_come_is_left_out) {
  site s;
  s.fail("network", "GET", "/subnets?project_id=" + s.theirs.project_id, 500);
  check_left_out(s, "cannot list subnet");
}

/// Nothing of it goes, then: what hangs on it stays as well.
BOOST_AUTO_TEST_CASE(what_hangs_on_a_project_that_is_left_out_stays) {
  site s;
  plug(s);
  s.fail("network", "GET", "/subnets?project_id=" + s.theirs.project_id, 500);
  const auto e = remove_both(s);
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(is_there(s, "port", s.mine.port), e.err);
  BOOST_TEST(is_there(s, "server", s.theirs.servers[0]), e.err);
}

BOOST_AUTO_TEST_CASE(a_project_that_cannot_be_entered_is_left_out) {
  site s;
  const auto before = s.assignments();
  const auto there = s.it.inventory(s.theirs.project_id);
  s.fail("identity", "PUT", "/projects/" + s.theirs.project_id, 403);
  const auto e = remove_both(s);
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("left out: project " + s.theirs.name), e.err);
  BOOST_TEST((s.it.inventory(s.theirs.project_id) == there));
  s.check_empty();
  BOOST_TEST((s.assignments() == before));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
