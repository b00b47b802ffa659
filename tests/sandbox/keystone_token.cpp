// What a token says once it is there: whose it is, where it holds, and the catalog it opens.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/keystone.hpp"

namespace sandbox {
namespace {

json::object named(context& c, const std::string& kind, const std::string& id) {
  const record* r = c.w.of(kind).find(id);
  json::object out{{"id", id}};
  if (!r) return out;
  out["name"] = text(r->body, "name");
  if (const record* d = c.w.of("domain").find(text(r->body, "domain_id")))
    out["domain"] = json::object{{"id", d->id}, {"name", text(d->body, "name")}};
  return out;
}

/// The same 32 digits for the same name.
std::string id_of(std::string_view name) {
  const std::hash<std::string_view> hash;
  return fmt::format("{:016x}{:016x}", hash(name), hash(std::string(name) + "+"));
}

json::array endpoints_of(const context& c, const service& s, const std::string& suffix) {
  const auto& o = c.w.opts;
  const auto among = [](const std::vector<std::string>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  json::array out;
  for (std::size_t i = 0; i < (among(o.first_region_only, s.type) ? 1 : o.regions.size()); ++i) {
    const bool apart = o.distinct_regions && i > 0 && s.prefix != "identity";
    const std::string url =
        c.w.url + (apart ? fmt::format("/r{}/", i + 1) : "/") + std::string(s.prefix) + suffix;
    const std::string region = o.regions[i];
    const bool bare = i > 0 && among(o.regionless, s.prefix);
    const json::value said = bare ? json::value() : json::value(region);
    for (const std::string_view kind : {"public", "internal", "admin"}) {
      std::string at = url;
      if (kind == "internal" && o.internal_localhost)
        at.replace(at.find("127.0.0.1"), 9, "localhost");
      out.push_back({{"id", id_of(fmt::format("{}-{}-{}", s.name, region, kind))},
                     {"interface", std::string(kind)},
                     {"region_id", said},
                     {"region", said},
                     {"url", at}});
    }
  }
  return out;
}

/// With nothing behind it.
json::object empty_service(const context& c, const std::string& type) {
  json::array endpoints;
  for (const auto& region : c.w.opts.regions)
    endpoints.push_back({{"id", id_of(type + region)},
                         {"interface", "public"},
                         {"region_id", region},
                         {"region", region},
                         {"url", c.w.url + "/nothing-here/" + type}});
  return {{"endpoints", endpoints}, {"id", id_of(type)}, {"type", type}, {"name", type}};
}

}  // namespace

json::array catalog_of(context& c, const token& t) {
  json::array out;
  for (const auto& s : services()) {
    bool offered = c.w.opts.services.empty();
    for (const auto& name : c.w.opts.services) offered = offered || name == s.prefix;
    const bool expires = s.prefix == "vmexpire";
    std::string suffix(expires ? std::string_view{c.w.opts.vmexpire_suffix} : s.suffix);
    const auto at = suffix.find("$P");
    if (!offered || (t.project.empty() && at != std::string::npos)) continue;
    if (at != std::string::npos) suffix.replace(at, 2, t.project);
    out.push_back({{"endpoints", endpoints_of(c, s, suffix)},
                   {"id", id_of(c.w.mark + std::string(s.name))},  // each cloud has its own
                   {"type", expires ? c.w.opts.vmexpire_type : std::string(s.type)},
                   {"name", std::string(s.name)}});
  }
  for (const auto& type : c.w.opts.further_types) out.push_back(empty_service(c, type));
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
  if (!t.project.empty()) o["project"] = named(c, "project", t.project);
  if (!t.project.empty() && t.trust.empty()) o["is_domain"] = false;
  if (!t.domain.empty()) o["domain"] = named(c, "domain", t.domain);
  if (t.system) o["system"] = json::object{{"all", true}};
  if (!t.application_credential.empty()) {
    const record* r = c.w.of("application_credential").find(t.application_credential);
    o["application_credential"] = json::object{{"id", t.application_credential},
                                               {"name", r ? text(r->body, "name") : ""},
                                               {"restricted", true}};
  }
  if (!t.roles.empty()) {
    o["roles"] = role_refs(c, t.roles, !t.trust.empty());
    if (with_catalog) o["catalog"] = catalog_of(c, t);
  }
  return {{"token", o}};
}

namespace {

token& subject(context& c) {
  const std::string id = c.req.header("X-Subject-Token");
  const auto i = c.w.tokens.find(id);
  if (id.empty()) keystone_fail(404, "No token in the request");
  const auto ended = c.w.ended.find(id);
  if (ended != c.w.ended.end()) keystone_fail(404, ended->second);
  if (i == c.w.tokens.end())
    keystone_fail(404, id.starts_with("gAAAAA") ? "Failed to validate token"
                                                : "Could not recognize Fernet token");
  if (i->second.user != c.who->user) need_admin(c, "validate_token");
  return i->second;
}

reply validate(context& c) {
  const token& t = subject(c);
  return reply(200, token_body(c, t, !c.has("nocatalog"))).with("X-Subject-Token", t.id);
}

reply revoke_token(context& c) {
  const std::string id = subject(c).id;
  c.w.tokens.erase(id);
  return reply(204);
}

reply show_catalog(context& c) {
  const json::object self{{"self", c.w.url + c.req.target}};
  return {200, json::object{{"catalog", catalog_of(c, *c.who)}, {"links", self}}};
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

reply my_domains(context& c) {
  json::array out;
  for (const auto& [seq, d] : c.w.of("domain").rows())
    if (truth(d.body, "enabled") && !effective_roles(c.w, c.who->user, "", d.id).empty())
      out.push_back(with_self(c, d.body, "domains"));
  return {200, json::object{{"domains", out}, {"links", keystone_links(c)}}};
}

reply regions(context& c) {
  json::array out;
  for (const auto& r : c.w.opts.regions)
    out.push_back({{"id", r}, {"description", ""}, {"parent_region_id", nullptr}});
  return {200, json::object{{"regions", out}, {"links", keystone_links(c)}}};
}

constexpr route keystone_token_table[] = {
    {"GET", "v3/auth/tokens", validate},         {"HEAD", "v3/auth/tokens", validate},
    {"DELETE", "v3/auth/tokens", revoke_token},  {"GET", "v3/auth/catalog", show_catalog},
    {"GET", "v3/auth/projects", my_projects},    {"GET", "v3/auth/domains", my_domains},
    {"GET", "v3/users/*/projects", my_projects}, {"GET", "v3/regions", regions},
};

}  // namespace

std::span<const route> token_routes() { return keystone_token_table; }

}  // namespace sandbox
