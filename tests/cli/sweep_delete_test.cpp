// `delete` under every failure and killed at every request: nothing of others is touched, the
// report is true, and a second run (after a kill: --resume) finishes, and takes nothing that came
// since.
#include <boost/test/unit_test.hpp>

#include "tests/cli/sweep.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_sweep)

namespace {

using belongings = std::map<std::string, words>;

/// What the report says must be what the cloud holds. A run without a report deleted nothing.
void check_report(site& s, const encounter& e, const belongings& before) {
  if (e.killed()) return;
  const auto rest = s.rest();
  if (e.code == 0) s.check_empty();
  if (e.code != 0 && e.code != 3) {
    BOOST_TEST((rest == before), e.code << ": " << e.err);
    return;
  }
  std::set<std::string> there;
  for (const auto& [kind, ids] : rest) there.insert(ids.begin(), ids.end());
  const auto told = e.data();
  for (const auto& project : told.at("projects").as_array())
    for (const auto& id : texts(project.at("deleted"), "id"))
      BOOST_TEST(there.count(id) == 0U, "told to be deleted, and there: " << id);
  const auto left = told.at("summary").at("left").to_number<int>();
  const bool unreturned = e.says("cannot give back");
  BOOST_TEST((e.code == 3) == (left > 0 || unreturned), e.err);
}

std::string new_network(site& s) {
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  const auto made = user.post("/network/v2.0/networks", {{"network", {{"name", "new"}}}});
  return text(made.json().at("network"), "id");
}

/// After a kill: what came since stays, and what was planned goes. Where no plan was written yet,
/// or everything was done, there is nothing to resume.
void resume(site& s, belongings before) {
  const auto fresh = new_network(s);
  before["network"].push_back(fresh);
  const auto e = s.run({"delete", "--resume", "--yes", "-f", "json"});
  const bool planless = e.says("had not come to its plan");
  BOOST_TEST(e.code == (planless ? 5 : 0), e.err);
  const auto rest = s.rest();
  const bool untouched = (planless || e.says("nothing to resume")) && rest == before;
  BOOST_TEST((untouched || rest == belongings{{"network", {fresh}}}), e.err);
}

bool try_delete(const failure& how, std::uint64_t nth) {
  site s;
  hurry(s);
  const auto others = s.of_others();
  const auto assignments = s.assignments();
  const auto before = s.rest();
  const words args = s.removal({"-v"});
  const auto first = meet(s, args, how, nth);
  check_others(s, first, others);
  check_report(s, first, before);
  if (!first.killed() && (first.code == 0 || !first.says("cannot give back")))
    BOOST_TEST((s.assignments() == assignments), first.err);
  if (first.killed()) resume(s, before);
  if (first.killed()) BOOST_TEST((s.assignments() == assignments));
  const auto second = s.remove(how.breaks_the_service() ? words{"--force"} : words{});
  BOOST_TEST(second.code == 0, second.err);
  s.check_empty();
  s.check_others(others);
  BOOST_TEST((s.assignments() == assignments));
  return first.met;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_whole_sweep_knows_every_failure) {
  std::string names;
  for (const auto& how : all_failures()) names += (names.empty() ? "" : " ") + how.name;
  BOOST_TEST(names == OSTCLEAN_FAILURES);
}

BOOST_AUTO_TEST_CASE(of_delete) { sweep(130, 50, try_delete); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
