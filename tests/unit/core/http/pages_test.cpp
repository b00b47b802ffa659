#include "core/http/pages.hpp"
#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/scripted_transport.hpp"

#include <boost/json.hpp>

namespace core_http_pages {

using namespace ostclean;
using namespace ostclean::http;
using namespace ostclean::testing;

namespace {

std::string next(const std::string& first, paging how, const char* key, const char* page) {
  return next_page(first, how, key, boost::json::parse(page)).value_or("none");
}

class pages_fixture : public loop_fixture {
 public:
  result<void> read(const std::string& url, paging how, const std::string& key) {
    request first{verb::get, url};
    first.headers.set("X-A", "b");
    return run(for_each_page(script, first, how, key, [this](const boost::json::array& list) {
      sizes.push_back(list.size());
    }));
  }

  scripted_transport script;
  std::vector<std::size_t> sizes;
};

}  // namespace

}  // namespace core_http_pages

BOOST_FIXTURE_TEST_SUITE(core_http_pages, pages_fixture)

BOOST_AUTO_TEST_CASE(the_link_is_found_wherever_a_service_puts_it) {
  const std::string url = "https://h/v2/things";
  const std::string wanted = url + "?marker=m";
  BOOST_TEST(next(url, paging::links, "servers",
                  R"({"servers_links":[{"rel":"previous","href":"https://h/v2/things?p"},
                      {"rel":"next","href":"https://h/v2/things?marker=m"}]})") == wanted);
  BOOST_TEST(next(url, paging::links, "users",
                  R"({"links":{"next":"https://h/v2/things?marker=m","self":"x"}})") == wanted);
  BOOST_TEST(next(url, paging::links, "stacks",
                  R"({"links":[{"rel":"next","href":"https://h/v2/things?marker=m"}]})") == wanted);
  BOOST_TEST(next(url, paging::next, "images", R"({"next":"/v2/things?marker=m"})") == wanted);
  BOOST_TEST(next(url, paging::next, "secrets", R"({"next":"http://h/v2/things?marker=m"})") ==
             wanted);
  for (const char* last : {"{}", R"({"links":{"next":null}})", R"({"links":[]})", "[]",
                           R"({"x_links":[{"rel":"previous","href":"p"}]})", R"({"links":"x"})"})
    BOOST_TEST(next(url, paging::links, "x", last) == "none");
  BOOST_TEST(next(url, paging::none, "x", R"({"links":{"next":"y?z"}})") == "none");
}

BOOST_AUTO_TEST_CASE(a_link_cannot_leave_the_collection) {
  BOOST_TEST(next("https://cloud/image/v2/images?limit=2", paging::next, "images",
                  R"({"next":"/v2/images?limit=2&marker=m"})") ==
             "https://cloud/image/v2/images?limit=2&marker=m");
  BOOST_TEST(
      next("https://cloud:8774/v2.1/servers", paging::links, "servers",
           R"({"servers_links":[{"rel":"next","href":"http://10.0.0.1/evil?marker=m#f"}]})") ==
      "https://cloud:8774/v2.1/servers?marker=m");
}

BOOST_AUTO_TEST_CASE(filters_that_the_link_forgot_are_kept) {
  BOOST_TEST(next("https://h/v1/secrets?name=n&limit=1&offset=0", paging::next, "secrets",
                  R"({"next":"http://h/v1/secrets?limit=1&offset=1"})") ==
             "https://h/v1/secrets?limit=1&offset=1&name=n");
}

BOOST_AUTO_TEST_CASE(filters_are_not_the_links_to_change) {
  const std::string first = "https://h/ports?project_id=p&network_id=a&network_id=b&limit=9";
  for (const char* query :
       {"?marker=m&limit=2", "?project_id&marker=m&limit=2", "?project_id=q&marker=m&&limit=2&",
        "?marker=m&limit=2&project_id=p&network_id=a&network_id=b"})
    BOOST_TEST(
        next(first, paging::next, "ports", ("{\"next\":\"" + std::string(query) + "\"}").c_str()) ==
        "https://h/ports?marker=m&limit=2&project_id=p&network_id=a&network_id=b");
}

BOOST_AUTO_TEST_CASE(swift_goes_on_after_the_last_name) {
  const std::string url = "https://h/v1/AUTH_x?format=json&marker=old";
  BOOST_TEST(next(url, paging::marker, "", R"([{"name":"a"},{"name":"b c/d"}])") ==
             "https://h/v1/AUTH_x?marker=b%20c%2Fd&format=json");
  BOOST_TEST(next(url, paging::marker, "", R"([{"subdir":"s/"}])") ==
             "https://h/v1/AUTH_x?marker=s%2F&format=json");
  BOOST_TEST(next(url, paging::marker, "", "[]") == "none");
}

BOOST_AUTO_TEST_CASE(every_page_is_read_once) {
  script.expect_json(
      verb::get, "https://h/s?limit=2", 200,
      R"({"s":[1,2],"s_links":[{"rel":"next","href":"http://x/s?limit=2&marker=2"}]})");
  script.expect_json(
      verb::get, "https://h/s?limit=2&marker=2", 200,
      R"({"s":[3,4],"s_links":[{"rel":"next","href":"http://x/s?limit=2&marker=4"}]})");
  script.expect_json(verb::get, "https://h/s?limit=2&marker=4", 200, R"({"s":[]})");
  BOOST_TEST(read("https://h/s?limit=2", paging::links, "s").has_value());
  const std::vector<std::size_t> wanted{2, 2, 0};
  BOOST_TEST(sizes == wanted, boost::test_tools::per_element());
  for (const auto& r : script.requests) BOOST_TEST(r.headers.get("x-a") == "b");
}

BOOST_AUTO_TEST_CASE(swift_ends_with_an_empty_page_or_with_no_content) {
  script.expect_json(verb::get, "https://h/c", 200, R"([{"name":"a"}])");
  script.expect_json(verb::get, "https://h/c?marker=a", 200, "[]");
  BOOST_TEST(read("https://h/c", paging::marker, "").has_value());
  script.expect(verb::get, "https://h/d", response{204});
  BOOST_TEST(read("https://h/d", paging::marker, "").has_value());
}

BOOST_AUTO_TEST_CASE(a_page_that_comes_again_is_an_error) {
  const char* page = R"({"s":[1],"next":"/s?marker=1"})";
  script.expect_json(verb::get, "https://h/s", 200, page);
  script.expect_json(verb::get, "https://h/s?marker=1", 200, page);
  auto outcome = read("https://h/s", paging::next, "s");
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == errc::protocol));
  BOOST_TEST(outcome.error().where == "GET https://h/s?marker=1");
}

BOOST_AUTO_TEST_CASE(a_missing_list_and_a_failing_page_are_errors) {
  script.expect_json(verb::get, "https://h/s", 200, R"({"t":[]})");
  BOOST_TEST((read("https://h/s", paging::links, "s").error().code == errc::protocol));
  script.expect_json(verb::get, "https://h/s", 200, R"({"s":[1],"next":"?marker=1"})");
  script.expect_json(verb::get, "https://h/s?marker=1", 500, "");
  BOOST_TEST((read("https://h/s", paging::next, "s").error().code == errc::service));
  BOOST_TEST(sizes.size() == 1);
}

BOOST_AUTO_TEST_CASE(a_404_counts_when_it_comes_twice_and_on_the_first_page) {
  script.expect_json(verb::get, "https://h/s", 404, "");
  script.expect_json(verb::get, "https://h/s", 200, R"({"s":[1]})");
  BOOST_TEST(read("https://h/s", paging::next, "s").has_value());
  script.expect_json(verb::get, "https://h/s", 404, "");
  script.expect_json(verb::get, "https://h/s", 404, "");
  BOOST_TEST(read("https://h/s", paging::next, "s").error().status == 404);
  script.expect_json(verb::get, "https://h/s", 200, R"({"s":[1],"next":"?marker=1"})");
  script.expect_json(verb::get, "https://h/s?marker=1", 404, "");
  script.expect_json(verb::get, "https://h/s?marker=1", 404, "");
  auto outcome = read("https://h/s", paging::next, "s");
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == errc::protocol));
}

BOOST_AUTO_TEST_CASE(by_offset_until_a_page_is_empty) {
  script.expect_json(verb::get, "https://h/g?all=1", 200, R"({"g":[{"id":1},{"id":2}]})");
  script.expect_json(verb::get, "https://h/g?offset=2&all=1", 200, R"({"g":[{"id":3}]})");
  script.expect_json(verb::get, "https://h/g?offset=3&all=1", 200, R"({"g":[]})");
  BOOST_TEST(read("https://h/g?all=1", paging::offset, "g").has_value());
  BOOST_TEST((sizes == std::vector<std::size_t>{2, 1, 0}));
}

BOOST_AUTO_TEST_CASE(an_offset_that_is_not_heeded_is_no_longer_list) {
  script.expect_json(verb::get, "https://h/g", 200, R"({"g":[{"id":1}]})");
  script.expect_json(verb::get, "https://h/g?offset=1", 200, R"({"g":[{"id":1}]})");
  BOOST_TEST((read("https://h/g", paging::offset, "g").error().code == errc::protocol));
}

/// Cinder's groups and their snapshots.
BOOST_AUTO_TEST_CASE(a_link_in_the_singular) {
  BOOST_TEST(next("https://h/groups", paging::links, "groups",
                  R"({"group_links":[{"rel":"next","href":"https://h/groups?marker=m"}]})") ==
             "https://h/groups?marker=m");
}

BOOST_AUTO_TEST_SUITE_END()
