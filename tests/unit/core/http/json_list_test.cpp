#include "core/http/json_list.hpp"
#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/scripted_transport.hpp"

#include <boost/json/serialize.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(core_http_json_list)

using namespace ostclean;
using namespace ostclean::http;
namespace json = boost::json;

namespace {

const std::string k_whole =
    R"( { "links": {"rows": [0]}, "note": "rows\" [", "rows" : [ {"a":"]},{\\\"","b":[1,[2]]} , 5 ,"x, y",)"
    R"( null,[ ],true], "total": 6 } )";

response ok() {
  response head{200};
  head.headers.set("Content-Type", "application/json; charset=utf-8");
  return head;
}

class reading {
 public:
  reading() : list("rows", [this](const json::value& v) { got.push_back(json::serialize(v)); }) {}
  /// In pieces of `size` bytes; false when it was refused before its end.
  bool read(std::string_view text, std::size_t size) {
    BOOST_TEST(list.wants(ok()));
    for (std::size_t at = 0; at < text.size(); at += size)
      if (!list.read(text.substr(at, size))) return false;
    return true;
  }
  std::vector<std::string> got;
  json_list list;
};

const std::vector<std::string> k_rows{
    R"({"a":"]},{\\\"","b":[1,[2]]})", "5", "\"x, y\"", "null", "[]", "true"};

}  // namespace

BOOST_AUTO_TEST_CASE(the_pieces_may_end_anywhere) {
  for (std::size_t size = 1; size <= k_whole.size(); ++size) {
    reading r;
    BOOST_TEST(r.read(k_whole, size));
    BOOST_TEST(r.got == k_rows, boost::test_tools::per_element());
    const auto rest = r.list.finish();
    BOOST_REQUIRE(rest);
    BOOST_TEST(json::serialize(*rest) ==
               R"({"links":{"rows":[0]},"note":"rows\" [","rows":[],"total":6})");
  }
}

BOOST_AUTO_TEST_CASE(every_answer_that_breaks_off_is_an_error) {
  const auto end = k_whole.find_last_of('}');
  for (std::size_t size = 0; size < end; ++size) {
    reading r;
    BOOST_TEST(r.read(k_whole.substr(0, size), 7));
    BOOST_TEST(!r.list.finish(), k_whole.substr(0, size));
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_json_or_has_no_such_list_is_an_error) {
  for (const char* text :
       {"", "[]", "<html>", "{}", R"({"rows":{}})", R"({"rows":[1 2]})", R"({"rows":[1,,2]})",
        R"({"rows":[,1]})", R"({"rows":[{} {}]})", R"({"rows":[{"a":}]})", R"({"rows":[1]]})",
        R"({"rows":[1]}})", R"({"rows":[nul]})", R"({"other":[1],"rows":2})", R"([{"rows":[1]}])",
        R"({"rows":["a" "b"]})", R"({"rows":[1,]})", R"({"rows":[{}, ]})",
        R"({"rows":[1]} trailing)"}) {
    reading r;
    const bool read = r.read(text, 3);
    const auto rest = r.list.finish();
    BOOST_TEST((!read || !rest), text);
    if (!rest) BOOST_TEST((rest.error().code == errc::protocol), text);
  }
}

BOOST_AUTO_TEST_CASE(an_element_without_an_end_does_not_fill_the_memory) {
  reading r;
  BOOST_TEST(r.list.wants(ok()));
  BOOST_TEST(r.list.read(R"({"rows":[")"));
  const std::string piece(1UL << 20, 'x');
  int pieces = 0;
  while (pieces < 64 && r.list.read(piece)) ++pieces;
  BOOST_TEST(pieces < 8);
}

BOOST_AUTO_TEST_CASE(only_a_200_with_json_is_wanted) {
  reading r;
  response html{200};
  html.headers.set("Content-Type", "text/html");
  BOOST_TEST(!r.list.wants(html));
  BOOST_TEST(!r.list.wants(response{403}));
  BOOST_TEST(r.list.wants(response{200}));
}

BOOST_AUTO_TEST_CASE(a_second_attempt_begins_anew) {
  reading r;
  int restarts = 0;
  r.list.restart = [&] {
    r.got.clear();
    ++restarts;
  };
  BOOST_TEST(r.read(k_whole.substr(0, 90), 90));
  BOOST_TEST(!r.got.empty());
  BOOST_TEST(r.read(k_whole, 10));
  BOOST_TEST(restarts == 2);
  BOOST_TEST(r.got == k_rows, boost::test_tools::per_element());
  BOOST_TEST(!r.list.passed_on());
  r.list.pass_on();
  BOOST_TEST(r.list.passed_on());
}

BOOST_FIXTURE_TEST_CASE(a_transport_that_reads_no_bodies_will_do, testing::loop_fixture) {
  testing::scripted_transport via;
  via.expect_json(verb::get, "http://h/", 200, k_whole);
  std::vector<std::string> got;
  std::function<void(json::value)> take = [&](const json::value& v) {
    got.push_back(json::serialize(v));
  };
  auto list = std::make_shared<json_list>("rows", take);
  const auto refuse = [](const response&, const request&) { return error{errc::service, "no"}; };
  const auto rest = run(read_list(via, request{verb::get, "http://h/"}, list, refuse));
  BOOST_TEST(rest.has_value());
  BOOST_TEST(got.size() == 6U);
  via.expect_json(verb::get, "http://h/", 403, "\"x\"");
  auto other = std::make_shared<json_list>("rows", take);
  const auto no = run(read_list(via, request{verb::get, "http://h/"}, other, refuse));
  BOOST_REQUIRE(!no);
  BOOST_TEST(no.error().message == "no");
}

BOOST_AUTO_TEST_SUITE_END()
