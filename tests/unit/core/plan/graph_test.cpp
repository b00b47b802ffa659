#include "core/plan/graph.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <set>

BOOST_AUTO_TEST_SUITE(core_plan_graph)

using ostclean::plan::graph;
using ostclean::plan::node;

BOOST_AUTO_TEST_CASE(a_node_is_ready_when_all_before_it_are_done) {
  graph g;
  node snapshot = g.add(), backup = g.add(), volume = g.add();
  g.edge(snapshot, volume);
  g.edge(backup, volume);
  g.begin();
  BOOST_TEST(*g.take_ready() == snapshot);
  BOOST_TEST(*g.take_ready() == backup);
  BOOST_TEST(!g.take_ready());
  g.done(backup);
  BOOST_TEST(!g.take_ready());
  g.done(snapshot);
  BOOST_TEST(*g.take_ready() == volume);
  BOOST_TEST(!g.finished());
  g.done(volume);
  BOOST_TEST(g.finished());
}

BOOST_AUTO_TEST_CASE(what_stays_holds_everything_behind_it_once) {
  graph g;
  node a = g.add(), b = g.add(), c = g.add(), d = g.add(), other = g.add();
  g.edge(a, b);
  g.edge(a, c);
  g.edge(b, d);
  g.edge(c, d);
  g.begin();
  BOOST_TEST(*g.take_ready() == a);
  auto held = g.stays(a);
  BOOST_TEST((held == std::vector<node>{b, c, d}));
  BOOST_TEST(*g.take_ready() == other);
  g.done(other);
  BOOST_TEST(g.finished());
}

BOOST_AUTO_TEST_CASE(duplicate_and_self_edges_count_once_or_not_at_all) {
  graph g;
  node a = g.add(), b = g.add();
  g.edge(a, b);
  g.edge(a, b);
  g.edge(b, b);
  g.begin();
  g.done(*g.take_ready());
  BOOST_TEST(*g.take_ready() == b);
}

BOOST_AUTO_TEST_CASE(a_circle_is_broken_at_its_earliest_node) {
  graph g;
  node a = g.add(), b = g.add();
  g.edge(a, b);
  g.edge(b, a);
  g.begin();
  BOOST_TEST(!g.take_ready());
  BOOST_TEST(g.break_circle());
  BOOST_TEST(*g.take_ready() == a);
  g.done(a);
  BOOST_TEST(*g.take_ready() == b);
  g.done(b);
  BOOST_TEST(g.finished());
  BOOST_TEST(!g.break_circle());
}

BOOST_AUTO_TEST_CASE(what_only_waits_for_a_circle_does_not_break_it) {
  graph g;
  node behind = g.add(), further = g.add(), a = g.add(), b = g.add();
  g.edge(a, b);
  g.edge(b, a);
  g.edge(b, behind);
  g.edge(behind, further);
  g.begin();
  BOOST_TEST(g.break_circle());
  BOOST_TEST(*g.take_ready() == a);
  BOOST_TEST(!g.take_ready());
  g.done(a);
  BOOST_TEST(*g.take_ready() == b);
  g.done(b);
  BOOST_TEST(*g.take_ready() == behind);
}

BOOST_AUTO_TEST_CASE(random_graphs_end_and_never_run_ahead) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      std::mt19937 random{seed};
      graph g;
      const std::size_t n = 1 + random() % 30;
      for (std::size_t i = 0; i < n; ++i) g.add();
      std::vector<std::pair<node, node>> edges;
      for (std::size_t k = 0; k < n * 2; ++k) {
        node a = random() % n, b = random() % n;
        if (a >= b) continue;
        g.edge(a, b);
        edges.emplace_back(a, b);
      }
      std::set<node> gone, over;
      g.begin();
      while (auto at = g.take_ready()) {
        for (auto [first, then] : edges)
          if (then == *at) BOOST_TEST(gone.count(first) == 1);
        over.insert(*at);
        if (random() % 5 == 0) {
          for (auto behind : g.stays(*at)) BOOST_TEST(over.insert(behind).second);
        } else {
          gone.insert(*at);
          g.done(*at);
        }
      }
      BOOST_TEST(g.finished());
      BOOST_TEST(over.size() == n);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
