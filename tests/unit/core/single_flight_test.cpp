#include "core/single_flight.hpp"

#include "core/parallel.hpp"
#include "tests/unit/support/loop.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <stdexcept>
#include <vector>

namespace core_single_flight {

using namespace ostclean;
using namespace ostclean::testing;
namespace asio = boost::asio;

namespace {

using ending = asio::awaitable<result<void>>;

/// Work that ends a little later with each of these, one after the other.
class flying : public loop_fixture {
 public:
  ending work() {
    const auto mine = begun++;
    co_await asio::post(io, asio::use_awaitable);
    if (ends[mine].has_error() && ends[mine].error().code == errc::usage)
      throw std::runtime_error("thrown");
    co_return ends[mine];
  }

  static asio::awaitable<bool> wait_for(std::vector<asio::awaitable<void>> some) {
    co_await all_of(std::move(some));
    co_return true;
  }

  /// So many at once.
  std::vector<result<void>> all(std::size_t number) {
    std::deque<std::optional<result<void>>> got;
    std::vector<asio::awaitable<void>> some;
    for (std::size_t i = 0; i < number; ++i)
      some.push_back(put(one.run(work()), got.emplace_back()));
    try {
      (void)run(wait_for(std::move(some)));
    } catch (const std::runtime_error&) {
      thrown = true;
    }
    std::vector<result<void>> ended;
    for (const auto& end : got)
      if (end) ended.push_back(*end);
    return ended;
  }

  std::vector<result<void>> ends;
  std::size_t begun = 0;
  bool thrown = false;
  single_flight one;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(core_single_flight, flying)

BOOST_AUTO_TEST_CASE(what_many_want_is_done_once) {
  ends.resize(2);
  for (const auto& end : all(3)) BOOST_TEST(end.has_value());
  BOOST_TEST(begun == 1U);
  BOOST_TEST(all(3).size() == 3U);
  BOOST_TEST(begun == 2U);
}

BOOST_AUTO_TEST_CASE(its_failure_is_the_failure_of_all) {
  ends.assign(1, error{errc::auth, "wrong password"});
  for (const auto& end : all(3)) {
    BOOST_REQUIRE(end.has_error());
    BOOST_TEST(end.error().message == "wrong password");
  }
  BOOST_TEST(begun == 1U);
}

BOOST_AUTO_TEST_CASE(those_who_wait_hear_of_work_that_was_given_up) {
  ends.assign(1, error{errc::usage, ""});
  const auto ended = all(3);
  BOOST_TEST(thrown);
  BOOST_REQUIRE(ended.size() == 2U);
  for (const auto& end : ended)
    BOOST_TEST((end.has_error() && end.error().code == errc::interrupted));
}

/// Who waited and begins anew at once does not take its end from those who have yet to go on.
BOOST_AUTO_TEST_CASE(the_next_flight_takes_no_end_from_the_last) {
  ends.resize(3);
  std::deque<std::optional<result<void>>> got;
  auto again = [this]() -> ending {
    auto first = co_await one.run(work());
    if (!first) co_return first;
    co_return co_await one.run(work());
  };
  std::vector<asio::awaitable<void>> some;
  some.reserve(3);
  for (int i = 0; i < 3; ++i) some.push_back(put(again(), got.emplace_back()));
  const bool all_ended = run(wait_for(std::move(some)));
  BOOST_TEST(all_ended);
  for (const auto& end : got) BOOST_TEST((*end).has_value());
  BOOST_TEST(begun == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace core_single_flight
