#include "tests/cli/random_rare.hpp"

#include <cstdlib>

namespace cli {
namespace {

void let_administrators_in(builder& b, const std::string& role) {
  std::string who;
  for (const auto& [seq, user] : b.w.of("user").rows())
    if (sandbox::text(user.body, "name") == "admin") who = user.id;
  for (const auto& t : b.tenants)
    if (t.ours)
      b.admin.call("PUT", "/identity/v3/projects/" + t.project_id + "/users/" + who + "/roles/" +
                              b.w.role_id(role));
}

}  // namespace

/// The dice fall the same way whatever is asked for.
bool rarity::throws(unsigned percent, const char* name) {
  const char* asked = std::getenv("OSTCLEAN_WORLDS_RARE");
  const bool it_is =
      any_.chance(percent) || (asked && std::string(asked).find(name) != std::string::npos);
  if (it_is) told_ += std::string(told_.empty() ? "" : " ") + name;
  return it_is;
}

rarity::rarity(std::uint64_t seed) : any_(seed + 0x9e3779b97f4a7c15U) {
  static const words names{"Admin", "cloud_admin", "operator"};
  const auto& name = any_.one_of(names);
  if (throws(10, "role")) admin_role = name;
}

std::string rarity::told() const {
  return told_.empty() ? told_ : "rare: " + told_ + " (" + admin_role + ")";
}

sandbox::options rarity::options() const {
  sandbox::options o;
  o.admin_role = admin_role;
  return o;
}

void rarity::add(sandbox::world& w, std::vector<tenant>& tenants) {
  builder b(any_, w, tenants);
  if (lends_no_role()) let_administrators_in(b, admin_role);
  w.settle();
}

}  // namespace cli
