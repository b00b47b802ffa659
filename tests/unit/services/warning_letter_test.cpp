#include "services/warning_letter.hpp"

#include <boost/test/unit_test.hpp>

#include "services/warnings.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace ostclean::services {
BOOST_AUTO_TEST_SUITE(services_warning_letter)

namespace {

warning_facts ann() {
  warning_facts facts;
  facts.name = "Ann";
  facts.email = "ann@example.org";
  facts.project = "{name}";
  facts.expires = "2026-06-19";
  facts.days = 4;
  facts.what = "2 server";
  return facts;
}

std::string complaint(const std::string& text) {
  const auto parsed = warning_template::parse(text, "t");
  return parsed ? "none" : parsed.error().message;
}

}  // namespace

BOOST_AUTO_TEST_CASE(words_are_filled_in_once) {
  const auto made =
      warning_template::parse("subject: {name}, {days}\n\n{{{project}: {what}}\n", "t").value();
  const auto letter = made.fill(ann());
  BOOST_TEST(letter.to == "ann@example.org");
  BOOST_TEST(letter.subject == "Ann, 4");
  // What a fact holds is not looked at again.
  BOOST_TEST(letter.body == "{{name}: 2 server}\n");
  BOOST_TEST(made.names("what"));
  BOOST_TEST(!made.names("expires"));
}

BOOST_AUTO_TEST_CASE(the_built_in_one_says_all_there_is_to_say) {
  const auto made = warning_template::load("").value();
  for (const char* word : {"name", "project", "expires", "days", "what"})
    BOOST_TEST(made.names(word), word);
}

BOOST_AUTO_TEST_CASE(complaints_name_the_line) {
  BOOST_TEST(complaint("Subject: a\nTo: b\n\nc\n").starts_with("t:2: not a header"));
  BOOST_TEST(complaint("Subject: a\nSubject: b\n\nc\n") == "t:2: this header is given twice");
  BOOST_TEST(complaint("Subject: a\n\n\n{x}\n").starts_with("t:4: a brace"));
  BOOST_TEST(complaint("Subject: a\n\n{name\n").starts_with("t:3: a brace"));
  BOOST_TEST(complaint("text\n").starts_with("t:1: not a header"));
  BOOST_TEST(complaint("Subject: \xC3\n\nc\n") == "t is not UTF-8");
  BOOST_TEST(complaint("Subject: a\r\n\r\nc\r\n") == "none");
}

BOOST_AUTO_TEST_CASE(the_record_tells_users_dates_and_clouds_apart) {
  testing::temporary_folder folder;
  const auto file = folder.path + "/state/warned.jsonl";
  const auto now = wall_clock();
  BOOST_TEST(
      !warned_book::open(file, this_cloud("a", nullptr), true).value()->knows("u", "2026-06-19"));
  BOOST_TEST(!std::filesystem::exists(file));
  BOOST_TEST(warned_book::open(file, this_cloud("a", nullptr), false)
                 .value()
                 ->remember("u", "2026-06-19", "mail", now)
                 .has_value());
  const auto again = warned_book::open(file, this_cloud("a", nullptr), false).value();
  BOOST_TEST(again->knows("u", "2026-06-19"));
  BOOST_TEST(!again->knows("u", "2026-06-20"));
  BOOST_TEST(!again->knows("v", "2026-06-19"));
  const auto copy =
      folder.write("copy", "{\"cloud\":\"a\",\"user_id\":\"u\",\"expires_at\":\"d\"}\n{\"clo");
  const auto other = warned_book::open(copy, this_cloud("b", nullptr), false);
  BOOST_TEST(!other.value()->knows("u", "d"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace ostclean::services
