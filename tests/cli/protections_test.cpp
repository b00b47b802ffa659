// A protection that is misspelt protects nothing, and a project that is named may be that of
// somebody whose trial runs: both are found out before anything is changed.
#include <fmt/core.h>

#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"
#include "tests/cli/terminal_child.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_protections)

namespace {

std::string policy(const site& s, const std::string& protect) {
  return s.home.write("policy.yaml", "protect:\n" + protect);
}

words with(const std::string& policy, words args) {
  args.insert(args.begin(), {"--config", policy});
  return args;
}

std::vector<words> changing(const site& s) {
  return {{"delete", "--project", s.mine.name, "--yes"},
          {"delete", "--project", s.mine.name, "--dry-run"},
          {"stop", "--project", s.mine.name, "--yes"},
          {"reset", "--user", s.mine.name, "--credentials", s.home.path("new"), "--yes"},
          {"recategorize", "--user", s.mine.name, "--yes"},
          {"purge", "--yes"}};
}

sandbox::seeded running(site& s, const char* name) {
  return s.it.seed_trial_user(name, "trial", "2020-01-01", 36500, {}, sandbox::level::plain);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_misspelt_name_is_refused_by_everything_that_changes) {
  site s;
  for (const char* entry :
       {"users: [neighbuor]", "projects: [neighbuor]", "roles: [adminn]",
        "users: [neighbour, neighbuor]", "users: [{name: neighbuor, optional: false}]"})
    for (const auto& args : changing(s)) {
      const auto e = s.run(with(policy(s, fmt::format("  {}\n", entry)), args));
      BOOST_TEST(e.code == 2, entry << " " << args.front() << ": " << e.err);
      check_one_error(e, "policy.yaml:2: protect: there is no ");
    }
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(what_is_there_by_id_or_by_name_or_need_not_be_there_is_no_hindrance) {
  site s;
  const auto file =
      policy(s, fmt::format("  users: [{}, neighbour, {{name: nobody, optional: true}}]\n"
                            "  projects: [{}, neighbour, service]\n  roles: [Member, admin]\n",
                            s.theirs.user_id, s.theirs.project_id));
  const auto e = s.run(with(file, {"delete", "--project", s.mine.name, "--dry-run"}));
  BOOST_TEST(e.code == 0, e.err);
}

BOOST_AUTO_TEST_CASE(a_user_of_another_domain_is_found) {
  site s;
  s.it.put("domain", "other", "", {{"name", "Other"}, {"enabled", true}});
  auto twin = s.it.object("user", s.theirs.user_id).as_object();
  twin["name"] = "far-away", twin["domain_id"] = "other";
  s.it.put("user", "ffffffffffffffffffffffffffffffff", "", twin);
  const auto file = policy(s, "  users: [far-away]\n");
  const auto e = s.run(with(file, {"delete", "--project", s.mine.name, "--dry-run"}));
  BOOST_TEST(e.code == 0, e.err);
}

BOOST_AUTO_TEST_CASE(who_cannot_look_is_warned) {
  site s;
  s.who = s.mine.name;
  const auto file = policy(s, "  users: [neighbuor]\n");
  const auto e = s.run(with(file, {"delete", "--auth-project", "--dry-run"}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("protected user 'neighbuor' cannot be looked up"), e.err);
}

BOOST_AUTO_TEST_CASE(an_email_domain_that_nobody_has_is_warned_of) {
  site s;
  const auto file = policy(s, "  email_domains: [corp.invalid]\n");
  const auto e = s.run(with(file, {"delete", "--project", s.mine.name, "--dry-run"}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("no user has an address of the protected email domain corp.invalid"), e.err);
}

BOOST_AUTO_TEST_CASE(what_was_begun_is_finished_whatever_is_misspelt_since) {
  site s;
  const auto file = policy(s, "  users: [neighbuor]\n");
  const auto record = s.home.path("stopped.json");
  BOOST_TEST(s.run({"stop", "--project", s.mine.name, "--yes", "--record", record}).code == 0);
  const auto back = s.run(with(file, {"stop", "--undo", record, "--yes"}));
  BOOST_TEST(back.code == 0, back.err);
  s.fault("hang", "", "DELETE", "", 3);
  s.kill_at_fault({"delete", "--project", s.mine.name, "--yes"});
  const auto e = s.run(with(file, {"delete", "--resume", "--yes"}));
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(the_project_of_a_running_trial_wants_more_than_yes) {
  site s;
  const auto runs = running(s, "trial-02");
  const auto e = s.run({"delete", "--project", "trial-02", "--yes"});
  BOOST_TEST(e.code == 5, e.err);
  check_one_error(e, "is the own project of user trial-02, whose role trial runs until 2119-12-08");
  BOOST_TEST(s.changes().empty());
  const auto dry = s.run({"delete", "--project", "trial-02", "--dry-run"});
  BOOST_TEST(dry.code == 0, dry.err);
  BOOST_TEST(dry.says("runs until 2119-12-08"), dry.err);
  const auto some = s.run({"delete", "--project", "trial-02", "--yes", "--only", "keypair"});
  BOOST_TEST(some.code == 0, some.err);
  const auto both = s.run({"delete", "--project", "trial-02", "--yes", "--not-expired"});
  BOOST_TEST(both.code == 0, both.err);
  BOOST_TEST(s.it.inventory(runs.project_id).count("server") == 0U);
}

BOOST_AUTO_TEST_CASE(on_a_terminal_it_is_wanted_beside_the_name) {
  site s;
  running(s, "trial-02");
  terminal without(s, {"delete", "--project", "trial-02"});
  BOOST_TEST(without.wait().code == 5);
  BOOST_TEST(s.changes().empty());
  BOOST_TEST(s.run({"delete", "--project", s.mine.name, "--yes"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_plan_that_was_made_is_carried_out) {
  site s;
  running(s, "trial-02");
  const auto plan = s.home.path("p.json");
  BOOST_TEST(s.run({"delete", "--project", "trial-02", "--plan", plan}).code == 0);
  const auto e = s.run({"delete", "--apply", plan, "--yes"});
  BOOST_TEST(e.code == 0, e.err);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
