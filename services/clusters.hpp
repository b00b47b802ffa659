// Which of a few hang together, for whoever works on them together.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace ostclean::services {

/// Of the numbers below `n`, each of which is alone at first.
class clusters {
 public:
  explicit clusters(std::size_t n) : first_(n) {
    std::iota(first_.begin(), first_.end(), std::size_t{0});
  }
  void join(std::size_t a, std::size_t b) {
    const auto [low, high] = std::minmax({first_[a], first_[b]});
    std::replace(first_.begin(), first_.end(), std::size_t{high}, std::size_t{low});
  }
  /// The least of those that hang together with it.
  std::size_t first_of(std::size_t n) const { return first_[n]; }

 private:
  std::vector<std::size_t> first_;
};

}  // namespace ostclean::services
