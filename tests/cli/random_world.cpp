#include "tests/cli/random_world.hpp"

#include <fmt/core.h>

namespace cli {

std::string dice::odd_name() {
  static const std::vector<std::string> names{
      "",
      "web-1",
      "Ünïcödé-名前-🦀",
      "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
      "\u202egnp.\u202c",
      "a/b/c",
      "../../etc",
      "with  two spaces ",
      "it's \"quoted\" \\ `so`",
      "line\nfeed\ttab",
      std::string(255, 'x'),
      "--yes",
      "-f",
      "%2F%00",
      k_keep_tag,
      "{id}",
      "{project}",
      "null",
      "0",
      "?limit=1&marker=2#3",
      "a,b;c",
      "<b>&amp;</b>"};
  return chance(50) ? fmt::format("thing-{}", below(1000)) : one_of(names);
}

builder::builder(dice& any, sandbox::world& w, std::vector<tenant>& tenants)
    : any(any),
      w(w),
      tenants(tenants),
      admin(w, "admin", sandbox::cloud::admin_password(), "admin") {
  for (const auto& [seq, r] : w.of("network").rows())
    if (sandbox::text(r.body, "name") == "public") outside = r.id;
  for (const auto& [seq, r] : w.of("image").rows()) public_image = r.id;
}

std::string builder::name() {
  if (!any.chance(15)) return any.odd_name();
  const tenant& t = any.one_of(tenants);
  if (t.has.empty() || any.chance(30)) return any.chance(50) ? t.project_id : t.name;
  auto kind = t.has.begin();
  std::advance(kind, static_cast<std::ptrdiff_t>(any.below(t.has.size())));
  return kind->second.empty() ? t.name : any.one_of(kind->second);
}

std::string builder::make(tenant& t, const std::string& kind, const std::string& path,
                          const std::string& key, json::object fields,
                          const sandbox::pairs& headers) {
  auto id = t.user->make(path, key, std::move(fields), headers);
  t.has[kind].push_back(id);
  settle();
  return id;
}

std::string builder::pick(const tenant& t, const std::string& kind) {
  const auto at = t.has.find(kind);
  return at == t.has.end() || at->second.empty() ? std::string() : any.one_of(at->second);
}

void builder::set(const std::string& kind, const std::string& id, const json::object& fields) {
  if (auto* r = w.of(kind).find(id)) sandbox::merge(r->body, fields);
}

std::string builder::field(const std::string& kind, const std::string& id, const char* member) {
  const auto* r = w.of(kind).find(id);
  return r ? sandbox::text(r->body, member) : std::string();
}

tenant& builder::another(const tenant& than) {
  const auto at = any.below(tenants.size());
  return &tenants[at] == &than ? tenants[(at + 1) % tenants.size()] : tenants[at];
}

tenant* builder::of_ours() {
  std::vector<tenant*> all;
  for (auto& t : tenants)
    if (t.ours) all.push_back(&t);
  return any.one_of(all);
}

tenant* builder::a_neighbour() {
  std::vector<tenant*> all;
  for (auto& t : tenants)
    if (!t.ours) all.push_back(&t);
  return all.empty() ? nullptr : any.one_of(all);
}

std::string builder::next_cidr() {
  const int n = w.counters["seed"]++;
  return fmt::format("10.{}.{}.0/24", n / 250, n % 250);
}

namespace {

/// Names of projects are what is typed and compared: no two of a domain may be equal, some are the
/// id of another project.
std::string project_name(builder& b, const tenant& t) {
  const auto at = static_cast<std::size_t>(&t - b.tenants.data());
  if (at > 0 && b.any.chance(12)) return b.tenants[at - 1].project_id;
  static const words shapes{"trial-{}",    "Prüfung {}", "a/b/{}", "--yes{}", "'{}'",
                            "{}\u202eltr", "x\n{}",      "#{}",    "{}:null", "trial-{}"};
  return fmt::format(fmt::runtime(b.any.one_of(shapes)), at);
}

std::string domain_for(builder& b) {
  if (!b.any.chance(25)) return "default";
  const auto name = fmt::format("domain-{}", b.any.below(2));
  for (const auto& [seq, r] : b.w.of("domain").rows())
    if (sandbox::text(r.body, "name") == name) return r.id;
  return b.admin.make("/identity/v3/domains", "domain", {{"name", name}});
}

}  // namespace

void add_identity(builder& b, tenant& t) {
  const std::string at = "/identity/v3/";
  t.domain = domain_for(b), t.name = project_name(b, t);
  t.project_id = b.admin.make(at + "projects", "project",
                              {{"name", t.name}, {"domain_id", t.domain}, {"parent_id", t.domain}});
  t.user_name = b.any.chance(30) ? t.name : fmt::format("user {}", t.project_id.substr(0, 6));
  json::object user{{"name", t.user_name},
                    {"domain_id", t.domain},
                    {"password", "trialpw"},
                    {"default_project_id", t.project_id}};
  if (t.ours)
    sandbox::merge(user, {{"cloud_project_id", t.project_id},
                          {"trial_started_at", "2020-01-01"},
                          {"trial_duration", 14}});
  t.user_id = b.admin.make(at + "users", "user", user);
  for (const char* role : {"member", "creator", "trial"})
    if (t.ours || std::string_view(role) != "trial")
      b.admin.call("PUT", at + "projects/" + t.project_id + "/users/" + t.user_id + "/roles/" +
                              b.w.role_id(role));
  sandbox::default_group(b.w, "", t.project_id);
  t.user =
      std::make_shared<sandbox::hand>(sandbox::hand::of(b.w, t.user_id, "trialpw", t.project_id));
}

namespace {

void fill_tenant(builder& b, tenant& t, bool crowded) {
  add_ports(b, t);
  add_routers(b, t);
  add_images(b, t);
  add_volumes(b, t);
  add_servers(b, t);
  add_backups(b, t);
  add_addresses(b, t);
  add_objects(b, t, crowded);
  add_balancers(b, t);
  add_stacks(b, t);
  add_secrets(b, t);
  add_zones(b, t);
}

}  // namespace

std::vector<tenant> fill_world(sandbox::world& w, dice& any, bool crowded, bool guarded) {
  w.delay = std::chrono::milliseconds(0);
  std::vector<tenant> tenants(any.between(1, 3) + (any.chance(80) ? any.between(1, 3) : 0));
  const auto mine =
      tenants.size() == 1 ? 1 : any.between(1, std::min<std::size_t>(4, tenants.size()));
  builder b(any, w, tenants);
  // Identities are made in any order: ours are not always the older ones.
  for (std::size_t i = 0; i < mine; ++i) tenants[any.below(tenants.size())].ours = true;
  for (auto& t : tenants) add_identity(b, t);
  for (auto& t : tenants) add_networks(b, t);
  share_networks(b);
  for (auto& t : tenants) fill_tenant(b, t, crowded && &t == &tenants.front());
  tangle_networks(b);
  tangle_storage(b);
  if (any.chance(40)) tangle_people(b);
  if (guarded) protect(b);
  age(b);
  w.settle();
  return tenants;
}

}  // namespace cli
