// `users --notify`: through a real mailer to a real SMTP server, and through a service. Nobody is
// warned twice of one date, and no name writes a header.
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "tests/cli/reset_support.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_notify)

namespace {

const char* const k_now = "2026-06-15T12:00:00Z";

/// The servers of post_office.py, and a site whose mailer knows the way to them.
class post_office {
 public:
  post_office()
      : server_(cli::start({"/usr/bin/python3", OSTCLEAN_POST_OFFICE, s.home.path("")},
                           {"PATH=/usr/bin:/bin"}, s.home.path("post.out"),
                           s.home.path("post.err"))) {
    BOOST_REQUIRE(s.wait_until([&] { return !contents(s.home.path("ports")).empty(); }));
    std::istringstream ports(contents(s.home.path("ports")));
    ports >> smtp >> http;
    s.home.write(".msmtprc", "account default\nhost 127.0.0.1\nport " + smtp +
                                 "\nfrom warden@cloud.example\ntls off\nauth off\n");
  }

  std::vector<json::value> given(const std::string& file) const {
    std::vector<json::value> all;
    std::istringstream text(contents(s.home.path(file)));
    for (std::string line; std::getline(text, line);) all.push_back(json::parse(line));
    return all;
  }
  std::vector<json::value> letters() const { return given("letters.jsonl"); }

  sandbox::seeded expiring(const std::string& name, const std::string& email) {
    return s.it.seed_trial_user(name, "trial", "2026-06-05", 14, email);
  }

  ending notify(words further = {}) {
    words args{"--now", k_now, "users", "--notify", "--yes", "-f", "json"};
    args.insert(args.end(), further.begin(), further.end());
    manner how;
    how.environment["OSTCLEAN_TEST_CLOCK"] = "1";
    if (!clouds.empty()) how.environment["OS_CLIENT_CONFIG_FILE"] = clouds;
    return s.run(args, how);
  }

  site s;
  std::string smtp, http;
  std::string clouds;  ///< another clouds.yaml than the site's

 private:
  process server_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(each_is_warned_once_for_a_date) {
  post_office p;
  const auto ann = p.expiring("ann", "ann@example.org");
  p.s.it.clear_requests();
  const auto e = p.notify();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(result_of(e, "ann") == "warned", e.out);
  BOOST_TEST(texts(e.data(), "id").size() == 1U);
  BOOST_REQUIRE(p.letters().size() == 1U);
  const auto letter = p.letters().front();
  BOOST_TEST(text(letter, "from") == "warden@cloud.example");
  BOOST_TEST(json::serialize(letter.at("to")) == "[\"ann@example.org\"]");
  BOOST_TEST(text(letter, "subject") == "Your account ann ends on 2026-06-19");
  for (const char* word : {"4 days", "project ann", "7 days later", "2 server", "1 volume"})
    BOOST_TEST(text(letter, "body").find(word) != std::string::npos, word << text(letter, "body"));
  BOOST_TEST(letter.at("defects").as_array().empty());
  BOOST_TEST(p.s.changes().empty());
  const auto again = p.notify();
  BOOST_TEST(again.code == 0, again.err);
  BOOST_TEST(result_of(again, "ann") == "already", again.out);
  BOOST_TEST(p.letters().size() == 1U);
  BOOST_TEST(result_of(p.notify({"--again"}), "ann") == "warned");
  BOOST_TEST(p.letters().size() == 2U);
  p.s.it.change("user", ann.user_id, {{"trial_started_at", "2026-06-06"}});
  BOOST_TEST(result_of(p.notify(), "ann") == "warned");
  BOOST_TEST(p.letters().size() == 3U);
}

BOOST_AUTO_TEST_CASE(names_and_templates_are_text_and_nothing_else) {
  post_office p;
  const std::string odd = "J\xC3\xB6rg \"; rm -rf ~ #\nBcc: spy@example.org\n\n$(id)";
  const auto who = p.expiring("odd", "joerg+x'$id`|&@example.org");
  // The site's own lists every user by name.
  p.clouds = p.s.home.write("before.yaml", p.s.it.clouds_yaml(p.s.home.path("ca.pem")));
  p.s.it.change("user", who.user_id, {{"name", odd}});
  const auto file = p.s.home.write(
      "template",
      "\xEF\xBB\xBFSubject: F\xC3\xBCr {name}: noch {days} Tage, \xE6\x97\xA5\xE6\x9C\xAC\r\n"
      "From: Die W\xC3\xA4rter <warden@cloud.example>\r\n\r\n"
      "Hallo {name},\r\n.\r\n{{Projekt} {project}: {what}\r\nGr\xC3\xBC\xC3\x9F"
      "e\r\n");
  const auto e = p.notify({"--template", file, "--sendmail", "/usr/sbin/sendmail"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_REQUIRE(p.letters().size() == 1U);
  const auto letter = p.letters().front();
  BOOST_TEST(json::serialize(letter.at("to")) == "[\"joerg+x'$id`|&@example.org\"]");
  std::string flat = odd;
  for (char& c : flat)
    if (c == '\n') c = ' ';
  BOOST_TEST(text(letter, "subject") ==
             "F\xC3\xBCr " + flat + ": noch 4 Tage, \xE6\x97\xA5\xE6\x9C\xAC");
  for (const auto& header : letter.at("headers").as_array())
    BOOST_TEST(header.at(0).as_string() != "Bcc");
  const std::string body = text(letter, "body");
  BOOST_TEST(body.find("Hallo " + odd + ",\n.\n{Projekt} odd: ") == 0U, body);
  BOOST_TEST(body.find("Gr\xC3\xBC\xC3\x9F"
                       "e") != std::string::npos,
             body);
  const std::string raw = text(letter, "raw");
  BOOST_TEST(raw.find("quoted-printable") != std::string::npos);
  BOOST_TEST(raw.find("charset=UTF-8") != std::string::npos);
  BOOST_TEST(letter.at("longest").to_number<int>() <= 78);
  BOOST_TEST(letter.at("defects").as_array().empty());
}

BOOST_AUTO_TEST_CASE(one_that_fails_does_not_stop_the_others) {
  post_office p;
  p.expiring("a-refused", "refused@example.org");
  const auto none = p.expiring("b-none", "");
  p.s.it.change("user", none.user_id, {{"email", nullptr}});
  p.expiring("c-two", "one@example.org, two@example.org");
  p.expiring("d-option", "-Xlog@example.org");
  p.expiring("e-good", "good@example.org");
  const auto e = p.notify();
  BOOST_TEST(e.code == 3, e.err);
  for (const char* name : {"a-refused", "b-none", "c-two", "d-option"})
    BOOST_TEST(result_of(e, name) == "failed", name << e.out);
  BOOST_TEST(e.out.find("no such mailbox here") != std::string::npos, e.out);
  BOOST_TEST(result_of(e, "e-good") == "warned", e.out);
  BOOST_TEST(p.letters().size() == 1U);
  const auto again = p.notify();
  BOOST_TEST(again.code == 3, again.err);
  BOOST_TEST(result_of(again, "e-good") == "already", again.out);
  BOOST_TEST(p.letters().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_mailer_that_is_not_there_or_fails_is_reported) {
  post_office p;
  p.expiring("ann", "ann@example.org");
  const auto none = p.notify({"--sendmail", "/nonexistent/sendmail"});
  BOOST_TEST(none.code == 3, none.err);
  BOOST_TEST(none.out.find("/nonexistent/sendmail: No such file") != std::string::npos, none.out);
  const auto script = p.s.home.write(
      "mailer", "#!/bin/sh\nenv >" + p.s.home.path("env") + "\necho >&2 'queue is full'\nexit 75\n",
      0700);
  const auto failing = p.notify({"--sendmail", script});
  BOOST_TEST(failing.code == 3, failing.err);
  BOOST_TEST(failing.out.find("queue is full (exit code 75)") != std::string::npos, failing.out);
  BOOST_TEST(contents(p.s.home.path("env")).find("HOME=") != std::string::npos);
  BOOST_TEST(contents(p.s.home.path("env")).find("OS_") == std::string::npos);
  BOOST_TEST(result_of(p.notify(), "ann") == "warned");
}

BOOST_AUTO_TEST_CASE(a_service_is_given_the_ids_and_the_token) {
  post_office p;
  const auto ann = p.expiring("ann", "ann@example.org");
  const std::string url = "http://127.0.0.1:" + p.http;
  const auto broken = p.notify({"--url", url + "/broken"});
  BOOST_TEST(broken.code == 3, broken.err);
  const auto e = p.notify({"--url", url + "/notify_expire_users"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(result_of(e, "ann") == "warned", e.out);
  BOOST_TEST(result_of(p.notify({"--url", url + "/x"}), "ann") == "already");
  const auto posts = p.given("posts.jsonl");
  BOOST_REQUIRE(posts.size() == 2U);
  BOOST_TEST(text(posts[1], "line") == "POST /notify_expire_users HTTP/1.1");
  BOOST_TEST(json::serialize(posts[1].at("body")) == "{\"users\":[\"" + ann.user_id + "\"]}");
  const auto token = text(posts[1].at("headers"), "x-auth-token");
  const auto valid = p.s.it.tokens();
  BOOST_TEST((std::find(valid.begin(), valid.end(), token) != valid.end()));
  BOOST_TEST(p.letters().empty());
}

BOOST_AUTO_TEST_CASE(nobody_is_warned_unasked_or_on_bad_input) {
  post_office p;
  p.expiring("ann", "ann@example.org");
  manner how;
  how.environment["OSTCLEAN_TEST_CLOCK"] = "1";
  const auto unasked = p.s.run({"--now", k_now, "users", "--notify"}, how);
  BOOST_TEST(unasked.code == 5, unasked.err);
  const auto dry = p.notify({"--dry-run"});
  BOOST_TEST(dry.code == 0, dry.err);
  BOOST_TEST(result_of(dry, "ann") == "would warn", dry.out);
  BOOST_TEST(!std::filesystem::exists(p.s.home.path("state/ostclean/warned.jsonl")));
  const std::pair<const char*, const char*> templates[] = {
      {"", "no Subject"},
      {"Subject: x\n\n", "has no text"},
      {"Subject: x\nBcc: y\n\ntext\n", ":2: not a header"},
      {"Subject: x\n\n{nmae}\n", ":3: a brace"},
      {"Subject: \xFF\n\ntext\n", "is not UTF-8"}};
  for (const auto& [body, complaint] : templates) {
    const auto e = p.notify({"--template", p.s.home.write("template", body)});
    BOOST_TEST(e.code == 2, body << e.err);
    check_one_error(e, complaint);
  }
  std::filesystem::create_directories(p.s.home.path("state/ostclean"));
  p.s.home.write("state/ostclean/warned.jsonl", "{\"user_id\":\"x\"}\n");
  const auto damaged = p.notify();
  BOOST_TEST(damaged.code == 2, damaged.err);
  check_one_error(damaged, "warned.jsonl:1");
  BOOST_TEST(p.letters().empty());
}

BOOST_AUTO_TEST_CASE(recategorize_asks_a_service_and_looks_what_it_did) {
  post_office p;
  const std::string url = "http://127.0.0.1:" + p.http;
  const words args{"recategorize", "--user", p.s.mine.name, "--yes", "-f", "json", "--url"};
  words idle = args, slow = args;
  idle.push_back(url + "/account_category");
  slow.push_back(url + "/slow/account_category");
  const auto e = p.s.run(idle);
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.out.find("still has the role trial") != std::string::npos, e.out);
  auto running = p.s.start(slow);
  BOOST_TEST(p.s.wait_until([&] { return p.given("posts.jsonl").size() == 2; }));
  p.s.it.grant(p.s.mine.user_id, p.s.mine.project_id, "basic");
  sandbox::client admin(p.s.it, "admin", sandbox::cloud::admin_password(), "admin");
  BOOST_TEST(admin.del("/identity/v3/projects/" + p.s.mine.project_id + "/users/" +
                       p.s.mine.user_id + "/roles/" + p.s.id_of("role", "trial")) == 204);
  const auto done = running.wait();
  BOOST_TEST(done.code == 0, done.err);
  const auto body = p.given("posts.jsonl").back().at("body");
  BOOST_TEST(text(body, "user_id") == p.s.mine.user_id);
  BOOST_TEST(text(body, "role_id") == p.s.id_of("role", "basic"));
  BOOST_TEST(body.at("notify").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
