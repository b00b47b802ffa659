// `users` on clouds of some size, the token cache, and rule 6: what is secret is nowhere to be
// read.
#include <fmt/core.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "tests/cli/harness.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_users)

namespace {

const char* const k_now = "2026-11-22T12:00:00Z";

std::string add_user(site& s, const std::string& name, const std::string& started,
                     const json::object& more = {}) {
  json::object body{{"name", name},
                    {"domain_id", "default"},
                    {"enabled", true},
                    {"email", name + "@example.org"},
                    {"cloud_project_id", s.mine.project_id},
                    {"trial_duration", 14},
                    {"options", json::object{}}};
  if (!started.empty()) body["trial_started_at"] = started;
  for (const auto& [k, v] : more) body[k] = v;
  std::string id = fmt::format("{:032x}", std::hash<std::string>()(name));
  s.it.put("user", id, "", body);
  return id;
}

json::value row_of(const ending& e, const std::string& name) {
  const auto all = e.data();
  for (const auto& one : all.as_array())
    if (text(one, "name") == name) return one;
  return {};
}

std::size_t logins(const site& s) { return s.count("POST", "identity", "/v3/auth/tokens"); }

std::string role_id(const site& s, const std::string& name) { return s.id_of("role", name); }

}  // namespace

BOOST_AUTO_TEST_CASE(ten_thousand_users_in_a_handful_of_requests) {
  site s;
  for (int i = 0; i < 10000; ++i)
    s.it.grant(add_user(s, fmt::format("u{}", i), "2026-10-01"), s.mine.project_id, "trial");
  const auto e = s.run({"users", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.data().as_array().size() == 10001U);
  BOOST_TEST(s.it.requests().size() <= 10U);
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(states_follow_the_dates) {
  site s;
  const std::pair<const char*, const char*> who[] = {
      {"active", "2026-11-20"}, {"expiring", "2026-11-12"}, {"expired", "2026-10-01"},
      {"undated", ""},          {"unreadable", "soon"},     {"chief", "2026-10-01"}};
  for (const auto& [name, started] : who)
    s.it.grant(add_user(s, name, started), s.mine.project_id, "trial");
  s.it.grant(s.id_of("user", "chief"), s.mine.project_id, "admin");
  const auto e = s.run({"--now", k_now, "users", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(text(row_of(e, "active"), "state") == "active");
  BOOST_TEST(text(row_of(e, "expiring"), "state") == "expiring");
  BOOST_TEST(text(row_of(e, "expired"), "state") == "expired");
  BOOST_TEST(text(row_of(e, "chief"), "state") == "protected");
  for (const char* name : {"undated", "unreadable"}) {
    BOOST_TEST(text(row_of(e, name), "state") != "expired", name);
    BOOST_TEST(!text(row_of(e, name), "reason").empty(), name);
  }
  const auto expired = s.run(
      {"--now", k_now, "users", "--expired", "-f", "value", "-c", "name", "--sort-column", "name"});
  BOOST_TEST(expired.code == 0, expired.err);
  BOOST_TEST(expired.out == "expired\ntrial-01\n", expired.out);
}

BOOST_AUTO_TEST_CASE(roles_held_through_groups_and_inherited) {
  site s;
  const auto in_group = add_user(s, "grouped", "2026-10-01");
  const auto heir = add_user(s, "heir", "2026-10-01");
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  const auto role = role_id(s, "trial"), at = std::string("/identity/v3/");
  const json::object group{{"name", "class"}, {"domain_id", "default"}};
  const auto made = admin.post(at + "groups", json::object{{"group", group}}).json();
  const auto id = text(made.at("group"), "id");
  for (const auto& path :
       {at + "groups/" + id + "/users/" + in_group,
        at + "projects/" + s.mine.project_id + "/groups/" + id + "/roles/" + role,
        at + "OS-INHERIT/domains/default/users/" + heir + "/roles/" + role +
            "/inherited_to_projects"}) {
    const auto a = admin.send("PUT", path);
    BOOST_TEST(a.status == 204, path << a.body);
  }
  const auto e = s.run({"--now", k_now, "users", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(text(row_of(e, "grouped"), "reason").find("group") != std::string::npos, e.out);
  BOOST_TEST(text(row_of(e, "heir"), "role") == "trial", e.out);
}

BOOST_AUTO_TEST_CASE(a_second_process_does_not_log_in) {
  site s;
  BOOST_TEST(s.run({"users"}).code == 0);
  BOOST_TEST(logins(s) == 1U);
  const auto first = s.it.requests().size();
  s.it.clear_requests();
  BOOST_TEST(s.run({"users"}).code == 0);
  BOOST_TEST(logins(s) == 0U);
  std::set<std::string> asked;
  for (const auto& r : s.it.requests()) asked.insert(r.path + "?" + r.query);
  BOOST_TEST(asked.size() == s.it.requests().size());
  BOOST_TEST(s.it.requests().size() < first);
}

BOOST_AUTO_TEST_CASE(a_token_that_died_is_replaced_once) {
  site s;
  BOOST_TEST(s.run({"users"}).code == 0);
  s.it.expire_tokens();
  s.it.clear_requests();
  const auto e = s.run({"users"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(logins(s) == 1U);
}

BOOST_AUTO_TEST_CASE(six_processes_log_in_once) {
  site s;
  std::vector<process> all;
  all.reserve(6);
  for (int i = 0; i < 6; ++i) all.push_back(s.start({"users", "-f", "json"}));
  for (auto& one : all) {
    const auto e = one.wait();
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(e.data().as_array().size() == 1U);
  }
  BOOST_TEST(logins(s) == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_secret_is_shown_or_written) {
  site s(sandbox::level::rare);
  std::filesystem::create_directories(s.home.path("logs"));
  const json::object line{{"user_id", s.mine.user_id},
                          {"user_name", s.mine.name},
                          {"project_id", s.mine.project_id},
                          {"password", s.mine.password}};
  const auto file = s.home.write("credentials.jsonl", json::serialize(line) + "\n");
  const words how{"--debug", "-v", "--log-file", s.home.path("logs/log")};
  std::string all;
  for (const words& what : {words{"users"}, words{"delete", "--credentials", file, "-n"},
                            words{"delete", "--project", s.mine.name, "--yes", "--report",
                                  s.home.path("logs/report.json")}}) {
    words args = how;
    args.insert(args.end(), what.begin(), what.end());
    const auto e = s.run(args);
    BOOST_TEST(e.code == 0, e.err);
    all += e.out + e.err;
  }
  all += s.left_behind();
  BOOST_TEST(all.find("/v3/auth/tokens") != std::string::npos);
  BOOST_TEST(all.find("\"intent\"") != std::string::npos);
  words secrets = s.it.tokens();
  BOOST_TEST(!secrets.empty());
  secrets.insert(secrets.end(), {sandbox::cloud::admin_password(), s.mine.password});
  for (const auto& secret : secrets) {
    const auto at = all.find(secret);
    if (at != std::string::npos) BOOST_ERROR("shown: " << all.substr(at > 80 ? at - 80 : 0, 160));
  }
}

BOOST_AUTO_TEST_CASE(the_cache_and_the_journal_are_private) {
  site s;
  BOOST_TEST(s.remove().code == 0);
  namespace fs = std::filesystem;
  int files = 0;
  for (const char* part : {"cache/ostclean", "state/ostclean/journal"}) {
    BOOST_TEST((fs::status(s.home.path(part)).permissions() == fs::perms(0700)), part);
    for (const auto& f : fs::directory_iterator(s.home.path(part))) {
      BOOST_TEST((f.status().permissions() == fs::perms(0600)), f.path().string());
      ++files;
    }
  }
  BOOST_TEST(files >= 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
