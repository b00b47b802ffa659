// Random worlds, people: a user whose own project goes works in another one too, and has servers
// there with the key pairs that are the user's and no project's.
#include "tests/cli/random_world.hpp"

namespace cli {
namespace {

/// Never the other way round: a project in which a neighbour works is refused.
tenant* another_place(builder& b, const tenant& mine) {
  tenant& place = b.another(mine);
  return &place == &mine ? nullptr : &place;
}

}  // namespace

void tangle_people(builder& b) {
  tenant& mine = *b.of_ours();
  tenant* place = another_place(b, mine);
  if (!place) return;
  b.admin.call("PUT", "/identity/v3/projects/" + place->project_id + "/users/" + mine.user_id +
                          "/roles/" + b.w.role_id("member"));
  auto guest = sandbox::hand::of(b.w, mine.user_id, "trialpw", place->project_id);
  json::object server{{"name", b.name()},
                      {"flavorRef", "1"},
                      {"imageRef", b.public_image},
                      {"networks", json::array{}}};
  if (const auto key = b.pick(mine, "keypair"); !key.empty()) server["key_name"] = key;
  const auto made = guest.call("POST", "/compute/v2.1/servers", json::object{{"server", server}});
  place->has["server"].push_back(sandbox::text(made.at("server").as_object(), "id"));
  b.settle();
  // The role goes sooner than the servers, now and then.
  if (b.any.chance(30))
    b.admin.call("DELETE", "/identity/v3/projects/" + place->project_id + "/users/" + mine.user_id +
                               "/roles/" + b.w.role_id("member"));
}

}  // namespace cli
