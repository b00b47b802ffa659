// Waiting is injected, so that tests of retries and rates never sleep.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>

namespace ostclean::http {

namespace asio = boost::asio;

using sleeper = std::function<asio::awaitable<void>(std::chrono::milliseconds)>;

/// Waits by a timer of `executor`'s context.
sleeper timer_sleeper(asio::any_io_executor executor);

}  // namespace ostclean::http
