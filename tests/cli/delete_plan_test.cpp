// What one run decided and another carries out: --plan and --apply, a killed run and --resume.
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <regex>

#include "tests/cli/meanwhile.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_plan)

namespace {

/// A new network of the target, by its user's own hands.
std::string new_network(site& s) {
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  const auto made = user.post("/network/v2.0/networks", {{"network", {{"name", "new"}}}});
  return json::value_to<std::string>(json::parse(made.body).at("network").at("id"));
}

/// Kills a run that has deleted something and does not know yet that it has.
void kill_at_third_delete(site& s) {
  s.fault("hold", "", "DELETE", "", 3);
  s.kill_at_fault(s.removal());
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_plan_is_made_without_deleting_anything) {
  site s;
  const auto before = s.it.snapshot();
  const auto assignments = s.assignments();
  const auto file = s.plan();
  check_same(before, s.it.snapshot());
  BOOST_TEST((s.assignments() == assignments));
  const auto plan = json::parse(contents(file));
  BOOST_TEST(text(plan, "version") == "2");
  BOOST_TEST(plan.at("caller").at("name").as_string() == "admin");
  for (const auto& one : plan.at("objects").as_array())
    BOOST_TEST((one.at("project_id").as_string() == s.mine.project_id ||
                one.at("kind").as_string() == "keypair"));
  const auto again = s.run({"delete", "--project", s.mine.name, "--plan", file});
  BOOST_TEST(again.code == 5, again.err);
  check_one_error(again, "plan.json");
}

BOOST_AUTO_TEST_CASE(only_the_planned_goes_and_what_is_new_stays) {
  site s;
  const auto others = s.of_others();
  const auto file = s.plan();
  const auto fresh = new_network(s);
  const auto refused = s.run({"delete", "--apply", file});
  BOOST_TEST(refused.code == 5, refused.err);
  const auto e = s.run({"delete", "--apply", file, "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("network") == words{fresh}));
  BOOST_TEST(s.rest().size() == 1U);
  s.check_others(others);
  BOOST_TEST(e.out.find("not in the plan") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_object_under_a_planned_id_is_not_touched) {
  site s;
  const auto file = s.plan();
  s.it.change("network", s.mine.network, {{"created_at", "2026-11-20T00:00:00Z"}});
  const auto e = s.run({"delete", "--apply", file, "--yes"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("is not the object that was planned"), e.err);
  BOOST_TEST(!s.it.object("network", s.mine.network).is_null());
}

BOOST_AUTO_TEST_CASE(a_plan_that_cannot_be_trusted_is_refused) {
  site s;
  const auto file = s.plan();
  const auto before = s.it.snapshot();
  const std::string good = contents(file);
  auto tried = [&](const std::string& text, int code, const char* says, words further = {}) {
    words args{"delete", "--apply", s.home.write("other.json", text), "--yes"};
    args.insert(args.end(), further.begin(), further.end());
    const auto e = s.run(args);
    BOOST_TEST(e.code == code, e.err);
    check_one_error(e, says);
  };
  auto edited = json::parse(good).as_object();
  edited["objects"].as_array().pop_back();
  tried(json::serialize(edited), 2, "changed after it was written");
  tried(good.substr(0, good.size() / 2), 2, "not valid JSON");
  tried("", 2, "not valid JSON");
  tried(good, 7, "older than 0 hours", {"--max-age", "0"});
  tried(good, 2, "contradict each other", {"--project", s.mine.name});
  tried(good, 2, "contradict each other", {"--force"});
  const auto missing = s.run({"delete", "--apply", s.home.path("none"), "--yes"});
  BOOST_TEST(missing.code == 2, missing.err);
  check_same(before, s.it.snapshot());
}

BOOST_AUTO_TEST_CASE(a_plan_of_other_endpoints_is_not_taken_for_done) {
  sandbox::options o;
  o.internal_localhost = true;
  site s(sandbox::level::extra, o);
  const auto file = s.plan();
  const auto before = s.it.snapshot();
  const auto other = s.run({"delete", "--apply", file, "--yes", "--os-interface", "internal"});
  BOOST_TEST(other.code == 7, other.err);
  BOOST_TEST(other.says("was made over other endpoints"), other.err);
  BOOST_TEST(other.says("https://localhost:"), other.err);
  check_same(before, s.it.snapshot());
  const auto e = s.run({"delete", "--apply", file, "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  const auto again = s.run({"delete", "--apply", file, "--yes", "--os-interface", "internal"});
  BOOST_TEST(again.code == 0, again.err);
}

BOOST_AUTO_TEST_CASE(a_run_over_other_endpoints_is_not_resumed) {
  sandbox::options o;
  o.internal_localhost = true;
  site s(sandbox::level::plain, o);
  kill_at_third_delete(s);
  const auto e = s.run({"delete", "--resume", "--yes", "--os-interface", "internal"});
  BOOST_TEST(e.code == 7, e.err);
  BOOST_TEST(e.says("was made over other endpoints"), e.err);
  BOOST_TEST(s.run({"delete", "--resume", "--yes"}).code == 0);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_plan_of_another_region_is_not_taken_for_done) {
  site s(sandbox::level::plain, distinct_regions());
  const auto file = s.plan({"--os-region-name", "RegionOne"});
  s.it.clear_requests();
  const auto e = s.run({"delete", "--apply", file, "--yes", "--os-region-name", "RegionTwo"});
  BOOST_TEST(e.code == 7, e.err);
  BOOST_TEST(e.says("the plan is of region RegionOne"), e.err);
  for (const char* service : {"compute", "volume", "network", "image", "object-store"})
    BOOST_TEST(s.count("DELETE", service) == 0U);
  BOOST_TEST(s.run({"delete", "--apply", file, "--yes"}).code == 0);
  BOOST_TEST(s.rest().empty());
}

BOOST_AUTO_TEST_CASE(more_than_max_delete_deletes_nothing) {
  site s;
  const auto before = s.it.snapshot();
  const auto e = s.remove({"--max-delete", "3"});
  BOOST_TEST(e.code == 5, e.err);
  check_one_error(e, "--max-delete 3");
  check_same(before, s.it.snapshot());
  BOOST_TEST(s.remove({"--max-delete", "1000"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_killed_run_is_finished_and_what_came_since_stays) {
  site s;
  const auto others = s.of_others();
  const auto assignments = s.assignments();
  kill_at_third_delete(s);
  const auto fresh = new_network(s);
  const auto e = s.run({"delete", "--resume", "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("network") == words{fresh}));
  BOOST_TEST(s.rest().size() == 1U);
  BOOST_TEST((s.assignments() == assignments));
  s.check_others(others);
  const auto again = s.run({"delete", "--resume", "--yes"});
  BOOST_TEST(again.code == 0, again.err);
  BOOST_TEST(again.says("nothing to resume"), again.err);
}

/// Kills a run whose lists do not come, and with it the plan.
void kill_before_the_plan(site& s) {
  s.fault("hang", "network", "GET", "/subnets", 0);
  s.kill_at_fault({"delete", "--project", s.mine.name, "--yes"});
}

BOOST_AUTO_TEST_CASE(a_run_that_was_killed_before_its_plan_is_not_called_done) {
  site s;
  const auto assignments = s.assignments();
  const auto before = s.rest();
  kill_before_the_plan(s);
  for (int run = 0; run < 2; ++run) {
    const auto e = s.run({"delete", "--resume", "--yes"});
    BOOST_TEST(e.code == 5, e.err);
    check_one_error(e,
                    "on " + s.mine.name + " had not come to its plan: nothing was deleted by it");
    BOOST_TEST((s.rest() == before));
    BOOST_TEST((s.assignments() == assignments));
  }
  BOOST_TEST(s.run({"delete", "--project", s.mine.name, "--yes"}).code == 0);
  const auto e = s.run({"delete", "--resume", "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("nothing to resume"), e.err);
}

BOOST_AUTO_TEST_CASE(another_projects_run_does_not_make_it_done) {
  site s;
  kill_before_the_plan(s);
  BOOST_TEST(s.run({"delete", "--project", "neighbour", "--yes"}).code == 0);
  BOOST_TEST(s.run({"delete", "--resume", "--yes"}).code == 5);
}

BOOST_AUTO_TEST_CASE(the_name_of_a_journal_says_when_and_on_what) {
  site s;
  BOOST_TEST(s.run({"delete", "--project", s.mine.name, "--yes"}).code == 0);
  BOOST_TEST(s.run({"stop", "--project", "neighbour", "--yes"}).code == 0);
  std::string names;
  for (const char* folder : {"journal", "stopped"})
    for (const auto& entry :
         std::filesystem::directory_iterator(s.home.path("state/ostclean/") + folder))
      names += std::string(folder) + "/" + entry.path().filename().string() + "\n";
  const std::string stamp = "/20[0-9]{6}T[0-9]{6}\\.[0-9]{3}Z-";
  for (const auto& one : {"journal" + stamp + s.mine.name + "-", "stopped" + stamp + "neighbour-"})
    BOOST_TEST(std::regex_search(names, std::regex(one)), names);
}

BOOST_AUTO_TEST_CASE(a_journal_that_was_edited_is_refused) {
  site s;
  kill_at_third_delete(s);
  const std::string folder = s.home.path("state/ostclean/journal");
  std::string file;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) file = entry.path();
  std::string lines = contents(file);
  const auto at = lines.find("\"intent\"");
  BOOST_REQUIRE(at != std::string::npos);
  lines.replace(at, 8, "\"intend\"");
  std::ofstream(file) << lines;
  const auto deletes = s.count("DELETE");
  const auto e = s.run({"delete", "--resume", "--journal", file, "--yes"});
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "the journal was changed after it was written");
  BOOST_TEST(s.count("DELETE") == deletes);
}

BOOST_AUTO_TEST_CASE(two_runs_on_one_project_exclude_each_other) {
  site s;
  s.fault("hold", "compute", "DELETE", "");
  const words args = s.removal();
  const auto e = run_while(s, args, [&] {
    const auto second = s.run(args);
    BOOST_TEST(second.code == 5, second.err);
    check_one_error(second, "another run is working on project");
  });
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
