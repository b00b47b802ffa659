#include "core/line_file.hpp"

#include <sys/stat.h>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "tests/unit/support/temporary_folder.hpp"

namespace ostclean {
BOOST_AUTO_TEST_SUITE(core_line_file)

namespace {

using testing::temporary_folder;

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

errc refusal(const std::string& file, line_file::mode how) {
  const auto opened = line_file::open(file, how);
  BOOST_REQUIRE(!opened);
  return opened.error().code;
}

}  // namespace

BOOST_AUTO_TEST_CASE(lines_are_added_and_marks_written_over) {
  temporary_folder folder;
  const auto file = folder.path + "/f";
  {
    auto opened = line_file::open(file, line_file::mode::fresh).value();
    BOOST_TEST(opened->append("one").value() == 0U);
    const auto at = opened->append("two").value();
    BOOST_TEST(at == 4U);
    BOOST_TEST(opened->overwrite(at, "TW").has_value());
    BOOST_TEST((refusal(file, line_file::mode::append) == errc::conflict));
  }
  BOOST_TEST(text_of(file) == "one\nTWo\n");
  struct stat info {};
  BOOST_TEST(::stat(file.c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 07777) == 0600U);
  BOOST_TEST((refusal(file, line_file::mode::fresh) == errc::refused));
  auto again = line_file::open(file, line_file::mode::append).value();
  BOOST_TEST(again->text() == "one\nTWo\n");
  BOOST_TEST(again->append("three").has_value());
  BOOST_TEST(text_of(file) == "one\nTWo\nthree\n");
}

BOOST_AUTO_TEST_CASE(a_fresh_file_without_a_line_does_not_stay) {
  temporary_folder folder;
  const auto file = folder.path + "/f";
  for (int i = 0; i < 2; ++i) BOOST_TEST(line_file::open(file, line_file::mode::fresh).has_value());
  BOOST_TEST(line_file::open(file, line_file::mode::append).has_value());
  BOOST_TEST((refusal(file, line_file::mode::fresh) == errc::refused));
}

BOOST_AUTO_TEST_CASE(a_tail_is_a_line_or_torn_or_nobodys_to_mend) {
  temporary_folder folder;
  const auto mended = [&](const std::string& tail) {
    const auto file = folder.write("f", "whole\n" + tail);
    auto opened = line_file::open(file, line_file::mode::append).value();
    BOOST_TEST(opened->tail() == tail);
    const auto done = opened->mend_tail("{\"id\":");
    if (!done) {
      BOOST_TEST((done.error().code == errc::config));
      return text_of(file);
    }
    BOOST_TEST(opened->append("next").has_value());
    return text_of(file);
  };
  for (const char* torn : {"", "{", "{\"id\":", "{\"id\":\"x", "{\"id\":\"x\"}{"})
    BOOST_TEST(mended(torn) == "whole\nnext\n", torn);
  for (const char* line : {"{\"id\":\"x\"}", "{\"other\":1} ", "{}"})
    BOOST_TEST(mended(line) == "whole\n" + std::string(line) + "\nnext\n");
  for (const char* odd : {"other", "[", "[1]", "{\"xx", "\xEF\xBB\xBF{\"id\":1}"})
    BOOST_TEST(mended(odd) == "whole\n" + std::string(odd), odd);
}

BOOST_AUTO_TEST_CASE(what_is_not_private_is_not_opened) {
  temporary_folder folder;
  const auto wide = folder.path + "/wide", link = folder.path + "/link",
             fifo = folder.path + "/fifo";
  std::ofstream(wide) << "";
  ::chmod(wide.c_str(), 0640);
  BOOST_TEST((refusal(wide, line_file::mode::append) == errc::config));
  BOOST_TEST(::symlink(wide.c_str(), link.c_str()) == 0);
  BOOST_TEST((refusal(link, line_file::mode::append) == errc::config));
  BOOST_TEST(::mkfifo(fifo.c_str(), 0600) == 0);
  BOOST_TEST((refusal(fifo, line_file::mode::append) == errc::config));
  BOOST_TEST((refusal(folder.path + "/no/such/folder", line_file::mode::append) == errc::io));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace ostclean
