#include "core/http/redact.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_http_redact)

using namespace ostclean::http;

BOOST_AUTO_TEST_CASE(credentials_in_header_fields_are_hashed) {
  for (const char* name : {"X-Auth-Token", "x-subject-token", "X-Service-Token", "Authorization",
                           "Proxy-Authorization", "Set-Cookie", "X-Storage-Token"})
    BOOST_TEST(redact_header(name, "abc") ==
               "{SHA256}ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(redact_header("Accept", "a/b") == "a/b");
  BOOST_TEST(redact_header("X-A", "\x1b[2J") == "?[2J");
}

BOOST_AUTO_TEST_CASE(secrets_in_json_are_masked_wherever_they_are) {
  BOOST_TEST(redact_json(R"({"user":{"name":"n","password":"p","original_password":"q"}})") ==
             R"({"user":{"name":"n","password":"***","original_password":"***"}})");
  BOOST_TEST(redact_json(R"([{"adminPass":"x"},{"PassCode":1},{"private_key":"k"}])") ==
             R"([{"adminPass":"***"},{"PassCode":"***"},{"private_key":"***"}])");
  BOOST_TEST(redact_json(R"({"auth":{"identity":{"methods":["token"],"token":{"id":"t"}}}})") ==
             R"({"auth":{"identity":{"methods":["token"],"token":{"id":"***"}}}})");
  BOOST_TEST(
      redact_json(R"({"payload":"s","user_data":"u","blob":"b","secret":["a",null,true]})") ==
      R"({"payload":"***","user_data":"***","blob":"***","secret":["***",null,true]})");
}

BOOST_AUTO_TEST_CASE(keys_of_temporary_urls_and_the_like_are_credentials) {
  for (const char* name :
       {"X-Account-Meta-Temp-URL-Key", "x-account-meta-temp-url-key-2",
        "X-Container-Meta-Temp-Url-Key", "X-Container-Sync-Key", "X-Some-Secret"})
    BOOST_TEST(redact_header(name, "mark").find("mark") == std::string::npos, name);
  BOOST_TEST(
      redact_json(R"({"metadata":{"admin_pass":"p","db_passwd":"q","psk":"r","key":"s"}})") ==
      R"({"metadata":{"admin_pass":"***","db_passwd":"***","psk":"***","key":"s"}})");
}

BOOST_AUTO_TEST_CASE(what_a_url_holds_is_hidden) {
  BOOST_TEST(redact_url("https://h:1/p?limit=2#f") == "https://h:1/p?limit=2#f");
  BOOST_TEST(redact_url("https://u:p@h/x@y?z=1") == "https://***@h/x@y?z=1");
  BOOST_TEST(redact_url("http://u:p@ss@h") == "http://***@h");
  BOOST_TEST(redact_url("htps://u:p@h/") == "htps://***@h/");
  BOOST_TEST(redact_url("https://h/?a=1&Token=abc&b=2#access_token=x") ==
             "https://h/?a=1&Token=***&b=2#access_token=***");
  BOOST_TEST(redact_url("https://h/o?temp_url_sig=abc&temp_url_expires=1") ==
             "https://h/o?temp_url_sig=***&temp_url_expires=***");
  for (const char* odd : {"", "?", "://", "://@", "a?b", "?token", "?token=", "#&;=", "@", "://?@"})
    BOOST_TEST(redact_url(odd).size() <= std::string_view(odd).size() + 3, odd);
}

BOOST_AUTO_TEST_CASE(a_catalog_is_left_out) {
  BOOST_TEST(redact_json(R"({"catalog":[{"type":"compute"}],"x":1})") ==
             R"({"catalog":"<removed>","x":1})");
}

BOOST_AUTO_TEST_CASE(what_is_not_json_is_not_shown) {
  BOOST_TEST(redact_json(R"({"password":"p")") == "<not JSON: 15 bytes>");
  BOOST_TEST(redact_json(std::string(100000, '[')) == "<not JSON: 100000 bytes>");
}

BOOST_AUTO_TEST_SUITE_END()
