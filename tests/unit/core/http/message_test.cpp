#include "core/http/message.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_http_message)

using namespace ostclean::http;

BOOST_AUTO_TEST_CASE(field_names_compare_without_case) {
  fields f;
  f.add("Retry-After", "1");
  f.add("X-A", "a");
  f.set("retry-after", "2");
  BOOST_TEST(f.get("RETRY-AFTER") == "2");
  BOOST_TEST(f.get("x-a") == "a");
  BOOST_TEST(f.get("none").empty());
}

BOOST_AUTO_TEST_CASE(only_a_post_is_not_repeatable) {
  for (verb v : {verb::get, verb::head, verb::put, verb::patch, verb::del})
    BOOST_TEST((request{v, "http://h/"}.repeatable));
  BOOST_TEST((!request{verb::post, "http://h/"}.repeatable));
}

BOOST_AUTO_TEST_CASE(request_id_prefers_the_common_header) {
  response r{200};
  r.headers.add("x-trans-id", "tx1");
  BOOST_TEST(r.request_id() == "tx1");
  r.headers.add("X-OpenStack-Request-Id", "req-1");
  BOOST_TEST(r.request_id() == "req-1");
}

BOOST_AUTO_TEST_SUITE_END()
