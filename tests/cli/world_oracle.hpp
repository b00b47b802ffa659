// Who may, and who must, still be there after a deletion: worked out from the world's own records
// by rules written here a second time, on purpose, so that the program is not judged by itself.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/cli/world_state.hpp"

namespace cli {

/// What the program was told.
class orders {
 public:
  orders() = default;
  std::set<std::string> projects, users;  ///< ids: whose things are to go
  std::set<std::string> only, skip;
  std::string created_before;  ///< empty: any age
  bool include_protected = false, force = false;
  bool as_user = false;            ///< no administrator acts
  bool faulty = false;             ///< services fail now and then
  bool sets_aside = false;         ///< Nova only sets a deleted server aside, unless forced
  std::optional<picture> planned;  ///< what there was when the plan was made: the rest stays

  bool owns(const thing& one) const;
  /// The projects of which servers may be missing from every list, for a cell of Nova is down.
  std::set<std::string> unseen(const picture& at) const;
  /// All of them are: then nothing may change.
  bool are_blind(const picture& at) const;
};

class oracle {
 public:
  oracle(const picture& before, const orders& how);

  bool is_target(const thing& one) const { return how_.owns(one) && is_row(one); }
  bool may_be_kept(const std::string& key) const { return may_keep_.count(key) > 0; }
  bool may_fail(const std::string& key) const { return may_fail_.count(key) > 0; }
  /// To a user Nova shows no server that is set aside.
  bool is_shown(const thing& one) const;
  const std::set<std::string>& must_stay() const { return must_; }
  /// A neighbour's leg on a network that is not shared with it.
  bool may_be_taken_off(const thing& leg) const;
  /// A target's leg that a neighbour's subnet names as its gateway.
  bool is_gateway_of_others(const thing& leg) const;
  bool is_shared(const std::string& network, const std::string& project) const;
  /// To a user of the project, what is on the network: it is the project's, or shared with it.
  bool shows(const std::string& network, const std::string& project) const;
  /// What it must stay for, and what that stays for.
  std::string because(std::string key) const;

 private:
  class edge {
   public:
    edge(std::string from, std::string to, bool strong)
        : from(std::move(from)), to(std::move(to)), strong(strong) {}
    std::string from, to;  ///< while `from` stays, so does `to`
    bool strong;           ///< it must, else it may
  };

  void find_edges();
  void edges_of(const std::string& key, const thing& one);
  void edges_between(const std::string& key, const thing& one, const std::string& other,
                     const thing& what);
  void edges_to_secret(const std::string& key, const thing& one, const std::string& other,
                       const thing& what);
  void edges_by_field(const std::string& key, const thing& one, const std::string& other,
                      const thing& what);
  void edges_by_name(const std::string& key, const thing& one);
  void edges_by_address(const std::string& key, const thing& port);
  void add(const std::string& from, const std::string& to, bool strong);
  bool is_protected(const thing& one) const;
  bool is_left_out(const std::string& key, const thing& one) const;
  bool is_chosen(const thing& one) const;
  bool is_stuck(const thing& one) const;
  bool is_in_the_way(const thing& one) const;
  bool may_come_off(const thing& leg) const;
  void find_seeds();
  void find_neighbours();
  void find_carried(const thing& theirs);
  void stand_on(const thing& port);
  bool is_seen(const thing& port, const thing& ground) const;
  void find_used_elsewhere();
  void find_consumed();
  void find_unplanned();
  void find_harmful();
  void find_set_aside();
  void find_unseen();
  void spread(std::set<std::string>& all, bool strong_only);

  const picture& at_;
  const orders& how_;
  std::multimap<std::string, edge> edges_;
  std::set<std::string> may_keep_, may_fail_, must_;
  std::map<std::string, std::string> held_by_;  ///< of must_: what each stays for
};

}  // namespace cli
