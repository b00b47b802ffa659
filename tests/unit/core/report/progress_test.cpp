#include "core/report/progress.hpp"

#include <unistd.h>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <functional>
#include <memory>

BOOST_AUTO_TEST_SUITE(core_report_progress)

using namespace ostclean::report;

namespace {

/// What goes to stdout and stderr while `work` runs.
std::string written_meanwhile(const std::function<void()>& work) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), std::fclose};
  BOOST_REQUIRE(file != nullptr);
  const int channels[] = {STDOUT_FILENO, STDERR_FILENO};
  int before[2];
  std::fflush(nullptr);
  for (int i = 0; i < 2; ++i) {
    before[i] = ::dup(channels[i]);
    ::dup2(::fileno(file.get()), channels[i]);
  }
  work();
  std::fflush(nullptr);
  for (int i = 0; i < 2; ++i) {
    ::dup2(before[i], channels[i]);
    ::close(before[i]);
  }
  std::rewind(file.get());
  std::string text;
  for (int c = std::fgetc(file.get()); c != EOF; c = std::fgetc(file.get()))
    text += static_cast<char>(c);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_line_fits_its_width) {
  BOOST_TEST(progress_line(3, 120, "server web-1", 40) == "[  3/120] server web-1");
  BOOST_TEST(progress_line(3, 120, "server with a very long name indeed", 20) ==
             "[  3/120] server wit");
  BOOST_TEST(progress_line(1, 2, "日本日本", 9) == "[1/2] 日");
  BOOST_TEST(progress_line(1, 2, "a\x1b[31m", 40) == "[1/2] a\\x1b[31m");
}

BOOST_AUTO_TEST_CASE(it_draws_over_itself_and_leaves_nothing) {
  std::string terminal;
  progress bar{[&](std::string_view text) { terminal += text; }, 40};
  bar.clear();
  BOOST_TEST(terminal.empty());
  bar.update(1, 2, "x");
  bar.update(2, 2, "y");
  bar.clear();
  bar.clear();
  BOOST_TEST(terminal == "\r[1/2] x\033[K\r[2/2] y\033[K\r\033[K");
}

BOOST_AUTO_TEST_CASE(it_redraws_ten_times_a_second_at_most) {
  int drawn = 0;
  progress bar{[&](std::string_view) { ++drawn; }, 40};
  for (std::size_t i = 0; i < 1000; ++i) bar.update(i, 1000, "x");
  BOOST_TEST(drawn < 100);
  BOOST_TEST(drawn >= 1);
}

BOOST_AUTO_TEST_CASE(it_is_silent_without_a_terminal) {
  progress bar{nullptr, 40};
  const auto written = written_meanwhile([&] {
    bar.update(1, 2, "x");
    bar.clear();
  });
  BOOST_TEST(written.empty(), written);
  BOOST_TEST(written_meanwhile([] { std::fputs("heard", stderr); }) == "heard");
}

BOOST_AUTO_TEST_SUITE_END()
