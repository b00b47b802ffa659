// Something happens while the program waits for an answer.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "tests/cli/harness.hpp"

namespace cli {

/// The program's monotonic clock, which a case can put forward.
class late_clock {
 public:
  explicit late_clock(const site& s);
  void attach(manner& how) const;
  void strike(std::chrono::seconds later) const;  ///< as from the start, not from the last time

 private:
  std::string file_;
};

/// Does `what` once an answer is held back (the fault "hold"), and lets it go.
void while_held(site& s, const std::function<void()>& what);

/// Sends the signal while an answer is held back, and lets that go once the program says that it
/// stops.
ending end_by(int number, site& s, process& run);

/// A run during which `what` happens while an answer is held back.
ending run_while(site& s, const words& args, const std::function<void()>& what);

/// Deletes, and each of `all` happens while an answer is held back by a fault of the case. After
/// each, what was seen before is too old to be believed.
ending remove_slowly(site& s, const std::vector<std::function<void()>>& all,
                     const words& further = {});

/// The same with one thing that happens, after all lists were read.
ending remove_while(site& s, const std::function<void()>& what, const words& further = {});

bool is_kept(const ending& e, const std::string& id);

}  // namespace cli
