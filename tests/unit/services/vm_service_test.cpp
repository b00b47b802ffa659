// The answers are those that the real service gave, its URL and ids apart.
#include "services/vm_service.hpp"

#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/scripted_transport.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace services_vm_service {

using namespace ostclean;
using namespace ostclean::services;
namespace json = boost::json;

namespace {

class service_fixture : public testing::loop_fixture {
 public:
  result<json::value> call(http::verb method, int status, const std::string& body,
                           const std::string& type = "application/json") {
    http::response answer{status};
    if (!type.empty()) answer.headers.set("Content-Type", type);
    answer.headers.set("x-openstack-request-id", "req-1");
    answer.body = body;
    via.expect(method, "http://h/v1/p/x", answer);
    return run(service.call(method, "/x"));
  }
  testing::scripted_transport via;
  vm_service service{via, "http://h/v1/p"};
};

struct told {
  int status;
  const char* body;
  errc code;
  const char* message;
};

constexpr told k_told[] = {
    {500,
     R"({"code":500,"title":"Internal Server Error","description":"No VMExpire found with ID x"})",
     errc::not_found, "No VMExpire found with ID x"},
    {403, R"("No VMExpire found with ID x")", errc::not_found, "No VMExpire found with ID x"},
    {403, R"("No Openstack instance found with ID x")", errc::not_found,
     "No Openstack instance found with ID x"},
    {403, R"("VM reached its maximum life, x, cannot extend it")", errc::conflict,
     "VM reached its maximum life, x, cannot extend it"},
    {403, R"("Instance x cannot be added to the expiration table: user is excluded")",
     errc::conflict, "Instance x cannot be added to the expiration table: user is excluded"},
    {403, R"("all_tenants is restricted to admin users")", errc::forbidden,
     "all_tenants is restricted to admin users"},
    {403,
     R"({"code":403,"title":"Forbidden","description":"VmExpire add attempt not allowed - please review your user/project privileges"})",
     errc::forbidden,
     "VmExpire add attempt not allowed - please review your user/project privileges"},
    {401,
     R"({"error":{"code":401,"title":"Unauthorized","message":"The request you have made requires authentication."}})",
     errc::auth, "The request you have made requires authentication."},
    {404, R"({"code":404,"title":"Not Found","description":null})", errc::service, "Not Found"},
    {400, R"({"code":400,"title":"Bad Request","description":"Malformed JSON"})", errc::service,
     "Malformed JSON"},
};

}  // namespace

}  // namespace services_vm_service

BOOST_FIXTURE_TEST_SUITE(services_vm_service, service_fixture)

BOOST_AUTO_TEST_CASE(its_words_say_what_its_status_does_not) {
  for (const auto& one : k_told) {
    const auto got = call(http::verb::put, one.status, one.body);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code == one.code), one.message);
    BOOST_TEST(got.error().message == one.message);
    BOOST_TEST(got.error().status == one.status);
    BOOST_TEST(got.error().request_id == "req-1");
  }
}

BOOST_AUTO_TEST_CASE(a_content_type_goes_with_everything_but_a_get) {
  for (auto method : {http::verb::post, http::verb::put, http::verb::del})
    BOOST_TEST(call(method, 202, "{}").has_value());
  BOOST_TEST(call(http::verb::get, 200, "{}").has_value());
  for (const auto& sent : via.requests) {
    const bool reads = sent.method == http::verb::get;
    BOOST_TEST(sent.headers.get("content-type") == (reads ? "" : "application/json"));
  }
}

BOOST_AUTO_TEST_CASE(a_204_is_a_204_whatever_follows_it) {
  BOOST_TEST(call(http::verb::del, 204, "").value().is_null());
  BOOST_TEST(call(http::verb::del, 204, "null", "text/html").value().is_null());
}

BOOST_AUTO_TEST_CASE(what_is_not_the_service_is_said_in_one_line) {
  const std::tuple<int, const char*, const char*, const char*> odd[] = {
      {200, "<h1>x</h1>", "text/html; charset=utf-8", "the answer is text/html, not JSON"},
      {200, "", "application/json", "the answer is empty"},
      {200, "{\"a\"", "application/json", "the answer is not JSON"},
      {301, "", "", "the service redirects"},
      {300, R"({"versions":{"values":[{"id":"v1"},{"id":"v2"}]}})", "application/json",
       "lists its versions v1, v2"},
      {300, "<p>", "text/html", "lists its versions"}};
  for (const auto& [status, body, type, says] : odd) {
    const auto got = call(http::verb::get, status, body, type);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code == errc::protocol), says);
    BOOST_TEST(got.error().message.find(says) != std::string::npos, got.error().line());
    BOOST_TEST(!got.error().hint.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_connection_that_ends_has_a_reason) {
  const error closed{errc::network, "h closed the connection without an answer"};
  via.expect(http::verb::get, "http://h/v1/p/x", closed);
  const auto got = run(service.call(http::verb::get, "/x"));
  BOOST_REQUIRE(!got);
  BOOST_TEST(got.error().hint.find("does not know") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_object_under_either_name) {
  const auto one = json::parse(R"({"vmexpire":{"id":"a"}})");
  const auto list = json::parse(R"({"vmexpires":[{"id":"a"}]})");
  const auto two = json::parse(R"({"vmexpires":[{"id":"a"},{"id":"b"}]})");
  BOOST_TEST(vm_object(one, "vmexpire", "vmexpires")->at("id") == "a");
  BOOST_TEST(vm_object(list, "vmexpire", "vmexpires")->at("id") == "a");
  BOOST_TEST(vm_object(two, "vmexpire", "vmexpires") == nullptr);
  BOOST_TEST(vm_object(json::value{}, "vmexpire", "vmexpires") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
