// A terminal of any width: the progress line fits into it, and what is asked is asked.
#include <boost/test/unit_test.hpp>

#include "tests/cli/terminal_child.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_narrow_terminal)

namespace {

/// The longest line that was drawn over another, in bytes; escapes are not counted.
std::size_t longest_progress(const std::string& screen) {
  std::size_t most = 0;
  for (auto at = screen.find("\r["); at != std::string::npos; at = screen.find("\r[", at + 1)) {
    const auto end = screen.find_first_of("\033\r\n", at + 1);
    most = std::max(most, std::min(end, screen.size()) - at - 1);
  }
  return most;
}

}  // namespace

BOOST_AUTO_TEST_CASE(progress_fits) {
  for (const int columns : {1, 2, 10, 40, 200}) {
    BOOST_TEST_CONTEXT(columns << " columns") {
      site s;
      terminal t(s, {"delete", "--project", s.mine.name, "--yes", "-f", "value"}, columns);
      const auto e = t.wait();
      BOOST_TEST(e.code == 0, e.out);
      const auto widest = longest_progress(t.raw());
      BOOST_TEST(widest > 0U, t.raw());
      BOOST_TEST(widest <= static_cast<std::size_t>(std::max(columns - 1, 1)), t.raw());
      s.check_empty();
    }
  }
}

BOOST_AUTO_TEST_CASE(without_a_terminal_nothing_is_drawn) {
  site s;
  manner how;
  how.environment["TERM"] = "xterm";
  const auto e = s.run({"delete", "--project", s.mine.name, "--yes", "-f", "value"}, how);
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((e.out + e.err).find_first_of("\r\033") == std::string::npos, e.out + e.err);
}

BOOST_AUTO_TEST_CASE(lists_are_shown_in_any_width) {
  site s;
  for (const int columns : {0, 1, 2, 10, 40}) {
    for (const words& args : {words{"users"}, words{"users", "--fit-width"}, words{"kinds"},
                              words{"help", "delete"}, words{"users", "--max-width", "1"}}) {
      terminal t(s, args, columns);
      const auto e = t.wait();
      BOOST_TEST(e.code == 0, args[0] << " " << columns << ": " << e.out);
      BOOST_TEST(!e.out.empty());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
