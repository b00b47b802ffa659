#include "core/report/table.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_report_width)

using namespace ostclean::report;

BOOST_AUTO_TEST_CASE(width_is_counted_in_columns) {
  BOOST_TEST(display_width("") == 0U);
  BOOST_TEST(display_width("abc") == 3U);
  BOOST_TEST(display_width("é") == 1U);
  BOOST_TEST(display_width("e\u0301") == 1U);
  BOOST_TEST(display_width("日本") == 4U);
  BOOST_TEST(display_width("ｆ") == 2U);
  BOOST_TEST(display_width("한") == 2U);
  BOOST_TEST(display_width("🚀") == 2U);
  BOOST_TEST(display_width("a\u200bb") == 2U);
  BOOST_TEST(display_width("Ω†") == 2U);
}

BOOST_AUTO_TEST_CASE(broken_utf8_counts_its_bytes) {
  BOOST_TEST(display_width("\xff\xfe") == 2U);
  BOOST_TEST(display_width("\xe6\x97") == 2U);
  BOOST_TEST(display_width("\xc0\x80") == 2U);
  BOOST_TEST(display_width("\xed\xa0\x80") == 3U);
}

BOOST_AUTO_TEST_CASE(printable_text_is_left_alone) {
  for (const char* text : {"", "plain", "naïve 日本 🚀", "back\\slash"})
    BOOST_TEST(printable(text) == text);
}

BOOST_AUTO_TEST_CASE(broken_utf8_is_shown_as_bytes) {
  BOOST_TEST(printable("a\xff"
                       "b\xc0\x80") == R"(a\xffb\xc0\x80)");
  BOOST_TEST(printable("\xe6\x97") == R"(\xe6\x97)");
  BOOST_TEST(printable(std::string_view("\0", 1)) == R"(\x00)");
}

BOOST_AUTO_TEST_SUITE_END()
