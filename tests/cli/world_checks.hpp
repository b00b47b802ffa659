// The invariants: what is compared after each run of the program on a random world.
#pragma once

#include <string>
#include <string_view>

#include "tests/cli/world_oracle.hpp"

namespace cli {

/// One run, with what was there before and after. Complains in words.
class examination {
 public:
  examination(const picture& before, const picture& after, const orders& how, words& complaints)
      : before_(before), after_(after), how_(how), rules_(before, how), complaints_(complaints) {}

  examination(const picture&, picture&&, const orders&, words&) = delete;

  /// Nothing of anybody else came, went or changed; roles and flags are as before.
  void others() const;
  /// What is protected, left out or newer than the plan is there, with what it stands on.
  void kept() const;
  /// What the program says is so, and nothing is left without a reason.
  void report(const ending& e) const;
  /// Every change was sent to something that belongs to a target.
  void requests(const std::vector<sandbox::seen>& log) const;
  /// Nothing at all was sent but reads, the login and, when `lends`, a role of the caller's own.
  void only_reads(const std::vector<sandbox::seen>& log, bool lends) const;
  /// Nothing at all changed.
  void nothing() const;

  std::size_t gone() const;        ///< targets that are not there any more
  std::size_t neighbours() const;  ///< things of others that were compared

 private:
  void complain(std::string what) const { complaints_.push_back(std::move(what)); }
  void other(const std::string& key, const thing& one) const;
  void legs() const;
  bool is_consequence(const thing& one) const;
  json::object comparable(const thing& one) const;
  bool is_data_of_backup(std::string_view object) const;
  void kept_objects(const std::string& key, const thing& box) const;
  void unverified(const std::string& project, std::set<std::string>& told) const;
  void needed_objects(const thing& box, std::string_view name) const;
  void unselected(const std::string& key, const thing& one) const;
  void project_report(const json::object& project, std::set<std::string>& told,
                      std::set<std::string>& unseen) const;
  std::string key_of(const json::object& entry, const std::string& project) const;
  bool is_target(const std::string& key) const;
  void untold(const std::set<std::string>& told, const std::set<std::string>& unseen) const;
  bool goes_with_set_aside(const std::string& key) const;
  void reasons(const json::object& project, const char* list) const;
  bool is_identity_change(const sandbox::seen& r) const;
  void path_of(const sandbox::seen& r) const;
  void body_of(const sandbox::seen& r) const;
  bool is_allowed(const sandbox::seen& r, const thing& what) const;

  const picture &before_, &after_;
  const orders& how_;
  oracle rules_;
  words& complaints_;
};

}  // namespace cli
