#include "core/http/connect_options.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

BOOST_AUTO_TEST_SUITE(core_http_connect_options)

using namespace ostclean::http;

BOOST_AUTO_TEST_CASE(the_proxy_depends_on_scheme_and_host) {
  connect_options o;
  const auto http = *split_url("http://a.example/");
  const auto https = *split_url("https://a.example/");
  BOOST_TEST(o.proxy_for(http).empty());
  o.all_proxy = "p:1";
  BOOST_TEST(o.proxy_for(http) == "http://p:1");
  BOOST_TEST(o.proxy_for(https) == "http://p:1");
  o.https_proxy = "http://s:2";
  BOOST_TEST(o.proxy_for(https) == "http://s:2");
  BOOST_TEST(o.proxy_for(http) == "http://p:1");
  o.no_proxy = "a.example:443";
  BOOST_TEST(o.proxy_for(https).empty());
  BOOST_TEST(!o.proxy_for(http).empty());
}

BOOST_AUTO_TEST_CASE(lower_case_wins_in_the_environment) {
  ::setenv("HTTPS_PROXY", "http://upper:1", 1);
  ::setenv("NO_PROXY", "upper", 1);
  ::setenv("no_proxy", "lower", 1);
  ::unsetenv("https_proxy");
  const auto o = connect_options::from_environment();
  for (const char* name : {"HTTPS_PROXY", "NO_PROXY", "no_proxy"}) ::unsetenv(name);
  BOOST_TEST(o.https_proxy == "http://upper:1");
  BOOST_TEST(o.no_proxy == "lower");
}

BOOST_AUTO_TEST_SUITE_END()
