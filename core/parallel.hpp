// Runs several coroutines at the same time on the one thread and waits for all of them. Bounds are
// the transport's business.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace ostclean {

/// Returns when every one has ended. An exception of one is rethrown after all have ended.
boost::asio::awaitable<void> all_of(std::vector<boost::asio::awaitable<void>> work);

/// What `work` ends with, put where it is told: for different results under all_of.
template <class T>
boost::asio::awaitable<void> put(boost::asio::awaitable<T> work, std::optional<T>& into) {
  into.emplace(co_await std::move(work));
}

/// Lets time pass.
boost::asio::awaitable<void> pause(std::chrono::milliseconds time);

}  // namespace ostclean
