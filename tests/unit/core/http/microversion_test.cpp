#include "core/http/microversion.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_http_microversion)

using namespace ostclean;
using namespace ostclean::http;

namespace {

response said(const char* name, const char* value, int status = 200) {
  response made{status};
  if (*name != 0) made.headers.set(name, value);
  return made;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_answer_says_the_version_it_is_in) {
  request r{verb::get, "http://n/v2/servers"};
  BOOST_TEST(check_version(said("", ""), r).has_value());
  ask_for_version(r, "compute", "2.26");
  BOOST_TEST(check_version(said("OpenStack-API-Version", "compute 2.26"), r).has_value());
  BOOST_TEST(check_version(said("X-OpenStack-Nova-API-Version", "2.26"), r).has_value());
  for (const auto& wrong : {said("", ""), said("OpenStack-API-Version", "compute 2.1"),
                            said("X-OpenStack-Nova-API-Version", "2.1")}) {
    const auto no = check_version(wrong, r);
    BOOST_REQUIRE(!no);
    BOOST_TEST((no.error().code == errc::protocol));
    BOOST_TEST(no.error().where == "GET http://n/v2/servers");
  }
  BOOST_TEST(check_version(said("", "", 406), r).has_value());
  request secrets{verb::get, "http://b/v1/secrets"};
  ask_for_version(secrets, "key-manager", "1.1");
  BOOST_TEST(check_version(said("", ""), secrets).has_value());
  BOOST_TEST(!check_version(said("OpenStack-API-Version", "key-manager 1.0"), secrets));
  request removal{verb::del, "http://n/v2/servers/x"};
  ask_for_version(removal, "compute", "2.26");
  BOOST_TEST(check_version(said("", "", 204), removal).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
