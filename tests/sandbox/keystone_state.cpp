// Who is who: the domain, projects, users and roles a fresh cloud has, and what a role means.
#include "tests/sandbox/world.hpp"

namespace sandbox {

std::string world::role_id(const std::string& name) {
  for (const auto& [seq, r] : of("role").rows())
    if (text(r.body, "name") == name) return r.id;
  return {};
}

namespace {

/// As Keystone's bootstrap: admin implies member, member implies reader.
void add_implied(const world& w, std::set<std::string>& roles) {
  if (roles.count(w.opts.admin_role)) roles.insert("member");
  if (roles.count("member")) roles.insert("reader");
}

std::string domain_of(const world& w, const std::string& project) {
  auto& mutable_world = const_cast<world&>(w);
  const record* p = mutable_world.of("project").find(project);
  return p ? text(p->body, "domain_id") : "";
}

json::object project_body(const std::string& id, const std::string& name) {
  return {{"id", id},           {"name", name},          {"domain_id", "default"},
          {"description", ""},  {"enabled", true},       {"parent_id", "default"},
          {"is_domain", false}, {"tags", json::array{}}, {"options", json::object{}}};
}

void add_flavor(world& w, const std::string& region, const char* id, const char* name, int ram) {
  w.of(region + "flavor")
      .add(id, "",
           {{"id", id},
            {"name", name},
            {"ram", ram},
            {"disk", 1},
            {"swap", ""},
            {"OS-FLV-EXT-DATA:ephemeral", 0},
            {"OS-FLV-DISABLED:disabled", false},
            {"vcpus", 1},
            {"os-flavor-access:is_public", true},
            {"rxtx_factor", 1.0}});
}

json::object in_neutron(const std::string& id, const std::string& owner, const json::object& more) {
  json::object o{{"id", id},
                 {"tenant_id", owner},
                 {"project_id", owner},
                 {"description", ""},
                 {"tags", json::array{}},
                 {"created_at", now_iso()},
                 {"revision_number", 1},
                 {"updated_at", now_iso()}};
  merge(o, more);
  return o;
}

void add_public_network(world& w, const std::string& region, const std::string& owner) {
  const std::string net = w.uuid(), sub = w.uuid(), rule = w.uuid();
  w.of(region + "network")
      .add(net, owner,
           in_neutron(net, owner,
                      {{"name", "public"},
                       {"admin_state_up", true},
                       {"mtu", 1500},
                       {"status", "ACTIVE"},
                       {"subnets", json::array{sub}},
                       {"shared", false},
                       {"router:external", true},
                       {"is_default", true},
                       {"port_security_enabled", true},
                       {"availability_zone_hints", json::array{}},
                       {"availability_zones", json::array{}},
                       {"ipv4_address_scope", nullptr},
                       {"ipv6_address_scope", nullptr},
                       {"qos_policy_id", nullptr}}));
  w.of(region + "subnet")
      .add(sub, owner,
           in_neutron(sub, owner,
                      {{"name", "public-subnet"},
                       {"network_id", net},
                       {"ip_version", 4},
                       {"cidr", "172.24.0.0/16"},
                       {"gateway_ip", "172.24.0.1"},
                       {"enable_dhcp", false},
                       {"subnetpool_id", nullptr}}));
  w.of(region + "rbac_policy")
      .add(rule, owner,
           {{"id", rule},
            {"project_id", owner},
            {"action", "access_as_external"},
            {"object_id", net},
            {"target_tenant", "*"},
            {"object_type", "network"},
            {"tenant_id", owner}});
}

void add_base_image(world& w, const std::string& region, const std::string& owner) {
  const std::string id = w.uuid(), t = now_iso();
  w.of(region + "image")
      .add(id, owner,
           {{"name", "cirros-tiny"},
            {"disk_format", "raw"},
            {"container_format", "bare"},
            {"visibility", "public"},
            {"size", 4096},
            {"virtual_size", 4096},
            {"status", "active"},
            {"checksum", "620f0b67a91f7f74151bc5be745b7110"},
            {"os_hash_algo", "sha512"},
            {"os_hash_value", std::string(128, '0')},
            {"protected", false},
            {"min_ram", 0},
            {"min_disk", 0},
            {"owner", owner},
            {"os_hidden", false},
            {"id", id},
            {"created_at", t},
            {"updated_at", t},
            {"tags", json::array{}}});
}

}  // namespace

std::set<std::string> effective_roles(const world& w, const std::string& user,
                                      const std::string& project, const std::string& domain) {
  std::set<std::string> out;
  auto& names = const_cast<world&>(w).of("role");
  const std::string above = project.empty() ? "" : domain_of(w, project);
  for (const auto& a : w.assignments) {
    const auto group = w.members.find(a.group);
    const bool holds = (!a.user.empty() && a.user == user) ||
                       (group != w.members.end() && group->second.count(user) != 0);
    const bool here = project.empty() ? !domain.empty() && a.domain == domain && !a.inherited
                                      : (a.project == project && !a.inherited) ||
                                            (a.inherited && a.domain == above);
    if (!holds || !here) continue;
    if (const record* r = names.find(a.role)) out.insert(text(r->body, "name"));
  }
  add_implied(w, out);
  return out;
}

void forget_tokens(world& w, const std::function<bool(const token&)>& which,
                   const std::string& why) {
  for (auto i = w.tokens.begin(); i != w.tokens.end();) {
    const bool ends = which(i->second);
    if (ends && !why.empty()) w.ended[i->first] = why;
    i = ends ? w.tokens.erase(i) : std::next(i);
  }
}

static void add_roles(world& w) {
  for (const std::string& name :
       {w.opts.admin_role, std::string("member"), std::string("reader"), std::string("service"),
        std::string("trial"), std::string("community"), std::string("basic"),
        std::string("creator"), std::string("heat_stack_owner"), std::string("ResellerAdmin")}) {
    const std::string id = w.hex(), n = name;
    json::object options;
    if (n == w.opts.admin_role || n == "member" || n == "reader") options["immutable"] = true;
    w.of("role").add(id, "",
                     {{"id", id},
                      {"name", n},
                      {"domain_id", nullptr},
                      {"description", nullptr},
                      {"options", options}});
  }
}

static void add_admin(world& w, const std::string& project) {
  const std::string id = w.hex();
  w.of("user").add(id, "",
                   {{"id", id},
                    {"name", "admin"},
                    {"domain_id", "default"},
                    {"enabled", true},
                    {"default_project_id", project},
                    {"password_expires_at", nullptr},
                    {"options", json::object{}}});
  w.passwords[id] = cloud::admin_password();
  for (const std::string& role :
       {w.opts.admin_role, std::string("creator"), std::string("ResellerAdmin")}) {
    assignment a;
    a.role = w.role_id(role), a.user = id, a.project = project;
    w.assignments.insert(a);
  }
  assignment system;
  system.role = w.role_id(w.opts.admin_role), system.user = id, system.system = true;
  w.assignments.insert(system);
}

static void add_region(world& w, const std::string& region, const std::string& project) {
  add_flavor(w, region, "1", "m1.tiny", 512);
  add_flavor(w, region, "2", "m1.small", 2048);
  add_public_network(w, region, project);
  add_base_image(w, region, project);
  default_group(w, region, project);
  const std::string type = w.uuid();
  w.of(region + "volume_type")
      .add(type, "",
           {{"id", type}, {"name", "tiny"}, {"is_public", true}, {"extra_specs", json::object{}}});
}

void world::bootstrap() {
  mark = hex();
  of("domain").add("default", "",
                   {{"id", "default"},
                    {"name", "Default"},
                    {"description", "The default domain"},
                    {"enabled", true},
                    {"tags", json::array{}},
                    {"options", json::object{}}});
  add_roles(*this);
  const std::string admin = hex(), service = hex();
  of("project").add(admin, "", project_body(admin, "admin"));
  of("project").add(service, "", project_body(service, "service"));
  add_admin(*this, admin);
  for (std::size_t i = 0; i < (opts.distinct_regions ? opts.regions.size() : 1); ++i)
    add_region(*this, i == 0 ? "" : "r" + std::to_string(i + 1) + ":", admin);
}

}  // namespace sandbox
