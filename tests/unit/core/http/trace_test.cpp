#include "core/http/trace.hpp"
#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/scripted_transport.hpp"

namespace core_http_trace {

using namespace ostclean;
using namespace ostclean::http;
using namespace ostclean::testing;

namespace {

class trace_fixture : public loop_fixture {
 public:
  trace_fixture() {
    options.sink = [this](std::string_view line) { lines.emplace_back(line); };
  }
  result<response> send(request r) {
    trace t{script, options};
    auto answer = run(t.send(std::move(r)));
    BOOST_TEST(t.count() == 1);
    BOOST_TEST(t.timings().size() == (options.keep_timings ? 1 : 0));
    return answer;
  }
  bool shown(const std::string& part) const {
    for (const auto& line : lines)
      if (line.find(part) != std::string::npos) return true;
    return false;
  }

  scripted_transport script;
  trace_options options;
  std::vector<std::string> lines;
};

}  // namespace

}  // namespace core_http_trace

BOOST_FIXTURE_TEST_SUITE(core_http_trace, trace_fixture)

BOOST_AUTO_TEST_CASE(a_request_is_shown_as_curl_would_be_called) {
  response answer{202};
  answer.headers.set("Content-Type", "application/json; charset=utf-8");
  answer.headers.set("x-openstack-request-id", "req-1");
  answer.body = R"({"server": {"adminPass": "hidden"}})";
  script.expect(verb::post, "http://h/servers", answer);
  request r{verb::post, "http://h/servers"};
  r.service = "compute";
  r.headers.set("X-Auth-Token", "abc");
  r.headers.set("Accept", "application/json");
  r.body = R"({"server": {"name": "it's", "adminPass": "hidden"}})";
  options.cacert = "/ca.pem";
  send(r);
  const std::vector<std::string> wanted{
      "REQ: curl -g -i --cacert \"/ca.pem\" -X POST http://h/servers -H \"Accept: "
      "application/json\" "
      "-H \"X-Auth-Token: "
      "{SHA256}ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\" "
      "-d '{\"server\":{\"name\":\"it'\\''s\",\"adminPass\":\"***\"}}'",
      "RESP: [202] Content-Type: application/json; charset=utf-8 x-openstack-request-id: req-1",
      "RESP BODY: {\"server\":{\"adminPass\":\"***\"}}",
      "POST call to compute for http://h/servers used request id req-1"};
  BOOST_TEST(lines == wanted, boost::test_tools::per_element());
  BOOST_TEST(script.requests[0].body == r.body);
}

BOOST_AUTO_TEST_CASE(the_bodies_of_the_token_request_are_never_shown) {
  script.expect_json(verb::post, "http://h/tokens", 201, R"({"x": "answered"})");
  request r{verb::post, "http://h/tokens"};
  r.authentication = true;
  r.body = R"({"x": "asked"})";
  send(r);
  BOOST_TEST(!shown("asked"));
  BOOST_TEST(!shown("answered"));
  BOOST_TEST(shown("-d '<removed>'"));
}

BOOST_AUTO_TEST_CASE(only_json_and_text_answers_are_shown) {
  const auto body_shown = [&](const char* type, const char* service) {
    lines.clear();
    response answer{200};
    answer.headers.set("Content-Type", type);
    answer.body = "body\x1b";
    script.expect(verb::get, "http://h/x", answer);
    request r{verb::get, "http://h/x"};
    r.service = service;
    send(r);
    return shown("RESP BODY: body?");
  };
  BOOST_TEST(body_shown("text/plain", "object-store"));
  BOOST_TEST(!body_shown("application/octet-stream", "object-store"));
  BOOST_TEST(!body_shown("text/plain", "key-manager"));
}

BOOST_AUTO_TEST_CASE(a_failure_is_shown_and_everything_is_timed) {
  options.keep_timings = true;
  script.expect(verb::get, "http://h/x", error{errc::network, "lost"});
  BOOST_TEST(!send(request{verb::get, "http://h/x"}).has_value());
  BOOST_TEST(shown("RESP: none: lost"));
}

BOOST_AUTO_TEST_CASE(nothing_is_shown_without_a_sink) {
  options.sink = nullptr;
  script.expect(verb::get, "http://h/x", response{200});
  BOOST_TEST(send(request{verb::get, "http://h/x"}).has_value());
  BOOST_TEST(lines.empty());
}

BOOST_AUTO_TEST_SUITE_END()
