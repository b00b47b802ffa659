// Rule 6: nothing leaked. Every command with everything switched on that talks, while all goes well
// and while services fail in the ways that make programs repeat what they were told.
#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <tuple>

#include "tests/cli/vault.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_secrets)

namespace {

std::vector<words> reading_commands(const busy_site& s) {
  return {{"auth"},
          {"kinds"},
          {"users", "-f", "json"},
          {"images", "--project", s.mine.name},
          {"delete", "--project", s.mine.name, "--dry-run", "-f", "json"},
          {"stop", "--project", s.mine.name, "--dry-run"},
          {"reset", "--user", s.mine.name, "--credentials", s.credentials(), "--dry-run"},
          {"purge", "--dry-run"},
          {"vmexpire", "list", "--all-tenants"},
          {"vmexpire", "show", s.tracked},
          {"vmexclude", "list"},
          {"vmexclude", "show", s.excluded}};
}

/// A service that answers `method` with this; $TOKEN and $BODY are what it was sent.
sandbox::fault answers(int status, const std::string& body, const std::string& method = "GET") {
  sandbox::fault f;
  f.status = status, f.body = body, f.method = method;
  return f;
}

/// What a service does, how the commands that read end then, and how some of them end otherwise.
struct trouble {
  std::string name;
  sandbox::fault what;
  int code;
  std::map<std::string, int> but;
};

std::vector<trouble> troubles() {
  const std::string told =
      R"({"error":{"code":500,"title":"Oops","message":"cannot handle token $TOKEN and $BODY"}})";
  auto moved = answers(302, "<html>moved to https://u:$TOKEN@elsewhere/?x=$TOKEN</html>");
  moved.headers = {{"Location", "https://elsewhere/v3?token=$TOKEN&x=$TOKEN"},
                   {"Content-Type", "text/html"}};
  auto plain = answers(400, "Traceback: headers={'X-Auth-Token': '$TOKEN'}");
  plain.headers = {{"Content-Type", "text/plain"}};
  auto garbage = answers(200, R"({"servers":[{"id":"$TOKEN)");
  auto text = answers(200, "your token is $TOKEN");
  text.headers = {{"Content-Type", "text/plain"}};
  auto login = answers(500, told, "POST");
  login.path = "auth/tokens";
  auto denied = answers(401, told, "POST");
  denied.path = "auth/tokens";
  return {{"500 that repeats", answers(500, told), 1, {{"auth", 0}}},
          {"401 that repeats", answers(401, told), 4, {{"auth", 0}}},
          {"403 that repeats", answers(403, told), 4, {{"auth", 0}}},
          {"a redirect", moved, 1, {{"auth", 0}}},
          {"a traceback", plain, 1, {{"auth", 0}}},
          {"garbage", garbage, 1, {{"auth", 0}}},
          {"text for JSON", text, 1, {{"auth", 0}}},
          {"a login that fails", login, 1, {}},
          {"a login that is denied", denied, 4, {}}};
}

/// How each command ends when PATCH, PUT, POST or DELETE is answered with 403, and with 500.
const std::map<std::string, std::array<int, 8>> k_ends{
    {"users --notify", {0, 0, 0, 0, 0, 0, 0, 0}},
    {"reset", {3, 3, 0, 0, 0, 0, 0, 0}},
    {"recategorize", {0, 0, 3, 3, 0, 0, 3, 3}},
    {"vmexpire add", {0, 0, 0, 0, 4, 1, 0, 0}},
    {"vmexpire extend", {0, 0, 4, 1, 0, 0, 0, 0}},
    {"vmexpire delete", {0, 0, 0, 0, 0, 0, 4, 1}},
    {"vmexclude create", {0, 0, 0, 0, 4, 1, 0, 0}},
    {"vmexclude delete", {0, 0, 0, 0, 0, 0, 4, 1}},
    {"stop", {3, 3, 4, 1, 3, 3, 3, 3}},
    {"delete", {0, -1, 4, -1, 0, -1, 3, -1}},
    {"purge", {0, 0, 0, 0, 0, 0, 3, 3}}};

void change_all(vault& v, int status, std::size_t round) {
  for (const auto& row : changing_commands()) {
    if (row.name == "stop --undo") continue;
    if (row.name == "delete" && status != 403) continue;  // tried again for long
    auto args = row.args(v.s);
    if (!row.asks.empty()) args.push_back("--yes");
    if (row.name == "reset") args.push_back("--append");
    if (row.name == "delete") args.insert(args.end(), {"--report", v.s.home.path("report.json")});
    const auto begun = std::chrono::steady_clock::now();
    const auto e = v.run(args);
    BOOST_TEST(e.code == k_ends.at(row.name)[round], row.name << ": " << e.code << e.err);
    BOOST_TEST((std::chrono::steady_clock::now() - begun < std::chrono::seconds(120)));
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_command_shows_or_writes_one_when_all_is_well) {
  vault v;
  for (const auto& args : reading_commands(v.s)) {
    const auto e = v.run(args);
    BOOST_TEST(e.code == 0, args[0] << e.err);
  }
  for (const auto& row : changing_commands()) {
    row.before(v.s);
    auto args = row.args(v.s);
    if (!row.asks.empty()) args.push_back("--yes");
    if (row.name == "delete")
      args.insert(args.end(), {"--report", v.s.home.path("report.json"), "--journal",
                               v.s.home.path("journal.jsonl")});
    const auto e = v.run(args);
    BOOST_TEST(e.code == 0, row.name << e.err);
    BOOST_TEST((!v.s.changes().empty() || row.name == "users --notify"), row.name);
  }
  const auto e =
      v.run({"delete", "--credentials", v.s.credentials(), "--plan", v.s.home.path("plan.json")});
  BOOST_TEST(e.code == 0, e.err);
  // The search is worth something: the requests were shown, and what was kept is there.
  const auto log = contents(v.s.home.path("log"));
  BOOST_TEST(log.find("/v3/auth/tokens") != std::string::npos);
  BOOST_TEST(log.find("temp-url-key: {sha256}") == std::string::npos);
  BOOST_TEST(log.find("{SHA256}") != std::string::npos);
  BOOST_TEST(contents(v.s.home.path("journal.jsonl")).find("\"intent\"") != std::string::npos);
  BOOST_TEST(v.s.left_behind().find("\"password\"") != std::string::npos);
  BOOST_TEST(contents(v.s.credentials()).find("\"done\":true") != std::string::npos);
  for (const auto& file : v.wide_files()) BOOST_ERROR("others may read " << file);
}

BOOST_AUTO_TEST_CASE(nor_when_reading_fails) {
  vault v;
  BOOST_TEST(v.run({"users"}).code == 0);
  for (const auto& [name, what, code, but] : troubles()) {
    BOOST_TEST_CONTEXT(name) {
      if (what.path == "auth/tokens") std::filesystem::remove_all(v.s.home.path("cache"));
      v.s.it.set_faults({what});
      for (const auto& args : reading_commands(v.s)) {
        auto all = args;
        all.insert(all.end(), {"--timeout", "5"});
        const auto e = v.run(all);
        const int wanted = but.contains(args[0]) ? but.at(args[0]) : code;
        BOOST_TEST(e.code == (args[0] == "kinds" ? 0 : wanted), args[0] << e.err);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(nor_when_a_change_fails) {
  const std::string told =
      R"({"error":{"code":400,"title":"Oops","message":"bad: $BODY, with $TOKEN"}})";
  std::size_t round = 0;
  std::string left;
  for (const char* method : {"PATCH", "PUT", "POST", "DELETE"}) {
    for (const int status : {403, 500}) {
      vault v;  // what the round before has changed could not fail any more
      auto lets_in = answers(0, "", "POST");
      lets_in.path = "auth/tokens", lets_in.action = "delay", lets_in.wait = {};
      lets_in.optional = true;  // a token may be in the cache
      v.s.it.set_faults({lets_in, answers(status, told, method)});
      BOOST_TEST_CONTEXT(method << " " << status) { change_all(v, status, round++); }
      BOOST_TEST(contents(v.s.home.path("log")).find("bad: ") != std::string::npos);
      BOOST_TEST(contents(v.s.credentials()).find("\"password\"") != std::string::npos);
      left += v.s.left_behind();
    }
  }
  BOOST_TEST(left.find("***") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(nor_by_an_application_credential_or_a_token_or_a_password_that_is_given) {
  vault v;
  const std::string secret = "Mark3d-application-secret";
  const auto id = v.s.application_credential(secret);
  v.how.environment["OS_CLOUD"] = v.how.environment["OS_CLIENT_CONFIG_FILE"] = "";
  v.how.environment["OS_AUTH_URL"] = v.s.it.auth_url();
  v.how.environment["OS_CACERT"] = v.s.home.path("ca.pem");
  const auto base = v.how.environment;
  const std::map<std::string, std::string> ways[] = {
      {{"OS_AUTH_TYPE", "v3applicationcredential"},
       {"OS_APPLICATION_CREDENTIAL_ID", id},
       {"OS_APPLICATION_CREDENTIAL_SECRET", secret}},
      {{"OS_AUTH_TYPE", "v3token"}, {"OS_TOKEN", v.s.it.issued().back()}},
      {{"OS_USERNAME", "admin"},
       {"OS_PASSWORD", sandbox::cloud::admin_password()},
       {"OS_PROJECT_NAME", "admin"},
       {"OS_USER_DOMAIN_ID", "default"},
       {"OS_PROJECT_DOMAIN_ID", "default"}}};
  for (const auto& way : ways)
    for (const auto& [status, code] : {std::pair(0, 0), {401, 4}, {500, 1}}) {
      v.how.environment = base;
      v.how.environment.insert(way.begin(), way.end());
      v.how.environment["XDG_CACHE_HOME"] = v.s.home.path("cache/" + std::to_string(status));
      auto refuses = answers(status, R"({"error":{"message":"$BODY was sent"}})", "POST");
      if (status == 0)
        v.s.it.set_faults({});
      else
        v.s.it.set_faults({refuses});
      for (const words& args : {words{"auth"}, words{"vmexpire", "list"}}) {
        const auto e = v.run(args);
        BOOST_TEST((e.out + e.err).find(secret) == std::string::npos, e.err);
        BOOST_TEST(e.code == code, e.err);
      }
    }
  v.search(secret.substr(0, 0), "afterwards");
  BOOST_TEST(contents(v.s.home.path("log")).find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(nor_by_a_url_with_a_password_or_a_proxy) {
  vault v;
  const std::string bad = "Mark3d-url-pw", port = std::to_string(v.s.it.port());
  const std::tuple<std::string, std::string, int> ways[] = {
      {"OS_AUTH_URL", "https://admin:" + bad + "@127.0.0.1:" + port + "/identity/v3", 2},
      {"OS_AUTH_URL", "htps://admin:" + bad + "@127.0.0.1/identity/v3", 2},
      {"OS_AUTH_URL", "https://127.0.0.1:" + port + "/identity/v3?token=" + bad, 4},
      {"https_proxy", "http://u:" + bad + "@127.0.0.1:9", 1},
      {"https_proxy", "http://u:" + bad + "@127.0.0.1:" + port, 1},
      {"https_proxy", "socks5://u:" + bad + "@127.0.0.1:9", 2},
      {"https_proxy", "u:" + bad + "@", 2}};
  for (const auto& [name, value, code] : ways) {
    v.how.environment = {{name, value},
                         {"OS_CLOUD", ""},
                         {"OS_CLIENT_CONFIG_FILE", ""},
                         {"OS_USERNAME", "admin"},
                         {"OS_PASSWORD", sandbox::cloud::admin_password()},
                         {"OS_PROJECT_NAME", "admin"},
                         {"OS_USER_DOMAIN_ID", "default"},
                         {"OS_PROJECT_DOMAIN_ID", "default"},
                         {"OS_CACERT", v.s.home.path("ca.pem")}};
    v.how.environment.emplace("OS_AUTH_URL", v.s.it.auth_url());
    const auto e = v.run({"users", "--timeout", "2"});
    BOOST_TEST(e.code == code, value << e.err);
    BOOST_TEST(e.errors().size() == 1U, e.err);
    BOOST_TEST((e.out + e.err).find(bad) == std::string::npos, value << ": " << e.err);
    BOOST_TEST(contents(v.s.home.path("log")).find(bad) == std::string::npos, value);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
