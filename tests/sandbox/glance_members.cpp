// Images: with whom one is shared, and its tags.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/glance.hpp"

namespace sandbox {
namespace {

reply list_members(context& c) {
  const record& r = glance_find(c, c.args[0]);
  if (text(r.body, "visibility") != "shared")
    glance_fail(
        c, 403,
        "Not allowed to list members for image " + r.id + ": Only shared images have members.");
  json::array out;
  for (const auto& [seq, m] : c.of("image_member").rows())
    if (text(m.body, "image_id") == r.id && (c.mine(r) || text(m.body, "member_id") == c.project()))
      out.push_back(shown(m.body));
  return {200, json::object{{"members", out}, {"schema", "/v2/schemas/members"}}};
}

reply add_member(context& c) {
  const record& r =
      glance_own(c, c.args[0], "You are not authorized to complete add_member action.");
  const std::string who = text(c.body.as_object(), "member");
  if (text(r.body, "visibility") != "shared")
    glance_fail(c, 403, "Not allowed to create members for image " + r.id + ".");
  if (glance_member(c, r.id, who))
    glance_fail(c, 409, fmt::format("Member {} is duplicated for image {}", who, r.id));
  const record& m = c.of("image_member")
                        .add(r.id + "/" + who, r.owner,
                             {{"member_id", who},
                              {"image_id", r.id},
                              {"status", "pending"},
                              {"created_at", now_iso()},
                              {"updated_at", now_iso()},
                              {"schema", "/v2/schemas/member"}});
  return {200, shown(m.body)};
}

reply update_member(context& c) {
  glance_find(c, c.args[0]);
  record* m = glance_member(c, c.args[0], c.args[1]);
  if (!m)
    glance_fail(c, 404,
                c.args[1] + " not found in the member list of the image " + c.args[0] + ".");
  if (!c.admin() && c.args[1] != c.project())
    glance_fail(c, 403, "You are not authorized to complete modify_member action.");
  m->body["status"] = text(c.body.as_object(), "status");
  return {200, shown(m->body)};
}

reply drop_member(context& c) {
  const record& r =
      glance_own(c, c.args[0], "You are not authorized to complete delete_member action.");
  if (text(r.body, "visibility") != "shared")
    glance_fail(c, 403, "Not allowed to delete members for image " + r.id + ".");
  if (!c.of("image_member").erase(c.args[0] + "/" + c.args[1]))
    glance_fail(c, 404,
                c.args[1] + " not found in the member list of the image " + c.args[0] + ".");
  return reply(204);
}

reply tag(context& c) {
  record& r = glance_own(c, c.args[0], "You are not authorized to complete modify_image action.");
  auto& tags = r.body["tags"].as_array();
  const auto at = std::find(tags.begin(), tags.end(), json::value(c.args[1]));
  if (c.method == "PUT" && at == tags.end()) tags.push_back(json::value(c.args[1]));
  if (c.method == "DELETE" && at != tags.end()) tags.erase(at);
  return glance_done();
}

/// To an administrator all, to others their own and the public ones (glance/db/sqlalchemy:
/// metadef_api/namespace.py).
reply namespaces(context& c) {
  json::array out;
  for (const auto& [seq, r] : c.of("metadef_namespace").rows())
    if (c.admin() || r.owner == c.project() || text(r.body, "visibility") == "public")
      out.push_back(shown(r.body));
  return {200, json::object{{"first", "/v2/metadefs/namespaces"},
                            {"namespaces", out},
                            {"schema", "/v2/schemas/metadefs/namespaces"}}};
}

constexpr route glance_members_table[] = {
    {"GET", "v2/metadefs/namespaces", namespaces},
    {"GET", "v2/images/*/members", list_members},
    {"POST", "v2/images/*/members", add_member},
    {"PUT", "v2/images/*/members/*", update_member},
    {"DELETE", "v2/images/*/members/*", drop_member},
    {"PUT", "v2/images/*/tags/*", tag},
    {"DELETE", "v2/images/*/tags/*", tag},
};

}  // namespace

std::span<const route> glance_member_routes() { return glance_members_table; }

}  // namespace sandbox
