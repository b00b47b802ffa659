#include "core/auth/token_cache.hpp"

#include "tests/unit/support/temporary_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>

namespace core_auth_token_cache {

using namespace ostclean;
using auth::token_cache;
namespace fs = std::filesystem;

namespace {

class place {
 public:
  testing::temporary_folder outer;
  std::string folder = outer.path + "/a/cache";
  token_cache cache{folder};
  std::string file = folder + "/k";

  static mode_t mode(const std::string& path) {
    struct stat about {};
    BOOST_REQUIRE(::lstat(path.c_str(), &about) == 0);
    return about.st_mode & 07777;
  }
};

auth::settings ann() {
  auth::settings s;
  s.auth_type = "password";
  s.auth_url = "http://k";
  s.username = "ann";
  s.password = "secret";
  s.scope.project_name = "p";
  return s;
}

}  // namespace

}  // namespace core_auth_token_cache

BOOST_FIXTURE_TEST_SUITE(core_auth_token_cache, place)

BOOST_AUTO_TEST_CASE(what_is_stored_is_loaded_from_private_files) {
  BOOST_TEST(!cache.load("k"));
  BOOST_TEST(!fs::exists(folder));  // looking does not make anything
  const std::string text{"text\n\0more", 10};
  cache.store("k", text);
  BOOST_TEST((cache.load("k").value() == text));
  BOOST_TEST(mode(folder) == 0700U);
  BOOST_TEST(mode(file) == 0600U);
  cache.store("k", "newer");
  BOOST_TEST(cache.load("k").value() == "newer");
  cache.drop("k");
  BOOST_TEST(!cache.load("k"));
  BOOST_TEST(cache.warning() == "");
  BOOST_TEST(std::distance(fs::directory_iterator{folder}, {}) == 0);
}

BOOST_AUTO_TEST_CASE(a_wider_file_is_dropped) {
  for (mode_t wide : {0644, 0640, 0604, 0700, 04600}) {
    cache.store("k", "text");
    ::chmod(file.c_str(), wide);
    BOOST_TEST(!cache.load("k"));
    BOOST_TEST(!fs::exists(file));
  }
}

BOOST_AUTO_TEST_CASE(a_link_is_not_followed) {
  cache.store("other", "text");
  fs::create_symlink(folder + "/other", file);
  BOOST_TEST(!cache.load("k"));
  BOOST_TEST(!fs::is_symlink(file));
  BOOST_TEST(cache.load("other").value() == "text");
  fs::create_symlink(outer.path + "/victim", file);
  cache.store("k", "mine");
  BOOST_TEST(!fs::exists(outer.path + "/victim"));
  BOOST_TEST(cache.load("k").value() == "mine");
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_dropped) {
  cache.store("k", "some text that is long enough");
  const auto size = fs::file_size(file);
  for (std::uintmax_t length :
       {std::uintmax_t{0}, std::uintmax_t{1}, std::uintmax_t{20}, size - 1}) {
    cache.store("k", "some text that is long enough");
    fs::resize_file(file, length);
    BOOST_TEST(!cache.load("k"));
    BOOST_TEST(!fs::exists(file));
  }
  for (std::streamoff at : {0, 5, 40}) {
    cache.store("k", "some text that is long enough");
    std::fstream{file, std::ios::in | std::ios::out | std::ios::binary}.seekp(at).put('\x7f');
    BOOST_TEST(!cache.load("k"));
  }
  ::mkfifo(file.c_str(), 0600);
  BOOST_TEST(!cache.load("k"));
}

BOOST_AUTO_TEST_CASE(a_wide_folder_is_refused_with_a_warning) {
  cache.store("k", "text");
  ::chmod(folder.c_str(), 0755);
  BOOST_TEST(!cache.load("k"));
  BOOST_TEST(cache.warning().find("chmod 700") != std::string::npos);
  cache.store("k2", "text");
  BOOST_TEST(!fs::exists(folder + "/k2"));
  BOOST_TEST(cache.try_lock("k").has_value());  // the command goes on
}

BOOST_AUTO_TEST_CASE(a_linked_folder_is_refused) {
  fs::create_directories(outer.path + "/real");
  ::chmod((outer.path + "/real").c_str(), 0700);
  fs::create_directory_symlink(outer.path + "/real", outer.path + "/link");
  token_cache linked{outer.path + "/link/"};
  linked.store("k", "text");
  BOOST_TEST(fs::is_empty(outer.path + "/real"));
  BOOST_TEST(!linked.warning().empty());
}

BOOST_AUTO_TEST_CASE(no_folder_at_all) {
  token_cache none{""};
  none.store("k", "t");
  BOOST_TEST(!none.load("k"));
  token_cache file_in_the_way{outer.write("plain", "x") + "/cache"};
  file_in_the_way.store("k", "t");
  BOOST_TEST(!file_in_the_way.load("k"));
  BOOST_TEST(!file_in_the_way.warning().empty());
}

BOOST_AUTO_TEST_CASE(one_holder_at_a_time) {
  {
    auto held = cache.try_lock("k");
    BOOST_REQUIRE(held);
    BOOST_TEST(!cache.try_lock("k"));
    BOOST_TEST(cache.try_lock("other").has_value());
  }
  BOOST_TEST(cache.try_lock("k").has_value());
}

BOOST_AUTO_TEST_CASE(old_entries_go) {
  cache.store("old", "text");
  cache.store("young", "text");
  utimbuf week_ago{};
  week_ago.actime = week_ago.modtime = ::time(nullptr) - std::time_t{8} * 24 * 3600;
  ::utime((folder + "/old").c_str(), &week_ago);
  cache.store("k", "text");
  BOOST_TEST(!fs::exists(folder + "/old"));
  BOOST_TEST(fs::exists(folder + "/young"));
}

BOOST_AUTO_TEST_CASE(the_key_tells_identities_and_scopes_apart) {
  std::set<std::string> keys;
  auto add = [&](auto change) {
    auto s = ann();
    change(s);
    keys.insert(token_cache::key(s));
  };
  add([](auto&) {});
  add([](auto& s) { s.auth_url = "http://other"; });
  add([](auto& s) { s.username = "bob"; });
  add([](auto& s) { s.user_id = "ann"; });
  add([](auto& s) { s.password = "other"; });
  add([](auto& s) { s.user_domain_id = "d"; });
  add([](auto& s) { s.user_domain_name = "d"; });
  add([](auto& s) { s.token = "t"; });
  add([](auto& s) { s.application_credential_secret = "t"; });
  add([](auto& s) { s.scope.project_name = "q"; });
  add([](auto& s) { s.scope.project_id = "p"; });
  add([](auto& s) { s.scope.domain_id = "p"; });
  add([](auto& s) { s.scope.trust_id = "p"; });
  add([](auto& s) { s.scope.system = true; });
  BOOST_TEST(keys.size() == 14U);
  auto same = ann();
  same.verify = false;
  same.region = "R";
  BOOST_TEST(token_cache::key(same) == token_cache::key(ann()));
  for (const auto& key : keys)
    BOOST_TEST((key.size() == 64 && key.find_first_not_of("0123456789abcdef") == key.npos));
}

BOOST_AUTO_TEST_SUITE_END()
