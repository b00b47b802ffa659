// Rule 6, the files: whatever somebody put where the program reads or writes, it neither hangs, nor
// follows it, nor trusts it.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "tests/cli/changing_commands.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_hostile_files)

namespace {

namespace fs = std::filesystem;

enum class trick { fifo, link, folder, wide, foreign };

constexpr std::pair<trick, const char*> k_tricks[] = {{trick::fifo, "a FIFO"},
                                                      {trick::link, "a symbolic link"},
                                                      {trick::folder, "a folder"},
                                                      {trick::wide, "a file others can write"},
                                                      {trick::foreign, "somebody else's file"}};

/// A file somewhere else that a link points to; it must stay as it is.
std::string bait(const site& s) { return s.home.path("bait"); }

bool make(const site& s, trick how, const std::string& at, const std::string& text) {
  switch (how) {
    case trick::fifo:
      return ::mkfifo(at.c_str(), 0600) == 0;
    case trick::link:
      return ::symlink(bait(s).c_str(), at.c_str()) == 0;
    case trick::folder:
      return fs::create_directories(at);
    default:
      break;
  }
  s.home.write(at, text, how == trick::wide ? 0666 : 0600);
  return how == trick::wide || ::chown(at.c_str(), 65534, 65534) == 0;
}

/// False when it is not there: only root gives files away.
bool lay(const site& s, trick how, const std::string& at, const std::string& text) {
  s.home.write("bait", text);
  const bool made = make(s, how, at, text);
  BOOST_TEST(made == (how != trick::foreign || ::geteuid() == 0));
  return made;
}

/// Where a file is named, what would be good in it, how the command ends otherwise, and how it
/// does for some tricks; 0: that is none there.
struct place {
  std::string name;
  words args;
  std::string good;
  int code;
  std::map<trick, int> but;
};

std::vector<place> outputs(const site& s, const std::string& at) {
  const words remove{"delete", "--project", s.mine.name, "--yes"};
  const auto with = [](words args, const words& more) {
    args.insert(args.end(), more.begin(), more.end());
    return args;
  };
  const std::map<trick, int> of_no_harm{{trick::wide, 0}, {trick::foreign, 0}};
  const words reset{"reset", "--user", s.mine.name, "--yes", "--credentials"};
  return {{"--credentials", with(reset, {at, "--append"}), "", 2, {{trick::folder, 1}}},
          {"--credentials, new", with(reset, {at}), "", 5, {}},
          {"--journal", with(remove, {"--journal", at}), "", 5, {}},
          {"--report", with(remove, {"--report", at}), "", 1, of_no_harm},
          {"--plan", with(remove, {"--plan", at}), "", 5, {}},
          {"--record", {"stop", "--project", s.mine.name, "--yes", "--record", at}, "", 2, {}},
          {"--log-file", with({"--log-file", at}, remove), "", 2, of_no_harm}};
}

std::vector<place> inputs(const site& s, const std::string& at) {
  const std::string line = json::serialize(json::object{{"user_id", s.mine.user_id},
                                                        {"password", s.mine.password},
                                                        {"project_id", s.mine.project_id}}) +
                           "\n";
  return {{"--credentials", {"delete", "--credentials", at, "--yes"}, line, 2, {}},
          {"--credentials of stop", {"stop", "--credentials", at, "--yes"}, line, 2, {}},
          {"--undo", {"stop", "--undo", at, "--yes"}, "", 2, {}},
          {"--apply", {"delete", "--apply", at, "--yes"}, "{}", 2, {}},
          {"--resume", {"delete", "--resume", "--journal", at, "--yes"}, "", 2, {}}};
}

void check_refused(site& s, const place& where, const std::string& at, int code) {
  const auto before = s.it.snapshot();
  s.it.clear_requests();
  const auto e = s.run(where.args);
  BOOST_TEST(e.code == code, e.err);
  BOOST_TEST(e.errors().size() == 1U, e.err);
  BOOST_TEST(e.says(at), e.err);
  BOOST_TEST(changes_beyond_loans(s).empty());
  check_same(before, s.it.snapshot());
  BOOST_TEST(contents(bait(s)) == where.good);
}

void try_all(const std::function<std::vector<place>(const site&, const std::string&)>& places,
             const char* name) {
  busy_site s;
  const auto at = s.home.path(name);
  for (const auto& where : places(s, at))
    for (const auto& [how, called] : k_tricks) {
      const int code = where.but.contains(how) ? where.but.at(how) : where.code;
      if (code == 0) continue;
      BOOST_TEST_CONTEXT(where.name << " is " << called) {
        if (lay(s, how, at, where.good)) check_refused(s, where, at, code);
        fs::remove_all(at);
      }
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_no_file_of_ours_is_not_written_to) { try_all(outputs, "out.json"); }

BOOST_AUTO_TEST_CASE(nor_is_it_read) { try_all(inputs, "in.jsonl"); }

BOOST_AUTO_TEST_CASE(the_token_cache_is_done_without_or_made_anew) {
  for (const char* part : {"cache/ostclean", "cache/ostclean/file"}) {
    for (const auto& [how, called] : k_tricks) {
      BOOST_TEST_CONTEXT(part << " is " << called) {
        busy_site s;
        BOOST_TEST(s.run({"users"}).code == 0);
        std::string at = s.home.path("cache/ostclean");
        if (std::string(part).ends_with("file"))
          for (const auto& file : fs::directory_iterator(s.home.path("cache/ostclean")))
            if (file.path().extension() != ".lock") at = file.path().string();
        const bool folder = at.ends_with("ostclean");
        const auto kept = contents(at);
        BOOST_TEST(kept.empty() == folder);
        if (folder && how == trick::wide)
          fs::permissions(at, fs::perms(0777));
        else if (folder && how == trick::foreign)
          BOOST_TEST(::chown(at.c_str(), 65534, 65534) == (::geteuid() == 0 ? 0 : -1));
        else
          fs::remove_all(at), (void)lay(s, how, at, kept);
        s.it.clear_requests();
        const auto e = s.run({"users", "-f", "value", "-c", "name"});
        BOOST_TEST(e.code == 0, e.err);
        BOOST_TEST(e.errors().empty(), e.err);
        BOOST_TEST(e.out.find(s.mine.name) != std::string::npos);
        const bool same = folder && how == trick::folder;  // an empty one that is ours
        if (!same && ::geteuid() == 0)
          BOOST_TEST(s.count("POST", "identity", "/auth/tokens") == 1U);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_fifo_that_may_be_one_is_left_with_ctrl_c) {
  busy_site s;
  const auto at = s.home.path("users");
  BOOST_TEST(::mkfifo(at.c_str(), 0600) == 0);
  for (const char* option : {"--users", "--trusts"}) {
    auto run = s.start({"delete", option, at, "--yes"});
    BOOST_TEST(s.wait_until([&] { return run.waits_to_open() || !run.is_running(); }));
    BOOST_TEST(run.is_running());
    run.signal(SIGINT);
    const auto e = run.wait();
    BOOST_TEST(e.code == 130, option << e.err);
  }
  BOOST_TEST(s.changes().empty());
  manner how;
  how.environment["OS_CLIENT_CONFIG_FILE"] = at;
  const auto e = s.run({"users"}, how);
  BOOST_TEST(e.code == 2, e.err);
  BOOST_TEST(e.errors().size() == 1U, e.err);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
