#include "core/http/dry_run.hpp"
#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/scripted_transport.hpp"

namespace core_http_dry_run {

using namespace ostclean;
using namespace ostclean::http;
using namespace ostclean::testing;

}  // namespace core_http_dry_run

BOOST_FIXTURE_TEST_SUITE(core_http_dry_run, loop_fixture)

BOOST_AUTO_TEST_CASE(only_reads_and_the_token_request_pass) {
  scripted_transport script;
  script.expect(verb::get, "http://h/a", response{200});
  script.expect(verb::head, "http://h/a", response{200});
  script.expect(verb::post, "http://h/tokens", response{201});
  dry_run dry{script};
  BOOST_TEST(run(dry.send(request{verb::get, "http://h/a"})).has_value());
  BOOST_TEST(run(dry.send(request{verb::head, "http://h/a"})).has_value());
  request token{verb::post, "http://h/tokens"};
  token.authentication = true;
  BOOST_TEST(run(dry.send(token)).has_value());
  BOOST_TEST(dry.refused() == 0);
}

BOOST_AUTO_TEST_CASE(whatever_changes_something_is_refused_and_counted) {
  scripted_transport script;
  dry_run dry{script};
  for (verb v : {verb::post, verb::put, verb::patch, verb::del}) {
    request r{v, "http://h/a"};
    r.authentication = v != verb::post;
    auto answer = run(dry.send(r));
    BOOST_REQUIRE(!answer);
    BOOST_TEST((answer.error().code == errc::refused));
    BOOST_TEST(answer.error().where == std::string{to_string(v)} + " http://h/a");
  }
  BOOST_TEST(dry.refused() == 4);
  BOOST_TEST(script.requests.empty());
}

BOOST_AUTO_TEST_SUITE_END()
