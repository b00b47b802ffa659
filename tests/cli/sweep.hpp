// Every request of a command fails once, in every way a request can fail, and the program is killed
// at every request. What a test of one command adds is what must hold afterwards.
//
// By default a sample of the pairs of request and failure is tried, chosen by a seed that is
// printed. OSTCLEAN_SWEEP=NAME tries every request with one failure, OSTCLEAN_SWEEP=NAME@N one
// pair, and OSTCLEAN_SWEEP_SEED=N repeats a sample.
#pragma once

#include "tests/cli/harness.hpp"

namespace cli {

class failure {
 public:
  std::string name;
  sandbox::fault what;
  bool kills = false;  ///< the program is killed while it waits for the answer

  /// Whether the service itself ends in an error that nobody can repair unasked.
  bool breaks_the_service() const { return what.action == "fail_async"; }
};

const std::vector<failure>& all_failures();

/// A run that was to meet a failure.
class encounter : public ending {
 public:
  bool met = false;
  bool killed() const { return code == 1009; }
};

/// What the run printed with -f json: nothing when it was killed or failed as a whole.
json::array rows_of(const encounter& e);

/// Complains about each object of others that came, went or changed. A role that a killed run lent
/// itself, or one that says it could not give it back, is not among them.
void check_others(const site& s, const encounter& e,
                  const std::map<std::string, std::string>& before);

/// The program's clock runs fast: pauses and deadlines of seconds are over in a moment. The faster
/// of two speeds is meet()'s own, where a deadline that is missed is one failure more.
void hurry(site& s);

/// Runs `args` while its nth request fails so. No fault is left when it returns. Complains about an
/// exit code that no failure explains, and about a run that met nothing and did not succeed.
encounter meet(site& s, words args, const failure& how, std::uint64_t nth);

/// Whether the nth request of a run was met with a failure.
using attempt = std::function<bool(const failure& how, std::uint64_t nth)>;

/// `count` pairs of a run of about `requests`, or whatever OSTCLEAN_SWEEP asks for.
void sweep(std::uint64_t requests, std::size_t count, const attempt& one);

}  // namespace cli
