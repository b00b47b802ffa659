#include "core/report/table.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_report_table)

using namespace ostclean;
using namespace ostclean::report;

namespace {

table people() {
  table t{{"id", "user_name", "days_left"}};
  t.hidden = {"id"};
  t.rows = {{"u1", "carol", 3}, {"u2", "alice", nullptr}, {"u3", "bob", -12}};
  return t;
}

options as(std::string format) {
  options how;
  how.format = std::move(format);
  return how;
}

std::string names_by(options how) {
  how.format = "value";
  how.columns = {"user_name"};
  return render(people(), how).value();
}

}  // namespace

BOOST_AUTO_TEST_CASE(titles_have_spaces_and_known_acronyms) {
  BOOST_TEST(title("project_id") == "Project ID");
  BOOST_TEST(title("id") == "ID");
  BOOST_TEST(title("remaining_days") == "Remaining Days");
  BOOST_TEST(title("idle") == "Idle");
}

BOOST_AUTO_TEST_CASE(columns_compare_without_case_and_keep_the_order_of_the_table) {
  options how = as("value");
  how.columns = {"DAYS LEFT", "User Name", "nonsense"};
  BOOST_TEST(render(people(), how).value() == "carol 3\nalice None\nbob -12\n");
}

BOOST_AUTO_TEST_CASE(no_known_column_is_the_message_of_the_client) {
  options how = as("table");
  how.columns = {"foo", "bar"};
  auto text = render(people(), how);
  BOOST_REQUIRE(!text);
  BOOST_TEST((text.error().code == errc::usage));
  BOOST_TEST(text.error().message ==
             "No recognized column names in ['foo', 'bar']. Recognized columns are "
             "('ID', 'User Name', 'Days Left')");
}

BOOST_AUTO_TEST_CASE(hidden_columns_are_for_machines_or_on_demand) {
  BOOST_TEST(render(people(), as("value")).value().find("u1") == std::string::npos);
  BOOST_TEST(render(people(), as("table")).value().find("u1") == std::string::npos);
  BOOST_TEST(render(people(), as("json")).value().find("\"u1\"") != std::string::npos);
  BOOST_TEST(render(people(), as("csv")).value().find("\"u1\"") != std::string::npos);
  options how = as("value");
  how.columns = {"id"};
  BOOST_TEST(render(people(), how).value() == "u1\nu2\nu3\n");
}

BOOST_AUTO_TEST_CASE(rows_sort_by_value_with_none_last_both_ways) {
  options how;
  BOOST_TEST(names_by(how) == "carol\nalice\nbob\n");
  how.sort_columns = {"Days Left"};
  BOOST_TEST(names_by(how) == "bob\ncarol\nalice\n");
  how.sort_descending = true;
  BOOST_TEST(names_by(how) == "carol\nbob\nalice\n");
  how.sort_columns = {"unknown"};
  BOOST_TEST(names_by(how) == "carol\nalice\nbob\n");
}

BOOST_AUTO_TEST_CASE(the_first_sort_column_counts_most) {
  table t{{"a", "b"}};
  t.rows = {{"x", 10}, {"y", 2}, {"x", 9}, {"y", 1}};
  options how = as("value");
  how.sort_columns = {"a", "b"};
  BOOST_TEST(render(t, how).value() == "x 9\nx 10\ny 1\ny 2\n");
}

BOOST_AUTO_TEST_CASE(a_short_row_is_filled_with_none) {
  table t{{"a", "b"}};
  t.rows = {{1}};
  BOOST_TEST(render(t, as("value")).value() == "1 None\n");
  BOOST_TEST(json_line(t, 0) == R"({"a":1,"b":null})");
}

BOOST_AUTO_TEST_SUITE_END()
