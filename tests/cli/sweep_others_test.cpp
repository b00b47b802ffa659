// The smaller changing commands under every failure and killed at every request: `users --notify`
// warns nobody twice, `vmexpire delete` and `vmexclude delete` say what is true.
#include <boost/test/unit_test.hpp>

#include "tests/cli/sweep.hpp"
#include "tests/cli/vmexpire_site.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_sweep)

namespace {

std::size_t letters_to(const site& s, const std::string& address) {
  const auto all = contents(s.home.path("letters"));
  std::size_t n = 0;
  for (auto at = all.find("To: " + address); at != std::string::npos;
       at = all.find("To: " + address, at + 1))
    ++n;
  return n;
}

bool try_notify(const failure& how, std::uint64_t nth) {
  site s;
  hurry(s);
  s.environment["OSTCLEAN_TEST_CLOCK"] = "1";
  const std::vector<sandbox::seeded> who{
      s.it.seed_trial_user("ann", "trial", "2026-06-05", 14, "ann@example.org"),
      s.it.seed_trial_user("bob", "trial", "2026-06-05", 14, "bob@example.org")};
  const auto before = s.it.snapshot();
  const auto mailer =
      s.home.write("mailer", "#!/bin/sh\nexec cat >>" + s.home.path("letters") + "\n", 0700);
  const words args{
      "--now", "2026-06-15T12:00:00Z", "users", "--notify", "--sendmail", mailer, "--yes", "-f",
      "json"};
  const auto first = meet(s, args, how, nth);
  for (const auto& one : who) BOOST_TEST(letters_to(s, one.name + "@example.org") <= 1U, first.err);
  for (const auto& row : rows_of(first))
    if (text(row, "result") == "warned")
      BOOST_TEST(letters_to(s, text(row, "name") + "@example.org") == 1U, first.out);
  const auto second = s.run(args);
  BOOST_TEST(second.code == 0, second.err);
  for (const auto& one : who)
    BOOST_TEST(letters_to(s, one.name + "@example.org") == 1U, second.out << second.err);
  check_same(before, s.it.snapshot());
  return first.met;
}

/// Rows "1", "2" and "3" of a kind, of which the first two are to go.
bool try_rows(vm_site& s, const std::string& kind, const words& ids, const failure& how,
              std::uint64_t nth) {
  hurry(s);
  auto others = s.it.snapshot();
  for (const auto& id : ids) others.erase(kind + "/" + id);
  const auto rest = [&] {
    auto all = s.it.snapshot();
    for (const auto& id : ids) all.erase(kind + "/" + id);
    return all;
  };
  const words args{kind, "delete", "--yes", "-f", "json", ids[0], ids[1]};
  const auto first = meet(s, args, how, nth);
  check_same(others, rest());
  const auto gone = [&](const std::string& id) { return s.it.object(kind, id).is_null(); };
  for (const auto& id : ids)
    if (first.code == 0) BOOST_TEST(gone(id), first.out);
  for (const auto& row : rows_of(first))
    if (text(row, "outcome") == "deleted") BOOST_TEST(gone(text(row, "id")), first.out);
  // What is gone already is an error there: the ids are an operator's own words.
  words again{kind, "delete", "--yes", "-f", "json"};
  for (const auto& id : ids)
    if (!gone(id)) again.push_back(id);
  if (again.size() == 5U) return first.met;
  const auto second = s.run(again);
  BOOST_TEST(second.code == 0, second.err);
  for (const auto& id : ids) BOOST_TEST(gone(id), second.out);
  check_same(others, rest());
  return first.met;
}

bool try_expirations(const failure& how, std::uint64_t nth) {
  vm_site s;
  const words ids{s.track(s.mine, "one", k_day), s.track(s.mine, "two", k_day)};
  s.track(s.mine, "three", k_day);
  s.track(s.theirs, "four", k_day);
  return try_rows(s, "vmexpire", ids, how, nth);
}

bool try_exclusions(const failure& how, std::uint64_t nth) {
  vm_site s;
  const std::string id = "11111111-0000-4000-8000-00000000000";
  for (const char* n : {"1", "2", "3"})
    s.it.put("vmexclude", id + n, "", {{"exclude_id", n}, {"exclude_type", 1}});
  return try_rows(s, "vmexclude", {id + "1", id + "2"}, how, nth);
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_notify) { sweep(24, 8, try_notify); }
BOOST_AUTO_TEST_CASE(of_expirations) { sweep(4, 5, try_expirations); }
BOOST_AUTO_TEST_CASE(of_exclusions) { sweep(4, 5, try_exclusions); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
