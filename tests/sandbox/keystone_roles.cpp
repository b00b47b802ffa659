// Who may do what: grants on projects and domains, direct, through groups and inherited, and the
// list of assignments an operator's tool reads before it believes it knows an account.
#include <fmt/core.h>

#include "tests/sandbox/keystone.hpp"

namespace sandbox {

json::array role_refs(context& c, const std::set<std::string>& names, bool full) {
  json::array out;
  for (const auto& n : names) {
    const record* r = c.w.of("role").find(c.w.role_id(n));
    if (!r) continue;
    if (full)
      out.push_back(shown(r->body));
    else
      out.push_back({{"id", r->id}, {"name", n}});
  }
  return out;
}

std::string role_by_ref(context& c, const json::value& ref) {
  const auto& o = ref.as_object();
  if (!text(o, "name").empty()) return text(o, "name");
  return text(keystone_find(c, "role", text(o, "id")).body, "name");
}

namespace {

/// v3/{projects|domains}/S/{users|groups}/A/roles/R, with or without OS-INHERIT in front.
assignment named_in_path(context& c) {
  const bool inherit = c.path[1] == "OS-INHERIT";
  const std::size_t at = inherit ? 2 : 1;
  assignment a;
  a.inherited = inherit;
  const std::string scope = c.path[at + 1], actor = c.path[at + 3];
  if (c.path[at] == "projects")
    a.project = keystone_find(c, "project", scope).id;
  else
    a.domain = keystone_find(c, "domain", scope).id;
  if (c.path[at + 2] == "users")
    a.user = keystone_find(c, "user", actor).id;
  else
    a.group = keystone_find(c, "group", actor).id;
  if (c.path.size() > at + 5) a.role = keystone_find(c, "role", c.path[at + 5]).id;
  return a;
}

reply grant(context& c) {
  need_admin(c, "create_grant");
  c.w.assignments.insert(named_in_path(c));
  return reply(204);
}

[[noreturn]] void no_grant(const assignment& a) {
  keystone_fail(404, fmt::format("Could not find role assignment with role: {}, user or group: "
                                 "{}{}, project, domain, or system: {}{}.",
                                 a.role, a.user, a.group, a.project, a.domain));
}

reply check(context& c) {
  need_admin(c, "check_grant");
  const assignment a = named_in_path(c);
  if (!c.w.assignments.count(a)) no_grant(a);
  return reply(204);
}

reply revoke(context& c) {
  need_admin(c, "revoke_grant");
  const assignment a = named_in_path(c);
  if (!c.w.assignments.erase(a)) no_grant(a);
  forget_tokens(c.w, [&](const token& t) {
    return t.user == a.user && t.project == a.project && !a.project.empty();
  });
  return reply(204);
}

reply granted(context& c) {
  need_admin(c, "list_grants");
  const assignment want = named_in_path(c);
  json::array out;
  for (auto a : c.w.assignments) {
    const std::string role = a.role;
    a.role.clear();
    if (a == want) out.push_back(with_self(c, keystone_find(c, "role", role).body, "roles"));
  }
  return {200, json::object{{"roles", out}, {"links", keystone_links(c)}}};
}

json::object named(context& c, const std::string& kind, const std::string& id, bool names) {
  json::object out{{"id", id}};
  const record* r = names ? c.w.of(kind).find(id) : nullptr;
  if (!r) return out;
  out["name"] = text(r->body, "name");
  if (const record* d = c.w.of("domain").find(text(r->body, "domain_id")))
    out["domain"] = json::object{{"id", d->id}, {"name", text(d->body, "name")}};
  return out;
}

/// An assignment as it takes effect, and the links that say where it comes from.
struct effect {
  assignment a;
  json::object links;
  auto operator<=>(const effect& o) const { return a <=> o.a; }
  bool operator==(const effect& o) const { return a == o.a; }
};

json::object links_of(const context& c, const assignment& a) {
  const std::string actor = a.user.empty() ? "groups/" + a.group : "users/" + a.user;
  const std::string scope = a.project.empty() ? "domains/" + a.domain : "projects/" + a.project;
  const std::string link =
      a.system      ? c.base + "/v3/system/" + actor + "/roles/" + a.role
      : a.inherited ? fmt::format("{}/v3/OS-INHERIT/{}/{}/roles/{}/inherited_to_projects", c.base,
                                  scope, actor, a.role)
                    : fmt::format("{}/v3/{}/{}/roles/{}", c.base, scope, actor, a.role);
  return {{"assignment", link}};
}

json::object shown_assignment(context& c, const effect& e, bool names) {
  const assignment& a = e.a;
  json::object where;
  if (a.system) where["system"] = json::object{{"all", true}};
  if (!a.project.empty()) where["project"] = named(c, "project", a.project, names);
  if (!a.domain.empty()) where["domain"] = named(c, "domain", a.domain, names);
  if (a.inherited) where["OS-INHERIT:inherited_to"] = "projects";
  json::object role = named(c, "role", a.role, names);
  json::object out{{"links", e.links}, {"scope", where}, {"role", role}};
  if (!a.user.empty()) out["user"] = named(c, "user", a.user, names);
  if (!a.group.empty()) out["group"] = named(c, "group", a.group, names);
  return out;
}

void implied(context& c, std::set<effect>& out, effect e) {
  out.insert(e);
  const record* r = c.w.of("role").find(e.a.role);
  const std::string name = r ? text(r->body, "name") : "";
  if (name != c.w.opts.admin_role && name != "member") return;
  const std::string prior = e.a.role;
  e.a.role = c.w.role_id(name == c.w.opts.admin_role ? "member" : "reader");
  e.links["prior_role"] = fmt::format("{}/v3/prior_role/{}/implies/{}", c.base, prior, e.a.role);
  implied(c, out, std::move(e));
}

std::vector<effect> holders(const context& c, const assignment& a) {
  if (a.group.empty()) return {effect{a, links_of(c, a)}};
  std::vector<effect> out;
  for (const auto& user : c.w.members[a.group]) {
    effect one{a, links_of(c, a)};
    one.links["membership"] = fmt::format("{}/v3/groups/{}/users/{}", c.base, a.group, user);
    one.a.group.clear();
    one.a.user = user;
    out.push_back(std::move(one));
  }
  return out;
}

std::set<effect> effective(context& c) {
  std::set<effect> out;
  for (const auto& a : c.w.assignments)
    for (const auto& one : holders(c, a)) {
      if (!a.inherited) {
        implied(c, out, one);
        continue;
      }
      for (const auto& [seq, p] : c.w.of("project").rows())
        if (text(p.body, "domain_id") == a.domain) {
          effect there = one;
          there.a.domain.clear(), there.a.project = p.id;
          implied(c, out, there);
        }
    }
  return out;
}

std::set<effect> direct(const context& c) {
  std::set<effect> out;
  for (const auto& a : c.w.assignments) out.insert(effect{a, links_of(c, a)});
  return out;
}

bool on(const context& c, const char* flag) {
  return c.has(flag) && c.q(flag) != "0";  // "false" is true to Keystone
}

reply assignments(context& c) {
  need_admin(c, "list_role_assignments");
  keystone_known_query(
      c, {"user.id", "group.id", "role.id", "scope.project.id", "scope.domain.id", "scope.system",
          "scope.OS-INHERIT:inherited_to", "effective", "include_names", "include_subtree"});
  json::array out;
  for (const auto& e : on(c, "effective") ? effective(c) : direct(c)) {
    const assignment& a = e.a;
    const std::pair<const char*, const std::string*> filters[] = {{"role.id", &a.role},
                                                                  {"user.id", &a.user},
                                                                  {"group.id", &a.group},
                                                                  {"scope.project.id", &a.project},
                                                                  {"scope.domain.id", &a.domain}};
    bool ok = true;
    for (const auto& [key, value] : filters) ok = ok && (!c.has(key) || c.q(key) == *value);
    if (c.has("scope.system")) ok = ok && a.system;
    if (ok) out.push_back(shown_assignment(c, e, on(c, "include_names")));
  }
  return {200, json::object{{"role_assignments", out}, {"links", keystone_links(c)}}};
}

reply add_member(context& c) {
  need_admin(c, "add_user_to_group");
  c.w.members[keystone_find(c, "group", c.args[0]).id].insert(
      keystone_find(c, "user", c.args[1]).id);
  return reply(204);
}

reply is_member(context& c) {
  need_admin(c, "check_user_in_group");
  if (!c.w.members[c.args[0]].count(c.args[1]))
    keystone_fail(404, fmt::format("User '{}' not found in group '{}'", c.args[1], c.args[0]));
  return reply(204);
}

reply drop_member(context& c) {
  is_member(c);
  c.w.members[c.args[0]].erase(c.args[1]);
  forget_tokens(c.w, [&](const token& t) { return t.user == c.args[1]; });
  return reply(204);
}

reply members(context& c) {
  need_admin(c, "list_users_in_group");
  keystone_find(c, "group", c.args[0]);
  json::array out;
  for (const auto& u : c.w.members[c.args[0]])
    out.push_back(with_self(c, keystone_find(c, "user", u).body, "users"));
  return keystone_part(c, "users", std::move(out));
}

reply groups_of(context& c) {
  if (c.args[0] != c.who->user) need_admin(c, "list_groups_for_user");
  json::array out;
  for (const auto& [group, users] : c.w.members)
    if (users.count(c.args[0]))
      out.push_back(with_self(c, keystone_find(c, "group", group).body, "groups"));
  for (auto& one : out) one.as_object()["membership_expires_at"] = nullptr;
  return {200, json::object{{"groups", out}, {"links", keystone_links(c)}}};
}

reply tags(context& c) {
  json::array& all = keystone_find(c, "project", c.args[0]).body["tags"].as_array();
  if (c.method == "GET")
    return {200, json::object{{"links", json::object{{"self", c.base + "/v3"}}}, {"tags", all}}};
  need_admin(c, "update_project_tags");
  const auto at = std::find(all.begin(), all.end(), json::value(c.args[1]));
  if (c.method == "PUT" && at == all.end()) all.push_back(json::value(c.args[1]));
  if (c.method == "DELETE" && at != all.end()) all.erase(at);
  return reply(c.method == "PUT" ? 201 : 204);
}

#define GRANT(S, A)                                                                            \
  {"PUT", "v3/" S "/*/" A "/*/roles/*", grant}, {"HEAD", "v3/" S "/*/" A "/*/roles/*", check}, \
      {"GET", "v3/" S "/*/" A "/*/roles/*", check},                                            \
      {"DELETE", "v3/" S "/*/" A "/*/roles/*", revoke},                                        \
      {"GET", "v3/" S "/*/" A "/*/roles", granted},                                            \
      {"PUT", "v3/OS-INHERIT/" S "/*/" A "/*/roles/*/inherited_to_projects", grant},           \
      {"HEAD", "v3/OS-INHERIT/" S "/*/" A "/*/roles/*/inherited_to_projects", check}, {        \
    "DELETE", "v3/OS-INHERIT/" S "/*/" A "/*/roles/*/inherited_to_projects", revoke            \
  }

constexpr route keystone_roles_table[] = {
    GRANT("projects", "users"),
    GRANT("projects", "groups"),
    GRANT("domains", "users"),
    GRANT("domains", "groups"),
    {"GET", "v3/role_assignments", assignments},
    {"PUT", "v3/groups/*/users/*", add_member},
    {"HEAD", "v3/groups/*/users/*", is_member},
    {"DELETE", "v3/groups/*/users/*", drop_member},
    {"GET", "v3/groups/*/users", members},
    {"GET", "v3/users/*/groups", groups_of},
    {"GET", "v3/projects/*/tags", tags},
    {"PUT", "v3/projects/*/tags/*", tags},
    {"DELETE", "v3/projects/*/tags/*", tags},
};
#undef GRANT

}  // namespace

std::span<const route> role_routes() { return keystone_roles_table; }

}  // namespace sandbox
