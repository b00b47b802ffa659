// Runs several coroutines at the same time on the one thread and waits for all of them. Bounds are
// the transport's business.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <vector>

namespace ostclean {

/// Returns when every one has ended. An exception of one is rethrown after all have ended.
boost::asio::awaitable<void> all_of(std::vector<boost::asio::awaitable<void>> work);

/// Lets time pass.
boost::asio::awaitable<void> pause(std::chrono::milliseconds time);

}  // namespace ostclean
