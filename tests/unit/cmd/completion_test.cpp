#include "cmd/completion.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(cmd_completion)

using namespace ostclean::cmd;

namespace {

using words = std::vector<std::string>;

bool offers(const words& typed, const std::string& word) {
  const auto list = complete(typed);
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

BOOST_AUTO_TEST_CASE(commands_and_options_by_their_beginning) {
  BOOST_TEST(offers({""}, "auth"));
  BOOST_TEST(offers({"au"}, "auth"));
  BOOST_TEST(!offers({"x"}, "auth"));
  BOOST_TEST(offers({"--os-cloud", "c", "au"}, "auth"));
  BOOST_TEST(offers({"--os-cl"}, "--os-cloud"));
  BOOST_TEST(offers({"auth", "--os-cl"}, "--os-cloud"));
  BOOST_TEST(offers({"auth", "--for"}, "--format"));
  BOOST_TEST(!offers({"version", "--for"}, "--format"));
  BOOST_TEST(offers({"--os-im"}, "--os-image-api-version"));
  BOOST_TEST(offers({"help", ""}, "auth"));
  BOOST_TEST(offers({"help", "vmexpire", ""}, "extend"));
  BOOST_TEST(complete(words{"help", "users", ""}).empty());
  BOOST_TEST(complete(words{"help", "vmexpire", "extend", ""}).empty());
}

BOOST_AUTO_TEST_CASE(arguments_of_options) {
  BOOST_TEST(complete(words{"auth", "--color", ""}) == (words{"auto", "always", "never"}),
             boost::test_tools::per_element());
  BOOST_TEST(complete(words{"auth", "--color=a"}) == (words{"--color=auto", "--color=always"}),
             boost::test_tools::per_element());
  BOOST_TEST(complete(words{"auth", "-f", "j"}) == (words{"json"}),
             boost::test_tools::per_element());
  BOOST_TEST(complete(words{"--os-interface", "i"}) == (words{"internal"}),
             boost::test_tools::per_element());
  BOOST_TEST(complete(words{"auth", "--log-file", ""}).empty());
  BOOST_TEST(!offers({"auth", "--log-file", "--co"}, "--color"));
}

BOOST_AUTO_TEST_CASE(nonsense_is_not_an_error) {
  BOOST_TEST(complete(words{}).empty());
  BOOST_TEST(complete(words{"nosuch", ""}).empty());
  BOOST_TEST(complete(words{"auth", "--nosuch=", ""}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
