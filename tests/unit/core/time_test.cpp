#include "core/time.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_time)

using namespace ostclean;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::seconds;

namespace {

sys_time at(long unix_seconds) { return sys_time{seconds{unix_seconds}}; }

}  // namespace

BOOST_AUTO_TEST_CASE(the_forms_openstack_writes_are_read) {
  for (const char* text :
       {"2026-11-22T05:36:25Z", "2026-11-22T05:36:25", "2026-11-22T05:36:25+00:00",
        "2026-11-22 05:36:25", "2026-11-22T05:36:25.000000", "2026-11-22T05:36:25.000000Z",
        "2026-11-22 05:36:25+00:00", "2026-11-22T06:36:25+0100", "2026-11-22T00:06:25-05:30",
        "2026-11-22t05:36:25z", " 2026-11-22 05:36:25 UTC\n", "2026-11-22T05:36:25+00"}) {
    auto time = parse_iso8601(text);
    BOOST_TEST((time == at(1795325785)), text);
  }
  BOOST_TEST((parse_iso8601("2026-11-22") == at(1795305600)));
  BOOST_TEST((parse_iso8601("2026-11-22T05:36") == at(1795325760)));
  BOOST_TEST((parse_iso8601("2026-11-22T05:36:25.5") == at(1795325785) + microseconds{500000}));
  BOOST_TEST(
      (parse_iso8601("2026-11-22T05:36:25.1234567") == at(1795325785) + microseconds{123456}));
  BOOST_TEST((parse_iso8601("2024-02-29") == at(1709164800)));
}

BOOST_AUTO_TEST_CASE(what_is_no_time_is_refused) {
  for (const char* text : {"",
                           " ",
                           "soon",
                           "2026",
                           "2026-11",
                           "2026-13-01",
                           "2026-02-29",
                           "2026-11-22T",
                           "2026-11-22T05",
                           "2026-11-22T24:00:00",
                           "2026-11-22T05:60:00",
                           "2026-11-22T05:36:61",
                           "2026-11-22T05:36:25.",
                           "2026-11-22T05:36:25Zx",
                           "2026-11-22T05:36:25+",
                           "2026-11-22T05:36:25+24:00",
                           "22-11-2026",
                           "2026-11-22x",
                           "0001-01-01",
                           "-026-11-22",
                           "1795325785"})
    BOOST_TEST(!parse_iso8601(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(never_does_not_overflow) {
  auto never = parse_iso8601("9999-12-31T23:59:59Z");
  BOOST_REQUIRE(never.has_value());
  BOOST_TEST((*never > at(9000000000)));
  BOOST_TEST(format_rfc3339(*never) == "9999-12-31T23:59:59Z");
  const auto first = parse_iso8601("1900-01-01");
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST(format_rfc3339(*first) == "1900-01-01T00:00:00Z");
  BOOST_TEST((*never - *first > std::chrono::years{8099}));
  // An offset may lead out of the years that can be written and read again.
  const auto last = parse_iso8601("9999-12-31T23:59:60-23:59");
  BOOST_REQUIRE(last.has_value());
  BOOST_TEST((parse_iso8601(format_rfc3339(*last)) == last));
  BOOST_TEST(!parse_iso8601("1900-01-01T00:00:00+23:59"));
}

BOOST_AUTO_TEST_CASE(http_dates) {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994"})
    BOOST_TEST((parse_http_date(text) == at(784111777)), text);
  BOOST_TEST((parse_http_date("Sunday, 06-Nov-05 08:49:37 GMT") == at(1131266977)));
  BOOST_TEST((parse_http_date("Wed Nov 16 08:49:37 1994") == at(784975777)));
  // Each of these once made a number that is none.
  for (const char* text : {"Sun Nov  6 24:89:\xf4\xf4\xf4 1994", "Sun Nov  6 08:49: 1994",
                           "Sun, 06 Nov 1994 08:49:x GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1899 08:49:37 GMT", "Sun Nov  6 08:49:37 94"})
    BOOST_TEST(!parse_http_date(text).has_value(), text);
  for (const char* text : {"", "6 Nov 1994", "Sun, 06 Nov 1994 08:49:37 GMT and more", "120"})
    BOOST_TEST(!parse_http_date(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(times_are_written_in_utc) {
  BOOST_TEST(format_rfc3339(at(1795325785) + microseconds{999999}) == "2026-11-22T05:36:25Z");
  BOOST_TEST(format_rfc3339(at(-1)) == "1969-12-31T23:59:59Z");
}

BOOST_AUTO_TEST_SUITE_END()
