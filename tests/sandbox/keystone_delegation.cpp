// Trusts and application credentials: acting as somebody without their password.
#include "tests/sandbox/keystone.hpp"

namespace sandbox {
namespace {

json::object shown_trust(const context& c, const json::object& o, bool roles) {
  json::object out = with_self(c, o, "OS-TRUST/trusts");
  if (!roles) {
    out.erase("roles");
    return out;
  }
  for (auto& role : out["roles"].as_array())
    role.as_object()["links"] =
        json::object{{"self", c.base + "/v3/roles/" + text(role.as_object(), "id")}};
  out["roles_links"] = json::object{{"next", nullptr},
                                    {"self", c.base + "/v3/" + text(o, "id") + "/roles"},
                                    {"previous", nullptr}};
  return out;
}

bool concerns(const context& c, const record& r) {
  return c.admin() || text(r.body, "trustor_user_id") == c.who->user ||
         text(r.body, "trustee_user_id") == c.who->user;
}

/// A trust of `trustor`, who is the caller or whom the caller may speak for.
reply make_trust(context& c, const json::object& sent, const std::string& trustor) {
  keystone_find(c, "user", text(sent, "trustee_user_id"));
  const std::string id = c.w.hex(), project = text(sent, "project_id");
  const std::set<std::string> held = effective_roles(c.w, trustor, project, "");
  std::set<std::string> roles;
  if (const auto* given = sent.if_contains("roles"))
    for (const auto& ref : given->as_array()) {
      const std::string name = role_by_ref(c, ref);
      if (!held.count(name)) keystone_unknown("role", c.w.role_id(name));
      roles.insert(name);
    }
  if (roles.empty())
    keystone_fail(403,
                  "You are not authorized to perform the requested action: At least one role "
                  "should be specified.");
  const auto* until = sent.if_contains("expires_at");
  json::object o{{"roles", role_refs(c, roles, true)},
                 {"id", id},
                 {"trustor_user_id", trustor},
                 {"trustee_user_id", text(sent, "trustee_user_id")},
                 {"project_id", project},
                 {"impersonation", truth(sent, "impersonation")},
                 {"expires_at", until ? *until : json::value()},
                 {"remaining_uses", nullptr},
                 {"deleted_at", nullptr},
                 {"redelegated_trust_id", nullptr},
                 {"redelegation_count", 0}};
  const record& r = c.w.of("trust").add(id, trustor, std::move(o));
  return {201, json::object{{"trust", shown_trust(c, r.body, true)}}};
}

reply create_trust(context& c) {
  const json::object sent = c.sent("trust");
  if (text(sent, "trustor_user_id") != c.who->user) keystone_forbid("create_trust");
  return make_trust(c, sent, c.who->user);
}

/// The extension of FIWARE's Keystone; without it the path does not exist.
reply create_trust_for_admin(context& c) {
  if (!c.w.opts.trusts_for_admin) return no_page();
  need_admin(c, "create_trust");
  const json::object sent = c.sent("trust");
  return make_trust(c, sent, keystone_find(c, "user", text(sent, "trustor_user_id")).id);
}

reply list_trusts(context& c) {
  const std::string trustor = c.q("trustor_user_id"), trustee = c.q("trustee_user_id");
  if (trustor != c.who->user && trustee != c.who->user) {
    const char* what = !trustor.empty()   ? "list_trusts_for_trustor"
                       : !trustee.empty() ? "list_trusts_for_trustee"
                                          : "list_trusts";
    need_admin(c, what);
  }
  json::array out;
  for (const auto& [seq, r] : c.w.of("trust").rows())
    if ((trustor.empty() || trustor == text(r.body, "trustor_user_id")) &&
        (trustee.empty() || trustee == text(r.body, "trustee_user_id")))
      out.push_back(shown_trust(c, r.body, false));
  return {200, json::object{{"trusts", out}, {"links", keystone_links(c)}}};
}

reply show_trust(context& c) {
  const record& r = keystone_find(c, "trust", c.args[0]);
  if (!concerns(c, r)) keystone_forbid("get_trust");
  return {200, json::object{{"trust", shown_trust(c, r.body, true)}}};
}

reply delete_trust(context& c) {
  const record& r = keystone_find(c, "trust", c.args[0]);
  if (!c.admin() && text(r.body, "trustor_user_id") != c.who->user) keystone_forbid("delete_trust");
  const std::string id = r.id;
  forget_tokens(
      c.w, [id](const token& t) { return t.trust == id; }, "Could not find trust: " + id + ".");
  c.w.of("trust").erase(id);
  return reply(204);
}

void own_only(const context& c, const char* action) {
  if (c.args[0] != c.who->user) keystone_forbid(action);
}

reply create_credential(context& c) {
  own_only(c, "create_application_credential");
  if (!c.who->application_credential.empty())
    keystone_fail(403,
                  "You are not authorized to perform the requested action: Using method "
                  "'application_credential' is not allowed for managing additional "
                  "application credentials..");
  const json::object sent = c.sent("application_credential");
  const std::string id = c.w.hex(), secret = text(sent, "secret");
  const auto *until = sent.if_contains("expires_at"), *free = sent.if_contains("unrestricted");
  for (const auto& [seq, r] : c.w.of("application_credential").rows())
    if (text(r.body, "user_id") == c.who->user && text(r.body, "name") == text(sent, "name"))
      keystone_fail(409,
                    "Conflict occurred attempting to store application_credential - Duplicate "
                    "entry found with name " +
                        text(sent, "name") + ".");
  std::set<std::string> roles = c.who->roles;
  if (const auto* given = sent.if_contains("roles")) {
    roles.clear();
    for (const auto& ref : given->as_array()) roles.insert(role_by_ref(c, ref));
  }
  json::object o{{"id", id},
                 {"name", text(sent, "name")},
                 {"description", nullptr},
                 {"user_id", c.who->user},
                 {"project_id", c.who->project},
                 {"system", nullptr},
                 {"expires_at", until ? *until : json::value()},
                 {"unrestricted", free ? *free : json::value()},
                 {"roles", role_refs(c, roles, true)},
                 {"_secret", secret.empty() ? c.w.hex() + c.w.hex() : secret}};
  const record& r = c.w.of("application_credential").add(id, c.who->user, std::move(o));
  json::object out = with_self(c, r.body, "application_credentials");
  out["secret"] = text(r.body, "_secret");
  return {201, json::object{{"application_credential", out}}};
}

reply list_credentials(context& c) {
  if (!c.admin()) own_only(c, "list_application_credentials");
  json::array out;
  for (const auto& [seq, r] : c.w.of("application_credential").rows())
    if (text(r.body, "user_id") == c.args[0])
      out.push_back(with_self(c, r.body, "application_credentials"));
  return {200, json::object{{"application_credentials", out}, {"links", keystone_links(c)}}};
}

reply show_credential(context& c) {
  if (!c.admin()) own_only(c, "get_application_credential");
  const record* r = c.w.of("application_credential").find(c.args[1]);
  if (!r) keystone_unknown("Application Credential", c.args[1]);
  const json::object out = with_self(c, r->body, "application_credentials");
  return {200, json::object{{"application_credential", out}}};
}

reply delete_credential(context& c) {
  if (!c.admin()) own_only(c, "delete_application_credential");
  const record* r = c.w.of("application_credential").find(c.args[1]);
  if (!r) keystone_unknown("Application Credential", c.args[1]);
  const std::string id = r->id;
  forget_tokens(
      c.w, [id](const token& t) { return t.application_credential == id; },
      "Could not find Application Credential: " + id + ".");
  c.w.of("application_credential").erase(id);
  return reply(204);
}

constexpr route keystone_delegation_table[] = {
    {"POST", "v3/OS-TRUST/trusts", create_trust},
    {"POST", "v3/OS-TRUST/trusts_for_admin", create_trust_for_admin},
    {"GET", "v3/OS-TRUST/trusts", list_trusts},
    {"GET", "v3/OS-TRUST/trusts/*", show_trust},
    {"DELETE", "v3/OS-TRUST/trusts/*", delete_trust},
    {"POST", "v3/users/*/application_credentials", create_credential},
    {"GET", "v3/users/*/application_credentials", list_credentials},
    {"GET", "v3/users/*/application_credentials/*", show_credential},
    {"DELETE", "v3/users/*/application_credentials/*", delete_credential},
};

}  // namespace

std::span<const route> delegation_routes() { return keystone_delegation_table; }

}  // namespace sandbox
