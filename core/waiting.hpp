// What work that waits for a service takes from outside: tests replace both, and wait for nothing.
#pragma once

#include "core/parallel.hpp"

#include <chrono>
#include <functional>

namespace ostclean {

class waiting {
 public:
  waiting() = default;
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  std::function<boost::asio::awaitable<void>(std::chrono::milliseconds)> sleep = pause;
};

}  // namespace ostclean
