#include "core/mail/letter.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>

namespace ostclean::mail {
BOOST_AUTO_TEST_SUITE(core_mail_letter)

namespace {

letter plain() {
  letter one;
  one.to = "ann@example.org";
  one.subject = "Hello";
  one.body = "Text\n";
  return one;
}

std::string composed(const letter& one) {
  return compose(one, sys_time{std::chrono::seconds{1700000000}}, "id");
}

std::string headers(const letter& one) {
  const auto text = composed(one);
  return text.substr(0, text.find("\n\n") + 1);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_plain_letter) {
  const auto text = composed(plain());
  BOOST_TEST(
      text.starts_with("To: ann@example.org\nSubject: Hello\n"
                       "Date: Tue, 14 Nov 2023 22:13:20 +0000\nMessage-ID: <id@"));
  BOOST_TEST(text.ends_with("Content-Transfer-Encoding: 7bit\n\nText\n"));
}

BOOST_AUTO_TEST_CASE(no_header_can_be_added) {
  auto one = plain();
  one.subject = "a\nBcc: x@y\r\nX: y";
  one.from = "Warden\nBcc: x@y <w@example.org>";
  one.reply_to = "w@example.org\r\nBcc: x@y";
  std::istringstream lines(headers(one));
  for (std::string line; std::getline(lines, line);) {
    BOOST_TEST(!line.starts_with("Bcc"), line);
    BOOST_TEST(!line.starts_with("X:"), line);
    BOOST_TEST(line.find('\r') == std::string::npos, line);
  }
}

BOOST_AUTO_TEST_CASE(subjects_are_encoded_words_of_whole_characters) {
  BOOST_TEST(encode_header("F\xC3\xBCr") == "=?UTF-8?B?RsO8cg==?=");
  BOOST_TEST(encode_header("=?x?=") == "=?UTF-8?B?PT94Pz0=?=");
  std::string many;
  for (int i = 0; i < 100; ++i) many += "\xE6\x97\xA5";
  std::istringstream lines(encode_header(many));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const std::string word = line.substr(count == 0 ? 0 : 1);
    BOOST_TEST(word.size() <= 75U);
    BOOST_TEST(word.starts_with("=?UTF-8?B?"));
    BOOST_TEST(word.ends_with("?="));
    // Whole characters of three bytes need no filling.
    BOOST_TEST(word.find("=?=") == std::string::npos, word);
  }
  BOOST_TEST(count == 8);
}

BOOST_AUTO_TEST_CASE(only_the_name_of_a_sender_is_encoded) {
  auto one = plain();
  one.from = "W\xC3\xA4rter <w@example.org>";
  BOOST_TEST(headers(one).starts_with("From: =?UTF-8?B?V8OkcnRlcg==?=\n <w@example.org>\nTo: "));
  one.from = "w@example.org";
  BOOST_TEST(headers(one).starts_with("From: w@example.org\nTo: "));
}

BOOST_AUTO_TEST_CASE(bodies_that_need_it_are_quoted_printable) {
  BOOST_TEST(quoted_printable("a=b \n\xC3\xBC\t\nend ") == "a=3Db=20\n=C3=BC=09\nend=20");
  const std::string folded = quoted_printable(std::string(100, 'x'));
  BOOST_TEST(folded == std::string(75, 'x') + "=\n" + std::string(25, 'x'));
  auto one = plain();
  one.body = std::string(2000, 'x');
  BOOST_TEST(composed(one).find("quoted-printable") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(addresses) {
  for (const char* good : {"a@b", "first.last+tag@example.org", "o'neill@example.org"})
    BOOST_TEST(check_address(good).has_value(), good);
  for (const char* bad : {"", "a", "@b", "a@", "a@b@c", "-f@b", "a b@c", "a@b,c@d", "<a@b>",
                          "a@b\n", "\"a\"@b", "j\xC3\xB6rg@example.org", "a@b;c"})
    BOOST_TEST(!check_address(bad).has_value(), bad);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace ostclean::mail
