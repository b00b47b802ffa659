// What only few clouds have, thrown with dice of its own: beneath it the world of a seed stays the
// one that it was. OSTCLEAN_WORLDS_RARE="role stacks" gives it to every world.
#pragma once

#include "tests/cli/random_world.hpp"

namespace cli {

class rarity {
 public:
  explicit rarity(std::uint64_t seed);

  sandbox::options options() const;
  /// Once the world is full.
  void add(sandbox::world& w, std::vector<tenant>& tenants);
  std::string told() const;  ///< for who reads of a broken world

  /// Nobody lends a role of such a name: the administrators have it in each project already.
  bool lends_no_role() const { return admin_role != "admin" && admin_role != "Admin"; }

  std::string admin_role = "admin";  ///< what the policies call who may do everything
  bool sets_aside = false;  ///< Nova keeps a deleted server for a while, unless it is forced

 private:
  bool throws(unsigned percent, const char* name);

  dice any_;
  std::string told_;
  bool harmful_stacks_ = false, hidden_stacks_ = false, set_aside_ = false, cell_down_ = false;
};

}  // namespace cli
