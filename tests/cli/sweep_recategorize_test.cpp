// `recategorize` under every failure and killed at every request: nobody loses a role without
// getting the other.
#include <boost/test/unit_test.hpp>

#include "tests/cli/sweep.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_sweep)

namespace {

std::string assigned(const site& s, const sandbox::seeded& who, const char* role) {
  return "assignment/" + s.id_of("role", role) + "/" + who.user_id + "/" + who.project_id;
}

bool try_recategorize(const failure& how, std::uint64_t nth) {
  site s;
  hurry(s);
  const std::vector<sandbox::seeded> who{
      s.mine, s.it.seed_trial_user("trial-02", "trial", "2020-01-01", 14)};
  const auto before = s.assignments();
  auto after = before;
  for (const auto& one : who) {
    BOOST_TEST(after.erase(assigned(s, one, "trial")) == 1U);
    after.insert(assigned(s, one, "basic"));
  }
  auto others = s.it.snapshot();
  std::erase_if(others, [](const auto& one) { return one.first.starts_with("assignment/"); });
  const words args{"recategorize", "--user", who[0].name, "--user",
                   who[1].name,    "--yes",  "-f",        "json"};
  const auto first = meet(s, args, how, nth);
  auto possible = before;
  possible.insert(after.begin(), after.end());
  const auto now = s.assignments();
  for (const auto& one : now) BOOST_TEST(possible.count(one) == 1U, one);
  for (const auto& one : before)
    BOOST_TEST((now.count(one) == 1U || after.count(one) == 0U), "lost: " << one);
  for (const auto& one : who)
    BOOST_TEST(now.count(assigned(s, one, "trial")) + now.count(assigned(s, one, "basic")) > 0U,
               first.err);
  if (first.code == 0) BOOST_TEST((now == after), first.out);
  const auto second = s.run(args);
  BOOST_TEST(second.code == 0, second.err << second.out);
  BOOST_TEST((s.assignments() == after), first.out << first.err << second.out);
  auto rest = s.it.snapshot();
  std::erase_if(rest, [](const auto& one) { return one.first.starts_with("assignment/"); });
  check_same(others, rest);
  return first.met;
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_recategorize) { sweep(33, 20, try_recategorize); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
