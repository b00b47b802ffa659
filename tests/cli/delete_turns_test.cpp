// A role is granted in sixteen projects at a time: what the later turns do was planned before the
// earlier ones began, and what two projects have of each other goes in one turn.
#include <fmt/core.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "tests/cli/meanwhile.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_turns)

namespace {

constexpr int k_between = 17;  ///< more than a turn

/// The neighbour's trial is over as well; between the two are projects without anything.
class crowd {
 public:
  crowd() : last(s.it.seed_trial_user("trial-99", "trial", "2020-01-01", 14)) {
    for (int i = 0; i < k_between; ++i) {
      const std::string name = fmt::format("between-{:02}", i);
      auto project = s.it.object("project", s.mine.project_id).as_object();
      project["name"] = name;
      s.it.put("project", fmt::format("{:032x}", 0xabc0 + i), "", std::move(project));
      args.insert(args.end(), {"--project", name});
    }
  }

  /// The last as a user: the end of the trial is looked at again before the work.
  process start() {
    words all{"delete", "--project", s.mine.name};
    all.insert(all.end(), args.begin(), args.end());
    all.insert(all.end(), {last_by, last.name, "--yes", "-f", "json"});
    return s.start(all);
  }

  /// `what` happens while the volume of this turn goes.
  ending run_while(std::uint64_t turn, const std::function<void()>& what) {
    s.fault("hold", "volume", "DELETE", "/volumes/", turn);
    auto run = start();
    while_held(s, what);
    return run.wait();
  }

  site s;
  sandbox::seeded last;
  words args;
  std::string last_by = "--user";
};

/// The interface of the first's router is the gateway of the second's subnet.
void let_route(site& s, const sandbox::seeded& first, const sandbox::seeded& second) {
  s.it.change("subnet", second.subnet, {{"gateway_ip", "10.2.0.9"}});
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  const auto answer =
      admin.send("PUT", "/network/v2.0/routers/" + first.router + "/add_router_interface",
                 json::serialize(json::object{{"subnet_id", second.subnet}}));
  BOOST_TEST_REQUIRE(answer.status == 200, answer.body);
}

bool is_empty(const site& s, const sandbox::seeded& of) {
  const auto all = s.it.inventory(of.project_id);
  for (const char* kind : {"server", "volume", "network", "router", "image", "floatingip"})
    if (const auto at = all.find(kind); at != all.end() && !at->second.empty()) return false;
  return true;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_two_turns_have_of_each_other_goes_in_one_run) {
  crowd all;
  let_route(all.s, all.s.mine, all.last);
  const auto e = all.start().wait();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(is_empty(all.s, all.s.mine));
  BOOST_TEST(is_empty(all.s, all.last));
}

BOOST_AUTO_TEST_CASE(the_roles_of_a_turn_are_back_before_the_next) {
  crowd all;
  const auto before = all.s.assignments();
  std::set<std::string> more;
  const auto e = all.run_while(2, [&] {
    for (const auto& [key, one] : all.s.it.snapshot())
      if (key.starts_with("assignment/") && !before.contains(key)) more.insert(one);
  });
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!more.empty());
  for (const auto& one : more)
    BOOST_TEST(one.find(all.s.mine.project_id) == std::string::npos, one);
}

BOOST_AUTO_TEST_CASE(stop_takes_turns_as_well) {
  crowd all;
  const auto before = all.s.assignments();
  words args{"stop", "--project", all.s.mine.name};
  args.insert(args.end(), all.args.begin(), all.args.end());
  args.insert(args.end(), {"--project", all.last.name, "--yes"});
  all.s.fault("hold", "compute", "POST", all.last.servers[0] + "/action", 1);
  // The roles of the first turn are back before the last project's machines are stopped.
  const auto e = run_while(
      all.s, args, [&] { BOOST_TEST(all.s.assignments().size() < before.size() + k_between); });
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((all.s.assignments() == before));
  for (const auto& who : {all.s.mine, all.last})
    for (const auto& server : who.servers)
      BOOST_TEST(text(all.s.it.object("server", server), "status") == "SHUTOFF");
}

/// Between any two requests: no further role is granted, and nothing is listed.
BOOST_AUTO_TEST_CASE(a_signal_while_roles_are_granted_is_heard_at_once) {
  crowd all;
  site& s = all.s;
  const auto before = s.assignments();
  const auto others = s.it.snapshot();
  s.fault("hold", "identity", "PUT", "/roles/", 3);
  auto run = all.start();
  const auto e = end_by(SIGINT, s, run);
  BOOST_TEST(e.code == 130, e.err);
  BOOST_TEST(s.count("PUT", "identity", "/roles/") <= 16U);
  BOOST_TEST(s.count("PUT", "identity", "/roles/") == s.count("DELETE", "identity", "/roles/"));
  BOOST_TEST(s.count("GET", "compute", "/servers") == 0U);
  BOOST_TEST((s.assignments() == before));
  BOOST_TEST((s.it.snapshot() == others));
}

BOOST_AUTO_TEST_CASE(a_lock_that_comes_before_its_turn_is_seen) {
  crowd all;
  const auto& later = all.last;
  const auto e = all.run_while(1, [&] {
    all.s.it.change("server", later.servers[0], {{"locked", true}});
  });
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!all.s.it.object("server", later.servers[0]).is_null(), e.err);
  BOOST_TEST(all.s.it.object("server", later.servers[1]).is_null(), e.err);
}

BOOST_AUTO_TEST_CASE(what_came_before_its_turn_is_left_and_said) {
  crowd all;
  const auto& later = all.last;
  const std::string fresh = "99999999-9999-4999-8999-999999999999";
  const auto e = all.run_while(1, [&] {
    auto volume = all.s.it.object("volume", later.volume).as_object();
    volume["name"] = "fresh", volume["attachments"] = json::array{};
    all.s.it.put("volume", fresh, later.project_id, std::move(volume));
  });
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("has come since this run looked first"), e.err);
  BOOST_TEST(!all.s.it.object("volume", fresh).is_null());
  BOOST_TEST(all.s.it.object("volume", later.volume).is_null(), e.err);
}

BOOST_AUTO_TEST_CASE(what_comes_while_a_later_turn_works_is_said) {
  crowd all;
  // Read before the run begins: while the volume goes, the group goes as well.
  auto group = all.s.it.object("security_group", all.last.security_group).as_object();
  const std::string fresh = "99999999-9999-4999-8999-999999999999";
  group["id"] = fresh, group["name"] = "fresh";
  const auto e = all.run_while(
      2, [&] { all.s.it.put("security_group", fresh, all.last.project_id, std::move(group)); });
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.out.find("appeared during the run") != std::string::npos, e.out);
  BOOST_TEST(e.out.find(fresh) != std::string::npos, e.out);
}

/// The second look of a later turn breaks off half way.
BOOST_AUTO_TEST_CASE(a_project_that_cannot_be_looked_at_again_is_left_and_the_role_given_back) {
  crowd all;
  const auto before = all.s.assignments();
  sandbox::fault refused;
  refused.service = "network", refused.method = "GET", refused.path = "/security-group-rules";
  refused.status = 403, refused.nth = 4;  // two plans, two second looks
  all.s.it.add_fault(refused);
  const auto e = all.start().wait();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(is_empty(all.s, all.s.mine));
  BOOST_TEST(!all.s.it.object("server", all.last.servers[0]).is_null());
  BOOST_TEST((all.s.assignments() == before));
}

BOOST_AUTO_TEST_CASE(a_trial_that_is_extended_before_its_turn_goes_on) {
  crowd all;
  const auto& later = all.last;
  const auto before = all.s.it.inventory(later.project_id);
  const auto e = all.run_while(1, [&] {
    all.s.it.change("user", later.user_id, {{"trial_duration", 100000}});
  });
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("left alone: project " + later.name), e.err);
  BOOST_TEST((all.s.it.inventory(later.project_id) == before));
}

BOOST_AUTO_TEST_CASE(a_project_that_is_protected_before_its_turn_stays) {
  crowd all;
  all.last_by = "--project";
  const auto& later = all.last;
  const auto before = all.s.it.inventory(later.project_id);
  const auto e = all.run_while(1, [&] {
    all.s.it.change("project", later.project_id, {{"tags", json::array{"ostclean:keep"}}});
  });
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("left alone: project " + later.name), e.err);
  BOOST_TEST(is_empty(all.s, all.s.mine));
  BOOST_TEST((all.s.it.inventory(later.project_id) == before));
}

/// What the first would have done to the second, had both gone, it does not.
BOOST_AUTO_TEST_CASE(who_is_spared_at_the_last_moment_keeps_what_is_the_others) {
  site s;
  const auto second = s.it.seed_trial_user("trial-02", "trial", "2020-01-01", 14);
  let_route(s, s.mine, second);
  s.fault("hold", "image", "GET", "/images");
  const auto e =
      run_while(s, {"delete", "--user", s.mine.name, "--user", second.name, "--yes"}, [&] {
        s.it.change("user", second.user_id, {{"trial_duration", 100000}});
      });
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("left alone: project trial-02"), e.err);
  BOOST_TEST(e.says("is the gateway of subnet " + second.subnet), e.err);
  bool way = false;
  for (const auto& [key, body] : s.it.snapshot())
    way = way || (key.starts_with("port/") && body.find(s.mine.router) != std::string::npos &&
                  body.find(second.subnet) != std::string::npos);
  BOOST_TEST(way, e.err);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
