// Every command that changes something, with a cloud in which each of them has something to do.
// What holds for all of them is tested over this table.
#pragma once

#include <functional>

#include "tests/cli/vmexpire_site.hpp"

namespace cli {

class busy_site : public vm_site {
 public:
  explicit busy_site(sandbox::options o = sandbox::options());

  std::string record() const { return home.path("stopped.jsonl"); }
  std::string credentials() const { return home.path("out.jsonl"); }
  /// Whose trial ends soon.
  sandbox::seeded soon;
  std::string tracked, untracked, excluded, orphan;  ///< ids
};

class changing_command {
 public:
  std::string name;
  std::function<words(const busy_site&)> args;
  std::string asks;   ///< the end of its question; empty for one that destroys nothing
  std::string right;  ///< the answer that lets it begin
  /// What has to happen before it has something to do.
  std::function<void(busy_site&)> before = [](busy_site&) {};
};

const std::vector<changing_command>& changing_commands();
/// Only those that ask.
std::vector<changing_command> asking_commands();
/// The changes that are no loan: what a lent role needs may be sent before the question.
words changes_beyond_loans(const site& s);

}  // namespace cli
