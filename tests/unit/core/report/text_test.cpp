// The expected tables were printed by python3-cliff for the same rows.
#include "core/report/table.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_report_text)

using namespace ostclean;
using namespace ostclean::report;

namespace {

table notes() {
  table t{{"id", "count", "enabled", "note"}};
  t.rows = {{"1", 12, true, nullptr},
            {"2", 3, false, ""},
            {"3", 100, true, "wide 日本 text here and more text so that it wraps"}};
  return t;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_table_has_borders_and_numbers_on_the_right) {
  table t = notes();
  t.rows.pop_back();
  BOOST_TEST(render(t, {}).value() ==
             "+----+-------+---------+------+\n"
             "| ID | Count | Enabled | Note |\n"
             "+----+-------+---------+------+\n"
             "| 1  |    12 | True    | None |\n"
             "| 2  |     3 | False   |      |\n"
             "+----+-------+---------+------+\n");
}

BOOST_AUTO_TEST_CASE(max_width_wraps_the_wide_columns_by_display_width) {
  options how;
  how.max_width = 50;
  BOOST_TEST(render(notes(), how).value() ==
             "+----+-------+---------+-------------------------+\n"
             "| ID | Count | Enabled | Note                    |\n"
             "+----+-------+---------+-------------------------+\n"
             "| 1  |    12 | True    | None                    |\n"
             "| 2  |     3 | False   |                         |\n"
             "| 3  |   100 | True    | wide 日本 text here and |\n"
             "|    |       |         | more text so that it    |\n"
             "|    |       |         | wraps                   |\n"
             "+----+-------+---------+-------------------------+\n");
}

BOOST_AUTO_TEST_CASE(a_word_that_is_too_long_is_cut_between_characters) {
  table t{{"name"}};
  t.rows = {{"日本語日本語日本語"}};
  options how;
  how.max_width = 13;
  BOOST_TEST(render(t, how).value() ==
             "+-----------+\n| Name      |\n+-----------+\n"
             "| 日本語日  |\n| 本語日本  |\n| 語        |\n+-----------+\n");
}

BOOST_AUTO_TEST_CASE(no_column_gets_less_than_eight) {
  table t{{"name"}};
  t.rows = {{"abcdefghijklmnop"}};
  options how;
  how.max_width = 5;
  BOOST_TEST(render(t, how).value().find("| abcdefgh |\n| ijklmnop |") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_empty_table_is_an_empty_line_or_a_header) {
  table t{{"id"}};
  BOOST_TEST(render(t, {}).value() == "\n");
  options how;
  how.print_empty = true;
  BOOST_TEST(render(t, how).value() == "+----+\n| ID |\n+----+\n+----+\n");
}

BOOST_AUTO_TEST_CASE(one_object_is_fields_and_values) {
  table t{{"id", "roles", "tags"}};
  t.rows = {{"u1", boost::json::parse(R"(["a","b"])"), boost::json::parse(R"({"k":"v"})")}};
  BOOST_TEST(render_object(t, {}).value() ==
             "+-------+-------+\n| Field | Value |\n+-------+-------+\n"
             "| id    | u1    |\n| roles | a, b  |\n| tags  | k='v' |\n+-------+-------+\n");
  options how;
  how.format = "value";
  BOOST_TEST(render_object(t, how).value() == "u1\n[\"a\",\"b\"]\n{\"k\":\"v\"}\n");
}

BOOST_AUTO_TEST_CASE(what_a_service_calls_its_things_never_reaches_the_terminal_raw) {
  table t{{"name"}};
  t.rows = {{"a\x1b[2Jb\nc\r\t\x7f\xc2\x9b \xe2\x80\xae \xff"}};
  const std::string safe = R"(a\x1b[2Jb\nc\r\t\x7f\x9b \u202e \xff)";
  for (std::string format : {"table", "value", "csv"}) {
    options how;
    how.format = format;
    how.quote = "minimal";
    const std::string text = render(t, how).value();
    BOOST_TEST_CONTEXT(format) {
      BOOST_TEST(text.find('\x1b') == std::string::npos);
      BOOST_TEST(text.find("\xc2\x9b") == std::string::npos);
      BOOST_TEST(text.find("\xe2\x80\xae") == std::string::npos);
      if (format != "csv") BOOST_TEST(text.find(safe) != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(only_state_columns_are_coloured_and_only_on_request) {
  table t{{"name", "state"}};
  t.rows = {{"active", "ACTIVE"}, {"x", "expired"}, {"y", "strange"}};
  options how;
  BOOST_TEST(render(t, how).value().find('\033') == std::string::npos);
  how.color = true;
  const std::string text = render(t, how).value();
  BOOST_TEST(text.find("| active | \033[32mACTIVE\033[0m  |") != std::string::npos);
  BOOST_TEST(text.find("\033[31mexpired\033[0m |") != std::string::npos);
  BOOST_TEST(text.find("| strange |") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
