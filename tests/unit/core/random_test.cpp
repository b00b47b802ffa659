#include "core/random.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

namespace ostclean {

BOOST_AUTO_TEST_SUITE(core_random)

BOOST_AUTO_TEST_CASE(passwords_are_long_plain_and_never_the_same) {
  std::set<std::string> seen;
  for (int i = 0; i < 500; ++i) {
    const auto word = random_password();
    BOOST_REQUIRE(word);
    BOOST_TEST(word->size() == 32U);
    int classes[3] = {0, 0, 0};
    for (const char c : *word) {
      const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
      BOOST_TEST((upper || lower || (c >= '0' && c <= '9')));
      ++classes[upper ? 0 : lower ? 1 : 2];
    }
    for (const int n : classes) BOOST_TEST(n > 0);
    BOOST_TEST(seen.insert(*word).second);
  }
}

BOOST_AUTO_TEST_CASE(every_letter_is_as_likely_as_another) {
  std::map<char, int> counted;
  for (const char c : random_word(62000).value()) ++counted[c];
  BOOST_TEST(counted.size() == 62U);
  // 1000 each; eight standard deviations are 252.
  for (const auto& [c, n] : counted) BOOST_TEST((n > 740 && n < 1260), c << " " << n);
}

BOOST_AUTO_TEST_CASE(short_words_are_words_too) {
  BOOST_TEST(random_word(0).value().empty());
  BOOST_TEST(random_word(1).value().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace ostclean
