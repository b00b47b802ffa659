#include "core/error.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_error)

using namespace ostclean;

BOOST_AUTO_TEST_CASE(line_says_what_where_and_what_to_do) {
  error e{errc::service, "volume v1 is in use"};
  BOOST_TEST(e.line() == "volume v1 is in use");
  e.status = 400;
  e.request_id = "req-1";
  e.where = "DELETE https://c/volumes/v1";
  e.hint = "detach it first";
  BOOST_TEST(
      e.line() ==
      "volume v1 is in use (HTTP 400, req-1) [DELETE https://c/volumes/v1]; detach it first");
}

BOOST_AUTO_TEST_CASE(value_of_an_error_throws_failure) {
  result<int> r{error{errc::config, "no such cloud"}};
  BOOST_CHECK_EXCEPTION(r.value(), failure,
                        [](const failure& f) { return f.why().code == errc::config; });
}

BOOST_AUTO_TEST_SUITE_END()
