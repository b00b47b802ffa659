// Runs coroutines in a test on one thread and checks that nothing is left behind: a timer or a
// socket that keeps the loop busy is a request that would hang the program.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

namespace ostclean::testing {

class loop_fixture {
 public:
  loop_fixture() = default;
  loop_fixture(const loop_fixture&) = delete;
  loop_fixture& operator=(const loop_fixture&) = delete;
  ~loop_fixture() {
    io.restart();
    io.run_for(std::chrono::seconds{5});
    BOOST_TEST(io.stopped(), "something still waits on the loop");
  }

  /// The coroutine's value; runs the loop until it has one.
  template <class T>
  T run(boost::asio::awaitable<T> work) {
    std::optional<T> value;
    std::exception_ptr thrown;
    boost::asio::co_spawn(io, std::move(work), [&](const std::exception_ptr& e, T v) {
      thrown = e;
      value.emplace(std::move(v));
    });
    spin([&] { return value.has_value(); });
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*value);
  }

  template <class Done>
  void spin(Done done) {
    io.restart();
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!done() && io.run_one_until(give_up) != 0) {
    }
    BOOST_REQUIRE_MESSAGE(done(), "the coroutine did not end");
  }

  boost::asio::io_context io{1};
};

}  // namespace ostclean::testing
