// stop --undo, and the record between the two: killed anywhere, read with any damage.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "tests/cli/resting.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {

BOOST_AUTO_TEST_SUITE(cli_stop_undo)

BOOST_AUTO_TEST_CASE(everything_comes_back) {
  resting s;
  const auto others = s.of_others();
  const auto before = s.state();
  BOOST_TEST(s.stop({"--lock"}).code == 0);
  BOOST_TEST(s.state() != before);
  auto e = s.undo({"--dry-run"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.state() != before);
  e = s.undo();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.state() == before);
  s.it.clear_requests();
  BOOST_TEST(s.undo().code == 0);
  for (const auto& line : s.changes())
    BOOST_TEST(line.find("/identity/") != std::string::npos, line);
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(one_404_does_not_prove_that_anything_is_gone) {
  resting s;
  const auto before = s.state();
  const auto not_now = [&](const char* service, const char* path) {
    sandbox::fault f;
    f.service = service, f.path = path, f.nth = 1, f.status = 404;
    s.it.set_faults({f});
  };
  for (const auto& [service, path] : {std::pair{"compute", "/action"},
                                      {"image", "/members"},
                                      {"image", s.mine.shared_image.c_str()}}) {
    not_now(service, path);
    BOOST_TEST(s.stop().code == 0, path);
    BOOST_TEST(s.state() == "SHUTOFF SHUTOFF private private ", path);
    not_now(service, path);
    BOOST_TEST(s.undo().code == 0, path);
    BOOST_TEST(s.state() == before, path);
  }
}

BOOST_AUTO_TEST_CASE(the_first_state_is_never_lost) {
  resting s;
  const auto before = s.state();
  BOOST_TEST(s.stop().code == 0);
  const auto first = s.events("before");
  // As if the user had paused it meanwhile: what it was at first counts.
  s.it.change("server", s.mine.servers[0],
              {{"status", "PAUSED"}, {"OS-EXT-STS:vm_state", "paused"}});
  BOOST_TEST(s.stop().code == 0);
  BOOST_TEST((s.events("before") == first));
  BOOST_TEST(s.undo().code == 0);
  BOOST_TEST(s.state() == before);
  // After the undo a new stop records anew.
  BOOST_TEST(s.stop().code == 0);
  BOOST_TEST(s.events("before").size() == 2 * first.size());
  BOOST_TEST(s.undo().code == 0);
  BOOST_TEST(s.state() == before);
}

BOOST_AUTO_TEST_CASE(killed_at_any_request_the_undo_brings_everything_back) {
  resting s;
  const auto before = s.state();
  const auto assignments = s.assignments();
  const std::string stopped = "SHUTOFF+lock SHUTOFF+lock private private ";
  std::size_t killed = 0;
  for (std::uint64_t nth = 4; nth < 60; nth += 2) {
    sandbox::fault f;
    f.action = "hang", f.nth = nth;
    f.optional = true;  // the last run ends before
    s.it.set_faults({f});
    auto run =
        s.start({"stop", "--project", s.mine.name, "--record", s.record(), "--lock", "--yes"});
    BOOST_TEST(s.wait_until([&] { return s.it.met_fault() || !run.is_running(); }));
    const bool met = s.it.met_fault();
    run.signal(SIGKILL);
    BOOST_TEST(run.wait().code == (met ? 1000 + SIGKILL : 0), nth);
    s.it.set_faults({});
    s.it.settle();
    killed += s.state() != before && s.state() != stopped;
    auto e = s.stop({"--lock"});
    BOOST_TEST(e.code == 0, nth << ": " << e.err);
    BOOST_TEST(s.state() == stopped, nth);
    e = s.undo();
    BOOST_TEST(e.code == 0, nth << ": " << e.err);
    BOOST_TEST(s.state() == before, nth);
    BOOST_TEST((s.assignments() == assignments));
    if (!met) break;
  }
  BOOST_TEST(killed > 2U);  // half-way, with something changed and something not
}

BOOST_AUTO_TEST_CASE(what_was_changed_since_is_left_alone) {
  resting s;
  BOOST_TEST(s.stop().code == 0);
  s.it.change("image", s.mine.shared_image, {{"visibility", "community"}});
  s.it.change("server", s.mine.servers[0], {{"locked", true}});
  const auto e = s.undo();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.visibility(s.mine.shared_image) == "community");
  BOOST_TEST(s.status(s.mine.servers[0]) == "SHUTOFF");
  BOOST_TEST(s.status(s.mine.servers[1]) == "ACTIVE");
}

BOOST_AUTO_TEST_CASE(what_is_gone_is_said) {
  resting s;
  BOOST_TEST(s.stop().code == 0);
  BOOST_TEST(s.remove({"--only", "server"}).code == 0);
  const auto e = s.undo();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.out.find("not in the project any more") != std::string::npos, e.out);
  BOOST_TEST(s.visibility(s.mine.shared_image) == "shared");
}

BOOST_AUTO_TEST_CASE(a_record_cannot_touch_another_project) {
  resting s;
  BOOST_TEST(s.stop().code == 0);
  auto text = contents(s.record());
  for (auto at = text.find(s.mine.project_id); at != std::string::npos;
       at = text.find(s.mine.project_id))
    text.replace(at, s.mine.project_id.size(), s.theirs.project_id);
  const auto forged = s.home.write("forged.jsonl", text);
  const auto others = s.of_others();
  const auto before = s.state();
  const auto e = s.run({"stop", "--undo", forged, "--yes"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(s.state() == before);
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_user_takes_its_own_back) {
  resting s;
  const auto before = s.state();
  BOOST_TEST(s.stop().code == 0);
  const auto e = s.undo({"--credentials", s.credentials()});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.state() == before);
}

/// As a version before wrote it.
BOOST_AUTO_TEST_CASE(a_record_without_the_id_serves_at_its_url) {
  resting s;
  const auto before = s.state();
  BOOST_TEST(s.stop().code == 0);
  auto text = contents(s.record());
  const auto at = text.find(",\"keystone_id\"");
  BOOST_TEST_REQUIRE(at != std::string::npos);
  text.erase(at, text.find('}') - at);
  const auto e = s.run({"stop", "--undo", s.home.write("old.jsonl", text), "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.state() == before);
}

/// As whoever took the internal endpoint has written it.
BOOST_AUTO_TEST_CASE(a_record_serves_at_each_url_of_its_cloud) {
  sandbox::options o;
  o.internal_localhost = true;
  resting s(o);
  const auto before = s.state();
  BOOST_TEST(s.stop().code == 0);
  auto text = contents(s.record());
  const auto at = text.find("127.0.0.1");
  BOOST_TEST_REQUIRE(at != std::string::npos);
  text.replace(at, 9, "localhost");
  const auto file = s.home.write("moved.jsonl", text);
  const auto e = s.run({"stop", "--undo", file, "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.state() == before);
}

/// A cloud that was made from another one's database, to rehearse on, has all its ids.
BOOST_AUTO_TEST_CASE(the_record_of_a_copy_unlocks_nothing) {
  resting s, copy;
  std::string mark;
  s.it.arrange([&](sandbox::world& w) { mark = w.mark; });
  copy.it.arrange([&](sandbox::world& w) { w.mark = mark; });
  BOOST_TEST(copy.stop().code == 0);
  const auto file = s.home.write("copy.jsonl", contents(copy.record()));
  const auto before = s.it.snapshot();
  for (const words& args : {words{"stop", "--undo", file, "--yes"},
                            {"delete", "--project", s.mine.name, "--yes", "--record", file},
                            {"delete", "--project", s.mine.name, "--yes", "--keep-images", file}}) {
    const auto e = s.run(args);
    BOOST_TEST(e.code == 2, e.err);
    check_one_error(e, "is of another cloud: " + copy.it.auth_url());
  }
  BOOST_TEST(s.changes().empty());
  check_same(before, s.it.snapshot());
}

/// Made of a good one, and what each is told of.
std::vector<std::pair<std::string, std::string>> damaged(const std::string& good,
                                                         const std::string& url) {
  const auto first = good.substr(0, good.find('\n') + 1);
  return {
      {"", "is empty"},
      {first + "{\"event\":\"before\",\"kind\n" + good.substr(first.size()), ":2: not valid JSON"},
      {good.substr(first.size()), ":1: not a record that stop has written"},
      {first + "{\"event\":\"before\",\"kind\":\"server\"}\n", ":2: not a line"},
      {"id,name\n1,2\n", ":1: not valid JSON"},
      {"{\"event\":\"begin\",\"command\":\"stop\",\"cloud\":\"https://elsewhere\"}\n",
       "is of another cloud"},
      {"{\"event\":\"begin\",\"command\":\"stop\",\"cloud\":\"" + url +
           "\",\"keystone_id\":\"other\"}\n",
       "is of another cloud"}};
}

BOOST_AUTO_TEST_CASE(damaged_records_are_one_clear_line) {
  resting s;
  BOOST_TEST(s.stop().code == 0);
  const auto good = contents(s.record());
  const auto state = s.state();
  const auto assignments = s.assignments();
  const auto bad = damaged(good, s.it.auth_url());
  s.it.clear_requests();
  for (const auto& [text, says] : bad) {
    const auto file = s.home.write("bad.jsonl", text);
    const auto e = s.run({"stop", "--undo", file, "--yes"});
    BOOST_TEST(e.code == 2, says << ": " << e.err);
    check_one_error(e, says);
    if (text.empty()) continue;
    const auto again = s.run({"stop", "--project", s.mine.name, "--record", file, "--yes"});
    BOOST_TEST(again.code == 2, says << ": " << again.err);
    check_one_error(again, says);
    BOOST_TEST(contents(file) == text);
  }
  const auto missing = s.run({"stop", "--undo", s.home.path("none"), "--yes"});
  BOOST_TEST(missing.code == 2, missing.err);
  check_one_error(missing, "No such file");
  const auto open = s.home.write("open.jsonl", good);
  BOOST_TEST(::chmod(open.c_str(), 0666) == 0);
  const auto wide = s.run({"stop", "--undo", open, "--yes"});
  BOOST_TEST(wide.code == 2, wide.err);
  check_one_error(wide, "others can write to it");
  BOOST_TEST(s.changes().empty());
  BOOST_TEST(s.state() == state);
  BOOST_TEST((s.assignments() == assignments));
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_windows_line_ends_and_a_torn_end_are_fine) {
  resting s;
  const auto before = s.state();
  BOOST_TEST(s.stop().code == 0);
  std::string text = "\xEF\xBB\xBF";
  for (const char c : contents(s.record())) text += c == '\n' ? "\r\n" : std::string(1, c);
  s.home.write("stopped.jsonl", text + "{\"event\":\"befo");
  const auto e = s.undo();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.state() == before);
  BOOST_TEST(s.undo().code == 0);
  BOOST_TEST(s.stop().code == 0);
  BOOST_TEST(s.undo().code == 0);
  BOOST_TEST(s.state() == before);
}

BOOST_AUTO_TEST_CASE(a_run_without_record_names_the_one_it_wrote) {
  resting s;
  const auto before = s.state();
  const auto e = s.run({"stop", "--project", s.mine.name, "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  const auto at = e.err.find("record: ");
  BOOST_REQUIRE(at != std::string::npos);
  const auto file = e.err.substr(at + 8, e.err.find(' ', at + 8) - at - 8);
  BOOST_TEST(s.run({"stop", "--undo", file, "--yes"}).code == 0);
  BOOST_TEST(s.state() == before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
