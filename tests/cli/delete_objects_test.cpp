// Containers: many objects, odd names, versions, and a cluster that has switched bulk delete off.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/cli/store.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_objects)

BOOST_AUTO_TEST_CASE(ten_thousand_objects_cost_a_handful_of_requests) {
  site s;
  s.it.fill(s.mine, s.mine.container, 10000);
  s.it.fill(s.theirs, s.theirs.container, 100);
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
  BOOST_TEST(s.count("", "object-store") <= 20U);
}

BOOST_AUTO_TEST_CASE(without_bulk_delete_they_go_one_by_one) {
  sandbox::options o;
  o.bulk_delete = false;
  site s(sandbox::level::rare, o);
  s.it.fill(s.mine, s.mine.container, 300);
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(names_that_need_care) {
  site s;
  store mine(s);
  for (const char* box : {"with%20space", "%C3%BCmlaut", "50%25", "a%26b%3Dc", "q%3Fr%23s"}) {
    mine.put(box);
    for (const char* name : {"a%20b", "%2Fleading", "deep/er/path", "%C3%A9t%C3%A9", "100%25",
                             "line%0Afeed", "q%3Fm%23h", "plus+sign", "%25%32%66", "tail%20"})
      mine.put(std::string(box) + "/" + name);
  }
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(the_same_with_bulk_switched_off) {
  sandbox::options o;
  o.bulk_delete = false;
  site s(sandbox::level::plain, o);
  store mine(s);
  mine.put("q%3Fr%23s%20%25");
  for (const char* name :
       {"a%20b", "%2Fleading", "100%25", "line%0Afeed", "q%3Fm%23h", "%25%32%66"})
    mine.put(std::string("q%3Fr%23s%20%25/") + name);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_name_that_could_lead_elsewhere_is_never_sent_in_a_path) {
  const words names{"..", "../../AUTH_victim/c/o", "a%2F..%2Fb", "a/./b"};
  for (const bool bulk : {false, true}) {
    sandbox::options o;
    o.bulk_delete = bulk;
    site s(sandbox::level::plain, o);
    store mine(s);
    mine.put("box");
    for (const char* name :
         {"%2E%2E", "..%2F..%2FAUTH_victim%2Fc%2Fo", "a%252F..%252Fb", "a%2F.%2Fb", "...", "plain"})
      mine.put(std::string("box/") + name);
    const auto others = s.of_others();
    s.it.clear_requests();
    const auto e = s.remove();
    BOOST_TEST(e.code == (bulk ? 0 : 3), e.err);
    for (const auto& r : s.it.requests()) {
      const bool harmless = r.path.ends_with("/box/...") || r.path.ends_with("/box/plain");
      BOOST_TEST((r.path.find("/box/") == std::string::npos || harmless), r.path);
    }
    s.check_others(others);
    if (bulk) {
      s.check_empty();
      continue;
    }
    BOOST_TEST(e.says("'.' and '..' in its name"), e.err);
    words left;
    for (const auto& name : names) left.push_back("box/" + name);
    std::sort(left.begin(), left.end());
    BOOST_TEST((s.rest().at("object") == left));
    BOOST_TEST((s.rest().at("container") == words{"box"}));
  }
}

BOOST_AUTO_TEST_CASE(nor_is_the_name_of_a_container) {
  site s;
  store mine(s);
  mine.put("%2E%2E");
  mine.put("%2E%2E/one");
  s.it.clear_requests();
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("container .. is left alone"), e.err);
  for (const auto& r : s.it.requests())
    BOOST_TEST((r.path + "/").find("/../") == std::string::npos, r.path);
  BOOST_TEST((s.rest().at("container") == words{".."}));
}

BOOST_AUTO_TEST_CASE(versions_and_their_markers_go_too) {
  site s;
  store mine(s);
  mine.put("versioned", {{"X-Versions-Enabled", "true"}});
  for (int i = 0; i < 3; ++i) mine.put("versioned/doc"), mine.put("versioned/other%20one");
  mine.del("versioned/doc");
  const auto others = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(stacked_versions_do_not_come_back) {
  site s;
  store mine(s);
  mine.put("archive");
  mine.put("old", {{"X-Versions-Location", "archive"}});
  for (int i = 0; i < 4; ++i) mine.put("old/doc");
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_bulk_delete_that_answers_200_and_failed_is_no_success) {
  site s;
  sandbox::fault f;
  f.service = "object-store", f.method = "POST", f.path = "bulk-delete", f.status = 200;
  f.body = R"({"Response Status":"400 Bad Request","Response Body":"","Number Deleted":0,)"
           R"("Number Not Found":0,"Errors":[["/c/o","403 Forbidden"]]})";
  f.headers = {{"Content-Type", "application/json"}};
  s.it.add_fault(f);
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("403 Forbidden"), e.err);
  BOOST_TEST(s.it.inventory(s.mine.project_id).at("object").size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_tagged_container_keeps_its_objects_their_segments_and_versions) {
  site s;
  store mine(s);
  mine.put("older%20versions");
  mine.put("older%20versions/one");
  mine.put("precious_segments");
  mine.put("precious_segments/1");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"},
                        {"X-Versions-Location", "older%20versions"}});
  mine.put("precious/one");
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  const auto rest = s.rest();
  BOOST_TEST((rest.at("container") == words{"older versions", "precious", "precious_segments"}));
  BOOST_TEST(
      (rest.at("object") == words{"older versions/one", "precious/one", "precious_segments/1"}));
  BOOST_TEST(rest.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_container_whose_tag_does_not_show_is_left) {
  for (const std::uint64_t times : {1U, 8U}) {
    site s;
    store mine(s);
    mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
    mine.put("precious/one");
    for (std::uint64_t nth = 1; nth <= times; ++nth) {
      sandbox::fault f;
      f.service = "object-store", f.method = "HEAD", f.path = "/precious", f.nth = nth;
      f.status = 404;
      s.it.add_fault(f);
    }
    const auto e = s.remove();
    BOOST_TEST(e.code == (times == 1 ? 0 : 3), e.err);
    // What it holds does not show either.
    BOOST_TEST((s.rest().at("container") ==
                (times == 1 ? words{"precious"} : words{"precious", s.mine.container})));
    if (times > 1) BOOST_TEST(e.says("does not show what may protect it"), e.err);
  }
}

/// The list of an account may be seconds late.
BOOST_AUTO_TEST_CASE(a_container_that_is_listed_and_gone_keeps_nothing) {
  site s;
  sandbox::fault ghost;
  ghost.action = "inject", ghost.service = "object-store", ghost.method = "GET";
  ghost.path = "?format=json", ghost.nth = 1;
  ghost.object = {{"name", "ghost"}, {"count", 0}, {"bytes", 0}};
  s.it.add_fault(ghost);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.count("HEAD", "object-store", "/ghost") == 2U);
  BOOST_TEST(!s.rest().contains("container"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
