#include "core/http/limit.hpp"
#include "tests/unit/support/loop.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <vector>

namespace core_http_limit {

using namespace ostclean;
using namespace ostclean::http;
using namespace ostclean::testing;
using std::chrono::milliseconds;

namespace {

/// Holds every request until the test answers it.
class gate : public transport {
 public:
  explicit gate(asio::io_context& io) : io_(io) {}

  asio::awaitable<result<response>> send(request r) override {
    const auto mine = started.size();
    started.push_back(r.url);
    timers_.push_back(
        std::make_shared<asio::steady_timer>(io_, std::chrono::steady_clock::time_point::max()));
    statuses_.push_back(0);
    auto timer = timers_.back();
    co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
    if (statuses_[mine] == 0) co_return error{errc::network, "lost"};
    co_return response{statuses_[mine]};
  }

  void answer(std::size_t index, int status) {
    statuses_[index] = status;
    timers_[index]->cancel();
  }

  std::vector<std::string> started;

 private:
  asio::io_context& io_;
  std::vector<std::shared_ptr<asio::steady_timer>> timers_;
  std::vector<int> statuses_;
};

asio::awaitable<void> remember(std::vector<milliseconds>* pauses, milliseconds time) {
  pauses->push_back(time);
  co_return;
}

class limit_fixture : public loop_fixture {
 public:
  void make(limits how) {
    under_test = std::make_unique<limit>(below, how, io.get_executor(), [this](milliseconds time) {
      return remember(&pauses, time);
    });
  }
  void start(const std::string& service, const std::string& url) {
    request r{verb::get, url};
    r.service = service;
    asio::co_spawn(io, under_test->send(std::move(r)),
                   [this](const std::exception_ptr&, const result<response>&) { ++ended; });
    settle();
  }
  void answer(std::size_t index, int status) {
    below.answer(index, status);
    settle();
  }
  void settle() {
    io.restart();
    io.poll();
  }

  gate below{io};
  std::vector<milliseconds> pauses;
  std::unique_ptr<limit> under_test;
  int ended = 0;
};

}  // namespace

}  // namespace core_http_limit

BOOST_FIXTURE_TEST_SUITE(core_http_limit, limit_fixture)

BOOST_AUTO_TEST_CASE(no_more_than_allowed_are_in_flight_first_come_first_served) {
  limits how;
  how.per_service = 2;
  make(how);
  for (const char* url : {"1", "2", "3", "4"}) start("compute", url);
  BOOST_TEST(below.started.size() == 2);
  answer(1, 200);
  BOOST_REQUIRE(below.started.size() == 3);
  BOOST_TEST(below.started[2] == "3");
  answer(0, 0);  // a failure gives its place back too
  BOOST_REQUIRE(below.started.size() == 4);
  BOOST_TEST(below.started[3] == "4");
  answer(2, 404);
  answer(3, 200);
  BOOST_TEST(ended == 4);
}

BOOST_AUTO_TEST_CASE(a_full_service_does_not_hold_up_another_and_the_total_is_bounded) {
  limits how;
  how.per_service = 1;
  how.in_flight = 2;
  make(how);
  start("compute", "c1");
  start("compute", "c2");
  start("network", "n1");
  start("image", "i1");
  const std::vector<std::string> wanted{"c1", "n1"};
  BOOST_TEST(below.started == wanted, boost::test_tools::per_element());
  answer(1, 200);
  BOOST_REQUIRE(below.started.size() == 3);
  BOOST_TEST(below.started[2] == "i1");
  answer(0, 200);
  BOOST_REQUIRE(below.started.size() == 4);
  answer(2, 200);
  answer(3, 200);
  BOOST_TEST(ended == 4);
}

BOOST_AUTO_TEST_CASE(eases_off_once_for_all_that_were_under_way_and_recovers_slowly) {
  limits how;
  how.per_service = 8;
  make(how);
  for (int i = 0; i < 8; ++i) start("compute", "x");
  for (std::size_t i = 0; i < 4; ++i) answer(i, i % 2 == 0 ? 429 : 503);
  BOOST_TEST(under_test->allowed("compute") == 4);
  BOOST_TEST(under_test->allowed("network") == 8);
  for (std::size_t i = 4; i < 8; ++i) answer(i, 200);
  start("compute", "x");
  answer(8, 429);
  BOOST_TEST(under_test->allowed("compute") == 2);
  for (std::size_t i = 9; i < 9 + 20; ++i) {
    BOOST_TEST(under_test->allowed("compute") == 2);
    start("compute", "x");
    answer(i, 200);
  }
  BOOST_TEST(under_test->allowed("compute") == 3);
}

BOOST_AUTO_TEST_CASE(never_eases_off_to_nothing) {
  limits how;
  how.per_service = 2;
  make(how);
  for (std::size_t i = 0; i < 5; ++i) {
    start("compute", "x");
    answer(i, 429);
  }
  BOOST_TEST(under_test->allowed("compute") == 1);
  BOOST_TEST(ended == 5);
}

BOOST_AUTO_TEST_CASE(a_rate_spreads_requests_over_time) {
  limits how;
  how.per_second = 2;
  make(how);
  for (int i = 0; i < 3; ++i) start("compute", "x");
  BOOST_REQUIRE(pauses.size() == 2);
  BOOST_TEST((pauses[0] > milliseconds{400} && pauses[0] <= milliseconds{500}));
  BOOST_TEST((pauses[1] > milliseconds{900} && pauses[1] <= milliseconds{1000}));
  for (std::size_t i = 0; i < 3; ++i) answer(i, 200);
  BOOST_TEST(ended == 3);
}

BOOST_AUTO_TEST_CASE(may_be_destroyed_while_requests_wait) {
  limits how;
  how.per_service = 1;
  asio::io_context other{1};
  gate held{other};
  limit l{held, how, other.get_executor(), timer_sleeper(other.get_executor())};
  for (int i = 0; i < 3; ++i) {
    request r{verb::get, "x"};
    asio::co_spawn(other, l.send(std::move(r)),
                   [](const std::exception_ptr&, const result<response>&) {});
  }
  other.poll();
  BOOST_TEST(held.started.size() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
