// Images: HTML errors unless JSON is asked for, pages of 25 with relative links, hidden images
// that only a list which asks for them shows, and members who keep an image visible. An image's
// data may be a volume of Cinder's (`_data_volume`), which goes with the image.
#include "tests/sandbox/glance.hpp"

#include <fmt/core.h>

#include <algorithm>

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

}  // namespace

reply glance_error(const context& c, int status, const std::string& why) {
  const std::string head = fmt::format("{} {}", status, title(status));
  const bool closed = why.ends_with('\n');
  if (c.req.header("Accept").find("application/json") != std::string::npos)
    return {status, json::object{{"message", closed ? why : why + "<br /><br />\n\n\n"},
                                 {"code", head},
                                 {"title", title(status)}}};
  return {status,
          fmt::format("<html>\n <head>\n  <title>{}</title>\n </head>\n <body>\n  <h1>{}</h1>\n  "
                      "{}<br /><br />\n\n\n\n </body>\n</html>",
                      head, head, why),
          "text/html; charset=UTF-8"};
}

void glance_fail(const context& c, int status, const std::string& why) {
  throw refusal{glance_error(c, status, why)};
}

reply glance_done() { return reply(204).with("Content-Type", "text/html; charset=UTF-8"); }

record* glance_member(context& c, const std::string& image, const std::string& project) {
  return c.of("image_member").find(image + "/" + project);
}

namespace {

bool visible(context& c, const record& r, bool listing) {
  if (c.admin() || c.ignore_filter || r.owner == c.project()) return true;
  const std::string v = text(r.body, "visibility");
  if (v == "public" || v == "community") return true;
  const record* m = glance_member(c, r.id, c.project());
  return v == "shared" && m && (!listing || text(m->body, "status") == "accepted");
}

/// Another project's community image is listed, to administrators too, only by its visibility.
bool listed(context& c, const record& r) {
  if (!visible(c, r, true)) return false;
  const bool apart = text(r.body, "visibility") == "community" && r.owner != c.project();
  return !apart || !c.q("visibility").empty();
}

}  // namespace

record& glance_find(context& c, const std::string& id) {
  record* r = c.of("image").find(id);
  if (!r || !visible(c, *r, false)) glance_fail(c, 404, "No image found with ID " + id);
  return *r;
}

record& glance_own(context& c, const std::string& id, const char* why) {
  record& r = glance_find(c, id);
  if (!c.mine(r)) glance_fail(c, 403, why);
  return r;
}

namespace {

json::object view(const record& r) {
  json::object o = shown(r.body);
  o["self"] = "/v2/images/" + r.id;
  o["file"] = "/v2/images/" + r.id + "/file";
  o["schema"] = "/v2/schemas/image";
  return o;
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
    if (std::string_view(key) == "owner" && c.has(key) && c.ignore_filter) continue;
    if (c.has(key) && c.q(key) != "all" && text(r.body, key) != c.q(key)) return false;
  }
  for (const auto& want : c.all("tag")) {
    bool found = false;
    for (const auto& t : r.body.at("tags").as_array()) found = found || t.as_string() == want;
    if (!found) return false;
  }
  static const std::set<std::string> words{
      "limit",         "marker",     "sort",       "sort_key",      "sort_dir",
      "member_status", "owner",      "visibility", "status",        "name",
      "tag",           "os_hidden",  "protected",  "disk_format",   "size_min",
      "size_max",      "created_at", "updated_at", "changes-since", "container_format"};
  for (const auto& [k, v] : c.query)  // a property the image does not have never matches
    if (!words.count(k) && text(r.body, k) != v) return false;
  return true;
}

/// sort=KEY:DIRECTION; else the newest first.
void order(const context& c, rows& all) {
  const std::string said = c.q("sort"), key = said.substr(0, said.find(':'));
  if (key.empty()) return;
  const bool up = said.ends_with(":asc");
  std::stable_sort(all.begin(), all.end(), [&](const record* a, const record* b) {
    const std::string x = text(a->body, key), y = text(b->body, key);
    return up ? x < y : y < x;
  });
}

void check_query(const context& c) {
  if (c.q("limit").starts_with('-')) glance_fail(c, 400, "limit param must be positive");
  static const std::set<std::string> known{"", "all", "public", "private", "shared", "community"};
  if (!known.count(c.q("visibility")))
    glance_fail(c, 400, "Invalid visibility value: " + c.q("visibility"));
}

reply list(context& c) {
  check_query(c);
  rows all = select(
      c.of("image"), [&](const record& r) { return listed(c, r) && passes(c, r); }, true);
  order(c, all);
  const refusal unknown{glance_error(c, 400, "No image found with ID " + c.q("marker"))};
  std::size_t limit = 25;
  if (c.has("limit")) limit = std::min<std::size_t>(1000, std::stoul(c.q("limit")));
  const page p = cut(all, c.q("marker"), limit, unknown);
  json::array out;
  for (const record* r : p.items) out.push_back(view(*r));
  json::object body{{"images", out}, {"first", relative(c, "")}, {"schema", "/v2/schemas/images"}};
  if (p.more) body["next"] = relative(c, p.items.back()->id);
  return {200, body};
}

reply show(context& c) { return {200, view(glance_find(c, c.args[0]))}; }

reply create(context& c) {
  const json::object sent = c.body.as_object();
  if (text(sent, "visibility") == "public" && !c.admin())
    glance_fail(c, 403, "You are not authorized to complete publicize_image action.");
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
  record& r = glance_own(c, c.args[0], "You are not authorized to complete upload_image action.");
  r.body["status"] = "active";
  r.body["size"] = c.req.body.size();
  r.body["virtual_size"] = c.req.body.size();
  r.body["checksum"] = "00000000000000000000000000000000";
  r.body["os_hash_algo"] = "sha512";
  r.body["os_hash_value"] = std::string(128, '0');
  return glance_done();
}

void apply(context& c, record& r, const json::object& op) {
  std::string key = text(op, "path");
  if (!key.empty()) key = key.substr(1);
  const std::string what = text(op, "op");
  if (what != "add" && !r.body.if_contains(key))
    glance_fail(
        c, 409,
        "There was a conflict when trying to complete your request.<br /><br />\nProperty " + key +
            " does not exist.\n\n");
  if (what == "remove") {
    r.body.erase(key);
    return;
  }
  const json::value& v = op.at("value");
  if (key == "visibility" && v == "public" && !c.admin())
    glance_fail(c, 403, "You are not authorized to complete publicize_image action.");
  if (key == "owner" && !c.admin())
    glance_fail(c, 403,
                "Access was denied to this resource.<br /><br />\nOwner can't be updated by non "
                "admin.\n\n");
  if (key == "id") glance_fail(c, 403, "Attribute 'id' is read-only.");
  if (key == "visibility" && v != "public" && v != "private" && v != "shared" && v != "community")
    glance_fail(c, 400, "Provided object does not match schema 'image'");
  r.body[key] = v;
}

reply patch(context& c) {
  if (c.req.header("Content-Type").find("application/openstack-images-v2") == std::string::npos)
    throw refusal{
        glance_error(c, 415,
                     fmt::format("The request media type {} is not supported by this server.\n"
                                 "<br /><br />\n",
                                 c.req.header("Content-Type")))
            .with("Accept-Patch",
                  "application/openstack-images-v2.0-json-patch, "
                  "application/openstack-images-v2.1-json-patch")};
  record& r = glance_own(c, c.args[0], "You are not authorized to complete modify_image action.");
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
    glance_fail(c, 404, "Failed to find image " + c.args[0] + " to delete");
  record& r = glance_own(c, c.args[0],
                         c.epoxy() ? "You are not authorized to complete delete_image action."
                                   : "You do not own this image");
  if (truth(r.body, "protected"))
    glance_fail(c, 403, "Image " + r.id + " is protected and cannot be deleted.");
  const std::string id = r.id;
  drop_members(c, id);
  c.of("volume").erase(text(r.body, "_data_volume"));
  c.of("image").erase(id);
  return glance_done();
}

reply versions(context& c) {
  json::array out;
  const std::string_view newest = c.epoxy() ? "v2.17" : "v2.15";
  for (const std::string_view v : {newest, std::string_view("v2.9"), std::string_view("v2.0")})
    out.push_back(
        {{"id", v},
         {"status", v == newest ? "CURRENT" : "SUPPORTED"},
         {"links", json::array{json::object{{"rel", "self"}, {"href", c.base + "/v2/"}}}}});
  reply all(c.path.empty() ? 300 : 200, json::object{{"versions", out}});
  return all.unnamed();
}

constexpr route glance_table[] = {
    {"GET", "v2/images", list},        {"POST", "v2/images", create},
    {"GET", "v2/images/*", show},      {"PATCH", "v2/images/*", patch},
    {"DELETE", "v2/images/*", remove}, {"PUT", "v2/images/*/file", upload},
};

}  // namespace

reply glance(context& c) {
  if (c.path.empty() || (c.path.size() == 1 && c.path[0] == "versions")) return versions(c);
  if (!c.who)
    return glance_error(
               c, 401,
               "This server could not verify that you are authorized to access the document "
               "you requested. Either you supplied the wrong credentials (e.g., bad "
               "password), or your browser does not understand how to supply the "
               "credentials required.")
        .with("WWW-Authenticate", "Keystone uri=\"" + authenticate_url(c.w) + "/\"")
        .unnamed();
  reply out(404);
  if (!dispatch(c, glance_table, out) && !dispatch(c, glance_member_routes(), out))
    return glance_error(c, 404, "The resource could not be found.");
  return out;
}

}  // namespace sandbox
