// stop: what is running comes to rest, what is shared becomes private, nobody else notices, and
// what cannot be stopped is said.
#include <sys/stat.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "tests/cli/resting.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_stop)

namespace {

std::string outcome_of(const ending& e, const std::string& id, const char* member = "result") {
  const auto all = e.data();
  for (const auto& row : all.as_array())
    if (text(row, "id") == id) return text(row, member);
  return "not listed";
}

void become(resting& s, const std::string& server, const char* status, const char* vm_state) {
  s.it.change("server", server, {{"status", status}, {"OS-EXT-STS:vm_state", vm_state}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(servers_stop_and_images_become_private) {
  resting s;
  const auto others = s.of_others();
  const auto assignments = s.assignments();
  const auto e = s.stop();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.state() == "SHUTOFF SHUTOFF private private ");
  BOOST_TEST(outcome_of(e, s.mine.servers[0]) == "stopped");
  BOOST_TEST(outcome_of(e, s.mine.servers[0], "before") == "ACTIVE");
  BOOST_TEST(outcome_of(e, s.mine.shared_image) == "private");
  BOOST_TEST(outcome_of(e, s.mine.private_image) == "not listed");
  BOOST_TEST((s.assignments() == assignments));
  s.check_others(others);
  struct stat info {};
  BOOST_TEST(::stat(s.record().c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 0777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(each_state_is_brought_to_rest) {
  resting s;
  for (const auto& [status, vm_state] :
       {std::pair{"PAUSED", "paused"}, {"SUSPENDED", "suspended"}, {"RESCUE", "rescued"}}) {
    become(s, s.mine.servers[0], status, vm_state);
    const auto e = s.stop();
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(s.status(s.mine.servers[0]) == "SHUTOFF", status);
    BOOST_TEST(s.run({"stop", "--undo", s.record(), "--yes"}).code == 0);
    const std::string back = std::string{status} == "RESCUE" ? "ACTIVE" : status;
    BOOST_TEST(s.status(s.mine.servers[0]) == back);
  }
}

BOOST_AUTO_TEST_CASE(shelved_locked_and_tagged_ones_are_left_alone) {
  resting s;
  become(s, s.mine.servers[0], "SHELVED_OFFLOADED", "shelved_offloaded");
  s.it.change("server", s.mine.servers[1], {{"locked", true}});
  s.it.change("image", s.mine.shared_image, {{"ostclean:keep", "yes"}});
  const auto before = s.state();
  const auto e = s.stop();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.state() == before);
  for (const auto& id : {s.mine.servers[0], s.mine.servers[1], s.mine.shared_image})
    BOOST_TEST(outcome_of(e, id) == "kept");
  BOOST_TEST(outcome_of(e, s.mine.servers[1], "reason").find("locked") == 0U);
  BOOST_TEST(s.count("POST", "compute", "/action") == 0U);
}

BOOST_AUTO_TEST_CASE(the_policy_says_whose_tags_it_heeds) {
  for (const auto& [whose, by_project, code, stops] :
       {std::tuple{"[resource]", false, 0, false}, std::tuple{"[project]", false, 0, true},
        std::tuple{"[project]", true, 5, false}, std::tuple{"[resource]", true, 0, true}}) {
    resting s;
    if (by_project)
      s.it.change("project", s.mine.project_id, {{"tags", json::array{"ostclean:keep"}}});
    else
      s.it.change("server", s.mine.servers[0], {{"metadata", json::object{{"ostclean:keep", ""}}}});
    const auto policy =
        s.home.write("policy.yaml", std::string{"tags_that_protect: "} + whose + "\n");
    const auto e = s.run(
        {"--config", policy, "stop", "--project", s.mine.name, "--record", s.record(), "--yes"});
    BOOST_TEST(e.code == code, whose << e.err);
    BOOST_TEST(s.status(s.mine.servers[0]) == (stops ? "SHUTOFF" : "ACTIVE"), whose);
  }
}

BOOST_AUTO_TEST_CASE(a_server_in_error_is_reported_and_not_waited_for) {
  resting s;
  become(s, s.mine.servers[0], "ERROR", "error");
  s.it.change("server", s.mine.servers[0], {{"OS-EXT-STS:power_state", 1}});
  auto e = s.stop();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(outcome_of(e, s.mine.servers[0]) == "left");
  BOOST_TEST(s.status(s.mine.servers[1]) == "SHUTOFF");
  s.it.change("server", s.mine.servers[0], {{"OS-EXT-STS:power_state", 0}});
  e = s.stop();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(outcome_of(e, s.mine.servers[0]) == "kept");
}

BOOST_AUTO_TEST_CASE(one_that_fails_or_takes_too_long_is_left) {
  resting s;
  s.fault("fail_async", "compute", "POST", s.mine.servers[0] + "/action");
  auto e = s.stop();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(outcome_of(e, s.mine.servers[0], "reason").find("in ERROR") == 0U);
  s.it.set_faults({});
  become(s, s.mine.servers[0], "ACTIVE", "active");
  s.it.set_async_delay(std::chrono::hours(1));
  e = s.stop({"--wait", "1"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(outcome_of(e, s.mine.servers[0], "reason").find("still ACTIVE (powering-off)") == 0U);
}

BOOST_AUTO_TEST_CASE(novas_words_are_shown) {
  resting s;
  s.fail("compute", "POST", s.mine.servers[0] + "/action", 403,
         R"({"forbidden":{"code":403,"message":"Policy says no."}})");
  const auto e = s.stop();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(outcome_of(e, s.mine.servers[0], "reason").find("Policy says no.") == 0U);
}

BOOST_AUTO_TEST_CASE(lock_keeps_users_from_starting_them) {
  resting s;
  become(s, s.mine.servers[1], "SHUTOFF", "stopped");
  const auto before = s.state();
  auto e = s.stop({"--lock"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.state() == "SHUTOFF+lock SHUTOFF+lock private private ");
  BOOST_TEST(outcome_of(e, s.mine.servers[0]) == "stopped and locked");
  BOOST_TEST(outcome_of(e, s.mine.servers[1]) == "locked");
  // The administrator's own lock, which the user cannot take off.
  BOOST_TEST(text(s.it.object("server", s.mine.servers[0]), "_locked_by_admin") == "true");
  e = s.stop({"--lock"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.events("lock").size() == 2U);
  e = s.undo();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.state() == before);
}

BOOST_AUTO_TEST_CASE(nothing_unasked) {
  resting s;
  const auto before = s.it.snapshot();
  const auto no = s.run({"stop", "--project", s.mine.name, "--record", s.record()});
  BOOST_TEST(no.code == 5, no.err);
  check_one_error(no, "not confirmed");
  const auto dry = s.run({"stop", "--project", s.mine.name, "--dry-run", "-f", "json"});
  BOOST_TEST(dry.code == 0, dry.err);
  BOOST_TEST(outcome_of(dry, s.mine.servers[0], "action") == "stop");
  BOOST_TEST(outcome_of(dry, s.mine.shared_image, "action") == "make private");
  BOOST_TEST(s.changes().empty());
  check_same(before, s.it.snapshot());
  BOOST_TEST(contents(s.record()).empty());
}

BOOST_AUTO_TEST_CASE(users_stop_their_own_with_their_own_token) {
  resting s;
  s.borrow();
  s.who = "nobody";
  const auto e =
      s.run({"--os-auth-url", s.it.auth_url(), "--os-cacert", s.home.path("ca.pem"), "stop",
             "--credentials", s.credentials(), "--record", s.record(), "--yes", "-f", "json"},
            [] {
              manner how;
              how.environment["OS_CLOUD"] = "";
              return how;
            }());
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.state() == "SHUTOFF SHUTOFF private private ");
  BOOST_TEST(e.says("only an administrator"), e.err);
  for (const auto& r : s.it.requests())
    if (!r.user.empty()) BOOST_TEST(r.user == s.mine.user_id, r.path);
  // What it could not see it must not be taken for.
  s.who = "admin";
  const auto deleted = s.remove({"--keep-images", s.record()});
  BOOST_TEST(deleted.code == 5, deleted.err);
  check_one_error(deleted, "does not say which images");
}

BOOST_AUTO_TEST_CASE(whose_trial_is_not_over_is_left_alone) {
  resting s;
  const auto fresh = s.it.seed_trial_user("fresh", "trial", "2999-01-01", 14);
  s.it.settle();
  const auto e = s.run({"stop", "--user", fresh.name, "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("left alone: fresh"), e.err);
  BOOST_TEST(s.status(fresh.servers[0]) == "ACTIVE");
  const auto no = s.run({"stop", "--project", "admin", "--yes"});
  BOOST_TEST(no.code == 5, no.err);
}

BOOST_AUTO_TEST_CASE(a_list_that_does_not_come_stops_all) {
  for (const char* path : {"/servers/detail?", "/images?", "/members"}) {
    resting s;
    const auto before = s.state();
    s.fail(std::string{path} == "/servers/detail?" ? "compute" : "image", "GET", path, 500);
    const auto e = s.stop({"--timeout", "5"});
    BOOST_TEST(e.code == 1, path << ": " << e.err);
    BOOST_TEST(s.state() == before);
  }
}

BOOST_AUTO_TEST_CASE(all_regions_are_visited) {
  resting s(distinct_regions());
  const auto e = s.stop({"--all-regions"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.state() == "SHUTOFF SHUTOFF private private ");
  BOOST_TEST(s.count("GET", "", "/r2/compute/v2.1/servers/detail") +
                 s.count("GET", "r2", "/servers/detail") >
             0U);
}

BOOST_AUTO_TEST_CASE(the_first_signal_drains_and_gives_back) {
  resting s;
  const auto assignments = s.assignments();
  s.it.set_async_delay(std::chrono::hours(1));
  auto run = s.start({"stop", "--project", s.mine.name, "--record", s.record(), "--yes"});
  BOOST_TEST(s.wait_until([&] { return s.count("POST", "compute", "/action") > 1; }));
  run.signal(SIGINT);
  const auto e = run.wait();
  BOOST_TEST(e.code == 130, e.err);
  BOOST_TEST((s.assignments() == assignments));
  s.it.set_async_delay(std::chrono::milliseconds(20));
  s.it.settle();
  BOOST_TEST(s.undo().code == 0);
  BOOST_TEST(s.state().find("ACTIVE ACTIVE private shared ") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
