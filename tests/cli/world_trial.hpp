// One random world from its seed to the last look: made, asked for a way to delete, run, judged.
#pragma once

#include <cstdint>
#include <string>

#include "tests/cli/random_rare.hpp"
#include "tests/cli/world_checks.hpp"

namespace cli {

class verdict {
 public:
  verdict() = default;
  words complaints, commands;
  std::size_t deleted = 0;   ///< targets that went, and were seen to be gone
  std::size_t compared = 0;  ///< things of others that were compared with what they were
  std::size_t requests = 0;  ///< of the program
  std::map<int, int> codes;  ///< exit code -> how often
};

verdict try_world(std::uint64_t seed);

class trial_of_world {
 public:
  trial_of_world(std::uint64_t seed, verdict& out);
  void run();

 private:
  void choose();
  void choose_actor();
  void choose_limits();
  void add_faults();
  void make_pending();
  ending start(const words& args);
  words command(const words& further) const;
  void dry_run();
  void plan();
  void change_after_plan();
  void remove();
  void once_more(bool finished);
  void judge(const ending& e, const picture& before, const picture& after);
  void write_clouds() const;
  std::string credentials() const;

  dice any_;
  rarity rare_;
  verdict& out_;
  sandbox::cloud it_;
  folder home_;
  std::vector<tenant> tenants_;
  orders how_;
  words actor_;   ///< who is selected and who acts
  words limits_;  ///< what is left alone
  std::string who_ = "admin";
  bool planned_ = false, rehearsed_ = false;
  int runs_ = 0;
};

}  // namespace cli
