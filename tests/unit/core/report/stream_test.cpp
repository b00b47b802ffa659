#include "core/report/stream.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_report_stream)

using namespace ostclean;
using namespace ostclean::report;

namespace {

table rows(std::size_t count) {
  table t{{"id", "name"}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = "name \"" + std::to_string(i) + "\"\n";
    t.rows.push_back({static_cast<std::int64_t>(count - i), boost::json::value(name)});
  }
  return t;
}

class printed {
 public:
  std::string whole(const table& all, const options& how) {
    stream s{table{all.keys}, how, [this](std::string_view part) {
               text += part;
               ++parts;
             }};
    for (const auto& row : all.rows) s.add(row);
    BOOST_TEST(s.finish().has_value());
    return text;
  }
  std::string text;
  std::size_t parts = 0;
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_same_bytes_as_render) {
  for (const char* format : {"table", "json", "ndjson", "csv", "value", "yaml"})
    for (const bool noindent : {false, true})
      for (const std::size_t count : {0, 1, 999, 1000, 1001, 2500}) {
        options how;
        how.format = format;
        how.noindent = noindent;
        const auto all = rows(count);
        printed p;
        BOOST_TEST((p.whole(all, how) == render(all, how).value()), format << " " << count);
      }
}

BOOST_AUTO_TEST_CASE(long_lists_come_in_parts_unless_they_are_sorted) {
  options how;
  how.format = "ndjson";
  printed p;
  p.whole(rows(5000), how);
  BOOST_TEST(p.parts >= 5U);
  how.sort_columns = {"id"};
  printed sorted;
  BOOST_TEST((sorted.whole(rows(5000), how) == render(rows(5000), how).value()));
  BOOST_TEST(sorted.parts == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_not_printed_can_be_forgotten) {
  options how;
  how.format = "value";
  std::string text;
  stream s{table{{"id"}}, how, [&](std::string_view part) { text += part; }};
  s.add({"a"});
  s.restart();
  s.add({"b"});
  BOOST_TEST(!s.begun());
  BOOST_TEST(s.finish().has_value());
  BOOST_TEST(text == "b\n");
}

BOOST_AUTO_TEST_CASE(columns_nobody_knows_are_an_error_and_print_nothing) {
  options how;
  how.columns = {"nosuch"};
  std::string text;
  stream s{table{{"id"}}, how, [&](std::string_view part) { text += part; }};
  s.add({"a"});
  BOOST_TEST(!s.finish());
  BOOST_TEST(text.empty());
}

BOOST_AUTO_TEST_CASE(a_toned_column_has_colours_by_row) {
  table t{{"id", "left"}};
  t.toned = "left";
  t.rows = {{"1", "5 days"}, {"2", "expired"}, {"3", "60 days"}};
  t.tones = {tone::near, tone::past, tone::plain};
  options how;
  how.color = true;
  how.sort_columns = {"id"};
  how.sort_descending = true;
  const auto text = render(t, how).value();
  BOOST_TEST(text.find("\033[33m5 days\033[0m") != std::string::npos, text);
  BOOST_TEST(text.find("\033[31mexpired\033[0m") != std::string::npos, text);
  BOOST_TEST(text.find("60 days |") != std::string::npos, text);
  how.color = false;
  BOOST_TEST(render(t, how).value().find('\033') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
