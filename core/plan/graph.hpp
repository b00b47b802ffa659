// What must be gone before what: a pure, synchronous directed graph, in the shape of ninja's Plan.
// No I/O, no coroutine, no clock, so that every order of events can be tested.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace ostclean::plan {

using node = std::size_t;

class graph {
 public:
  /// Nodes are numbered from 0 in the order they are added; an earlier node is preferred when
  /// several are ready.
  node add();
  /// `then` waits until `first` is done. Self-edges and duplicates are ignored.
  void edge(node first, node then);

  /// Call once, after the last edge: whatever waits for nothing becomes ready.
  void begin();
  /// Takes a node that waits for nothing any more; nullopt when there is none now.
  std::optional<node> take_ready();
  bool has_ready() const { return !ready_.empty(); }
  /// The node is gone: what waited for it alone becomes ready.
  void done(node n);
  /// The node stays: everything behind it can never be reached. Returns those, each once, in the
  /// order they were added.
  std::vector<node> stays(node n);
  /// With nothing ready or taken, the rest waits in circles or behind them: makes the earliest of
  /// one circle ready.
  /// False when nothing is left.
  bool break_circle();
  bool finished() const { return open_ == 0; }

 private:
  enum class state { waiting, ready, taken, over };
  struct entry {
    std::vector<node> then;
    std::size_t waits_for = 0;
    state now = state::waiting;
  };
  void make_ready(node n);

  std::vector<entry> nodes_;
  std::deque<node> ready_;
  std::size_t open_ = 0;
};

}  // namespace ostclean::plan
