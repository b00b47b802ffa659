// Rule 2: a change nobody confirmed is never sent. Every command that asks, with everything that
// can be answered on a real terminal.
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "tests/cli/changing_commands.hpp"
#include "tests/cli/meanwhile.hpp"
#include "tests/cli/terminal_child.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_prompts)

namespace {

/// Keys, and how the run ends then.
struct answer {
  const char* what;
  std::string keys;
  int code;
};

const std::vector<answer> k_wrong{{"another word", "nonsense\n", 5},
                                  {"an empty line", "\n", 5},
                                  {"the end of input", k_ctrl_d, 5},
                                  {"Ctrl-C", k_ctrl_c, 130},
                                  {"half of it and Ctrl-C", "tri" + k_ctrl_c, 130}};

void check_declined(busy_site& s, const changing_command& row, const answer& given) {
  BOOST_TEST_CONTEXT(row.name << ", " << given.what) {
    s.it.clear_requests();
    const auto before = s.it.snapshot();
    terminal t(s, row.args(s));
    BOOST_TEST(t.shows(row.asks));
    t.type(given.keys);
    const auto e = t.wait();
    BOOST_TEST(e.code == given.code, e.out);
    BOOST_TEST(changes_beyond_loans(s).empty());
    check_same(before, s.it.snapshot());
    BOOST_TEST(!std::filesystem::exists(s.credentials()));
  }
}

/// os-vm-expire forgets by itself whose server is gone.
void check_emptied(const site& s) {
  auto rest = s.rest();
  rest.erase("vmexpire");
  BOOST_TEST(rest.empty(), rest.begin()->first << " is left");
}

/// Typed by a slow person, corrected in between.
void check_confirmed(busy_site& s, const changing_command& row) {
  BOOST_TEST_CONTEXT(row.name) {
    s.it.clear_requests();
    const auto before = s.it.snapshot();
    terminal t(s, row.args(s), 40);
    BOOST_TEST(t.shows(row.asks));
    const auto half = row.right.substr(0, row.right.size() / 2);
    t.type("x\x7f" + half);
    BOOST_TEST(t.shows("x"));
    BOOST_TEST(t.shows(half));
    BOOST_TEST(changes_beyond_loans(s).empty());
    t.type(row.right.substr(row.right.size() / 2) + "\n");
    const auto e = t.wait();
    BOOST_TEST(e.code == 0, e.out);
    const bool mails = row.name == "users --notify";
    const bool nothing = s.it.snapshot() == before && changes_beyond_loans(s).empty();
    BOOST_TEST(nothing == mails, e.out);
    if (mails) BOOST_TEST(e.out.find("warned") != std::string::npos, e.out);
  }
}

/// An empty one, by the user's own hands.
std::string new_network(sandbox::client& user) {
  const auto made = user.post("/network/v2.0/networks", {{"network", {{"name", "new"}}}}).json();
  return text(made.at("network"), "id");
}

/// A delete whose question is answered more than a minute, by its clock, after it was asked.
ending answered_late(site& s, const std::function<void()>& meanwhile, const words& further = {}) {
  manner how;
  const late_clock clock(s);
  clock.attach(how);
  s.it.clear_requests();
  words args{"delete", "--project", s.mine.name, "-f", "json"};
  args.insert(args.end(), further.begin(), further.end());
  terminal t(s, args, 200, how);
  BOOST_TEST(t.shows("to delete all this: "));
  meanwhile();
  clock.strike(std::chrono::seconds(61));
  t.type(s.mine.name + "\n");
  return t.wait();
}

}  // namespace

BOOST_AUTO_TEST_CASE(without_a_terminal_only_reads_are_sent) {
  for (const auto& row : asking_commands()) {
    BOOST_TEST_CONTEXT(row.name) {
      busy_site s;
      row.before(s);
      const auto before = s.it.snapshot();
      manner piped;
      piped.in = row.right + "\n";  // a pipe is no person
      const auto e = s.run(row.args(s), piped);
      BOOST_TEST(e.code == 5, e.err);
      check_one_error(e, "not confirmed");
      BOOST_TEST(e.says("--yes"), e.err);
      BOOST_TEST(s.changes().empty());
      check_same(before, s.it.snapshot());
      BOOST_TEST(!std::filesystem::exists(s.credentials()));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_the_answer_changes_nothing_and_what_is_begins) {
  for (const auto& row : asking_commands()) {
    busy_site s;
    row.before(s);
    for (const auto& given : k_wrong) check_declined(s, row, given);
    check_confirmed(s, row);
  }
}

BOOST_AUTO_TEST_CASE(yes_is_not_asked_again) {
  busy_site s;
  terminal t(s, s.removal());
  const auto e = t.wait();
  BOOST_TEST(e.code == 0, e.out);
  BOOST_TEST(e.out.find("type the") == std::string::npos, e.out);
  check_emptied(s);
}

BOOST_AUTO_TEST_CASE(a_name_of_other_letters_is_typed_as_it_is) {
  busy_site s;
  const std::string name =
      "pr\xc3\xbc"
      "fung \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x8c\xa9";
  s.it.change("project", s.mine.project_id, {{"name", name}});
  const auto before = s.it.snapshot();
  const words args{"delete", "--project", s.mine.project_id, "-f", "json"};
  const std::string asks = "type the project's name to delete all this: ";
  for (const std::string& wrong : {std::string("prufung"), s.mine.project_id, name.substr(0, 9)}) {
    terminal t(s, args, 40);
    BOOST_TEST(t.shows(asks));
    t.type(wrong + "\n");
    BOOST_TEST(t.wait().code == 5);
  }
  check_same(before, s.it.snapshot());
  terminal t(s, args, 40);
  BOOST_TEST(t.shows(asks));
  t.type(name + "\n");
  const auto e = t.wait();
  BOOST_TEST(e.code == 0, e.out);
  check_emptied(s);
}

BOOST_AUTO_TEST_CASE(of_several_projects_the_number_is_typed) {
  busy_site s;
  const words args{"delete", "--project", s.mine.name, "--project", s.theirs.name, "-f", "json"};
  const std::string asks = "type the number of projects (2) to delete all this: ";
  const auto before = s.it.snapshot();
  for (const std::string& wrong : {std::string("1"), std::string("02"), s.mine.name}) {
    terminal t(s, args);
    BOOST_TEST(t.shows(asks));
    t.type(wrong + "\n");
    BOOST_TEST(t.wait().code == 5);
  }
  check_same(before, s.it.snapshot());
  terminal t(s, args);
  BOOST_TEST(t.shows(asks));
  t.type("2\n");
  const auto e = t.wait();
  BOOST_TEST(e.code == 0, e.out);
  check_emptied(s);
}

BOOST_AUTO_TEST_CASE(what_came_while_the_question_stood_there_stays) {
  busy_site s;
  terminal t(s, {"delete", "--project", s.mine.name, "-f", "json"});
  BOOST_TEST(t.shows("to delete all this: "));
  const auto late = s.it.seed_project("late");
  const auto volume = s.it.object("volume", late.volume).as_object();
  s.it.put("volume", late.volume, s.mine.project_id, volume);
  t.type(s.mine.name + "\n");
  const auto e = t.wait();
  BOOST_TEST(e.code == 3, e.out);
  BOOST_TEST(!s.it.object("network", late.network).is_null());
  BOOST_TEST(!s.it.object("volume", late.volume).is_null());
}

BOOST_AUTO_TEST_CASE(after_a_long_wait_nothing_goes_that_was_not_shown) {
  site s;
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  const auto first = new_network(user);
  std::string second;
  const auto exchanged = answered_late(s, [&] {
    BOOST_TEST(user.del("/network/v2.0/networks/" + first) == 204);
    second = new_network(user);
  });
  BOOST_TEST(exchanged.code == 5, exchanged.out);
  BOOST_TEST(exchanged.out.find(second) != std::string::npos, exchanged.out);
  BOOST_TEST(s.count("DELETE", "network") == 1U);
  BOOST_TEST(s.count("DELETE", "compute") == 0U);
  BOOST_TEST(!s.it.object("network", second).is_null());
  const auto removed =
      answered_late(s, [&] { BOOST_TEST(user.del("/network/v2.0/networks/" + second) == 204); });
  BOOST_TEST(removed.code == 0, removed.out);
  check_emptied(s);
}

BOOST_AUTO_TEST_CASE(what_was_made_anew_under_a_shown_name_was_not_shown) {
  site s;
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  const std::string keys = "/compute/v2.1/os-keypairs",
                    box = "/object-store/v1/AUTH_" + s.mine.project_id + "/spare";
  const json::value spare{{"keypair", {{"name", "spare"}}}};
  user.post(keys, spare);
  user.send("PUT", box);
  for (const bool key : {true, false}) {
    const auto e = answered_late(s, [&] {
      BOOST_TEST(user.del(key ? keys + "/spare" : box) < 300);
      key ? user.post(keys, spare) : user.send("PUT", box);
    });
    BOOST_TEST(e.code == 5, e.out);
    BOOST_TEST(e.out.find(key ? "keypair spare" : "container spare") != std::string::npos, e.out);
    BOOST_TEST(s.count("DELETE", key ? "compute" : "object-store") == 1U);
  }
}

BOOST_AUTO_TEST_CASE(nor_was_what_would_go_along_with_the_chosen_by_now) {
  site s;
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  json::object port{{"network_id", s.mine.network}, {"device_id", s.mine.servers.front()}};
  port["device_owner"] = "compute:nova";
  const auto add = [&] { user.post("/network/v2.0/ports", {{"port", port}}); };
  const auto e = answered_late(s, add, {"--only", "server"});
  BOOST_TEST(e.code == 5, e.out);
  BOOST_TEST(e.out.find("while you were asked: port") != std::string::npos, e.out);
  BOOST_TEST(s.count("DELETE", "compute") == 0U);
}

BOOST_AUTO_TEST_CASE(a_password_is_asked_for_in_silence) {
  busy_site s;
  manner how;
  how.environment = {{"OS_CLOUD", ""},
                     {"OS_CLIENT_CONFIG_FILE", ""},
                     {"OS_AUTH_URL", s.it.auth_url()},
                     {"OS_CACERT", s.home.path("ca.pem")},
                     {"OS_USERNAME", "admin"},
                     {"OS_PROJECT_NAME", "admin"},
                     {"OS_USER_DOMAIN_ID", "default"},
                     {"OS_PROJECT_DOMAIN_ID", "default"}};
  {
    terminal t(s, {"users", "--debug"}, 80, how);
    BOOST_TEST(t.shows("Password: "));
    BOOST_TEST(!t.echoes());
    t.type(sandbox::cloud::admin_password() + "\n");
    const auto e = t.wait();
    BOOST_TEST(e.code == 0, e.out);
    BOOST_TEST(e.out.find(sandbox::cloud::admin_password()) == std::string::npos, e.out);
  }
  for (const auto& key : {k_ctrl_c, k_ctrl_d, std::string("\n")}) {
    s.it.clear_requests();
    how.environment["XDG_CACHE_HOME"] = s.home.path("another");
    terminal t(s, {"delete", "--project", s.mine.name}, 80, how);
    BOOST_TEST(t.shows("Password: "));
    t.type(key);
    const auto e = t.wait();
    BOOST_TEST(e.code == (key == k_ctrl_c ? 130 : 2), e.out);
    BOOST_TEST(s.it.requests().empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
