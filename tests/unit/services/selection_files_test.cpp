#include "services/selection_files.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

namespace services_selection_files {

using namespace ostclean;
using namespace ostclean::services;

namespace {

std::string ids(const std::string& text) {
  const auto read = parse_users(text, "f");
  if (!read) return read.error().line();
  BOOST_TEST(read->warnings.empty());
  std::string all;
  for (const auto& one : read->entries) all += one.id + "@" + one.where + " ";
  return all;
}

template <class T>
std::string complaint(const result<T>& read) {
  BOOST_REQUIRE(!read);
  BOOST_TEST((read.error().code == errc::config));
  return read.error().message;
}

class folder {
 public:
  folder() {
    std::string name = "/tmp/ostclean-files-XXXXXX";
    path = ::mkdtemp(name.data());
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::string write(const std::string& text, mode_t mode) const {
    std::string file = path + "/c";
    std::ofstream(file) << text;
    ::chmod(file.c_str(), mode);
    return file;
  }
  std::string path;
};

}  // namespace

}  // namespace services_selection_files

BOOST_FIXTURE_TEST_SUITE(services_selection_files, folder)

BOOST_AUTO_TEST_CASE(users_in_each_form) {
  BOOST_TEST(ids("a,ann\nb\n\n c , x\n") == "a@f:1 b@f:2 c@f:4 ");
  BOOST_TEST(ids("\xEF\xBB\xBF"
                 "a\r\nb,x\r\n") == "a@f:1 b@f:2 ");
  BOOST_TEST(ids("\"ID\",\"Name\"\n\"a\",\"ann\"\n") == "a@f:2 ");
  BOOST_TEST(ids("{\"id\":\"a\",\"name\":\"n\"}\r\n\n{\"user_id\":\"b\"}") == "a@f:1 b@f:3 ");
  BOOST_TEST(ids("\xEF\xBB\xBF\n [{\"id\":\"a\"},\n {\"id\":\"b\"}]\n") ==
             "a@f: entry 1 b@f: entry 2 ");
}

BOOST_AUTO_TEST_CASE(a_list_of_nobody_is_no_mistake) {
  const auto read = parse_users("[]", "f");
  BOOST_REQUIRE(read);
  BOOST_TEST(read->entries.empty());
  BOOST_TEST(read->warnings.at(0) == "f lists nobody");
}

BOOST_AUTO_TEST_CASE(a_damaged_users_file_is_one_line_with_its_place) {
  BOOST_TEST(ids("") == "no users in f");
  BOOST_TEST(ids("\xEF\xBB\xBF\r\n \n") == "no users in f");
  BOOST_TEST(ids("id,name\n") == "no users in f");
  BOOST_TEST(ids("{\"id\":\"a\"}\n{\"id\":\"b\"").starts_with("f:2: not valid JSON: "));
  BOOST_TEST(ids("[{\"id\":\"a\"},\n{\"id\":\n").starts_with("f:3: not valid JSON: "));
  BOOST_TEST(ids("[{\"id\":\"a\"}\n{}]").starts_with("f:2: not valid JSON: "));
  BOOST_TEST(ids("[{\"id\":\"a\"}] x").starts_with("f:1: not valid JSON: "));
  BOOST_TEST(ids("{\"name\":\"a\"}") == "f:1: no user id");
  BOOST_TEST(ids("{\"id\":\"../x\"}") == "f:1: no user id");
  BOOST_TEST(ids("[1]") == "f: entry 1: not a JSON object");
  BOOST_TEST(ids("a\n,b\n") == "f:2: no user id in the first field");
  BOOST_TEST(ids("a\nb c,d\n") == "f:2: no user id in the first field");
}

BOOST_AUTO_TEST_CASE(users_of_the_same_name_in_two_projects_are_two) {
  const auto read = parse_credentials("ann,p1,one\nann,p2,two\nann,p3,two\n", "f");
  BOOST_REQUIRE(read);
  BOOST_REQUIRE(read->entries.size() == 2U);
  BOOST_TEST(read->entries[1].password == "p2");
  BOOST_REQUIRE(read->warnings.size() == 1U);
  BOOST_TEST(read->warnings[0] == "f:3: user ann of project two is listed twice");
}

BOOST_AUTO_TEST_CASE(a_user_twice_is_a_warning_and_once) {
  const auto read = parse_users("a\nb\na,again\n", "f");
  BOOST_REQUIRE(read);
  BOOST_TEST(read->entries.size() == 2);
  BOOST_TEST(read->warnings.size() == 1);
  BOOST_TEST(read->warnings[0] == "f:3: user a is listed twice");
}

BOOST_AUTO_TEST_CASE(credentials_in_both_forms) {
  const auto read = parse_credentials(
      R"({"user_id":"u","user_name":"ann","domain_id":"d","project_id":"p","password":"s"})", "f");
  BOOST_REQUIRE(read);
  const auto& one = read->entries.at(0);
  BOOST_TEST(one.user_id == "u");
  BOOST_TEST(one.label() == "ann");
  BOOST_TEST(one.domain_id == "d");
  BOOST_TEST(one.project_id == "p");
  BOOST_TEST(one.password == "s");
  const auto old = parse_credentials(
      "ann,a,b c,tenant\r\n"
      "0123456789abcdef0123456789abcdef,s,"
      "fedcba9876543210fedcba9876543210\n",
      "f");
  BOOST_REQUIRE(old);
  BOOST_TEST(old->entries[0].user_name == "ann");
  BOOST_TEST(old->entries[0].password == "a,b c");
  BOOST_TEST(old->entries[0].project_name == "tenant");
  BOOST_TEST(old->entries[1].user_id == "0123456789abcdef0123456789abcdef");
  BOOST_TEST(old->entries[1].project_id == "fedcba9876543210fedcba9876543210");
}

BOOST_AUTO_TEST_CASE(complaints_about_credentials_never_show_a_password) {
  const auto said = [](const std::string& text) {
    auto message = complaint(parse_credentials(text, "f"));
    BOOST_TEST(message.find("hunter2") == std::string::npos);
    return message;
  };
  BOOST_TEST(said("hunter2") == "f:1: not a line of user,password,project");
  BOOST_TEST(said("ann,hunter2") == "f:1: not a line of user,password,project");
  BOOST_TEST(said("{\"user_id\":\"u\",\"password\":\"hunter2\"}") == "f:1: no project");
  BOOST_TEST(said("{\"user_id\":\"u\",\"project_id\":\"p\"}") == "f:1: no password");
  BOOST_TEST(said("{\"password\":\"hunter2\",\"project_id\":\"p\"}") == "f:1: no user");
  BOOST_TEST(said("{\"password\":\"hunter2").starts_with("f:1: not valid JSON"));
  BOOST_TEST(said("\n") == "no users in f");
}

BOOST_AUTO_TEST_CASE(trusts) {
  const auto read = parse_trusts(R"({"trust_id":"t","user_id":"u","user_name":"n"})", "f");
  BOOST_REQUIRE(read);
  BOOST_TEST(read->entries[0].trust_id == "t");
  BOOST_TEST(complaint(parse_trusts(R"({"user_id":"u"})", "f")) == "f:1: no trust_id");
  BOOST_TEST(complaint(parse_trusts("u,t", "f")).starts_with("f:1: not valid JSON"));
}

BOOST_AUTO_TEST_CASE(a_credentials_file_must_be_ours_and_narrow) {
  const std::string text = R"({"user_id":"u","project_id":"p","password":"s"})";
  for (const mode_t mode : {0600U, 0400U})
    BOOST_TEST(read_credentials_file(write(text, mode)).has_value());
  for (const mode_t mode : {0640U, 0604U, 0700U, 0620U}) {
    const auto read = read_credentials_file(write(text, mode));
    BOOST_TEST(complaint(read).find("open to others") != std::string::npos);
  }
  const auto file = write(text, 0600);
  ::symlink(file.c_str(), (path + "/link").c_str());
  BOOST_TEST(complaint(read_credentials_file(path + "/link")) == path + "/link is a symbolic link");
  ::mkfifo((path + "/fifo").c_str(), 0600);
  BOOST_TEST(complaint(read_credentials_file(path + "/fifo")) ==
             path + "/fifo is not a regular file");
  BOOST_TEST(complaint(read_credentials_file(path + "/none")) ==
             "cannot read " + path + "/none: No such file or directory");
  if (::geteuid() == 0) {
    BOOST_TEST(::chown(file.c_str(), 12345, 12345) == 0);
    BOOST_TEST(complaint(read_credentials_file(file)) == file + " belongs to somebody else");
  }
}

BOOST_AUTO_TEST_CASE(a_users_file_that_is_not_there) {
  BOOST_TEST(complaint(read_users_file(path + "/none")) ==
             "cannot read " + path + "/none: No such file or directory");
  BOOST_TEST(complaint(read_users_file(path)) == "cannot read " + path + ": Is a directory");
  const auto read = read_users_file(write("a\n", 0644));
  BOOST_REQUIRE(read);
  BOOST_TEST(read->entries[0].where == path + "/c:1");
}

BOOST_AUTO_TEST_SUITE_END()
