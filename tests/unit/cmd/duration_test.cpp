#include "cmd/duration.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(cmd_duration)

using namespace ostclean;
using namespace ostclean::cmd;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(lengths_of_time) {
  BOOST_TEST((parse_duration("7d") == 168h));
  BOOST_TEST((parse_duration("2w") == 336h));
  BOOST_TEST((parse_duration("1d12h30m5s") == 36h + 30min + 5s));
  BOOST_TEST((parse_duration("0d") == 0s));
  for (const char* wrong :
       {"", "7", "d", "7x", "-7d", "7 d", "7d ", "1.5d", "99999999999d", "200000d", "60000d"})
    BOOST_TEST(!parse_duration(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(words_are_rounded_down) {
  BOOST_TEST(in_words(0s) == "less than a minute");
  BOOST_TEST(in_words(61s) == "1 minute");
  BOOST_TEST(in_words(59min) == "59 minutes");
  BOOST_TEST(in_words(1h) == "1 hour");
  BOOST_TEST(in_words(47h + 59min) == "47 hours");
  BOOST_TEST(in_words(48h) == "2 days");
}

BOOST_AUTO_TEST_CASE(the_end_itself_is_past) {
  const auto now = *parse_iso8601("2026-11-22T12:00:00Z");
  BOOST_TEST(time_left(now + 72h, now) == "3 days");
  BOOST_TEST(time_left(now, now) == "expired less than a minute ago");
  BOOST_TEST(time_left(now - 72h, now) == "expired 3 days ago");
}

BOOST_AUTO_TEST_SUITE_END()
