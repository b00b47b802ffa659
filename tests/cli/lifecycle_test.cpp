// The daily run of ostclean-lifecycle(7), taken from the source of the page and run as it stands
// there, day after day; once undisturbed and once with a kill -9 in every command.
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>
#include <sstream>

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

/// Stands for ostclean: kills each different command line once, at a moment nobody chose.
const char* const k_killer = R"(#!/bin/bash
key=$KILLS/$TODAY-$(printf %s "$*" | cksum | cut -d ' ' -f 1)
if [ -d "$KILLS" ] && [ ! -e "$key" ]; then
  : >"$key"
  "$REAL" "$@" & pid=$!
  sleep 0.$((RANDOM % 50 + 10))
  kill -9 $pid 2>/dev/null
  wait $pid
  exit
fi
exec "$REAL" "$@"
)";

class days : public resting {
 public:
  days() {
    home.write("daily.sh", page());
    for (const char* name : {"bin", "days"}) std::filesystem::create_directories(home.path(name));
    home.write("bin/ostclean", k_killer, 0700);
    // Letters are not what this is about.
    home.write("bin/mailer", "#!/bin/sh\ncat >>\"$HOME/letters\"\n", 0700);
    std::filesystem::create_directories(home.path("config/ostclean"));
    home.write("config/ostclean/config.yaml",
               "protect:\n  email_domains: [corp.invalid]\nnotify:\n  sendmail: " +
                   home.path("bin/mailer") + "\n");
    home.write("clouds.yaml", it.clouds_yaml(home.path("ca.pem")));
  }

  ending once(const std::string& day) {
    const words environment{"HOME=" + home.path(""),
                            "XDG_CACHE_HOME=" + home.path("cache"),
                            "XDG_STATE_HOME=" + home.path("state"),
                            "XDG_CONFIG_HOME=" + home.path("config"),
                            "PATH=" + home.path("bin") + ":/usr/bin:/bin",
                            "REAL=" OSTCLEAN_PROGRAM,
                            "KILLS=" + home.path("kills"),
                            "TODAY=" + day,
                            "OSTCLEAN_TEST_CLOCK=1",
                            "OS_CLOUD=admin",
                            "OS_CLIENT_CONFIG_FILE=" + home.path("clouds.yaml")};
    const std::string line = "cd '" + home.path("days") + "' && exec sh ../daily.sh";
    return cli::start({"/bin/sh", "-c", line}, environment, home.path("day.out"),
                      home.path("day.err"))
        .wait();
  }

  /// Until no command of it was killed.
  void day(const std::string& date) {
    ending e;
    for (int i = 0; i < 40; ++i) {
      e = once(date);
      if (!e.says("Killed")) break;
    }
    BOOST_TEST(e.code == 0, date << ": " << e.err << e.out);
  }

  std::string role(const sandbox::seeded& who) const {
    for (const char* name : {"trial", "basic", "community"})
      if (assignments_of(who).count(id_of("role", name)) > 0) return name;
    return "none";
  }

 private:
  std::set<std::string> assignments_of(const sandbox::seeded& who) const {
    sandbox::client admin(it, "admin", sandbox::cloud::admin_password(), "admin");
    const auto all = admin.get("/identity/v3/role_assignments?user.id=" + who.user_id).json();
    std::set<std::string> ids;
    for (const auto& row : all.at("role_assignments").as_array())
      ids.insert(text(row.at("role"), "id"));
    return ids;
  }
};

std::map<std::string, words> owned(const site& s, const sandbox::seeded& who) {
  return s.it.inventory(who.project_id);
}

std::set<std::string> stopped(const days& s, const sandbox::seeded& who) {
  std::set<std::string> states;
  for (const auto& id : who.servers) states.insert(s.status(id));
  return states;
}

void rehearse(bool kills) {
  days s;
  if (kills) std::filesystem::create_directories(s.home.path("kills"));
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

BOOST_AUTO_TEST_CASE(the_daily_run_ends_with_the_right_projects_empty) { rehearse(false); }

BOOST_AUTO_TEST_CASE(killed_in_every_command_it_ends_the_same) { rehearse(true); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
