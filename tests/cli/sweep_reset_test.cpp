// `reset` under every failure and killed at every request: no password is lost, and no trust is
// left that nobody knows of.
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "tests/cli/sweep.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_sweep)

namespace {

using users = std::vector<sandbox::seeded>;

std::vector<json::value> lines_of(const std::string& file) {
  std::vector<json::value> all;
  std::istringstream text(contents(file));
  for (std::string line; std::getline(text, line);) all.push_back(json::parse(line));
  return all;
}

words reset_of(const site& s, const users& who, const words& further) {
  words args{"reset", "--yes", "-f", "json"};
  for (const auto& one : who) args.insert(args.end(), {"--user", one.name});
  for (const auto& word : further) args.push_back(word == "FILE" ? s.home.path("out") : word);
  return args;
}

std::string result_of(const encounter& e, const std::string& id) {
  for (const auto& row : rows_of(e))
    if (text(row, "id") == id) return text(row, "result");
  return "";
}

/// A Keystone that says 404 of the user's project is believed, and the user is listed.
bool left_alone(const encounter& e, const sandbox::seeded& who) {
  return e.says("left alone: " + who.name);
}

/// Whose password was changed can log in with the one in the file; what is marked or told is true.
void check_passwords(const site& s, const users& who, const encounter& e) {
  std::map<std::string, json::value> written;
  for (const auto& line : lines_of(s.home.path("out"))) written[text(line, "user_id")] = line;
  for (const auto& one : who) {
    const auto now = s.it.password_of(one.user_id);
    const auto line = written.find(one.user_id);
    const bool known = line != written.end() && text(line->second, "password") == now;
    BOOST_TEST((known || now == one.password), one.name << " is locked out: " << e.err);
    const bool marked = line != written.end() && line->second.at("done").as_bool();
    const bool told = e.code == 0 && !left_alone(e, one);
    if (marked || result_of(e, one.user_id) == "reset" || told)
      BOOST_TEST(known, one.name << " was said to be reset: " << e.out);
  }
}

void check_neighbour(const site& s, const std::map<std::string, std::string>& before) {
  check_same(before, s.it.snapshot());
  BOOST_TEST(s.it.password_of(s.theirs.user_id) == s.theirs.password);
  BOOST_TEST(s.it.password_of(s.id_of("user", "admin")) == sandbox::cloud::admin_password());
}

bool try_passwords(const failure& how, std::uint64_t nth) {
  site s;
  hurry(s);
  const users who{s.mine, s.it.seed_trial_user("trial-02", "trial", "2020-01-01", 14)};
  const auto before = s.it.snapshot();
  const auto args = reset_of(s, who, {"--credentials", "FILE", "--append"});
  const auto first = meet(s, args, how, nth);
  check_passwords(s, who, first);
  check_neighbour(s, before);
  encounter second;
  static_cast<ending&>(second) = s.run(args);
  BOOST_TEST(second.code == 0, second.err);
  check_passwords(s, who, second);
  check_neighbour(s, before);
  return first.met;
}

words trusts_in(const site& s) {
  words ids;
  for (const auto& [key, body] : s.it.snapshot())
    if (key.starts_with("trust/")) ids.push_back(key.substr(6));
  return ids;
}

bool try_trusts(const failure& how, std::uint64_t nth) {
  sandbox::options o;
  o.trusts_for_admin = true;
  site s(sandbox::level::plain, o);
  hurry(s);
  const users who{s.mine, s.it.seed_trial_user("trial-02", "trial", "2020-01-01", 14)};
  const auto before = s.it.snapshot();
  const auto args = reset_of(s, who, {"--trust", "admin", "--trusts", "FILE", "--append"});
  const auto first = meet(s, args, how, nth);
  const auto there = trusts_in(s);
  for (const auto& line : lines_of(s.home.path("out")))
    BOOST_TEST((std::count(there.begin(), there.end(), text(line, "trust_id")) == 1), first.err);
  const auto spared = std::count_if(who.begin(), who.end(),
                                    [&](const auto& one) { return left_alone(first, one); });
  if (first.code == 0)
    BOOST_TEST(lines_of(s.home.path("out")).size() + static_cast<std::size_t>(spared) ==
               who.size());
  const auto second = s.run(args);
  BOOST_TEST(second.code == 0, second.err);
  words written;
  for (const auto& line : lines_of(s.home.path("out"))) written.push_back(text(line, "trust_id"));
  std::sort(written.begin(), written.end());
  BOOST_TEST((written == trusts_in(s)), "a trust that is in no file: " << first.err);
  BOOST_TEST(written.size() == who.size());
  const auto end = s.run({"reset", "--end-trusts", s.home.path("out"), "--yes"});
  BOOST_TEST(end.code == 0, end.err);
  check_neighbour(s, before);
  return first.met;
}

bool try_ending(const failure& how, std::uint64_t nth) {
  site s(sandbox::level::extra);
  hurry(s);
  const auto mine = s.trust_for(s.id_of("user", "admin"));
  const auto others = s.it.snapshot();
  const auto wanted = s.trust_for(s.id_of("user", "admin"));
  const json::object line{
      {"trust_id", wanted}, {"user_id", s.mine.user_id}, {"project_id", s.mine.project_id}};
  const words args{"reset", "--end-trusts", s.home.write("t", json::serialize(line) + "\n"),
                   "--yes", "-f",           "json"};
  const auto first = meet(s, args, how, nth);
  if (first.code == 0 || result_of(first, s.mine.user_id) == "ended")
    BOOST_TEST(s.it.object("trust", wanted).is_null(), first.out);
  const auto second = s.run(args);
  BOOST_TEST(second.code == 0, second.err);
  check_neighbour(s, others);
  return first.met;
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_reset) { sweep(33, 20, try_passwords); }
BOOST_AUTO_TEST_CASE(of_trusts) { sweep(37, 12, try_trusts); }
BOOST_AUTO_TEST_CASE(of_ending_trusts) { sweep(3, 4, try_ending); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
