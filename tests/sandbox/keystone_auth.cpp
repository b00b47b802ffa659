// Tokens: password, token, application credential and trust, their scopes and their refusals.
#include <fmt/core.h>

#include "tests/sandbox/keystone.hpp"

namespace sandbox {
namespace {

[[noreturn]] void unauthorized(
    const context& c,
    const std::string& why = "The request you have made requires authentication.") {
  const json::object e{{"code", 401}, {"message", why}, {"title", "Unauthorized"}};
  throw refusal{reply(401, json::object{{"error", e}})
                    .with("WWW-Authenticate", "Keystone uri=\"" + c.base + "/v3\"")};
}

const json::object* inner(const json::object* o, std::string_view key) {
  const auto* v = o ? o->if_contains(key) : nullptr;
  return v ? v->if_object() : nullptr;
}

std::string domain_id(context& c, const json::object* ref) {
  if (!ref) return "default";
  if (!text(*ref, "id").empty()) return text(*ref, "id");
  for (const auto& [seq, r] : c.w.of("domain").rows())
    if (text(r.body, "name") == text(*ref, "name")) return r.id;
  return {};
}

const record* by_ref(context& c, const std::string& kind, const json::object& ref) {
  if (!text(ref, "id").empty()) return c.w.of(kind).find(text(ref, "id"));
  const std::string domain = domain_id(c, inner(&ref, "domain"));
  for (const auto& [seq, r] : c.w.of(kind).rows())
    if (text(r.body, "name") == text(ref, "name") && text(r.body, "domain_id") == domain) return &r;
  return nullptr;
}

/// The option multi_factor_auth_rules without a rule that is the password alone.
bool wants_more_than_a_password(const json::object& user) {
  const auto* rules = inner(&user, "options")
                          ? inner(&user, "options")->if_contains("multi_factor_auth_rules")
                          : nullptr;
  if (!rules || !rules->is_array() || rules->get_array().empty()) return false;
  const json::array alone{"password"};
  for (const auto& rule : rules->get_array())
    if (rule == alone) return false;
  return true;
}

void by_password(context& c, const json::object* identity, token& t) {
  const auto* p = inner(inner(identity, "password"), "user");
  const record* u = p ? by_ref(c, "user", *p) : nullptr;
  if (!u || !truth(u->body, "enabled")) unauthorized(c);
  const auto stored = c.w.passwords.find(u->id);
  if (stored == c.w.passwords.end() || stored->second != text(*p, "password")) unauthorized(c);
  if (wants_more_than_a_password(u->body))
    unauthorized(c, "Additional authentications steps required.");
  t.user = u->id;
}

void by_token(context& c, const json::object* identity, token& t) {
  const auto* p = inner(identity, "token");
  const auto i = c.w.tokens.find(p ? text(*p, "id") : "");
  if (i == c.w.tokens.end() || i->second.expires <= std::chrono::system_clock::now())
    unauthorized(c);
  if (!i->second.application_credential.empty() || !i->second.trust.empty())
    keystone_fail(403,
                  "You are not authorized to perform the requested action: Using a delegated "
                  "token to create another token is not allowed..");
  t.user = i->second.user;
  t.expires = i->second.expires;
}

void by_application_credential(context& c, const json::object* identity, token& t) {
  const auto* p = inner(identity, "application_credential");
  if (!p) unauthorized(c);
  const record* found = c.w.of("application_credential").find(text(*p, "id"));
  if (const auto* u = inner(p, "user"); !found && u)
    if (const record* user = by_ref(c, "user", *u))
      for (const auto& [seq, r] : c.w.of("application_credential").rows())
        if (text(r.body, "user_id") == user->id && text(r.body, "name") == text(*p, "name"))
          found = &r;
  if (!found || text(found->body, "_secret") != text(*p, "secret")) unauthorized(c);
  t.user = text(found->body, "user_id");
  t.project = text(found->body, "project_id");
  t.application_credential = found->id;
  for (const auto& r : found->body.at("roles").as_array())
    t.roles.insert(text(r.as_object(), "name"));
}

void scope_to_trust(context& c, const json::object& ref, token& t) {
  const record* r = c.w.of("trust").find(text(ref, "id"));
  if (!r || text(r->body, "trustee_user_id") != t.user) unauthorized(c);
  const std::string until = text(r->body, "expires_at");
  if (!until.empty() && until < now_iso()) unauthorized(c);
  if (truth(r->body, "impersonation")) t.user = text(r->body, "trustor_user_id");
  t.project = text(r->body, "project_id");
  t.trust = r->id;
  for (const auto& role : r->body.at("roles").as_array())
    t.roles.insert(text(role.as_object(), "name"));
  if (t.roles.count("member")) t.roles.insert("reader");
}

void scope_to_project(context& c, const record* p, token& t) {
  if (!p || !truth(p->body, "enabled")) unauthorized(c);
  t.project = p->id;
  t.roles = effective_roles(c.w, t.user, p->id, "");
  if (t.roles.empty()) unauthorized(c);
}

void apply_scope(context& c, const json::value* scope, token& t) {
  const auto* o = scope ? scope->if_object() : nullptr;
  if (!t.application_credential.empty()) {
    if (scope)
      unauthorized(c,
                   "Error authenticating with application credential: Application credentials "
                   "cannot request a scope.");
    return;
  }
  if (const auto* trust = inner(o, "OS-TRUST:trust")) return scope_to_trust(c, *trust, t);
  if (const auto* p = inner(o, "project")) return scope_to_project(c, by_ref(c, "project", *p), t);
  if (const auto* d = inner(o, "domain")) {
    t.domain = domain_id(c, d);
    t.roles = effective_roles(c.w, t.user, "", t.domain);
    if (t.roles.empty()) unauthorized(c);
    return;
  }
  if (inner(o, "system")) {
    for (const auto& a : c.w.assignments)
      if (a.system && a.user == t.user) t.system = true, t.roles = {"admin", "member", "reader"};
    if (!t.system) unauthorized(c);
    return;
  }
  if (scope) return;  // "unscoped"
  const record* u = c.w.of("user").find(t.user);
  const record* p = c.w.of("project").find(text(u->body, "default_project_id"));
  if (p && truth(p->body, "enabled") && !effective_roles(c.w, t.user, p->id, "").empty())
    scope_to_project(c, p, t);
}

json::object named(context& c, const std::string& kind, const std::string& id) {
  const record* r = c.w.of(kind).find(id);
  json::object out{{"id", id}};
  if (!r) return out;
  out["name"] = text(r->body, "name");
  if (const record* d = c.w.of("domain").find(text(r->body, "domain_id")))
    out["domain"] = json::object{{"id", d->id}, {"name", text(d->body, "name")}};
  return out;
}

json::array catalog(context& c, const token& t) {
  json::array out;
  for (const auto& s : services()) {
    bool offered = c.w.opts.services.empty();
    for (const auto& name : c.w.opts.services) offered = offered || name == s.prefix;
    const bool expires = s.prefix == "vmexpire";
    const std::string_view tail = expires ? std::string_view{c.w.opts.vmexpire_suffix} : s.suffix;
    if (!offered || (t.project.empty() && tail.find("$P") != std::string_view::npos)) continue;
    json::array endpoints;
    for (std::size_t i = 0; i < c.w.opts.regions.size(); ++i) {
      const bool apart = c.w.opts.distinct_regions && i > 0 && s.prefix != "identity";
      std::string suffix(tail);
      if (const auto at = suffix.find("$P"); at != std::string::npos)
        suffix.replace(at, 2, t.project);
      const std::string url =
          c.w.url + (apart ? fmt::format("/r{}/", i + 1) : "/") + std::string(s.prefix) + suffix;
      const std::string region = c.w.opts.regions[i];
      for (const char* kind : {"public", "internal", "admin"})
        endpoints.push_back({{"id", fmt::format("{}-{}-{}", s.name, region, kind)},
                             {"interface", kind},
                             {"region_id", region},
                             {"region", region},
                             {"url", url}});
    }
    out.push_back({{"endpoints", endpoints},
                   {"id", std::string(s.name)},
                   {"type", expires ? c.w.opts.vmexpire_type : std::string(s.type)},
                   {"name", std::string(s.name)}});
  }
  return out;
}

json::object token_body(context& c, const token& t, bool with_catalog) {
  json::object u = named(c, "user", t.user);
  u["password_expires_at"] = nullptr;
  json::object o{{"methods", json::value_from(t.methods)},
                 {"user", u},
                 {"audit_ids", json::array{t.id.substr(6, 22)}},
                 {"expires_at", iso(t.expires, "%Y-%m-%dT%H:%M:%S.000000Z")},
                 {"issued_at", iso(t.issued, "%Y-%m-%dT%H:%M:%S.000000Z")}};
  if (!t.trust.empty()) {
    const record& r = *c.w.of("trust").find(t.trust);
    o["OS-TRUST:trust"] =
        json::object{{"id", t.trust},
                     {"trustor_user", json::object{{"id", text(r.body, "trustor_user_id")}}},
                     {"trustee_user", json::object{{"id", text(r.body, "trustee_user_id")}}},
                     {"impersonation", truth(r.body, "impersonation")}};
  }
  if (!t.project.empty()) o["project"] = named(c, "project", t.project), o["is_domain"] = false;
  if (!t.domain.empty()) o["domain"] = named(c, "domain", t.domain);
  if (t.system) o["system"] = json::object{{"all", true}};
  if (!t.application_credential.empty()) {
    const record* r = c.w.of("application_credential").find(t.application_credential);
    o["application_credential"] = json::object{{"id", t.application_credential},
                                               {"name", r ? text(r->body, "name") : ""},
                                               {"restricted", true}};
  }
  if (!t.roles.empty()) {
    o["roles"] = role_refs(c, t.roles, false);
    if (with_catalog) o["catalog"] = catalog(c, t);
  }
  return {{"token", o}};
}

reply log_in(context& c) {
  const json::object auth = c.sent("auth");
  const auto* identity = inner(&auth, "identity");
  const auto* methods = identity ? identity->if_contains("methods") : nullptr;
  if (!methods || !methods->is_array() || methods->get_array().empty())
    keystone_fail(400, "'identity' is a required property");
  token t;
  t.id = "gAAAAA" + c.w.hex() + c.w.hex() + c.w.hex() + c.w.hex();
  t.issued = std::chrono::system_clock::now();
  t.expires = t.issued + c.w.opts.token_life;
  for (const auto& m : methods->get_array()) {
    const std::string name(m.as_string());
    if (name == "password") by_password(c, identity, t);
    if (name == "token") by_token(c, identity, t);
    if (name == "application_credential") by_application_credential(c, identity, t);
    t.methods.push_back(name);
  }
  const record* u = c.w.of("user").find(t.user);
  if (!u || !truth(u->body, "enabled")) unauthorized(c);
  apply_scope(c, auth.if_contains("scope"), t);
  const json::object body = token_body(c, t, !c.has("nocatalog"));
  const std::string id = t.id;
  c.w.tokens[id] = std::move(t);
  return reply(201, body).with("X-Subject-Token", id).with("Vary", "X-Auth-Token");
}

token& subject(context& c) {
  const std::string id = c.req.header("X-Subject-Token");
  const auto i = c.w.tokens.find(id);
  if (i == c.w.tokens.end()) keystone_fail(404, "Could not recognize Fernet token");
  if (i->second.user != c.who->user) need_admin(c, "validate_token");
  return i->second;
}

reply validate(context& c) {
  const token& t = subject(c);
  return reply(200, token_body(c, t, !c.has("nocatalog"))).with("X-Subject-Token", t.id);
}

reply revoke(context& c) {
  const std::string id = subject(c).id;
  c.w.tokens.erase(id);
  return reply(204);
}

reply show_catalog(context& c) {
  return {200, json::object{{"catalog", catalog(c, *c.who)}, {"links", keystone_links(c)}}};
}

reply my_projects(context& c) {
  const bool path_user = c.path[1] == "users";
  if (path_user && c.args[0] != c.who->user) need_admin(c, "list_user_projects");
  const std::string user = path_user ? c.args[0] : c.who->user;
  json::array out;
  for (const auto& [seq, p] : c.w.of("project").rows())
    if (truth(p.body, "enabled") && !effective_roles(c.w, user, p.id, "").empty())
      out.push_back(with_self(c, p.body, "projects"));
  return {200, json::object{{"projects", out}, {"links", keystone_links(c)}}};
}

reply regions(context& c) {
  json::array out;
  for (const auto& r : c.w.opts.regions)
    out.push_back({{"id", r}, {"description", ""}, {"parent_region_id", nullptr}});
  return {200, json::object{{"regions", out}, {"links", keystone_links(c)}}};
}

constexpr route table[] = {
    {"POST", "v3/auth/tokens", log_in},          {"GET", "v3/auth/tokens", validate},
    {"HEAD", "v3/auth/tokens", validate},        {"DELETE", "v3/auth/tokens", revoke},
    {"GET", "v3/auth/catalog", show_catalog},    {"GET", "v3/auth/projects", my_projects},
    {"GET", "v3/users/*/projects", my_projects}, {"GET", "v3/regions", regions},
};

}  // namespace

std::span<const route> auth_routes() { return table; }

}  // namespace sandbox
