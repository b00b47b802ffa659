#include "core/http/confidences.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_http_confidences)

using namespace ostclean::http;

namespace {

request login() {
  request r(verb::post, "https://k/v3/auth/tokens");
  r.body = R"({"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"admin",)"
           R"("domain":{"id":"default"},"password":"p\"a<s>s/w\u00f6"}}}}})";
  return r;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_was_sent_is_taken_out_however_it_comes_back) {
  const request r = login();
  const confidences told(r);
  BOOST_TEST(told.without("no p\"a<s>s/w\xc3\xb6 here") == "no *** here");
  BOOST_TEST(told.without("raw " + r.body).find("p\\\"a") == std::string::npos);
  BOOST_TEST(told.without(R"({"m":"\"password\":\"p\\\"a<s>s/wö\""})") ==
             R"({"m":"\"password\":\"***\""})");
  request cloudy(verb::patch, "https://k/");
  cloudy.body = "{\"user\":{\"password\":\"key \xf0\x9f\x94\x91\"}}";
  BOOST_TEST(confidences(cloudy).without(R"("key \ud83d\udd11")") == "\"***\"");
  BOOST_TEST(told.without("p&quot;a&lt;s&gt;s/w\xc3\xb6") == "***");
  BOOST_TEST(told.without("p%22a%3Cs%3Es%2Fw%C3%B6") == "***");
  BOOST_TEST(told.without("admin in default has a password") == "admin in default has a password");
}

BOOST_AUTO_TEST_CASE(tokens_are_taken_out_of_fields_and_bodies) {
  request r(verb::del, "https://k/v3/auth/tokens");
  r.headers.set("X-Auth-Token", "gAAA1");
  r.headers.set("x-subject-token", "gAAA2");
  r.headers.set("Accept", "application/json");
  const confidences told(r);
  response answer(302);
  answer.headers.add("Location", "https://elsewhere/?t=gAAA1");
  answer.headers.add("X", "application/json");
  answer.body = "gAAA2 and gAAA1";
  told.take_from(answer);
  BOOST_TEST(answer.headers.get("location") == "https://elsewhere/?t=***");
  BOOST_TEST(answer.headers.get("x") == "application/json");
  BOOST_TEST(answer.body == "*** and ***");
}

BOOST_AUTO_TEST_CASE(tokens_secrets_and_new_passwords_in_bodies_are_known) {
  for (const char* body :
       {R"({"auth":{"identity":{"token":{"id":"marked"}}}})",
        R"({"auth":{"identity":{"application_credential":{"secret":"marked"}}}})",
        R"({"auth":{"identity":{"totp":{"user":{"passcode":"marked"}}}}})",
        R"({"user":{"password":"marked"}})"}) {
    request r(verb::patch, "https://k/");
    r.body = body;
    BOOST_TEST(confidences(r).without("a marked b") == "a *** b", body);
  }
}

BOOST_AUTO_TEST_CASE(the_empty_the_short_and_the_odd_change_nothing) {
  for (const char* body : {"", "{", "[1]", "{\"password\":\"a\"}", "{\"password\":[null,1]}"}) {
    request r(verb::post, "https://k/");
    r.body = body;
    BOOST_TEST(confidences(r).without("a banana {[1]") == "a banana {[1]", body);
  }
}

BOOST_AUTO_TEST_SUITE_END()
