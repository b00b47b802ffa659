// Many small coroutines, at most so many at a time: for reads that come one a user or one a group
// and would otherwise fill memory with requests that wait.
#pragma once

#include "core/parallel.hpp"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <utility>
#include <vector>

namespace ostclean {

namespace detail {

template <class Work>
boost::asio::awaitable<void> bounded_worker(Work& work, std::size_t& next, std::size_t count) {
  while (next < count) {
    const std::size_t index = next++;
    co_await work(index);
  }
}

}  // namespace detail

/// Calls work(0) ... work(count - 1), each an awaitable<void>, `limit` at a time, and returns when
/// all have ended. `work` lives with the caller. An exception of one is rethrown at the end.
template <class Work>
boost::asio::awaitable<void> run_bounded(std::size_t count, std::size_t limit, Work& work) {
  std::size_t next = 0;
  std::vector<boost::asio::awaitable<void>> workers;
  for (std::size_t i = 0; i < std::min(count, limit); ++i)
    workers.push_back(detail::bounded_worker(work, next, count));
  co_await all_of(std::move(workers));
}

}  // namespace ostclean
