// Identity: domains, projects, users, groups. Unknown filters are ignored, as the real one does,
// and extra attributes are kept with their types.
#include "tests/sandbox/keystone.hpp"

#include <fmt/core.h>

namespace sandbox {

void need_admin(const context& c, const char* action) {
  if (!c.admin()) keystone_forbid(action);
}

record& keystone_find(context& c, const std::string& kind, const std::string& id) {
  record* r = c.w.of(kind).find(id);
  if (!r) keystone_unknown(kind, id);
  return *r;
}

json::object keystone_links(const context& c) {
  return {{"next", nullptr}, {"self", c.w.url + c.req.target}, {"previous", nullptr}};
}

std::string one_of(const std::string& collection) {
  return collection.substr(0, collection.size() - 1);
}

json::object with_self(const context& c, const json::object& o, const std::string& collection) {
  json::object out = shown(o);
  out["links"] = json::object{{"self", c.base + "/v3/" + collection + "/" + text(o, "id")}};
  return out;
}

namespace {

reply show(context& c) {
  const std::string collection = c.path[1], kind = one_of(collection);
  const bool own = (kind == "user" && c.args[0] == c.who->user) ||
                   (kind == "project" && c.args[0] == c.who->project);
  if (!own) need_admin(c, ("get_" + kind).c_str());
  record& r = keystone_find(c, kind, c.args[0]);
  return {200, json::object{{kind, with_self(c, r.body, collection)}}};
}

void refuse_duplicate(context& c, const std::string& kind, const json::object& o,
                      const std::string& self) {
  for (const auto& [seq, r] : c.w.of(kind).rows())
    if (r.id != self && text(r.body, "name") == text(o, "name") &&
        text(r.body, "domain_id") == text(o, "domain_id")) {
      if (kind == "project")
        keystone_fail(409, fmt::format("Conflict occurred attempting to store project - it is not "
                                       "permitted to have two projects with either the same name "
                                       "or same id in the same domain: name is {}, project id {}.",
                                       text(o, "name"), r.id));
      if (kind == "domain")
        keystone_fail(409, fmt::format("Conflict occurred attempting to store project - it is not "
                                       "permitted to have two projects acting as domains with the "
                                       "same name: {}.",
                                       text(o, "name")));
      const std::string where = kind == "role" ? "" : " at domain ID " + text(o, "domain_id");
      keystone_fail(409, fmt::format("Conflict occurred attempting to store {} - Duplicate entry "
                                     "found with name {}{}.",
                                     kind, text(o, "name"), where));
    }
}

json::object fresh(const std::string& kind, const std::string& id) {
  json::object o{{"id", id}};
  if (kind == "project")
    o = {{"id", id},
         {"domain_id", "default"},
         {"description", ""},
         {"enabled", true},
         {"parent_id", "default"},
         {"is_domain", false},
         {"tags", json::array{}},
         {"options", json::object{}}};
  if (kind == "user")
    o = {{"id", id},
         {"domain_id", "default"},
         {"enabled", true},
         {"password_expires_at", nullptr},
         {"options", json::object{}}};
  if (kind == "group") o = {{"id", id}, {"domain_id", "default"}, {"description", ""}};
  if (kind == "domain")
    o = {{"id", id},
         {"description", ""},
         {"enabled", true},
         {"tags", json::array{}},
         {"options", json::object{}}};
  if (kind == "role")
    o = {{"id", id}, {"domain_id", nullptr}, {"description", nullptr}, {"options", json::object{}}};
  return o;
}

reply create(context& c) {
  const std::string collection = c.path[1], kind = one_of(collection);
  need_admin(c, ("create_" + kind).c_str());
  json::object sent = c.sent(kind);
  if (text(sent, "name").empty()) keystone_fail(400, "'name' is a required property");
  const std::string id = c.w.hex(), password = text(sent, "password");
  sent.erase("password");
  json::object o = fresh(kind, id);
  merge(o, sent);
  if (kind == "project" && !sent.if_contains("parent_id")) o["parent_id"] = o["domain_id"];
  refuse_duplicate(c, kind, o, id);
  if (!password.empty()) c.w.passwords[id] = password;
  const record& r = c.w.of(kind).add(id, "", std::move(o));
  return {201, json::object{{kind, with_self(c, r.body, collection)}}};
}

bool standard(std::string_view key) {
  for (const char* k : {"id", "name", "domain_id", "enabled", "description", "parent_id", "tags",
                        "is_domain", "options", "default_project_id", "password_expires_at"})
    if (key == k) return true;
  return false;
}

reply update(context& c) {
  const std::string collection = c.path[1], kind = one_of(collection);
  need_admin(c, ("update_" + kind).c_str());
  record& r = keystone_find(c, kind, c.args[0]);
  json::object sent = c.sent(kind);
  if (sent.if_contains("password")) {
    c.w.passwords[r.id] = text(sent, "password");
    sent.erase("password");
    const std::string id = r.id;
    forget_tokens(c.w, [id](const token& t) { return t.user == id; });
  }
  merge(r.body, sent);
  if (sent.if_contains("name")) refuse_duplicate(c, kind, r.body, r.id);
  if (sent.if_contains("enabled") && !truth(r.body, "enabled")) {
    const std::string id = r.id;
    const std::string why =
        kind == "project"
            ? fmt::format("Unable to validate token because project {} is disabled", id)
            : std::string();
    forget_tokens(
        c.w, [id](const token& t) { return t.user == id || t.project == id; }, why);
  }
  json::object out = with_self(c, r.body, collection), extra;
  for (const auto& [k, v] : r.body)
    if (!standard(k)) extra[k] = v;
  if (kind == "user" || kind == "project") out["extra"] = extra;
  return {200, json::object{{kind, out}}};
}

reply remove(context& c) {
  const std::string collection = c.path[1], kind = one_of(collection), id = c.args[0];
  need_admin(c, ("delete_" + kind).c_str());
  const record& r = keystone_find(c, kind, id);
  if (kind == "domain" && truth(r.body, "enabled"))
    keystone_fail(403, "Cannot delete a domain that is enabled, please disable it first.");
  std::erase_if(c.w.assignments, [&](const assignment& a) {
    return a.user == id || a.project == id || a.group == id || a.domain == id || a.role == id;
  });
  forget_tokens(c.w, [id](const token& t) { return t.user == id || t.project == id; });
  for (auto& [group, users] : c.w.members) users.erase(id);
  c.w.passwords.erase(id);
  c.w.of(kind).erase(id);
  return reply(204);
}

reply change_password(context& c) {
  const record& r = keystone_find(c, "user", c.args[0]);
  const json::object sent = c.sent("user");
  if (c.w.passwords[r.id] != text(sent, "original_password")) keystone_unauthorized(c);
  const auto* locked = r.body.at("options").as_object().if_contains("lock_password");
  if (locked && *locked == true) keystone_forbid("change_password");
  c.w.passwords[r.id] = text(sent, "password");
  const std::string id = r.id;
  forget_tokens(c.w, [id](const token& t) { return t.user == id; });
  return reply(204);
}

json::object version_body(const context& c) {
  const json::object self{{"rel", "self"}, {"href", c.base + "/v3/"}};
  const json::object media{{"base", "application/json"},
                           {"type", "application/vnd.openstack.identity-v3+json"}};
  return {{"id", "v3.14"},
          {"status", "stable"},
          {"updated", "2020-04-07T00:00:00Z"},
          {"links", json::array{self}},
          {"media-types", json::array{media}}};
}

reply versions(context& c) {
  const json::object v{{"values", json::array{version_body(c)}}};
  return reply(300, json::object{{"versions", v}}).with("Location", c.base + "/v3/");
}

reply version(context& c) { return {200, json::object{{"version", version_body(c)}}}; }

constexpr route public_table[] = {
    {"GET", "", versions},
    {"GET", "v3", version},
    {"POST", "v3/users/*/password", change_password},
};

}  // namespace

static bool is_collection(const std::string& s) {
  return s == "users" || s == "projects" || s == "groups" || s == "domains" || s == "roles";
}

static reply generic(context& c) {
  static constexpr route table[] = {{"GET", "v3/*", keystone_list},
                                    {"POST", "v3/*", create},
                                    {"GET", "v3/*/*", show},
                                    {"PATCH", "v3/*/*", update},
                                    {"DELETE", "v3/*/*", remove}};
  reply out(404);
  if (c.path.size() >= 2 && c.path.size() <= 3 && is_collection(c.path[1]))
    for (const auto& r : table) {
      const bool item = r.pattern.size() > 4;
      if (r.method == c.method && item == (c.path.size() == 3)) {
        c.args = {c.path.back()};
        return r.call(c);
      }
    }
  return no_page();
}

reply keystone(context& c) {
  reply out(404);
  if (dispatch(c, public_table, out)) return out;
  const bool login = c.method == "POST" && c.path.size() == 3 && c.path[1] == "auth";
  if (!c.who && !login) {
    const auto ended = c.w.ended.find(c.req.header("X-Auth-Token"));
    if (ended != c.w.ended.end()) keystone_fail(404, ended->second);
    keystone_unauthorized(c);
  }
  if (dispatch(c, auth_routes(), out) || dispatch(c, token_routes(), out) ||
      dispatch(c, role_routes(), out) || dispatch(c, delegation_routes(), out))
    return out;
  return generic(c);
}

}  // namespace sandbox
