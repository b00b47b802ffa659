// The daily run of ostclean-lifecycle(7), taken from the source of the page and run as it stands
// there, day after day; once undisturbed and once with a kill -9 in every command, at a request
// that the dice of the sweeps choose.
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>
#include <optional>
#include <regex>
#include <sstream>
#include <thread>

#include "tests/cli/dice.hpp"
#include "tests/cli/resting.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_lifecycle)

namespace {

std::string page() {
  const std::string text = contents(OSTCLEAN_SOURCE "/man/ostclean-lifecycle.7.scd");
  const std::string fence = "\n```\n";
  const auto from = text.find(fence), to = text.find(fence, from + fence.size() - 1);
  BOOST_REQUIRE(from != std::string::npos && to != std::string::npos);
  return text.substr(from + fence.size(), to + 1 - from - fence.size());
}

/// Stands for ostclean: says who is about to run what, and waits until the test has heard it.
const char* const k_stand_in = R"(#!/bin/bash
printf '%s\n' $$ "$@" >"$HEARD.new"
mv "$HEARD.new" "$HEARD"
while [ -e "$HEARD" ]; do sleep 0.01; done
exec "$REAL" "$@"
)";

/// No run of a command of the page sends fewer requests.
const std::map<std::string, std::size_t> k_least{
    {"users --notify", 3}, {"users --expired", 3}, {"users --role", 3}, {"recategorize", 3},
    {"stop", 3},           {"images", 3},          {"delete", 3},       {"purge", 2}};

class days : public resting {
 public:
  days() {
    home.write("daily.sh", page());
    for (const char* name : {"bin", "days"}) std::filesystem::create_directories(home.path(name));
    home.write("bin/ostclean", k_stand_in, 0700);
    // Letters are not what this is about.
    home.write("bin/mailer", "#!/bin/sh\ncat >>\"$HOME/letters\"\n", 0700);
    std::filesystem::create_directories(home.path("config/ostclean"));
    home.write("config/ostclean/config.yaml",
               "protect:\n  email_domains: [corp.invalid]\nnotify:\n  sendmail: " +
                   home.path("bin/mailer") + "\n");
    home.write("clouds.yaml", it.clouds_yaml(home.path("ca.pem")));
  }

  /// Until no command of it was killed.
  void day(const std::string& date) {
    ending e;
    std::size_t before = 0;
    do {
      before = killed_;
      e = once(date);
    } while (killed_ > before);
    check_sent();
    BOOST_TEST(e.code == 0, date << ": " << e.err << e.out);
  }

  /// From now on each different command of a day is killed the first time, while it waits for the
  /// answer to one of its requests.
  void kill_with(dice any) { any_ = any; }
  /// The commands, without options, that were killed; complains about one that got away.
  std::set<std::string> killed() const {
    BOOST_TEST(killed_ == tried_.size());
    std::set<std::string> names;
    for (const auto& one : tried_) names.insert(one.substr(one.find('|') + 1));
    return names;
  }

  std::string role(const sandbox::seeded& who) const {
    for (const char* name : {"trial", "basic", "community"})
      if (assignments_of(who).count(id_of("role", name)) > 0) return name;
    return "none";
  }

 private:
  ending once(const std::string& day) {
    const words environment{"HOME=" + home.path(""),
                            "XDG_CACHE_HOME=" + home.path("cache"),
                            "XDG_STATE_HOME=" + home.path("state"),
                            "XDG_CONFIG_HOME=" + home.path("config"),
                            "PATH=" + home.path("bin") + ":/usr/bin:/bin",
                            "REAL=" + program(),
                            "HEARD=" + home.path("heard"),
                            "TODAY=" + day,
                            "OSTCLEAN_TEST_CLOCK=1",
                            "OS_CLOUD=admin",
                            "OS_CLIENT_CONFIG_FILE=" + home.path("clouds.yaml")};
    const std::string line = "cd '" + home.path("days") + "' && exec sh ../daily.sh";
    auto run = cli::start({"/bin/sh", "-c", line}, environment, home.path("day.out"),
                          home.path("day.err"));
    while (run.is_running()) {
      attend(day);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return run.wait();
  }

  void attend(const std::string& day) {
    if (running_ > 0 && it.met_fault()) {
      ::kill(running_, SIGKILL);
      running_ = 0;
      ++killed_;
      it.set_faults({});
    }
    std::istringstream told(contents(home.path("heard")));
    pid_t who = 0;
    if (!(told >> who)) return;
    std::string what;
    for (std::string word; told >> word;) what += word + " ";
    prepare(day, what, who);
    std::filesystem::remove(home.path("heard"));
  }

  void prepare(const std::string& day, const std::string& what, pid_t who) {
    it.set_faults({});
    check_sent();
    name_ = name_of(what);
    it.clear_requests();
    // The number in a list's name is that of a process.
    const std::regex number(R"(\.[0-9]+\.json)");
    const auto line = day + " " + std::regex_replace(what, number, "") + "|" + name_;
    if (!any_ || !tried_.insert(line).second) return;
    running_ = who;
    sandbox::fault f;
    f.nth = any_->between(1, k_least.at(name_));
    f.action = any_->chance(50) ? "hang" : "hold";  // before it is done, or after
    BOOST_TEST_MESSAGE(line << " is killed at request " << f.nth << ", " << f.action);
    it.set_faults({f});
  }

  /// k_least is true of the command that was run last.
  void check_sent() {
    const auto sent = it.requests().size();
    if (!name_.empty() && !any_) BOOST_TEST(sent >= k_least.at(name_), name_ << " sent " << sent);
    if (!name_.empty()) BOOST_TEST_MESSAGE(name_ << " sent " << sent);
    name_.clear();
  }

  /// "--now T users --notify ...": the command, and of users what it is asked.
  static std::string name_of(const std::string& line) {
    std::istringstream words(line);
    std::string option, time, command, further;
    words >> option >> time >> command >> further;
    auto name = command == "users" ? command + " " + further : command;
    BOOST_REQUIRE_MESSAGE(k_least.contains(name), "no command of the page: " << line);
    return name;
  }

  std::set<std::string> assignments_of(const sandbox::seeded& who) const {
    sandbox::client admin(it, "admin", sandbox::cloud::admin_password(), "admin");
    const auto all = admin.get("/identity/v3/role_assignments?user.id=" + who.user_id).json();
    std::set<std::string> ids;
    for (const auto& row : all.at("role_assignments").as_array())
      ids.insert(text(row.at("role"), "id"));
    return ids;
  }

  std::optional<dice> any_;
  std::set<std::string> tried_;  ///< "DAY LINE|NAME"
  std::size_t killed_ = 0;
  pid_t running_ = 0;  ///< which is to be killed
  std::string name_;   ///< of what was run last
};

std::map<std::string, words> owned(const site& s, const sandbox::seeded& who) {
  return s.it.inventory(who.project_id);
}

std::set<std::string> stopped(const days& s, const sandbox::seeded& who) {
  std::set<std::string> states;
  for (const auto& id : who.servers) states.insert(s.status(id));
  return states;
}

void rehearse(days& s) {
  const auto seed = [&](const char* name, const char* started, const char* email) {
    return s.it.seed_trial_user(name, "trial", started, 14, email);
  };
  const auto later = seed("later", "2026-05-18", "later@example.org");  // ends on 06-01
  const auto active = seed("active", "2026-05-30", "active@example.org");
  const auto guarded = seed("guarded", "2020-01-01", "guarded@corp.invalid");
  const auto promoted = seed("promoted", "2026-05-01", "promoted@example.org");
  const auto borrowed = s.borrow();
  const std::map<std::string, std::map<std::string, words>> untouched{
      {"active", owned(s, active)},
      {"guarded", owned(s, guarded)},
      {"neighbour", owned(s, s.theirs)}};

  s.day("2026-06-01");
  BOOST_TEST(contents(s.home.path("letters")).find("To: later@example.org") != std::string::npos);
  BOOST_TEST(contents(s.home.path("letters")).find("corp.invalid") == std::string::npos);
  BOOST_TEST(s.role(s.mine) == "basic");
  BOOST_TEST(s.role(promoted) == "basic");
  BOOST_TEST(s.role(later) == "trial");
  BOOST_TEST(stopped(s, s.mine).count("ACTIVE") == 0U);
  BOOST_TEST(stopped(s, later).count("ACTIVE") == 1U);
  BOOST_TEST(!owned(s, s.mine).empty());

  s.day("2026-06-02");
  BOOST_TEST(s.role(later) == "basic");
  s.it.grant(promoted.user_id, promoted.project_id, "trial");
  s.it.change("user", promoted.user_id, {{"trial_duration", 1000}});
  const auto kept = owned(s, promoted);

  s.day("2026-06-08");
  auto rest = s.rest();
  BOOST_TEST(rest["image"] == words{s.mine.shared_image}, boost::test_tools::per_element());
  rest.erase("image");
  for (const auto& [kind, ids] : rest) BOOST_ERROR("left: " << kind << " " << ids.front());
  BOOST_TEST(s.visibility(s.mine.shared_image) == "private");
  BOOST_TEST(text(s.it.object("image", s.mine.shared_image), "orphan_image") == "True");
  BOOST_TEST((owned(s, promoted) == kept));
  BOOST_TEST(!owned(s, later).empty());
  for (const auto& who : {active, guarded, s.theirs})
    BOOST_TEST((owned(s, who) == untouched.at(who.name)), who.name);

  sandbox::client neighbour(s.it, s.theirs.name, s.theirs.password, s.theirs.name);
  BOOST_TEST(neighbour.del("/compute/v2.1/servers/" + borrowed) == 204);
  s.it.settle();
  s.day("2026-06-09");
  s.check_empty();
  BOOST_TEST(s.it.object("image", s.mine.shared_image).is_null());
  BOOST_TEST(owned(s, later).count("server") == 0U);
  BOOST_TEST(s.role(active) == "trial");
  BOOST_TEST(s.role(guarded) == "trial");
  BOOST_TEST(stopped(s, active).count("ACTIVE") == 1U);
  for (const auto& entry : std::filesystem::directory_iterator(s.home.path("days")))
    BOOST_TEST(contents(entry.path().string()).find_first_of("[{") == 0U, entry.path().string());
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_page_and_the_readme_show_the_same_run) {
  const std::string readme = contents(OSTCLEAN_SOURCE "/README.md");
  std::istringstream lines(page());
  std::string indented;
  for (std::string line; std::getline(lines, line);) indented += "    " + line + "\n";
  BOOST_TEST(readme.find("\n" + indented) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_daily_run_ends_with_the_right_projects_empty) {
  days s;
  rehearse(s);
}

BOOST_AUTO_TEST_CASE(killed_in_every_command_it_ends_the_same) {
  const auto seed = sweep_seed();
  BOOST_TEST_CONTEXT("OSTCLEAN_SWEEP_SEED=" << seed) {
    days s;
    s.kill_with(dice{seed});
    rehearse(s);
    const auto killed = s.killed();
    for (const auto& [name, least] : k_least) BOOST_TEST(killed.count(name) == 1U, name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
