#include "core/plan/graph.hpp"

#include <algorithm>

namespace ostclean::plan {

node graph::add() {
  nodes_.emplace_back();
  ++open_;
  return nodes_.size() - 1;
}

void graph::edge(node first, node then) {
  auto& next = nodes_[first].then;
  if (first == then || std::find(next.begin(), next.end(), then) != next.end()) return;
  next.push_back(then);
  ++nodes_[then].waits_for;
}

void graph::make_ready(node n) {
  nodes_[n].now = state::ready;
  ready_.push_back(n);
}

void graph::begin() {
  for (node n = 0; n < nodes_.size(); ++n)
    if (nodes_[n].now == state::waiting && nodes_[n].waits_for == 0) make_ready(n);
}

std::optional<node> graph::take_ready() {
  if (ready_.empty()) return std::nullopt;
  node n = ready_.front();
  ready_.pop_front();
  nodes_[n].now = state::taken;
  return n;
}

void graph::done(node n) {
  if (nodes_[n].now == state::over) return;
  nodes_[n].now = state::over;
  --open_;
  for (node next : nodes_[n].then)
    if (--nodes_[next].waits_for == 0 && nodes_[next].now == state::waiting) make_ready(next);
}

std::vector<node> graph::stays(node n) {
  std::vector<node> reached, queue{n};
  while (!queue.empty()) {
    node at = queue.back();
    queue.pop_back();
    if (nodes_[at].now == state::over) continue;
    // What a broken circle already let go on its way is not called back.
    if (at != n && nodes_[at].now != state::waiting) continue;
    nodes_[at].now = state::over;
    --open_;
    if (at != n) reached.push_back(at);
    queue.insert(queue.end(), nodes_[at].then.begin(), nodes_[at].then.end());
  }
  std::sort(reached.begin(), reached.end());
  return reached;
}

/// Going back from one that waits to one it waits for ends in a circle; what only stands behind it
/// is never met.
bool graph::break_circle() {
  std::vector<node> before(nodes_.size(), nodes_.size());
  node at = nodes_.size();
  for (node n = nodes_.size(); n-- > 0;) {
    if (nodes_[n].now != state::waiting) continue;
    at = n;
    for (node next : nodes_[n].then) before[next] = n;
  }
  if (at == nodes_.size()) return false;
  std::vector<bool> met(nodes_.size());
  for (; before[at] < nodes_.size() && !met[at]; at = before[at]) met[at] = true;
  node first = at;
  for (node n = before[at]; n < nodes_.size() && n != at; n = before[n]) first = std::min(first, n);
  make_ready(first);
  return true;
}

}  // namespace ostclean::plan
