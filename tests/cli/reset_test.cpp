// `reset`: no password is lost, none is shown, and nobody is reset who must not be.
#include <sys/stat.h>

#include "tests/cli/meanwhile.hpp"
#include "tests/cli/reset_support.hpp"

namespace cli {

BOOST_AUTO_TEST_SUITE(cli_reset)

BOOST_AUTO_TEST_CASE(a_password_is_set_and_written_and_shown_nowhere) {
  site s;
  const auto others = s.it.snapshot(s.mine.user_id);
  const auto e = s.run(reset_of(s, s.mine.name, {"--debug", "-v"}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(result_of(e, s.mine.name) == "reset", e.out);
  const auto lines = lines_of(s.home.path("out.jsonl"));
  BOOST_REQUIRE(lines.size() == 1U);
  const json::value line = lines.front();
  const std::string password = text(line, "password");
  BOOST_TEST(password.size() == 32U);
  BOOST_TEST(password.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789") == std::string::npos);
  BOOST_TEST(text(line, "user_id") == s.mine.user_id);
  BOOST_TEST(text(line, "user_name") == s.mine.name);
  BOOST_TEST(text(line, "domain_id") == "default");
  BOOST_TEST(text(line, "project_id") == s.mine.project_id);
  BOOST_TEST(line.at("done").as_bool());
  BOOST_TEST(lets_in(s, s.mine, password));
  BOOST_TEST(!lets_in(s, s.mine, s.mine.password));
  struct stat info {};
  BOOST_TEST(::stat(s.home.path("out.jsonl").c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 07777) == 0600U);
  BOOST_TEST((e.out + e.err + s.left_behind()).find(password) == std::string::npos);
  BOOST_TEST(s.left_behind().find("\"password\"") != std::string::npos);
  const auto used = s.run({"delete", "--credentials", s.home.path("out.jsonl"), "-n"});
  BOOST_TEST(used.code == 0, used.err);
}

BOOST_AUTO_TEST_CASE(the_file_is_never_overwritten_and_append_leaves_what_is_done) {
  site s;
  BOOST_TEST(s.run(reset_of(s, s.mine.name)).code == 0);
  const auto before = contents(s.home.path("out.jsonl"));
  s.it.clear_requests();
  const auto refused = s.run(reset_of(s, s.mine.name));
  BOOST_TEST(refused.code == 5, refused.err);
  check_one_error(refused, "--append");
  BOOST_TEST(s.changes().empty());
  const auto again = s.run(reset_of(s, s.mine.name, {"--append"}));
  BOOST_TEST(again.code == 0, again.err);
  BOOST_TEST(result_of(again, s.mine.name) == "already", again.out);
  BOOST_TEST(patches(s) == 0U);
  BOOST_TEST(contents(s.home.path("out.jsonl")) == before);
}

/// A new password ends tokens only.
BOOST_AUTO_TEST_CASE(what_goes_on_working_is_said_and_does) {
  site s;
  const auto id = s.application_credential("sekrit");
  const auto e = s.run(reset_of(s, s.mine.name));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.out.find("application credentials and trusts go on working") != std::string::npos,
             e.out);
  const json::object credential{{"id", id}, {"secret", "sekrit"}};
  const json::object how{{"methods", json::array{"application_credential"}},
                         {"application_credential", credential}};
  sandbox::client c(s.it);
  const auto in =
      c.post("/identity/v3/auth/tokens", json::object{{"auth", json::object{{"identity", how}}}});
  BOOST_TEST(in.status == 201, in.body);
}

BOOST_AUTO_TEST_CASE(a_killed_run_loses_no_password) {
  for (const bool changed : {false, true}) {
    site s;
    if (changed)
      s.fault("hold", "identity", "PATCH", "/users/");
    else
      s.fault("hang", "identity", "PATCH", "/users/");
    s.kill_at_fault(reset_of(s, s.mine.name));
    const auto torn = lines_of(s.home.path("out.jsonl"));
    BOOST_REQUIRE(torn.size() == 1U);
    BOOST_TEST(!torn.front().at("done").as_bool());
    const std::string password = text(torn.front(), "password");
    BOOST_TEST(lets_in(s, s.mine, password) == changed);
    const auto next = s.run(reset_of(s, s.mine.name, {"--append"}));
    BOOST_TEST(next.code == 0, next.err);
    const auto lines = lines_of(s.home.path("out.jsonl"));
    BOOST_REQUIRE(lines.size() == 1U);
    BOOST_TEST(lines.front().at("done").as_bool());
    BOOST_TEST(text(lines.front(), "password") == password);
    BOOST_TEST(lets_in(s, s.mine, password));
  }
}

BOOST_AUTO_TEST_CASE(a_line_that_a_crash_tore_is_mended) {
  site s;
  s.home.write("out.jsonl", R"({"user_id":"0123456789abcdef0123456789abcdef","pass)");
  const auto e = s.run(reset_of(s, s.mine.name, {"--append"}));
  BOOST_TEST(e.code == 0, e.err);
  const auto lines = lines_of(s.home.path("out.jsonl"));
  BOOST_REQUIRE(lines.size() == 1U);
  BOOST_TEST(lets_in(s, s.mine, text(lines.front(), "password")));
}

BOOST_AUTO_TEST_CASE(protected_and_active_users_are_refused) {
  site s;
  const auto active = s.it.seed_trial_user("active", "trial", "2020-01-01", 100000);
  for (const auto& name : {std::string("admin"), active.name, s.theirs.name}) {
    s.it.clear_requests();
    const auto e = s.run(reset_of(s, name));
    BOOST_TEST(e.code == 5, name << e.err);
    BOOST_TEST(e.says("left alone: " + name), e.err);
    BOOST_TEST(s.changes().empty(), name);
    BOOST_TEST(contents(s.home.path("out.jsonl")).empty());
  }
  BOOST_TEST(lets_in(s, active, active.password));
}

BOOST_AUTO_TEST_CASE(who_was_extended_while_others_were_reset_is_left_alone) {
  site s;
  const auto second = s.it.seed_trial_user("trial-02", "trial", "2020-01-01", 14);
  s.fault("hold", "identity", "PATCH", s.mine.user_id);
  const auto e = run_while(s, reset_of(s, s.mine.name, {"--user", second.name}), [&] {
    s.it.change("user", second.user_id, {{"trial_duration", 100000}});
  });
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(result_of(e, second.name) == "left alone", e.out);
  BOOST_TEST(result_of(e, s.mine.name) == "reset", e.out);
  BOOST_TEST(lets_in(s, second, second.password));
  BOOST_TEST(lines_of(s.home.path("out.jsonl")).size() == 1U);
}

BOOST_AUTO_TEST_CASE(options_that_forbid_it_are_reported) {
  site s;
  const auto second = s.it.seed_trial_user("trial-02", "trial", "2020-01-01", 14);
  const auto third = s.it.seed_trial_user("trial-03", "trial", "2020-01-01", 14);
  s.it.change("user", s.mine.user_id, {{"options", json::object{{"lock_password", true}}}});
  const json::array rules{json::array{"password", "totp"}};
  s.it.change("user", second.user_id,
              {{"options", json::object{{"multi_factor_auth_enabled", true},
                                        {"multi_factor_auth_rules", rules}}}});
  const auto e = s.run(reset_of(s, s.mine.name, {"--user", second.name, "--user", third.name}));
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(result_of(e, s.mine.name) == "failed", e.out);
  BOOST_TEST(result_of(e, second.name) == "failed", e.out);
  BOOST_TEST(result_of(e, third.name) == "reset", e.out);
  BOOST_TEST(e.out.find("lock_password") != std::string::npos);
  BOOST_TEST(e.out.find("multi_factor_auth_rules") != std::string::npos);
  BOOST_TEST(patches(s) == 1U);
  BOOST_TEST(lets_in(s, s.mine, s.mine.password));
}

BOOST_AUTO_TEST_CASE(what_keystone_refuses_does_not_stop_the_others) {
  site s;
  const auto second = s.it.seed_trial_user("trial-02", "trial", "2020-01-01", 14);
  s.fail("identity", "PATCH", s.mine.user_id, 403,
         R"({"error":{"code":403,"message":"read only here","title":"Forbidden"}})");
  const auto e = s.run(reset_of(s, s.mine.name, {"--user", second.name}));
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.out.find("read only here") != std::string::npos, e.out);
  BOOST_TEST(result_of(e, second.name) == "reset", e.out);
}

BOOST_AUTO_TEST_CASE(nothing_is_changed_unasked) {
  site s;
  for (const words& how : {words{}, words{"--dry-run"}}) {
    words args{"reset", "--user", s.mine.name, "--credentials", s.home.path("out.jsonl")};
    args.insert(args.end(), how.begin(), how.end());
    const auto e = s.run(args);
    BOOST_TEST(e.code == (how.empty() ? 5 : 0), e.err);
  }
  BOOST_TEST(s.changes().empty());
  BOOST_TEST(!std::filesystem::exists(s.home.path("out.jsonl")));
}

BOOST_AUTO_TEST_CASE(the_old_form_is_written_and_read) {
  site s;
  const words csv{"--credentials-format", "csv"};
  const auto e = s.run(reset_of(s, s.mine.name, csv));
  BOOST_TEST(e.code == 0, e.err);
  const auto line = contents(s.home.path("out.jsonl"));
  BOOST_REQUIRE(line.size() == s.mine.name.size() + 32 + s.mine.project_id.size() + 3);
  BOOST_TEST(line.starts_with(s.mine.name + ","));
  BOOST_TEST(line.ends_with("," + s.mine.project_id + "\n"));
  BOOST_TEST(lets_in(s, s.mine, line.substr(s.mine.name.size() + 1, 32)));
  const auto again = s.run(reset_of(s, s.mine.name, {"--credentials-format", "csv", "--append"}));
  BOOST_TEST(again.code == 0, again.err);
  BOOST_TEST(contents(s.home.path("out.jsonl")) == line);
  BOOST_TEST(lets_in(s, s.mine, line.substr(s.mine.name.size() + 1, 32)));
  const auto used = s.run({"delete", "--credentials", s.home.path("out.jsonl"), "-n"});
  BOOST_TEST(used.code == 0, used.err);
}

BOOST_AUTO_TEST_CASE(bad_files_are_one_line_and_change_nothing) {
  site s;
  const auto id = s.mine.user_id;
  const std::pair<std::string, const char*> users[] = {
      {"", "no users in"},
      {"nosuch\n", "no user with id nosuch"},
      {"{\"id\":\"" + id + "\"}\n{\"id\":\"" + id.substr(0, 9), ":2: not valid JSON"},
      {"[{\"id\":\"" + id + "\"}", "not valid JSON"}};
  for (const auto& [body, complaint] : users) {
    const auto file = s.home.write("users", body);
    const auto e = s.run({"reset", "--users", file, "--credentials", s.home.path("o"), "--yes"});
    BOOST_TEST(e.code == 2, body << e.err);
    check_one_error(e, complaint);
  }
  const auto missing =
      s.run({"reset", "--users", s.home.path("none"), "--credentials", "o", "--yes"});
  BOOST_TEST(missing.code == 2);
  check_one_error(missing, "none");
  BOOST_TEST(s.changes().empty());
  BOOST_TEST(!std::filesystem::exists(s.home.path("o")));
  const auto odd = s.home.write("users", "\xEF\xBB\xBF" + id + ",x\r\n" + id + "\r\n");
  const auto e = s.run({"reset", "--users", odd, "--credentials", s.home.path("o"), "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("listed twice"), e.err);
  BOOST_TEST(patches(s) == 1U);
}

BOOST_AUTO_TEST_CASE(a_credentials_file_that_is_not_safe_is_not_added_to) {
  site s;
  const std::string at = s.home.path("out.jsonl");
  const auto refused = [&](const char* complaint) {
    const auto e = s.run(reset_of(s, s.mine.name, {"--append"}));
    BOOST_TEST(e.code == 2, complaint << e.err);
    check_one_error(e, complaint);
    std::filesystem::remove(at);
  };
  s.home.write("out.jsonl", "", 0644);
  refused("open to others");
  std::filesystem::create_symlink(s.home.write("elsewhere", ""), at);
  refused("symbolic link");
  BOOST_TEST(::mkfifo(at.c_str(), 0600) == 0);
  refused("not a regular file");
  s.home.write("out.jsonl", "{\"user_id\":\n");
  refused(":1: not valid JSON");
  s.home.write("out.jsonl", "ann,secret,project\n");
  refused("another format");
  BOOST_TEST(s.changes().empty());
  BOOST_TEST(contents(s.home.path("elsewhere")).empty());
}

BOOST_AUTO_TEST_CASE(a_refused_user_is_listed_and_the_others_are_reset) {
  site s;
  const auto second = s.it.seed_trial_user("trial-02", "trial", "2020-01-01", 14);
  s.it.grant(s.theirs.user_id, second.project_id, "member");
  const words both{"--user", s.mine.name, "--user", second.name};
  words args{"reset", "--credentials", s.home.path("out.jsonl"), "--yes"};
  args.insert(args.end(), both.begin(), both.end());
  const auto e = s.run(args);
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("is not selected and has the role member in project trial-02"), e.err);
  const auto lines = lines_of(s.home.path("out.jsonl"));
  BOOST_REQUIRE(lines.size() == 1U);
  BOOST_TEST(text(lines.front(), "user_id") == s.mine.user_id);
  BOOST_TEST(lets_in(s, second, second.password));
  words listed{"images", "-f", "json"};
  listed.insert(listed.end(), both.begin(), both.end());
  BOOST_TEST(s.run(listed).code == 3);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
