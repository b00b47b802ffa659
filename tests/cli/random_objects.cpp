// Random worlds, containers: any name that a URL can carry, manifests, both kinds of versioning,
// and now and then ten thousand objects.
#include <fmt/core.h>

#include "tests/cli/random_world.hpp"

namespace cli {
namespace {

const sandbox::pairs k_plain{{"Content-Type", "text/plain"}};

std::string account(const tenant& t) { return "/object-store/v1/AUTH_" + t.project_id + "/"; }

/// A container's name has no slash and is not empty.
std::string container_name(builder& b, const tenant& t) {
  std::string name = b.name();
  std::erase(name, '/');
  if (name.empty() || name.size() > 200 || name.starts_with(".")) name = "box";
  const auto& all = t.has.count("container") > 0 ? t.has.at("container") : words();
  for (const auto& other : all)
    if (other == name) name += fmt::format("-{}", all.size());
  return name;
}

std::string object_name(builder& b, std::size_t i) {
  const auto name = b.name();
  return name.empty() ? fmt::format("object-{}", i) : name;
}

void put_objects(builder& b, tenant& t, const std::string& at) {
  const auto n = b.any.between(0, 5);
  for (std::size_t i = 0; i < n; ++i)
    t.user->raw("PUT", at + "/" + sandbox::encode(object_name(b, i)), "x", k_plain);
}

std::string make_container(tenant& t, const std::string& name, const sandbox::pairs& headers = {}) {
  t.user->call("PUT", account(t) + sandbox::encode(name), {}, headers);
  t.has["container"].push_back(name);
  return account(t) + sandbox::encode(name);
}

/// Now and then as old as what a limit of age lets go.
void age(builder& b, const tenant& t, const std::string& box) {
  for (auto& [name, o] : b.w.accounts[t.project_id][box].objects)
    if (b.any.chance(50) && !b.later) o.modified = "2020-01-01T00:00:00.000000";
}

/// Its segments are elsewhere; where, is the client's choice.
void add_large(builder& b, tenant& t, const std::string& name) {
  const auto aside = name + (b.any.chance(50) ? "_segments" : "-parts");
  const auto at = make_container(t, name), parts = make_container(t, aside);
  json::array manifest;
  for (int i = 0; i < 2; ++i) {
    t.user->raw("PUT", fmt::format("{}/part{}", parts, i), "segment", k_plain);
    manifest.push_back(json::object{{"path", fmt::format("/{}/part{}", aside, i)}});
  }
  t.user->call("PUT", at + "/large?multipart-manifest=put", manifest);
  t.user->raw("PUT", at + "/dynamic", "",
              {{"X-Object-Manifest", sandbox::encode(aside) + "/part"}});
  age(b, t, name), age(b, t, aside);
}

void add_versioned(builder& b, tenant& t, const std::string& name) {
  const auto at = make_container(t, name, {{"X-Versions-Enabled", "true"}});
  for (const char* body : {"one", "two", "three"}) t.user->raw("PUT", at + "/doc", body, k_plain);
  if (b.any.chance(50)) t.user->raw("DELETE", at + "/doc", "", {});
}

void add_stacked(tenant& t, const std::string& name) {
  make_container(t, name + "-archive");
  const auto at =
      make_container(t, name, {{"X-Versions-Location", sandbox::encode(name + "-archive")}});
  for (const char* body : {"one", "two"}) t.user->raw("PUT", at + "/doc", body, k_plain);
}

}  // namespace

void add_objects(builder& b, tenant& t, bool crowded) {
  for (const auto& image : words(t.has["image"]))
    if (b.any.chance(10)) put_objects(b, t, make_container(t, "glance_" + image));
  const auto n = b.any.between(0, 3);
  for (std::size_t i = 0; i < n; ++i) {
    const auto name = container_name(b, t);
    switch (b.any.below(6)) {
      case 0:
        add_large(b, t, name);
        break;
      case 1:
        add_versioned(b, t, name);
        break;
      case 2:
        add_stacked(t, name);
        break;
      default:
        put_objects(b, t, make_container(t, name));
    }
  }
  if (!crowded) return;
  make_container(t, "crowd");
  sandbox::swift_object o;
  o.etag = "9dd4e461268c8034f5c8564e155c67a6", o.type = "text/plain", o.body = "x";
  o.modified = "2020-01-01T00:00:00.000000";
  for (int i = 0; i < 10'000; ++i)
    b.w.accounts[t.project_id]["crowd"].objects[fmt::format("{}/{:05}", b.any.below(50), i)] = o;
}

}  // namespace cli
