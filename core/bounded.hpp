// Runs many small coroutines, at most so many at a time, and comes back when all have ended.
#pragma once

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <exception>

namespace ostclean {

namespace detail {

class bounded_state {
 public:
  bounded_state(boost::asio::any_io_executor executor, std::size_t count)
      : count(count), wake(executor, boost::asio::steady_timer::time_point::max()) {}
  std::size_t count, next = 0, running = 0;
  boost::asio::steady_timer wake;
  std::exception_ptr failed;
};

template <class Work>
boost::asio::awaitable<void> bounded_worker(Work& work, bounded_state& state) {
  while (state.next < state.count && !state.failed) {
    const std::size_t index = state.next++;
    co_await work(index);
  }
}

}  // namespace detail

/// Calls work(0) ... work(count - 1), each an awaitable<void>, `limit` at a time, on this
/// coroutine's executor (single-threaded). `work` lives with the caller. An exception of one stops
/// new ones and is thrown here once the others ended.
template <class Work>
boost::asio::awaitable<void> run_bounded(std::size_t count, std::size_t limit, Work& work) {
  auto executor = co_await boost::asio::this_coro::executor;
  detail::bounded_state state(executor, count);
  state.running = std::min(count, limit);
  const std::size_t workers = state.running;
  for (std::size_t i = 0; i < workers; ++i)
    boost::asio::co_spawn(executor, detail::bounded_worker(work, state),
                          [&state](std::exception_ptr e) {
                            if (e && !state.failed) state.failed = e;
                            if (--state.running == 0) state.wake.cancel();
                          });
  boost::system::error_code ignored;
  if (state.running > 0)
    co_await state.wake.async_wait(
        boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  if (state.failed) std::rethrow_exception(state.failed);
}

}  // namespace ostclean
