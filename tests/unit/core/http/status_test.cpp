#include "core/http/status.hpp"
#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/scripted_transport.hpp"

#include <boost/json.hpp>

namespace core_http_status {

using namespace ostclean;
using namespace ostclean::http;
using namespace ostclean::testing;

namespace {

std::string message(const std::string& body) {
  response answer{500};
  answer.body = body;
  return to_error(answer, request{verb::get, "http://h/x"}).message;
}

}  // namespace

}  // namespace core_http_status

BOOST_FIXTURE_TEST_SUITE(core_http_status, loop_fixture)

BOOST_AUTO_TEST_CASE(every_service_is_understood) {
  const std::pair<const char*, const char*> bodies[] = {
      {R"({"error":{"code":404,"message":"Could not find project: nosuch.","title":"Not Found"}})",
       "Could not find project: nosuch."},
      {R"({"itemNotFound":{"code":404,"message":"Instance nosuch could not be found."}})",
       "Instance nosuch could not be found."},
      {R"({"NeutronError":{"type":"NetworkNotFound","message":"Network x could not be found.","detail":""}})",
       "Network x could not be found."},
      {R"({"NeutronError":"plain words"})", "plain words"},
      {R"({"message":"No image found with ID nosuch<br /><br />\n\n\n","code":"404 Not Found","title":"Not Found"})",
       "No image found with ID nosuch"},
      {"<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not "
       "Found</h1>\n  No image &quot;x&quot; &amp; co<br /><br />\n\n\n </body>\n</html>",
       "No image \"x\" & co"},
      {"<html><h1>Conflict</h1><p>There was a conflict when trying to complete your "
       "request.</p></html>",
       "There was a conflict when trying to complete your request."},
      {"<html><head><title>503</title></head><body><h1>503 Service "
       "Unavailable</h1></body></html>",
       "503 503 Service Unavailable"},
      {R"({"code":404,"title":"Not Found","explanation":"The resource could not be found.","error":{"type":"EntityNotFound","message":"The Stack (x) could not be found.","traceback":null}})",
       "The Stack (x) could not be found."},
      {R"({"faultcode":"Client","faultstring":"Load Balancer X not found.","debuginfo":null})",
       "Load Balancer X not found."},
      {R"({"code":404,"title":"Not Found","description":"Secret not found."})",
       "Secret not found."},
      {R"({"code":404,"type":"zone_not_found","message":"Could not find Zone","request_id":"r"})",
       "Could not find Zone"},
      {R"({"errors":[{"status":404,"title":"Not Found","detail":"No provider"}]})", "No provider"},
      {R"({"code":404,"title":"Not Found","description":null})", "Not Found"},
      {R"("a bare string")", "a bare string"},
      {"plain text\r\n", "plain text"},
      {"", "the service gave no reason"},
      {"null", "the service gave no reason"},
      {"{}", "the service gave no reason"},
      {R"({"error":null,"x":[1]})", "the service gave no reason"},
      {"a < b", "a < b"},
  };
  for (const auto& [body, wanted] : bodies) BOOST_TEST(message(body) == wanted);
}

BOOST_AUTO_TEST_CASE(a_message_is_short_and_on_one_line) {
  BOOST_TEST(message("a\n\tb\x1b[2Jc") == "a b [2Jc");
  std::string umlauts;
  for (int i = 0; i < 400; ++i) umlauts += "\xC3\xBC";
  const auto cut = message(umlauts);
  BOOST_TEST(cut.size() <= 300);
  BOOST_TEST(cut.substr(cut.size() - 5) == "\xC3\xBC...");
}

BOOST_AUTO_TEST_CASE(statuses_have_codes) {
  const std::pair<int, errc> rows[] = {{400, errc::service},   {401, errc::auth},
                                       {403, errc::forbidden}, {404, errc::not_found},
                                       {409, errc::conflict},  {500, errc::service}};
  for (auto [status, code] : rows) {
    response answer{status};
    answer.headers.set("x-openstack-request-id", "req-1");
    const auto e = to_error(answer, request{verb::del, "http://h/x"});
    BOOST_TEST((e.code == code));
    BOOST_TEST(e.status == status);
    BOOST_TEST(e.request_id == "req-1");
    BOOST_TEST(e.where == "DELETE http://h/x");
  }
}

BOOST_AUTO_TEST_CASE(get_json_gives_the_value_or_the_reason) {
  scripted_transport script;
  const std::string url = "http://h/x";
  script.expect_json(verb::get, url, 200, R"({"a": 1})");
  script.expect_json(verb::get, url, 404, R"({"error": {"message": "gone"}})");
  script.expect_json(verb::get, url, 200, "<html>");
  script.expect_json(verb::get, url, 200, std::string(100, '['));
  script.expect_json(verb::get, url, 204, "");
  script.expect_json(verb::get, url, 302, "");
  script.expect(verb::get, url, error{errc::timeout, "late"});
  const auto get = [&] { return run(get_json(script, request{verb::get, url})); };
  BOOST_TEST(get()->as_object().at("a") == 1);
  BOOST_TEST(get().error().message == "gone");
  for (int i = 0; i < 2; ++i) {
    const auto e = get().error();
    BOOST_TEST((e.code == errc::protocol));
    BOOST_TEST(e.where == "GET http://h/x");
  }
  BOOST_TEST(get()->is_null());
  BOOST_TEST((get().error().code == errc::service));
  BOOST_TEST((get().error().code == errc::timeout));
  BOOST_TEST(script.requests[0].headers.get("accept") == "application/json");
}

BOOST_AUTO_TEST_SUITE_END()
