// json, ndjson, csv and yaml.
#include "core/report/table.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_report_machine)

using namespace ostclean;
using namespace ostclean::report;

namespace {

table rows() {
  table t{{"id", "days", "note"}};
  t.rows = {{"u1", 3, "a,b\"c\\d"}, {"u2", nullptr, "x y"}};
  return t;
}

std::string text(const table& t, std::string format, std::string quote = "nonnumeric",
                 bool noindent = false) {
  options how;
  how.format = std::move(format);
  how.quote = std::move(quote);
  how.noindent = noindent;
  return render(t, how).value();
}

}  // namespace

BOOST_AUTO_TEST_CASE(json_is_one_array_of_objects_with_native_types) {
  BOOST_TEST(
      text(rows(), "json") ==
      "[\n  {\n    \"id\": \"u1\",\n    \"days\": 3,\n    \"note\": \"a,b\\\"c\\\\d\"\n  },\n"
      "  {\n    \"id\": \"u2\",\n    \"days\": null,\n    \"note\": \"x y\"\n  }\n]\n");
  BOOST_TEST(text(table{{"id"}}, "json") == "[]\n");
}

BOOST_AUTO_TEST_CASE(noindent_is_one_line_with_the_same_content) {
  const std::string flat = text(rows(), "json", "", true);
  BOOST_TEST(flat.find('\n') == flat.size() - 1);
  BOOST_TEST((boost::json::parse(flat) == boost::json::parse(text(rows(), "json"))));
}

BOOST_AUTO_TEST_CASE(json_indents_what_is_nested) {
  table t{{"a"}};
  t.rows = {{boost::json::parse(R"({"l":[1,{}],"e":[]})")}};
  options how;
  how.format = "json";
  BOOST_TEST(render_object(t, how).value() ==
             "{\n  \"a\": {\n    \"l\": [\n      1,\n      {}\n    ],\n    \"e\": []\n  }\n}\n");
}

BOOST_AUTO_TEST_CASE(ndjson_is_one_object_a_line) {
  BOOST_TEST(text(rows(), "ndjson") ==
             "{\"id\":\"u1\",\"days\":3,\"note\":\"a,b\\\"c\\\\d\"}\n"
             "{\"id\":\"u2\",\"days\":null,\"note\":\"x y\"}\n");
}

BOOST_AUTO_TEST_CASE(fractions_are_written_as_people_write_them) {
  table t{{"n"}};
  t.rows = {{0.5}};
  BOOST_TEST(text(t, "json", "", true) == "[{\"n\":0.5}]\n");
  BOOST_TEST(text(t, "yaml") == "- \"n\": 0.5\n");
  BOOST_TEST(text(t, "value") == "0.5\n");
  BOOST_TEST(json_line(t, 0) == R"({"n":0.5})");
}

// Expected lines: Python's csv module with escapechar '\\', as cliff calls it.
BOOST_AUTO_TEST_CASE(csv_quotes_as_asked) {
  BOOST_TEST(text(rows(), "csv", "all") ==
             "\"ID\",\"Days\",\"Note\"\n\"u1\",\"3\",\"a,b\"\"c\\\\d\"\n\"u2\",\"\",\"x y\"\n");
  BOOST_TEST(text(rows(), "csv", "nonnumeric") ==
             "\"ID\",\"Days\",\"Note\"\n\"u1\",3,\"a,b\"\"c\\\\d\"\n\"u2\",\"\",\"x y\"\n");
  BOOST_TEST(text(rows(), "csv", "minimal") == "ID,Days,Note\nu1,3,\"a,b\"\"c\\\\d\"\nu2,,x y\n");
  BOOST_TEST(text(rows(), "csv", "none") == "ID,Days,Note\nu1,3,a\\,b\\\"c\\\\d\nu2,,x y\n");
  table one{{"a"}};
  one.rows = {{nullptr}};
  BOOST_TEST(text(one, "csv", "minimal") == "A\n\"\"\n");
}

BOOST_AUTO_TEST_CASE(yaml_quotes_what_a_parser_could_take_for_something_else) {
  table t{{"s"}};
  for (const char* word :
       {"plain", "no", "1e5", "12", "", "a: b", "- x", "~", "Null", "end ", "x#y"})
    t.rows.push_back({word});
  BOOST_TEST(text(t, "yaml") ==
             "- s: plain\n- s: \"no\"\n- s: \"1e5\"\n- s: \"12\"\n- s: \"\"\n- s: \"a: b\"\n"
             "- s: \"- x\"\n- s: \"~\"\n- s: \"Null\"\n- s: \"end \"\n- s: \"x#y\"\n");
  BOOST_TEST(text(table{{"s"}}, "yaml") == "[]\n");
}

BOOST_AUTO_TEST_CASE(yaml_nests_in_blocks) {
  table t{{"a", "b"}};
  t.rows = {{boost::json::parse(R"(["x",{"k":1,"l":[]}])"), true}};
  BOOST_TEST(text(t, "yaml") == "- a:\n    - x\n    - k: 1\n      l: []\n  b: true\n");
}

BOOST_AUTO_TEST_SUITE_END()
