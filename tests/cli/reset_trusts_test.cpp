// `reset --trust` and `--end-trusts`: a trust instead of a password.
#include <filesystem>

#include "tests/cli/reset_support.hpp"

namespace cli {

BOOST_AUTO_TEST_SUITE(cli_reset_trusts)

BOOST_AUTO_TEST_CASE(trusts_where_the_cloud_lets_an_administrator_make_them) {
  sandbox::options o;
  o.trusts_for_admin = true;
  site s(sandbox::level::plain, o);
  const words args{
      "reset", "--user", s.mine.name, "--trust", "admin", "--trusts", s.home.path("trusts.jsonl"),
      "--yes", "-f",     "json"};
  s.fault("hold", "identity", "POST", "trusts_for_admin");
  s.kill_at_fault(args);
  words again = args;
  again.push_back("--append");
  for (const char* result : {"trusted", "already"}) {
    const auto e = s.run(again);
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(result_of(e, s.mine.name) == result, e.out);
  }
  // The one the killed run made was taken.
  BOOST_TEST(s.count("POST", "identity", "trusts_for_admin") == 1U);
  const auto lines = lines_of(s.home.path("trusts.jsonl"));
  BOOST_REQUIRE(lines.size() == 1U);
  BOOST_TEST(patches(s) == 0U);
  const auto used = s.run({"delete", "--trusts", s.home.path("trusts.jsonl"), "-n"});
  BOOST_TEST(used.code == 0, used.err);
  for (int i = 0; i < 2; ++i) {
    const auto e = s.run({"reset", "--end-trusts", s.home.path("trusts.jsonl"), "--yes"});
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(s.it.object("trust", text(lines.front(), "trust_id")).is_null());
  }
}

BOOST_AUTO_TEST_CASE(only_the_trusts_of_the_users_in_the_file_end) {
  site s(sandbox::level::extra);
  const std::string trust = s.trust_for(s.id_of("user", "admin"));
  auto line = [&](const std::string& user, const std::string& project) {
    return json::serialize(
        json::object{{"trust_id", trust}, {"user_id", user}, {"project_id", project}});
  };
  auto end = [&](const std::string& text, int mode) {
    return s.run({"reset", "--end-trusts", s.home.write("t.jsonl", text, mode), "--yes"});
  };
  for (const auto& text :
       {line(s.theirs.user_id, s.mine.project_id), line(s.mine.user_id, s.theirs.project_id)}) {
    const auto e = end(text, 0600);
    BOOST_TEST(e.code == 3, e.err);
    BOOST_TEST(e.out.find("is not of this user in this project") != std::string::npos, e.out);
  }
  BOOST_TEST(end(line(s.mine.user_id, s.mine.project_id), 0666).code == 2);
  BOOST_TEST(!s.it.object("trust", trust).is_null());
  // One 404, which a gateway may have made up, does not prove that it is gone.
  sandbox::fault f;
  f.service = "identity", f.path = "/OS-TRUST/trusts/", f.nth = 1, f.status = 404;
  s.it.add_fault(f);
  BOOST_TEST(end(line(s.mine.user_id, s.mine.project_id), 0600).code == 0);
  BOOST_TEST(s.it.object("trust", trust).is_null());
}

BOOST_AUTO_TEST_CASE(a_line_without_an_end_is_a_line) {
  site s;
  s.who = s.mine.name;
  const auto file = s.home.path("t.jsonl");
  const words args{"reset", "--auth-project", "--trust", s.id_of("user", "admin"), "--trusts",
                   file,    "--append",       "--yes"};
  BOOST_TEST(s.run(args).code == 0);
  const auto line = contents(file);
  s.home.write("t.jsonl", line.substr(0, line.size() - 1));
  const auto e = s.run(args);
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(contents(file) == line);
  s.home.write("t.jsonl", "[" + line.substr(0, line.size() - 1) + "]\n");
  check_one_error(s.run(args), "cannot be added to");
}

BOOST_AUTO_TEST_CASE(trusts_elsewhere_are_the_users_own_business) {
  site s;
  words args{
      "reset", "--user", s.mine.name, "--trust", "admin", "--trusts", s.home.path("trusts.jsonl"),
      "--yes"};
  const auto e = s.run(args);
  BOOST_TEST(e.code == 1, e.err);
  check_one_error(e, "--auth-project");
  BOOST_TEST(!std::filesystem::exists(s.home.path("trusts.jsonl")));
  s.who = s.mine.name;
  const auto own =
      s.run({"reset", "--auth-project", "--trust", s.id_of("user", "admin"), "--trusts",
             s.home.path("own.jsonl"), "--trust-validity", "2", "--yes", "-f", "json"});
  BOOST_TEST(own.code == 0, own.err);
  const auto lines = lines_of(s.home.path("own.jsonl"));
  BOOST_REQUIRE(lines.size() == 1U);
  BOOST_TEST(text(lines.front(), "user_id") == s.mine.user_id);
  s.who = "admin";
  const auto used = s.run({"delete", "--trusts", s.home.path("own.jsonl"), "-n"});
  BOOST_TEST(used.code == 0, used.err);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
