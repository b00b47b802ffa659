#include "core/plan/journal.hpp"

#include "core/json.hpp"
#include "tests/unit/support/temporary_folder.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

BOOST_AUTO_TEST_SUITE(core_plan_journal)

using namespace ostclean;

namespace {

void append(const std::string& file, const std::string& text) {
  std::ofstream{file, std::ios::app} << text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(lines_come_back_and_a_torn_last_one_does_not) {
  testing::temporary_folder folder;
  const std::string file = plan::new_journal_name(folder.path + "/journal");
  {
    auto j = plan::journal::create(file);
    BOOST_REQUIRE(j);
    BOOST_REQUIRE((*j)->write({{"event", "intent"}, {"id", "1"}}));
    BOOST_REQUIRE((*j)->write({{"event", "outcome"}, {"id", "1"}}));
    BOOST_TEST(plan::read_journal(file, false)->empty());
    BOOST_TEST(plan::read_journal(file, true)->size() == 2U);
  }
  append(file, "{\"event\":\"int");
  auto lines = plan::read_journal(file, false);
  BOOST_REQUIRE(lines);
  BOOST_REQUIRE(lines->size() == 2U);
  BOOST_TEST(text_at(boost::json::value(lines->back()), "event") == "outcome");
}

BOOST_AUTO_TEST_CASE(somebody_elses_folder_is_not_made) {
  testing::temporary_folder folder;
  auto j = plan::journal::create(folder.path + "/missing/a.jsonl");
  BOOST_REQUIRE(!j);
  BOOST_TEST((j.error().code == errc::io));
  BOOST_TEST(!std::filesystem::exists(folder.path + "/missing"));
}

BOOST_AUTO_TEST_CASE(it_is_ours_alone_and_never_an_old_one) {
  testing::temporary_folder folder;
  const std::string file = plan::new_journal_name(folder.path + "/journal");
  auto j = plan::journal::create(file);
  BOOST_REQUIRE(j);
  struct stat about {};
  BOOST_REQUIRE(::stat(file.c_str(), &about) == 0);
  BOOST_TEST((about.st_mode & 0777) == 0600U);
  BOOST_REQUIRE(::stat((folder.path + "/journal").c_str(), &about) == 0);
  BOOST_TEST((about.st_mode & 0777) == 0700U);
  BOOST_TEST(!plan::journal::create(file));
}

BOOST_AUTO_TEST_CASE(what_is_not_utf8_hides_no_line) {
  testing::temporary_folder folder;
  const std::string file = folder.path + "/run.jsonl";
  const boost::json::object odd{{"failure", "caf\xe9"}};
  {
    auto log = plan::journal::create(file);
    BOOST_REQUIRE(log);
    BOOST_REQUIRE((*log)->write({{"event", "lend"}}));
    BOOST_REQUIRE((*log)->write(odd));
  }
  BOOST_REQUIRE(plan::append_to_journal(file, odd));
  const auto lines = plan::read_journal(file, false);
  BOOST_REQUIRE_MESSAGE(lines, (lines ? "" : lines.error().line()));
  BOOST_REQUIRE(lines->size() == 3U);
  BOOST_TEST(text_at((*lines)[0], "event") == "lend");
  BOOST_TEST(text_at((*lines)[1], "failure") == "caf?");
  BOOST_TEST(text_at((*lines)[2], "failure") == "caf?");
  BOOST_TEST(bool(plan::check_chain(*lines, file)));
}

BOOST_AUTO_TEST_CASE(garbage_is_an_error_and_not_a_crash) {
  testing::temporary_folder folder;
  const std::string file = folder.path + "/bad.jsonl";
  append(file, "{\"event\":\"begin\"}\nnot json\n{\"event\":\"end\"}\n");
  auto lines = plan::read_journal(file, false);
  BOOST_REQUIRE(!lines);
  BOOST_TEST((lines.error().code == errc::config));
  for (const char* text : {",", "[]", "xx", "{\"objects\":[]}"}) {
    const std::string foreign = folder.path + "/foreign.jsonl";
    append(foreign, text);
    BOOST_TEST(!plan::read_journal(foreign, false), text);
    std::filesystem::remove(foreign);
  }
  for (const char* text : {"", "{", "{\"eve", "{\"event\":\"beg"}) {
    const std::string torn = folder.path + "/torn.jsonl";
    append(torn, text);
    const auto none = plan::read_journal(torn, false);
    BOOST_TEST((none && none->empty()), text);
    std::filesystem::remove(torn);
  }
  BOOST_TEST(!plan::read_journal(folder.path + "/none.jsonl", false));
  std::filesystem::create_symlink(file, folder.path + "/link.jsonl");
  BOOST_TEST(!plan::read_journal(folder.path + "/link.jsonl", false));
}

BOOST_AUTO_TEST_CASE(a_line_that_does_not_fit_leaves_nothing_behind) {
  testing::temporary_folder folder;
  const std::string file = folder.path + "/a.jsonl";
  auto j = plan::journal::create(file);
  BOOST_REQUIRE(j);
  BOOST_REQUIRE((*j)->write({{"id", "1"}}));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  rlimit full = before;
  full.rlim_cur = std::filesystem::file_size(file) + 10;
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &full);
  const auto written = (*j)->write({{"id", "2"}});
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, ignored);
  BOOST_REQUIRE(!written);
  BOOST_TEST((written.error().code == errc::io));
  BOOST_REQUIRE((*j)->write({{"id", "3"}}));
  const auto lines = plan::read_journal(file, true);
  BOOST_REQUIRE_MESSAGE(lines, (lines ? "" : lines.error().line()));
  BOOST_TEST(lines->size() == 2U);
  BOOST_TEST(bool(plan::check_chain(*lines, file)));
}

BOOST_AUTO_TEST_CASE(a_line_that_was_changed_lost_or_put_in_is_noticed) {
  testing::temporary_folder folder;
  const std::string file = folder.path + "/a.jsonl";
  {
    auto j = plan::journal::create(file);
    BOOST_REQUIRE(j);
    for (const char* id : {"1", "2", "3"}) BOOST_REQUIRE((*j)->write({{"id", id}}));
  }
  append(file, "{\"id\":");
  BOOST_REQUIRE(plan::append_to_journal(file, {{"id", "4"}}));
  const auto good = *plan::read_journal(file, false);
  BOOST_REQUIRE(good.size() == 4U);
  BOOST_TEST(bool(plan::check_chain(good, file)));
  auto changed = good, lost = good, added = good;
  changed[1]["id"] = "5";
  lost.erase(lost.begin() + 1);
  added.insert(added.begin() + 1, boost::json::object{{"id", "6"}});
  for (const auto& bad : {changed, lost, added}) {
    const auto told = plan::check_chain(bad, file);
    BOOST_REQUIRE(!told);
    BOOST_TEST((told.error().code == errc::config));
    BOOST_TEST(told.error().message.find(":2: the journal was changed") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
