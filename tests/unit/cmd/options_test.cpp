#include "cmd/options.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

BOOST_AUTO_TEST_SUITE(cmd_options)

using namespace ostclean;
using namespace ostclean::cmd;

namespace {

using words = std::vector<std::string>;

constexpr option_spec rows[] = {
    {"yes", 'y', "", "flag"},
    {"project", 'p', "ID", "repeatable", true},
    {"users", 0, "FILE", "file", false, "<file>"},
    {"max", 0, "N", "number"},
    {"wait", 0, "SECONDS", "seconds"},
    {"how", 0, "WHEN", "words", false, "auto never"},
    {"os-cloud", 0, "CLOUD", "cloud"},
    {"os-SERVICE-endpoint-override", 0, "URL", "pattern", true},
    {"verbose", 'v', "", "repeatable flag", true},
};

std::string refused(const words& args) {
  auto given = parse_options(args, rows);
  if (given) return "accepted";
  BOOST_TEST((given.error().code == errc::usage));
  return given.error().line();
}

}  // namespace

BOOST_AUTO_TEST_CASE(options_and_words_in_any_order) {
  const words args{"one", "--yes", "--project", "a", "two", "--project=b", "-pc", "-vv", "-p", "d"};
  const arguments given = parse_options(args, rows).value();
  BOOST_TEST(given.words == (words{"one", "two"}), boost::test_tools::per_element());
  BOOST_TEST(given.values("project") == (words{"a", "b", "c", "d"}),
             boost::test_tools::per_element());
  BOOST_TEST(given.has("yes"));
  BOOST_TEST(given.values("verbose").size() == 2U);
  BOOST_TEST(!given.has("users"));
  BOOST_TEST(given.value("users", "none") == "none");
}

BOOST_AUTO_TEST_CASE(a_dash_is_a_value_and_two_dashes_end_the_options) {
  const words args{"--users", "-", "--", "--yes", "-p"};
  const arguments given = parse_options(args, rows).value();
  BOOST_TEST(given.value("users") == "-");
  BOOST_TEST(given.words == (words{"--yes", "-p"}), boost::test_tools::per_element());
  BOOST_TEST(!given.has("yes"));
}

BOOST_AUTO_TEST_CASE(nothing_is_abbreviated) {
  BOOST_TEST(refused({"--ye"}) == "unknown option --ye; did you mean --yes");
  BOOST_TEST(refused({"--proj", "a"}) == "unknown option --proj; did you mean --project");
  BOOST_TEST(refused({"--=trial-01"}) == "option --=trial-01 has no name");
  BOOST_TEST(refused({"--zzzzzz"}) == "unknown option --zzzzzz");
  BOOST_TEST(refused({"-x"}) == "unknown option -x");
}

BOOST_AUTO_TEST_CASE(a_separate_value_never_begins_with_two_dashes) {
  for (const words& args : {words{"--project", "--yes"}, words{"--project", "--nonsense"},
                            words{"--users", "--", "x"}, words{"-p", "--yes"}})
    BOOST_TEST(refused(args) != "accepted");
  BOOST_TEST(parse_options(words{"--project=--yes"}, rows).value().value("project") == "--yes");
}

BOOST_AUTO_TEST_CASE(wrong_values_are_refused) {
  BOOST_TEST(refused({"--users"}) == "option --users needs FILE");
  BOOST_TEST(refused({"--users="}) == "option --users has an empty value");
  BOOST_TEST(refused({"--users", ""}) == "option --users has an empty value");
  BOOST_TEST(refused({"--yes=1"}) == "option --yes takes no value");
  BOOST_TEST(refused({"--max", "1.5"}) == "option --max needs a whole number, not '1.5'");
  BOOST_TEST(refused({"--max", "-1"}) == "option --max needs a whole number, not '-1'");
  BOOST_TEST(refused({"--max", "1000000000"}) ==
             "option --max takes at most 999999999, not '1000000000'");
  BOOST_TEST(refused({"--max", "99999999999999999999"}) != "accepted");
  for (const char* bad : {"0", "-1", "abc", "1s", "nan", "inf", "1e99"})
    BOOST_TEST(refused({"--wait", bad}) != "accepted", bad);
  BOOST_TEST(refused({"--how", "always"}) == "option --how takes no 'always'; one of: auto never");
  BOOST_TEST(refused({"--how", "auto never"}) != "accepted");
  BOOST_TEST(parse_options(words{"--wait", "0.5"}, rows).value().number("wait", 9) == 0.5);
  BOOST_TEST(arguments{}.number("wait", 9) == 9);
}

BOOST_AUTO_TEST_CASE(single_options_are_given_once) {
  BOOST_TEST(refused({"--max", "1", "--max", "2"}) == "option --max is given twice");
  BOOST_TEST(refused({"--yes", "-y"}) == "option --yes is given twice");
  BOOST_TEST(refused({"--os-cloud", "a", "--os_cloud=a"}) == "option --os-cloud is given twice");
}

BOOST_AUTO_TEST_CASE(underscores_and_services_are_understood) {
  const words args{"--os_cloud", "c_d", "--os-compute-endpoint-override", "http://a/?x=1",
                   "--os_object_store_endpoint_override=http://b"};
  const arguments given = parse_options(args, rows).value();
  BOOST_TEST(given.value("os-cloud") == "c_d");
  BOOST_TEST(given.values("os-SERVICE-endpoint-override") ==
                 (words{"compute=http://a/?x=1", "object-store=http://b"}),
             boost::test_tools::per_element());
  BOOST_TEST(refused({"--os-compute-endpoint-override"}) != "accepted");
  BOOST_TEST(refused({"--os-compute-endpoint-override", "--yes"}) != "accepted");
  BOOST_TEST(refused({"--os--endpoint-override", "x"}) != "accepted");
}

BOOST_AUTO_TEST_CASE(the_command_is_the_first_word_that_is_no_option_and_no_value) {
  const auto at = [](const words& args) { return command_position(args); };
  BOOST_TEST(at({"users"}) == 0U);
  BOOST_TEST(at({"--os-region-name", "r1", "users"}) == 2U);
  BOOST_TEST(at({"--os-region-name=r1", "users"}) == 1U);
  BOOST_TEST(at({"-v", "-fjson", "users"}) == 2U);
  BOOST_TEST(at({"-vf", "json", "users"}) == 2U);
  BOOST_TEST(at({"--os-image-endpoint-override", "http://x", "users"}) == 2U);
  BOOST_TEST(at({"--", "users"}) == 1U);
  BOOST_TEST(at({"--debug"}) == 1U);
  BOOST_TEST(at({}) == 0U);
}

BOOST_AUTO_TEST_CASE(near_names_are_suggested_and_far_ones_are_not) {
  const words names{"users", "reset", "stop", "recategorize"};
  BOOST_TEST(did_you_mean("usrs", names) == "users");
  BOOST_TEST(did_you_mean("recat", names) == "recategorize");
  BOOST_TEST(did_you_mean("recategorise", names) == "recategorize");
  BOOST_TEST(did_you_mean("kubernetes", names).empty());
}

// One word must mean one thing, on whichever side of the command it stands.
BOOST_AUTO_TEST_CASE(no_option_of_a_command_has_two_meanings) {
  for (const auto& what : commands()) {
    std::set<std::string_view> names;
    std::set<char> letters;
    for (const auto& row : options_of(what)) {
      BOOST_TEST(names.insert(row.name).second, what.name << " --" << row.name);
      if (row.letter != 0)
        BOOST_TEST(letters.insert(row.letter).second, what.name << " -" << row.letter);
      BOOST_TEST(!row.help.empty());
    }
    BOOST_TEST((what.run != nullptr));
    BOOST_TEST(!what.summary.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
