#include "cmd/clock.hpp"

#include <boost/test/unit_test.hpp>

using namespace ostclean::cmd;

BOOST_AUTO_TEST_SUITE(cmd_clock)

BOOST_AUTO_TEST_CASE(times_are_rfc_3339_or_a_date) {
  const std::pair<const char*, const char*> good[] = {
      {"2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"},
      {"2026-01-31T12:00:00.25Z", "2026-01-31T12:00:00Z"},
      {"2026-01-31T12:00:00+01:30", "2026-01-31T10:30:00Z"},
      {"2026-01-31", "2026-01-31T00:00:00Z"}};
  for (const auto& [text, read] : good) {
    const auto when = parse_time(text);
    BOOST_TEST_REQUIRE(when.has_value(), text);
    BOOST_TEST(time_text(*when) == read);
  }
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_time) {
  for (const char* text : {"", "now", "2026-13-01", "2026-02-30", "2026-01-31T25:00:00Z",
                           "2026-01-31T12:00:00", "2026-01-31T12:00:00Zx", "2026-01-31 12:00:00Z"})
    BOOST_TEST(!parse_time(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
