// Tokens: password, token, application credential and trust, their scopes and their refusals.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/keystone.hpp"

namespace sandbox {
namespace {

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
  if (!u || !truth(u->body, "enabled")) keystone_unauthorized(c);
  const auto stored = c.w.passwords.find(u->id);
  if (stored == c.w.passwords.end() || stored->second != text(*p, "password"))
    keystone_unauthorized(c);
  if (wants_more_than_a_password(u->body))
    keystone_unauthorized(c, "Additional authentications steps required.");
  t.user = u->id;
}

void by_token(context& c, const json::object* identity, token& t) {
  const auto* p = inner(identity, "token");
  const std::string id = p ? text(*p, "id") : "";
  const auto i = c.w.tokens.find(id);
  if (!id.starts_with("gAAAAA")) keystone_fail(404, "Could not recognize Fernet token");
  if (i == c.w.tokens.end() || i->second.expires <= std::chrono::system_clock::now())
    keystone_unauthorized(c);
  if (!i->second.trust.empty())
    keystone_fail(403,
                  "You are not authorized to perform the requested action: Using trust-scoped "
                  "token to create another token. Create a new trust-scoped token instead.");
  if (!i->second.application_credential.empty())
    keystone_fail(403,
                  "You are not authorized to perform the requested action: Using a delegated "
                  "token to create another token is not allowed..");
  t.user = i->second.user;
  t.expires = i->second.expires;
  t.methods = i->second.methods;
}

void by_application_credential(context& c, const json::object* identity, token& t) {
  const auto* p = inner(identity, "application_credential");
  if (!p) keystone_unauthorized(c);
  const record* found = c.w.of("application_credential").find(text(*p, "id"));
  if (const auto* u = inner(p, "user"); !found && u)
    if (const record* user = by_ref(c, "user", *u))
      for (const auto& [seq, r] : c.w.of("application_credential").rows())
        if (text(r.body, "user_id") == user->id && text(r.body, "name") == text(*p, "name"))
          found = &r;
  if (!found) keystone_unknown("Application Credential", text(*p, "id"));
  if (text(found->body, "_secret") != text(*p, "secret")) keystone_unauthorized(c);
  t.user = text(found->body, "user_id");
  t.project = text(found->body, "project_id");
  t.application_credential = found->id;
  // Of the roles it was made with, those that its user has today.
  const auto today = effective_roles(c.w, t.user, t.project, "");
  for (const auto& r : found->body.at("roles").as_array())
    if (const auto name = text(r.as_object(), "name"); today.contains(name)) t.roles.insert(name);
  if (t.roles.empty()) keystone_unauthorized(c);
}

void scope_to_trust(context& c, const json::object& ref, token& t) {
  const record* r = c.w.of("trust").find(text(ref, "id"));
  if (!r) keystone_unauthorized(c);
  if (text(r->body, "trustee_user_id") != t.user)
    keystone_fail(403, "You are not authorized to perform the requested action.");
  const std::string until = text(r->body, "expires_at");
  if (!until.empty() && until < now_iso()) keystone_unauthorized(c);
  if (truth(r->body, "impersonation")) t.user = text(r->body, "trustor_user_id");
  t.project = text(r->body, "project_id");
  t.trust = r->id;
  for (const auto& role : r->body.at("roles").as_array())
    t.roles.insert(text(role.as_object(), "name"));
  if (t.roles.count("member")) t.roles.insert("reader");
}

void scope_to_project(context& c, const record* p, token& t) {
  if (!p || !truth(p->body, "enabled")) keystone_unauthorized(c);
  t.project = p->id;
  t.roles = effective_roles(c.w, t.user, p->id, "");
  if (t.roles.empty()) keystone_unauthorized(c);
}

void apply_scope(context& c, const json::value* scope, token& t) {
  const auto* o = scope ? scope->if_object() : nullptr;
  if (!t.application_credential.empty()) {
    if (scope)
      keystone_unauthorized(
          c,
          "Error authenticating with application credential: Application credentials "
          "cannot request a scope.",
          true);
    return;
  }
  if (const auto* trust = inner(o, "OS-TRUST:trust")) return scope_to_trust(c, *trust, t);
  if (const auto* p = inner(o, "project")) return scope_to_project(c, by_ref(c, "project", *p), t);
  if (const auto* d = inner(o, "domain")) {
    t.domain = domain_id(c, d);
    t.roles = effective_roles(c.w, t.user, "", t.domain);
    if (t.roles.empty()) keystone_unauthorized(c);
    return;
  }
  if (inner(o, "system")) {
    for (const auto& a : c.w.assignments)
      if (a.system && a.user == t.user)
        t.system = true, t.roles = {c.w.opts.admin_role, "member", "reader"};
    if (!t.system) keystone_unauthorized(c);
    return;
  }
  if (scope) return;  // "unscoped"
  const record* u = c.w.of("user").find(t.user);
  const record* p = c.w.of("project").find(text(u->body, "default_project_id"));
  if (p && truth(p->body, "enabled") && !effective_roles(c.w, t.user, p->id, "").empty())
    scope_to_project(c, p, t);
}

reply log_in(context& c) {
  const json::object auth = c.sent("auth");
  const auto* identity = inner(&auth, "identity");
  const auto* methods = identity ? identity->if_contains("methods") : nullptr;
  if (auth.empty())
    keystone_fail(400,
                  "Expecting to find auth in request body. The server could not comply with the "
                  "request since it is either malformed or otherwise incorrect. The client is "
                  "assumed to be in error.");
  if (!methods || !methods->is_array()) keystone_fail(400, "'identity' is a required property");
  if (methods->get_array().empty()) keystone_unauthorized(c);
  token t;
  t.id = "gAAAAA" + c.w.hex() + c.w.hex() + c.w.hex() + c.w.hex();
  t.issued = std::chrono::system_clock::now();
  t.expires = t.issued + c.w.opts.token_life;
  for (const auto& m : methods->get_array()) {
    const std::string name(m.as_string());
    if (name == "password") by_password(c, identity, t);
    if (name == "token") by_token(c, identity, t);
    if (name == "application_credential") by_application_credential(c, identity, t);
    if (std::find(t.methods.begin(), t.methods.end(), name) == t.methods.end())
      t.methods.push_back(name);
  }
  const record* u = c.w.of("user").find(t.user);
  if (!u || !truth(u->body, "enabled")) keystone_unauthorized(c);
  apply_scope(c, auth.if_contains("scope"), t);
  const json::object body = token_body(c, t, !c.has("nocatalog"));
  const std::string id = t.id;
  c.w.tokens[id] = std::move(t);
  c.w.issued.push_back(id);
  return reply(201, body).with("X-Subject-Token", id).with("Vary", "X-Auth-Token");
}

constexpr route keystone_auth_table[] = {{"POST", "v3/auth/tokens", log_in}};

}  // namespace

std::span<const route> auth_routes() { return keystone_auth_table; }

}  // namespace sandbox
