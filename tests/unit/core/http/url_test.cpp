#include "core/http/url.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_http_url)

using namespace ostclean;
using namespace ostclean::http;

BOOST_AUTO_TEST_CASE(urls_are_taken_apart) {
  auto u = split_url("HTTPS://Cloud.Invalid:8774/v2.1/a%2Fb?x=y%20z&k");
  BOOST_REQUIRE(u);
  BOOST_TEST(u->scheme == "https");
  BOOST_TEST(u->host == "cloud.invalid");
  BOOST_TEST(u->port == 8774);
  BOOST_TEST(u->authority == "Cloud.Invalid:8774");
  BOOST_TEST(u->target == "/v2.1/a%2Fb?x=y%20z&k");
  BOOST_TEST(u->user_info.empty());
  auto bare = split_url("http://h");
  BOOST_REQUIRE(bare);
  BOOST_TEST(bare->target == "/");
  BOOST_TEST(bare->port == 80);
  BOOST_TEST(split_url("https://h?x")->target == "/?x");
  BOOST_TEST(split_url("https://h:/")->port == 443);
  BOOST_TEST(split_url("http://me:p%40ss@h/")->user_info == "me:p@ss");
}

BOOST_AUTO_TEST_CASE(an_ipv6_host_loses_its_brackets) {
  auto u = split_url("http://[2001:DB8::1]:5000/v3");
  BOOST_REQUIRE(u);
  BOOST_TEST(u->host == "2001:db8::1");
  BOOST_TEST(u->port == 5000);
  BOOST_TEST(host_and_port(u->host, u->port) == "[2001:db8::1]:5000");
  BOOST_TEST(host_and_port("h", 1) == "h:1");
}

BOOST_AUTO_TEST_CASE(what_is_no_http_url_is_refused) {
  for (const char* text : {"", "h", "/v3", "ftp://h", "http://", "http:///x", "http://h:99999",
                           "http://h:0", "http://h/a b", "http://h\r\n/", "https://h:x/"}) {
    auto u = split_url(text);
    BOOST_REQUIRE_MESSAGE(!u, text);
    BOOST_TEST((u.error().code == errc::config));
  }
}

BOOST_AUTO_TEST_CASE(segments_are_encoded) {
  BOOST_TEST(percent_encode("a/b c?d#e&f%\xC3\xBC~-._") == "a%2Fb%20c%3Fd%23e%26f%25%C3%BC~-._");
  BOOST_TEST(percent_encode("..") == "..");
  BOOST_TEST(percent_decode("a%2Fb%20c%25%C3%BC") == "a/b c%\xC3\xBC");
  BOOST_TEST(percent_decode("100%") == "100%");
}

BOOST_AUTO_TEST_CASE(what_a_proxy_would_take_for_another_path_is_seen) {
  for (const char* name :
       {".", "..", "../x", "x/..", "a/./b", "../../AUTH_victim/c/o", "/..", "../", "a%2F..%2Fb",
        "%2e%2E", ".%2e/x", "%252e%252e%252fx", "%25252e", "%zz%2f..%2fb", "a\\..\\b", "a%5C.%5cb"})
    BOOST_TEST(has_dot_segment(name), name);
  for (const char* name : {"", "...", "a..b", "..a/b..", ".hidden", "a/.b/c.", "a//b", "/leading",
                           "100%", "%2", "%2e%2e%2e", "1.2/3..4", "\xC3\xBC.x"})
    BOOST_TEST(!has_dot_segment(name), name);
}

BOOST_AUTO_TEST_CASE(urls_are_put_together) {
  for (const char* base : {"http://h/v3", "http://h/v3/"})
    for (const char* path : {"users/1", "/users/1"})
      BOOST_TEST(join(base, path) == "http://h/v3/users/1");
  BOOST_TEST(with_query("http://h/x", "name", "a&b") == "http://h/x?name=a%26b");
  BOOST_TEST(with_query("http://h/x?a=b", "c", "d") == "http://h/x?a=b&c=d");
}

BOOST_AUTO_TEST_CASE(ids_for_one_url_come_in_groups) {
  std::set<std::string> ids;
  BOOST_TEST(in_groups(ids).empty());
  for (int i = 0; i < 101; ++i) ids.insert(std::to_string(i));
  std::set<std::string> again;
  for (const auto& some : in_groups(ids)) {
    BOOST_TEST(some.size() <= k_ids_in_url);
    again.insert(some.begin(), some.end());
  }
  BOOST_TEST(in_groups(ids).size() == 3U);
  BOOST_TEST((again == ids));
}

BOOST_AUTO_TEST_SUITE_END()
