#include "core/http/sleeper.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ostclean::http {
namespace {

asio::awaitable<void> sleep_on(asio::any_io_executor executor, std::chrono::milliseconds time) {
  asio::steady_timer timer{executor, time};
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace

sleeper timer_sleeper(asio::any_io_executor executor) {
  return [executor = std::move(executor)](std::chrono::milliseconds time) {
    return sleep_on(executor, time);
  };
}

}  // namespace ostclean::http
