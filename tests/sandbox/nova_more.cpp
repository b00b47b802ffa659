// Compute, the rest: keypairs that belong to users and not to projects, server groups, flavors.
#include <fmt/core.h>

#include "tests/sandbox/nova.hpp"

namespace sandbox {
namespace {

/// The user whose keypairs are meant; below 2.10 user_id is silently ignored.
std::string keypair_user(const context& c) {
  if (c.minor < 10 || !c.has("user_id") || c.q("user_id") == c.who->user) return c.who->user;
  if (!c.admin())
    compute_fail(403, "Policy doesn't allow os_compute_api:os-keypairs:index to be performed.");
  return c.q("user_id");
}

json::object keypair_view(const context& c, const record& r) {
  json::object o{{"name", r.body.at("name")},
                 {"public_key", r.body.at("public_key")},
                 {"fingerprint", r.body.at("fingerprint")}};
  if (c.minor >= 2) o["type"] = "ssh";
  return o;
}

reply list_keypairs(context& c) {
  const std::string user = keypair_user(c);
  rows all = select(
      c.of("keypair"), [&](const record& r) { return r.owner == user || c.ignore_filter; }, false);
  page p;
  p.items = all;
  if (c.minor >= 35) {
    const std::string marker = c.q("marker").empty() ? "" : user + "/" + c.q("marker");
    const json::object why{
        {"code", 400}, {"message", fmt::format("Marker {} could not be found.", c.q("marker"))}};
    p = cut(all, marker, limit_of(c, 1000), refusal{reply(400, json::object{{"badRequest", why}})});
  }
  json::array out;
  for (const record* r : p.items) {
    const json::object one = keypair_view(c, *r);
    out.push_back(json::object{{"keypair", one}});
  }
  json::object body{{"keypairs", out}};
  if (p.more)
    body["keypairs_links"] = json::array{
        json::object{{"rel", "next"}, {"href", next_link(c, text(p.items.back()->body, "name"))}}};
  return {200, body};
}

record& find_keypair(context& c) {
  const std::string user = keypair_user(c);
  record* r = c.of("keypair").find(user + "/" + c.args[0]);
  if (!r) compute_fail(404, fmt::format("Keypair {} not found for user {}", c.args[0], user));
  return *r;
}

reply show_keypair(context& c) {
  const record& r = find_keypair(c);
  json::object o = keypair_view(c, r);
  merge(o, {{"user_id", r.owner},
            {"created_at", r.body.at("created_at")},
            {"deleted", false},
            {"deleted_at", nullptr},
            {"id", 1},
            {"updated_at", nullptr}});
  return {200, json::object{{"keypair", o}}};
}

/// Sixteen pairs of digits, as ssh-keygen prints them.
std::string fingerprint(const std::string& digits) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 2) out += (i ? ":" : "") + digits.substr(i, 2);
  return out;
}

bool plain(const std::string& name, int minor) {
  const std::string more = minor >= 92 ? "@." : "";
  return name.find_first_not_of(
             "_- 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" + more) ==
         std::string::npos;
}

reply create_keypair(context& c) {
  const json::object sent = c.sent("keypair");
  const std::string name = text(sent, "name");
  const std::string user = c.minor >= 10 && c.admin() && !text(sent, "user_id").empty()
                               ? text(sent, "user_id")
                               : c.who->user;
  if (!plain(name, c.minor))
    compute_fail(400,
                 "An invalid 'name' value was provided. The name must be: Only expected "
                 "characters: [_- 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ]");
  if (c.of("keypair").find(user + "/" + name))
    compute_fail(409, fmt::format("Key pair '{}' already exists.", name));
  std::string key = text(sent, "public_key");
  const bool generated = key.empty();
  if (generated) key = "ssh-rsa AAAAB3NzaC1yc2E" + c.w.hex() + " Generated-by-Nova";
  const std::string id = user + "/" + name;
  const record& r = c.of("keypair").add(id, user,
                                        {{"name", name},
                                         {"public_key", key},
                                         {"fingerprint", fingerprint(c.w.hex())},
                                         {"_for", c.project()},
                                         {"created_at", now_iso("%Y-%m-%dT%H:%M:%S.000000")}});
  json::object o = keypair_view(c, r);
  o["user_id"] = user;
  if (generated)
    o["private_key"] = "-----BEGIN RSA PRIVATE KEY-----\nsandbox\n-----END RSA PRIVATE KEY-----\n";
  return {c.minor >= 2 ? 201 : 200, json::object{{"keypair", o}}};
}

reply delete_keypair(context& c) {
  const std::string id = find_keypair(c).id;
  c.of("keypair").erase(id);
  if (c.minor < 2) return reply(202, "");
  return reply(204).with("Content-Type", "application/json");
}

/// To a user Nova shows of a group's servers his project's own.
json::array members_seen(const context& c, const record& group) {
  json::array all;
  for (const auto& id : group.body.at("members").as_array()) {
    const record* server = c.of("server").find(std::string(id.as_string()));
    if (c.admin() || !server || server->owner == c.project()) all.push_back(id);
  }
  return all;
}

json::object group_view(const context& c, const record& r) {
  json::object o{{"id", r.id}, {"name", r.body.at("name")}, {"members", members_seen(c, r)}};
  if (c.minor < 64)
    merge(o, {{"policies", json::array{r.body.at("policy")}}, {"metadata", json::object{}}});
  else
    merge(o, {{"policy", r.body.at("policy")}, {"rules", json::object{}}});
  if (c.minor >= 13) merge(o, {{"project_id", r.owner}, {"user_id", r.body.at("user_id")}});
  return o;
}

reply list_groups(context& c) {
  const bool everybody = (c.has("all_projects") && c.admin()) || c.ignore_filter;
  const rows all = select(
      c.of("server_group"), [&](const record& r) { return everybody || r.owner == c.project(); },
      false);
  const std::size_t offset = std::strtoull(c.q("offset").c_str(), nullptr, 10);
  const std::size_t limit = limit_of(c, 1000);
  json::array out;
  for (std::size_t i = offset; i < all.size() && out.size() < limit; ++i)
    out.push_back(group_view(c, *all[i]));
  return {200, json::object{{"server_groups", out}}};
}

record& find_group(context& c) {
  record* r = c.of("server_group").find(c.args[0]);
  if (!r || !c.mine(*r))
    compute_fail(404, fmt::format("Instance group {} could not be found.", c.args[0]));
  return *r;
}

reply show_group(context& c) {
  return {200, json::object{{"server_group", group_view(c, find_group(c))}}};
}

reply create_group(context& c) {
  const json::object sent = c.sent("server_group");
  std::string policy = text(sent, "policy");
  if (const auto* all = sent.if_contains("policies")) policy = all->as_array().at(0).as_string();
  const std::string id = c.w.uuid();
  const record& r = c.of("server_group")
                        .add(id, c.project(),
                             {{"id", id},
                              {"name", text(sent, "name")},
                              {"policy", policy},
                              {"members", json::array{}},
                              {"user_id", c.who->user}});
  return {200, json::object{{"server_group", group_view(c, r)}}};
}

reply delete_group(context& c) {
  const std::string id = find_group(c).id;
  c.of("server_group").erase(id);
  return reply(204).with("Content-Type", "application/json");
}

json::object flavor_view(const context& c, const record& r) {
  json::object o = shown(r.body);
  o["links"] = nova_links(c, "flavors", r.id);
  return o;
}

reply list_flavors(context& c) {
  json::array out;
  for (const auto& [seq, r] : c.of("flavor").rows()) {
    if (c.path.back() == "detail")
      out.push_back(flavor_view(c, r));
    else
      out.push_back(
          {{"id", r.id}, {"name", r.body.at("name")}, {"links", nova_links(c, "flavors", r.id)}});
  }
  return {200, json::object{{"flavors", out}}};
}

reply show_flavor(context& c) {
  const record* r = c.of("flavor").find(c.args[0]);
  if (!r) compute_fail(404, fmt::format("Flavor {} could not be found.", c.args[0]));
  return {200, json::object{{"flavor", flavor_view(c, *r)}}};
}

reply limits(context& c) {
  int n = 0;
  for (const auto& [seq, r] : c.of("server").rows()) n += r.owner == c.project() ? 1 : 0;
  json::object absolute{{"maxTotalInstances", 10}, {"totalInstancesUsed", n}};
  for (const char* most :
       {"maxTotalCores", "maxTotalRAMSize", "maxServerMeta", "maxImageMeta", "maxPersonality",
        "maxPersonalitySize", "maxTotalKeypairs", "maxServerGroups", "maxServerGroupMembers",
        "maxTotalFloatingIps", "maxSecurityGroups", "maxSecurityGroupRules"})
    absolute[most] = 100;
  for (const char* used : {"totalRAMUsed", "totalCoresUsed", "totalFloatingIpsUsed",
                           "totalSecurityGroupsUsed", "totalServerGroupsUsed"})
    absolute[used] = 0;
  return {200,
          json::object{{"limits", json::object{{"rate", json::array{}}, {"absolute", absolute}}}}};
}

reply quota(context& c) {
  return {200,
          json::object{
              {"quota_set",
               json::object{{"id", c.args[0]}, {"cores", 20}, {"instances", 10}, {"ram", 51200}}}}};
}

reply zones(context&) {
  const json::object z{
      {"zoneName", "nova"}, {"zoneState", json::object{{"available", true}}}, {"hosts", nullptr}};
  return {200, json::object{{"availabilityZoneInfo", json::array{z}}}};
}

reply administrators(context& c) {
  const std::string kind = c.path.back();
  if (!c.admin())
    compute_fail(403,
                 fmt::format("Policy doesn't allow os_compute_api:{}:list to be performed.", kind));
  if (kind == "os-hypervisors") return {200, json::object{{"hypervisors", json::array{}}}};
  return {200, json::object{{"services", nova_services(c)}}};
}

constexpr route nova_more_table[] = {
    {"GET", "v2.1/os-services", administrators},
    {"GET", "v2.1/os-hypervisors", administrators},
    {"GET", "v2.1/os-keypairs", list_keypairs},
    {"POST", "v2.1/os-keypairs", create_keypair},
    {"GET", "v2.1/os-keypairs/*", show_keypair},
    {"DELETE", "v2.1/os-keypairs/*", delete_keypair},
    {"GET", "v2.1/os-server-groups", list_groups},
    {"POST", "v2.1/os-server-groups", create_group},
    {"GET", "v2.1/os-server-groups/*", show_group},
    {"DELETE", "v2.1/os-server-groups/*", delete_group},
    {"GET", "v2.1/flavors", list_flavors},
    {"GET", "v2.1/flavors/detail", list_flavors},
    {"GET", "v2.1/flavors/*", show_flavor},
    {"GET", "v2.1/limits", limits},
    {"GET", "v2.1/os-quota-sets/*", quota},
    {"GET", "v2.1/os-availability-zone", zones},
};

}  // namespace

std::span<const route> nova_more_routes() { return nova_more_table; }

}  // namespace sandbox
