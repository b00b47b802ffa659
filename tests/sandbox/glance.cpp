// Images: HTML errors unless JSON is asked for, pages of 25 with relative links, hidden images
// that only a list which asks for them shows, and members who keep an image visible.
#include <fmt/core.h>

#include "tests/sandbox/world.hpp"

namespace sandbox {
namespace {

const char* title(int status) {
  return status == 400   ? "Bad Request"
         : status == 401 ? "Unauthorized"
         : status == 403 ? "Forbidden"
         : status == 404 ? "Not Found"
         : status == 409 ? "Conflict"
                         : "Unsupported Media Type";
}

reply error_page(const context& c, int status, const std::string& why) {
  const std::string head = fmt::format("{} {}", status, title(status));
  if (c.req.header("Accept").find("application/json") != std::string::npos)
    return {status,
            json::object{
                {"message", why + "<br /><br />\n\n\n"}, {"code", head}, {"title", title(status)}}};
  return {status,
          fmt::format("<html>\n <head>\n  <title>{}</title>\n </head>\n <body>\n  <h1>{}</h1>\n  "
                      "{}<br /><br />\n\n\n\n </body>\n</html>",
                      head, head, why),
          "text/html; charset=UTF-8"};
}

[[noreturn]] void fail(const context& c, int status, const std::string& why) {
  throw refusal{error_page(c, status, why)};
}

record* member_of(context& c, const std::string& image, const std::string& project) {
  return c.of("image_member").find(image + "/" + project);
}

bool visible(context& c, const record& r, bool listing) {
  if (c.admin() || c.ignore_filter || r.owner == c.project()) return true;
  const std::string v = text(r.body, "visibility");
  if (v == "public" || (v == "community" && !listing)) return true;
  const record* m = member_of(c, r.id, c.project());
  return v == "shared" && m && (!listing || text(m->body, "status") == "accepted");
}

json::object view(const record& r) {
  json::object o = shown(r.body);
  o["self"] = "/v2/images/" + r.id;
  o["file"] = "/v2/images/" + r.id + "/file";
  o["schema"] = "/v2/schemas/image";
  return o;
}

record& find(context& c, const std::string& id) {
  record* r = c.of("image").find(id);
  if (!r || !visible(c, *r, false)) fail(c, 404, "No image found with ID " + id);
  return *r;
}

record& find_own(context& c, const std::string& id, const char* why) {
  record& r = find(c, id);
  if (!c.mine(r)) fail(c, 403, why);
  return r;
}

std::string relative(const context& c, const std::string& marker) {
  std::string q;
  for (const auto& [k, v] : c.query)
    if (k != "marker") q += (q.empty() ? "" : "&") + encode(k) + "=" + encode(v);
  if (!marker.empty()) q += (q.empty() ? "" : "&") + ("marker=" + marker);
  return "/v2/images" + (q.empty() ? "" : "?" + q);
}

bool passes(const context& c, const record& r) {
  const bool hidden = c.q("os_hidden") == "true" || c.q("os_hidden") == "True";
  if (truth(r.body, "os_hidden") != hidden) return false;
  for (const char* key : {"name", "visibility", "status", "disk_format", "owner"}) {
    if (c.ignore_filter && std::string_view(key) == "owner") continue;
    if (c.has(key) && c.q(key) != "all" && text(r.body, key) != c.q(key)) return false;
  }
  for (const auto& want : c.all("tag")) {
    bool found = false;
    for (const auto& t : r.body.at("tags").as_array()) found = found || t.as_string() == want;
    if (!found) return false;
  }
  for (const auto& [k, v] : c.query)  // a property the image does not have never matches
    if (k == "orphan_image" && text(r.body, k) != v) return false;
  return true;
}

reply list(context& c) {
  const rows all = select(
      c.of("image"), [&](const record& r) { return visible(c, r, true) && passes(c, r); }, true);
  const refusal unknown{error_page(c, 400, "No image found with ID " + c.q("marker"))};
  std::size_t limit = 25;
  if (c.has("limit")) limit = std::min<std::size_t>(1000, std::stoul(c.q("limit")));
  const page p = cut(all, c.q("marker"), limit, unknown);
  json::array out;
  for (const record* r : p.items) out.push_back(view(*r));
  json::object body{{"images", out}, {"first", relative(c, "")}, {"schema", "/v2/schemas/images"}};
  if (p.more) body["next"] = relative(c, p.items.back()->id);
  return {200, body};
}

reply show(context& c) { return {200, view(find(c, c.args[0]))}; }

reply create(context& c) {
  const json::object sent = c.body.as_object();
  if (text(sent, "visibility") == "public" && !c.admin())
    fail(c, 403, "You are not authorized to complete publicize_image action.");
  const std::string id = text(sent, "id").empty() ? c.w.uuid() : text(sent, "id");
  const std::string owner =
      c.admin() && !text(sent, "owner").empty() ? text(sent, "owner") : c.project();
  json::object o{{"name", nullptr},
                 {"disk_format", nullptr},
                 {"container_format", nullptr},
                 {"visibility", "shared"},
                 {"size", nullptr},
                 {"virtual_size", nullptr},
                 {"status", "queued"},
                 {"checksum", nullptr},
                 {"protected", false},
                 {"min_ram", 0},
                 {"min_disk", 0},
                 {"owner", owner},
                 {"os_hidden", false},
                 {"os_hash_algo", nullptr},
                 {"os_hash_value", nullptr},
                 {"id", id},
                 {"created_at", now_iso()},
                 {"updated_at", now_iso()},
                 {"tags", json::array{}}};
  merge(o, sent);
  o["owner"] = owner;
  const record& r = c.of("image").add(id, owner, std::move(o));
  return reply(201, view(r)).with("Location", c.base + "/v2/images/" + id);
}

reply upload(context& c) {
  record& r = find_own(c, c.args[0], "You are not authorized to complete upload_image action.");
  r.body["status"] = "active";
  r.body["size"] = c.req.body.size();
  r.body["virtual_size"] = c.req.body.size();
  r.body["checksum"] = "00000000000000000000000000000000";
  return {204, ""};
}

void apply(context& c, record& r, const json::object& op) {
  std::string key = text(op, "path");
  if (!key.empty()) key = key.substr(1);
  const std::string what = text(op, "op");
  if (what != "add" && !r.body.if_contains(key))
    fail(c, 409,
         "There was a conflict when trying to complete your request.<br /><br />\nProperty " + key +
             " does not exist.");
  if (what == "remove") {
    r.body.erase(key);
    return;
  }
  const json::value& v = op.at("value");
  if (key == "visibility" && v == "public" && !c.admin())
    fail(c, 403, "You are not authorized to complete publicize_image action.");
  if (key == "owner" || key == "id") fail(c, 403, "Attribute '" + key + "' is read-only.");
  r.body[key] = v;
}

reply patch(context& c) {
  if (c.req.header("Content-Type").find("application/openstack-images-v2") == std::string::npos)
    fail(c, 415,
         fmt::format("The request media type {} is not supported by this server.",
                     c.req.header("Content-Type")));
  record& r = find_own(c, c.args[0], "You are not authorized to complete modify_image action.");
  for (const auto& op : c.body.as_array()) apply(c, r, op.as_object());
  r.body["updated_at"] = now_iso();
  return {200, view(r)};
}

void drop_members(context& c, const std::string& image) {
  std::vector<std::string> gone;
  for (const auto& [seq, m] : c.of("image_member").rows())
    if (text(m.body, "image_id") == image) gone.push_back(m.id);
  for (const auto& id : gone) c.of("image_member").erase(id);
}

reply remove(context& c) {
  const record* known = c.of("image").find(c.args[0]);
  if (!known || !visible(c, *known, false))
    fail(c, 404, "Failed to find image " + c.args[0] + " to delete");
  record& r = find_own(c, c.args[0], "You do not own this image");
  if (truth(r.body, "protected"))
    fail(c, 403, "Image " + r.id + " is protected and cannot be deleted.");
  const std::string id = r.id;
  drop_members(c, id);
  c.of("image").erase(id);
  return {204, ""};
}

reply list_members(context& c) {
  const record& r = find(c, c.args[0]);
  if (text(r.body, "visibility") != "shared")
    fail(c, 403,
         "Not allowed to list members for image " + r.id + ": Only shared images have members.");
  json::array out;
  for (const auto& [seq, m] : c.of("image_member").rows())
    if (text(m.body, "image_id") == r.id && (c.mine(r) || text(m.body, "member_id") == c.project()))
      out.push_back(shown(m.body));
  return {200, json::object{{"members", out}, {"schema", "/v2/schemas/members"}}};
}

reply add_member(context& c) {
  const record& r = find_own(c, c.args[0], "You are not authorized to complete add_member action.");
  const std::string who = text(c.body.as_object(), "member");
  if (text(r.body, "visibility") != "shared") fail(c, 403, "Only shared images have members.");
  if (member_of(c, r.id, who))
    fail(c, 409, fmt::format("Member {} is duplicated for image {}", who, r.id));
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
  find(c, c.args[0]);
  record* m = member_of(c, c.args[0], c.args[1]);
  if (!m) fail(c, 404, c.args[1] + " not found in the member list of the image " + c.args[0] + ".");
  if (!c.admin() && c.args[1] != c.project())
    fail(c, 403, "You are not authorized to complete modify_member action.");
  m->body["status"] = text(c.body.as_object(), "status");
  return {200, shown(m->body)};
}

reply drop_member(context& c) {
  const record& r =
      find_own(c, c.args[0], "You are not authorized to complete delete_member action.");
  if (text(r.body, "visibility") != "shared")
    fail(c, 403, "Not allowed to delete members for image " + r.id + ".");
  if (!c.of("image_member").erase(c.args[0] + "/" + c.args[1]))
    fail(c, 404, c.args[1] + " not found in the member list of the image " + c.args[0] + ".");
  return reply(204);
}

reply tag(context& c) {
  record& r = find_own(c, c.args[0], "You are not authorized to complete modify_image action.");
  auto& tags = r.body["tags"].as_array();
  const auto at = std::find(tags.begin(), tags.end(), json::value(c.args[1]));
  if (c.method == "PUT" && at == tags.end()) tags.push_back(json::value(c.args[1]));
  if (c.method == "DELETE" && at != tags.end()) tags.erase(at);
  return {204, ""};
}

reply versions(context& c) {
  json::array out;
  for (const char* v : {"v2.15", "v2.9", "v2.0"})
    out.push_back(
        {{"id", v},
         {"status", v == std::string_view("v2.15") ? "CURRENT" : "SUPPORTED"},
         {"links", json::array{json::object{{"rel", "self"}, {"href", c.base + "/v2/"}}}}});
  return {300, json::object{{"versions", out}}};
}

constexpr route table[] = {
    {"GET", "v2/images", list},
    {"POST", "v2/images", create},
    {"GET", "v2/images/*", show},
    {"PATCH", "v2/images/*", patch},
    {"DELETE", "v2/images/*", remove},
    {"PUT", "v2/images/*/file", upload},
    {"GET", "v2/images/*/members", list_members},
    {"POST", "v2/images/*/members", add_member},
    {"PUT", "v2/images/*/members/*", update_member},
    {"DELETE", "v2/images/*/members/*", drop_member},
    {"PUT", "v2/images/*/tags/*", tag},
    {"DELETE", "v2/images/*/tags/*", tag},
};

}  // namespace

reply glance(context& c) {
  if (c.path.empty() || (c.path.size() == 1 && c.path[0] == "versions")) return versions(c);
  if (!c.who)
    return error_page(c, 401,
                      "This server could not verify that you are authorized to access the document "
                      "you requested. Either you supplied the wrong credentials (e.g., bad "
                      "password), or your browser does not understand how to supply the "
                      "credentials required.")
        .with("WWW-Authenticate", "Keystone uri=\"" + authenticate_url(c.w) + "\"");
  reply out(404);
  if (!dispatch(c, table, out)) return error_page(c, 404, "The resource could not be found.");
  return out;
}

}  // namespace sandbox
