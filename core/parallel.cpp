#include "core/parallel.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace ostclean {
namespace asio = boost::asio;

asio::awaitable<void> all_of(std::vector<asio::awaitable<void>> work) {
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer done{executor, asio::steady_timer::time_point::max()};
  std::size_t left = work.size();
  std::exception_ptr first;
  for (auto& one : work)
    asio::co_spawn(executor, std::move(one), [&](const std::exception_ptr& thrown) {
      if (thrown && !first) first = thrown;
      if (--left == 0) done.cancel();
    });
  while (left > 0) {
    boost::system::error_code ec;
    co_await done.async_wait(asio::redirect_error(asio::use_awaitable, ec));
  }
  if (first) std::rethrow_exception(first);
}

asio::awaitable<void> pause(std::chrono::milliseconds time) {
  asio::steady_timer timer{co_await asio::this_coro::executor, time};
  boost::system::error_code ec;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
}

}  // namespace ostclean
