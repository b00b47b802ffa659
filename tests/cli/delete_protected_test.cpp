// Rule 3: what is protected stays, with everything it stands on, and that is no failure.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/cli/meanwhile.hpp"
#include "tests/sandbox/client.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_protected)

namespace {

using sandbox::level;

bool is_left(const site& s, const std::string& kind, const std::string& id) {
  return !s.it.object(kind, id).is_null();
}

void check_kept(const site& s, const char* kind, const std::string& id) {
  BOOST_TEST(is_left(s, kind, id), kind << " " << id << " is gone");
}

void check_gone(const site& s, const char* kind, const std::string& id) {
  BOOST_TEST(!is_left(s, kind, id), kind << " " << id << " is left");
}

bool is_reported(const ending& e, const char* list, const std::string& id) {
  const auto all = e.data();
  for (const auto& project : all.at("projects").as_array()) {
    const auto ids = texts(project.at(list), "id");
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) return true;
  }
  return false;
}

bool is_reported_kept(const ending& e, const std::string& id) { return is_reported(e, "kept", id); }

}  // namespace

BOOST_AUTO_TEST_CASE(a_locked_server_keeps_what_it_stands_on) {
  site s(level::rare);
  const auto others = s.of_others();
  s.it.change("server", s.mine.servers[0], {{"locked", true}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "server", s.mine.servers[0]);
  check_gone(s, "server", s.mine.servers[1]);
  check_kept(s, "network", s.mine.network);
  check_kept(s, "subnet", s.mine.subnet);
  check_kept(s, "security_group", s.mine.security_group);
  check_kept(s, "floatingip", s.mine.floating_ip);
  check_kept(s, "volume", s.mine.rare.at("attached_volume"));
  BOOST_TEST(s.it.inventory(s.mine.user_id).count("keypair") == 1U);
  check_gone(s, "volume", s.mine.volume);
  check_gone(s, "image", s.mine.private_image);
  BOOST_TEST(is_reported_kept(e, s.mine.servers[0]));
  BOOST_TEST(is_reported_kept(e, s.mine.network));
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_kept_volume_stays_in_its_group) {
  site s(level::rare);
  const auto volume = s.mine.rare.at("volume_in_group"), group = s.mine.rare.at("volume_group");
  s.it.change("volume", volume, {{"metadata", json::object{{"ostclean:keep", ""}}}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "volume_group", group);
  BOOST_TEST(text(s.it.object("volume", volume), "group_id") == group);
  BOOST_TEST(s.count("PUT", "volume", "/groups/") == 0U);
  BOOST_TEST(is_reported_kept(e, group));
  check_gone(s, "volume", s.mine.volume);
}

BOOST_AUTO_TEST_CASE(the_floating_ip_of_a_kept_server_keeps_its_way_out) {
  site s;
  s.it.change("server", s.mine.servers[0], {{"locked", true}});
  const auto port = text(s.it.object("floatingip", s.mine.floating_ip), "port_id");
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "floatingip", s.mine.floating_ip);
  check_kept(s, "router", s.mine.router);
  BOOST_TEST(text(s.it.object("floatingip", s.mine.floating_ip), "port_id") == port);
}

BOOST_AUTO_TEST_CASE(include_protected_takes_them) {
  site s(level::rare);
  const auto others = s.of_others();
  s.it.change("server", s.mine.servers[0], {{"locked", true}});
  s.it.change("image", s.mine.private_image, {{"protected", true}});
  const auto e = s.remove({"--include-protected"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_protected_image_stays) {
  site s;
  s.it.change("image", s.mine.private_image, {{"protected", true}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "image", s.mine.private_image);
  check_gone(s, "image", s.mine.shared_image);
  BOOST_TEST(s.it.object("image", s.mine.private_image).at("protected").as_bool());
}

BOOST_AUTO_TEST_CASE(a_tagged_network_stays_with_its_subnet) {
  site s(level::rare);
  s.it.change("network", s.mine.network, {{"tags", json::array{"ostclean:keep"}}});
  const auto e = s.remove({"--include-protected"});
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "network", s.mine.network);
  check_kept(s, "subnet", s.mine.subnet);
  check_gone(s, "server", s.mine.servers[0]);
  check_gone(s, "network", s.mine.rare.at("network"));
}

BOOST_AUTO_TEST_CASE(a_tagged_volume_keeps_no_more_than_itself) {
  site s;
  s.it.change("volume", s.mine.volume, {{"metadata", json::object{{"ostclean:keep", "x"}}}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  const auto rest = s.rest();
  BOOST_TEST(rest.size() == 1U);
  BOOST_TEST(rest.count("volume") == 1U);
}

BOOST_AUTO_TEST_CASE(a_stack_that_holds_a_kept_object_stays) {
  site s(level::extra);
  s.it.change("network", s.mine.stack_network, {{"tags", json::array{"ostclean:keep"}}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  check_kept(s, "stack", s.mine.stack);
  check_kept(s, "network", s.mine.stack_network);
  check_gone(s, "server", s.mine.servers[0]);
  BOOST_TEST(is_reported_kept(e, s.mine.stack));
}

BOOST_AUTO_TEST_CASE(admin_and_service_are_refused) {
  site s;
  const auto before = s.it.snapshot();
  for (const char* name : {"admin", "service"}) {
    const auto e = s.run({"delete", "--project", name, "--yes"});
    BOOST_TEST(e.code == 5, e.err);
    check_one_error(e, "is protected");
  }
  const auto own = s.run({"delete", "--auth-project", "--yes"});
  BOOST_TEST(own.code == 5, own.err);
  BOOST_TEST(s.changes().empty());
  check_same(before, s.it.snapshot());
}

BOOST_AUTO_TEST_CASE(one_protected_project_stops_the_others_too) {
  site s;
  const auto before = s.it.snapshot();
  const auto e = s.run({"delete", "--project", s.mine.name, "--project", "service", "--yes"});
  BOOST_TEST(e.code == 5, e.err);
  BOOST_TEST(s.changes().empty());
  check_same(before, s.it.snapshot());
}

BOOST_AUTO_TEST_CASE(the_policys_list_is_kept) {
  site s;
  const auto policy = s.home.write("policy.yaml", "protect:\n  projects: [trial-01]\n");
  const auto e = s.remove({"--config", policy});
  BOOST_TEST(e.code == 5, e.err);
  const auto users = s.home.write("users.yaml", "protect:\n  users: [trial-01]\n");
  const auto spared = s.run({"--config", users, "delete", "--user", s.mine.name, "--yes"});
  BOOST_TEST(spared.code == 0, spared.err);
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(skip_and_only_leave_the_rest) {
  site s(level::extra);
  const auto e = s.remove({"--only", "volume", "--only", "snapshot", "--only", "backup"});
  BOOST_TEST(e.code == 0, e.err);
  check_gone(s, "volume", s.mine.volume);
  check_kept(s, "server", s.mine.servers[0]);
  check_kept(s, "stack", s.mine.stack);
  const auto skipped = s.remove({"--skip", "server"});
  BOOST_TEST(skipped.code == 0, skipped.err);
  check_kept(s, "server", s.mine.servers[0]);
  check_kept(s, "network", s.mine.network);
  check_gone(s, "stack", s.mine.stack);
  check_gone(s, "loadbalancer", s.mine.load_balancer);
}

BOOST_AUTO_TEST_CASE(what_is_newer_than_the_limit_stays) {
  site s;
  const auto old = s.mine.servers[1];  // its port is as old as the server, whatever it says
  s.it.change("server", old, {{"created", "2020-01-01T00:00:00Z"}});
  const auto e = s.remove({"--created-before", "2021-01-01"});
  BOOST_TEST(e.code == 0, e.err);
  check_gone(s, "server", old);
  check_kept(s, "server", s.mine.servers[0]);
  BOOST_TEST(s.it.inventory(s.mine.project_id).at("object").size() == 3U);
}

BOOST_AUTO_TEST_CASE(what_is_forced_is_unlocked_before) {
  site s;
  s.who = s.mine.name;
  s.it.change("server", s.mine.servers[0], {{"locked", true}, {"status", "ERROR"}});
  const auto e = s.run({"delete", "--auth-project", "--yes", "--include-protected", "--force"});
  BOOST_TEST(e.code == 0, e.err);
  check_gone(s, "server", s.mine.servers[0]);
  BOOST_TEST(s.count("POST", "compute", s.mine.servers[0]) == 2U);
}

BOOST_AUTO_TEST_CASE(what_its_owner_deletes_meanwhile_is_not_claimed) {
  site s;
  s.it.change("image", s.mine.private_image, {{"ostclean:keep", "1"}});
  s.fault("hold", "compute", "DELETE", "");
  const words args = s.removal({"--only", "server", "--only", "image"});
  const auto e = run_while(s, args, [&] {
    sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
    for (const auto& path : {"/image/v2/images/" + s.mine.private_image,
                             "/network/v2.0/floatingips/" + s.mine.floating_ip})
      BOOST_TEST(user.send("DELETE", path).status == 204, path);
  });
  // A server that goes may take things along: nobody knows who took what was to stay.
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("was to stay and is gone"), e.err);
  for (const auto& [id, list] : {std::pair{s.mine.private_image, "failed"},
                                 std::pair{s.mine.floating_ip, "went_meanwhile"}}) {
    BOOST_TEST(!is_reported(e, "deleted", id), e.out);
    BOOST_TEST(is_reported(e, list, id), e.out);
    BOOST_TEST(e.says(id), e.err);
  }
  BOOST_TEST(is_reported(e, "deleted", s.mine.servers[0]));
}

BOOST_AUTO_TEST_CASE(what_was_refused_and_is_deleted_by_its_owner_is_not_claimed) {
  site s;
  sandbox::fault refused;  // the owner is not refused, and has time while a server goes
  refused.action = "status", refused.status = 403, refused.nth = 1;
  refused.service = "network", refused.method = "DELETE", refused.path = "/floatingips/";
  s.it.add_fault(refused);
  s.fault("hold", "compute", "DELETE", "");
  const auto e = run_while(s, s.removal(), [&] {
    const auto path = "/network/v2.0/floatingips/" + s.mine.floating_ip;
    BOOST_TEST_REQUIRE(s.wait_until([&] { return s.count("DELETE", "network", path) > 0; }));
    sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
    BOOST_TEST(user.send("DELETE", path).status == 204);
  });
  BOOST_TEST(e.code == 3, e.err);  // the router waited for it in vain
  BOOST_TEST(!is_reported(e, "deleted", s.mine.floating_ip), e.out);
  BOOST_TEST(is_reported(e, "went_meanwhile", s.mine.floating_ip), e.out);
  BOOST_TEST(is_reported(e, "deleted", s.mine.servers[0]));
}

BOOST_AUTO_TEST_CASE(what_its_owner_gave_away_is_not_claimed) {
  site s;
  s.who = s.mine.name;
  const auto path = "/volumes/" + s.mine.volume;
  s.fail("volume", "DELETE", path, 409);
  auto run = s.start({"delete", "--auth-project", "--yes", "-f", "json"});
  BOOST_TEST(s.wait_until([&] { return s.count("DELETE", "volume", path) > 0; }));
  const auto volume = s.it.object("volume", s.mine.volume).as_object();
  s.it.put("volume", s.mine.volume, s.theirs.project_id, volume);
  s.it.set_faults({});
  const auto e = run.wait();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!s.it.object("volume", s.mine.volume).is_null());
  BOOST_TEST(!is_reported(e, "deleted", s.mine.volume), e.out);
  BOOST_TEST(is_reported(e, "went_meanwhile", s.mine.volume), e.out);
}

/// A server that goes may take things along: nobody knows who took it.
BOOST_AUTO_TEST_CASE(what_is_left_for_others_and_vanishes_is_told) {
  site s;
  s.it.change("floatingip", s.mine.floating_ip, {{"port_id", s.theirs.port}});
  s.fault("hold", "compute", "DELETE", "");
  const auto e = run_while(s, s.removal(), [&] {
    s.it.arrange([&](sandbox::world& w) { w.of("floatingip").erase(s.mine.floating_ip); });
  });
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("was to stay and is gone"), e.err);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
