// Chance that a seed repeats: what a random world is made of, and what is done to it, comes from
// here and from nowhere else.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace cli {

class dice {
 public:
  explicit dice(std::uint64_t seed) : source_(seed) {}

  /// 0 to n - 1.
  std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(source_() % n); }
  std::size_t between(std::size_t least, std::size_t most) {
    return least + below(most - least + 1);
  }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class List>
  auto& one_of(List& all) {
    return all[below(all.size())];
  }

  /// What people and programs call things: empty, Unicode, slashes, quotes, options, 255 letters.
  std::string odd_name();

 private:
  std::mt19937_64 source_;
};

}  // namespace cli
