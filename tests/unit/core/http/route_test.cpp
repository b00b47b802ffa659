#include "core/http/route.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_http_route)

using namespace ostclean;
using namespace ostclean::http;

BOOST_AUTO_TEST_CASE(connections_are_shared_only_where_they_are_interchangeable) {
  connect_options o;
  const auto key = [&](const char* url) { return find_route(url, o)->key(); };
  BOOST_TEST(key("http://a/x") == key("http://A:80/y"));
  BOOST_TEST(key("http://a/") != key("https://a:80/"));
  BOOST_TEST(key("http://a/") != key("http://a:81/"));
  const auto direct = key("http://a/");
  o.http_proxy = "p:3128";
  BOOST_TEST(key("http://a/") != direct);
  BOOST_TEST(key("http://a/") == key("http://b/"));
  o.https_proxy = "p:3128";
  BOOST_TEST(key("https://a/") != key("https://b/"));
}

BOOST_AUTO_TEST_CASE(a_proxy_that_cannot_be_used_is_a_configuration_error_without_its_password) {
  connect_options o;
  o.all_proxy = "socks5://me:hidden@p:1080";
  auto r = find_route("https://a/", o);
  BOOST_REQUIRE(!r);
  BOOST_TEST((r.error().code == errc::config));
  BOOST_TEST(r.error().line().find("hidden") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_password_in_a_url_is_refused) {
  auto r = find_route("https://me:hidden@a/", {});
  BOOST_REQUIRE(!r);
  BOOST_TEST((r.error().code == errc::config));
}

BOOST_AUTO_TEST_SUITE_END()
