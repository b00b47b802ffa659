#include "core/http/gate.hpp"
#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/scripted_transport.hpp"

using namespace ostclean;
using namespace ostclean::http;
using namespace ostclean::testing;

namespace {

class gated : public loop_fixture {
 public:
  result<response> ask(gate& way) {
    request r{verb::get, "http://service/things"};
    return run(way.send(std::move(r)));
  }
  void let_through(std::size_t number) {
    for (std::size_t i = 0; i < number; ++i)
      below.expect(verb::get, "http://service/things", response{200});
  }

  scripted_transport below;
  bool stop = false;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(core_http_gate, gated)

BOOST_AUTO_TEST_CASE(what_prepares_the_work_sends_nothing_after_the_user_asked_to_stop) {
  gate way{below, [this] { return stop; }};
  let_through(2);
  way.heed(true);
  BOOST_TEST(ask(way).has_value());
  stop = true;
  const auto refused = ask(way);
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST((refused.error().code == errc::interrupted));
  BOOST_TEST(refused.error().unsent);
  BOOST_TEST(refused.error().where == "GET http://service/things");
  way.heed(false);
  BOOST_TEST(ask(way).has_value());
}

BOOST_AUTO_TEST_CASE(it_heeds_until_the_last_who_asked_for_it_has_ended) {
  gate way{below, [] { return true; }};
  let_through(1);
  way.heed(true);
  way.heed(true);
  way.heed(false);
  BOOST_TEST(ask(way).has_error());
  way.heed(false);
  BOOST_TEST(ask(way).has_value());
}

BOOST_AUTO_TEST_CASE(without_anybody_to_ask_it_is_open) {
  gate way{below, nullptr};
  let_through(1);
  way.heed(true);
  BOOST_TEST(ask(way).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
