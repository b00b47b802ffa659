// A project with the resources a trial user leaves behind.
#include "tests/sandbox/seed.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace sandbox {

json::value hand::raw(const std::string& method, const std::string& path, const std::string& body,
                      const pairs& headers) {
  http_request r;
  r.method = method, r.target = path, r.body = body, r.headers = headers;
  if (!token_.empty()) r.headers.emplace_back("X-Auth-Token", token_);
  const std::size_t seen_before = w_.log.size();
  std::vector<fault> none;
  std::swap(none, w_.faults);
  const outcome o = w_.handle(r);
  std::swap(none, w_.faults);
  w_.log.resize(seen_before);
  if (o.answer.status >= 400)
    throw std::runtime_error(
        fmt::format("seed: {} {}: {} {}", method, path, o.answer.status, o.answer.body));
  for (const auto& [k, v] : o.answer.headers)
    if (k == "X-Subject-Token") token_ = v;
  json::error_code ec;
  json::value out = json::parse(o.answer.body, ec);
  return ec ? json::value() : out;
}

json::value hand::call(const std::string& method, const std::string& path, const json::value& body,
                       const pairs& headers) {
  return raw(method, path, body.is_null() ? "" : json::serialize(body), headers);
}

std::string hand::make(const std::string& path, const std::string& key, json::object fields,
                       const pairs& headers) {
  const json::value out = call("POST", path, json::object{{key, fields}}, headers);
  return text(out.as_object().at(key).as_object(), "id");
}

void hand::log_in(const json::object& user, const json::object& project) {
  const json::object identity{{"methods", json::array{"password"}},
                              {"password", json::object{{"user", user}}}};
  const json::object scope{{"project", project}};
  call("POST", "/identity/v3/auth/tokens",
       json::object{{"auth", json::object{{"identity", identity}, {"scope", scope}}}});
}

hand::hand(world& w, std::string user, std::string password, std::string project) : w_(w) {
  const json::object domain{{"id", "default"}};
  log_in({{"name", user}, {"domain", domain}, {"password", password}},
         {{"name", project}, {"domain", domain}});
}

hand hand::of(world& w, const std::string& user_id, const std::string& password,
              const std::string& project_id) {
  hand made(w);
  made.log_in({{"id", user_id}, {"password", password}}, {{"id", project_id}});
  return made;
}

namespace {

const char* const password_of_all = "trialpw";

std::string first_id(world& w, const std::string& kind, const char* name) {
  for (const auto& [seq, r] : w.of(kind).rows())
    if (text(r.body, "name") == name) return r.id;
  throw std::runtime_error("seed: no " + kind + " " + name);
}

void make_networks(hand& u, world& w, seeded& s) {
  const std::string n = s.name, net = "/network/v2.0/";
  const std::string cidr = fmt::format("10.{}.0.0/24", 1 + w.counters["seed"]++ % 250);
  s.network = u.make(net + "networks", "network", {{"name", n + "-net"}});
  s.subnet = u.make(
      net + "subnets", "subnet",
      {{"name", n + "-subnet"}, {"ip_version", 4}, {"network_id", s.network}, {"cidr", cidr}});
  const json::object gateway{{"network_id", first_id(w, "network", "public")}};
  s.router = u.make(net + "routers", "router",
                    {{"name", n + "-router"}, {"external_gateway_info", gateway}});
  u.call("PUT", net + "routers/" + s.router + "/add_router_interface",
         json::object{{"subnet_id", s.subnet}});
  s.security_group = u.make(net + "security-groups", "security_group", {{"name", n + "-sg"}});
  u.make(net + "security-group-rules", "security_group_rule",
         {{"security_group_id", s.security_group},
          {"direction", "ingress"},
          {"protocol", "tcp"},
          {"port_range_min", 22},
          {"port_range_max", 22}});
  s.port = u.make(net + "ports", "port",
                  {{"name", n + "-port"},
                   {"network_id", s.network},
                   {"security_groups", json::array{s.security_group}}});
}

void make_servers(hand& u, world& w, seeded& s) {
  s.keypair = s.name + "-key";
  u.call("POST", "/compute/v2.1/os-keypairs",
         json::object{{"keypair", json::object{{"name", s.keypair}}}});
  for (int i = 0; i < 2; ++i)
    s.servers.push_back(
        u.make("/compute/v2.1/servers", "server",
               {{"name", fmt::format("{}-vm{}", s.name, i)},
                {"imageRef", first_id(w, "image", "cirros-tiny")},
                {"flavorRef", "1"},
                {"networks", json::array{json::object{{"uuid", s.network}}}},
                {"key_name", s.keypair},
                {"security_groups", json::array{json::object{{"name", s.name + "-sg"}}}}}));
  for (const auto& [seq, p] : w.of("port").rows())
    if (text(p.body, "device_id") == s.servers[0]) {
      s.floating_ip =
          u.make("/network/v2.0/floatingips", "floatingip",
                 {{"floating_network_id", first_id(w, "network", "public")}, {"port_id", p.id}});
      break;
    }
}

void make_volumes(hand& u, world& w, seeded& s) {
  const std::string at = "/volume/v3/" + s.project_id;
  s.volume = u.make(at + "/volumes", "volume", {{"name", s.name + "-vol"}, {"size", 1}});
  w.advance();
  s.snapshot =
      u.make(at + "/snapshots", "snapshot", {{"name", s.name + "-snap"}, {"volume_id", s.volume}});
  w.advance();
  s.backup =
      u.make(at + "/backups", "backup", {{"name", s.name + "-backup"}, {"volume_id", s.volume}});
}

std::string make_image(hand& u, const std::string& name, const char* visibility) {
  const json::value v = u.call("POST", "/image/v2/images",
                               json::object{{"name", name},
                                            {"disk_format", "raw"},
                                            {"container_format", "bare"},
                                            {"visibility", visibility}});
  std::string id = text(v.as_object(), "id");
  u.raw("PUT", "/image/v2/images/" + id + "/file", std::string(4096, 'i'),
        {{"Content-Type", "application/octet-stream"}});
  return id;
}

void make_images(hand& u, world& w, seeded& s) {
  s.private_image = make_image(u, s.name + "-private", "private");
  s.shared_image = make_image(u, s.name + "-shared", "shared");
  u.call("POST", "/image/v2/images/" + s.shared_image + "/members",
         json::object{{"member", first_id(w, "project", "admin")}});
}

void make_objects(hand& u, seeded& s) {
  s.container = s.name + "-box";
  const std::string at = "/object-store/v1/AUTH_" + s.project_id + "/" + s.container;
  u.call("PUT", at);
  for (int i = 0; i < 3; ++i)
    u.raw("PUT", fmt::format("{}/obj{}.txt", at, i), fmt::format("object {}\n", i),
          {{"Content-Type", "text/plain"}});
}

void make_identity(world& w, hand& admin, const trial& t, seeded& s) {
  const std::string id = "/identity/v3/";
  s.name = t.name;
  s.password = password_of_all;
  s.project_id =
      admin.make(id + "projects", "project",
                 {{"name", t.name}, {"domain_id", "default"}, {"description", "trial project"}});
  json::object user{{"name", t.name},
                    {"domain_id", "default"},
                    {"password", s.password},
                    {"email", t.email.empty() ? t.name + "@example.org" : t.email},
                    {"default_project_id", s.project_id}};
  if (!t.role.empty()) {
    user["cloud_project_id"] = s.project_id;
    if (!t.started.empty()) user[t.role + "_started_at"] = t.started;
    user[t.role + "_duration"] = t.duration;
  }
  merge(user, t.attributes);
  s.user_id = admin.make(id + "users", "user", user);
  std::vector<std::string> roles{"member"};
  if (!t.role.empty()) roles.push_back(t.role);
  if (t.how_much != level::plain) roles.emplace_back("creator");
  for (const auto& r : roles)
    admin.call("PUT",
               id + "projects/" + s.project_id + "/users/" + s.user_id + "/roles/" + w.role_id(r));
}

}  // namespace

void seed_extra(world& w, hand& u, seeded& s) {
  s.load_balancer = u.make("/load-balancer/v2/lbaas/loadbalancers", "loadbalancer",
                           {{"name", s.name + "-lb"}, {"vip_subnet_id", s.subnet}});
  const json::object net{{"type", "OS::Neutron::Net"},
                         {"properties", json::object{{"name", s.name + "-stacknet"}}}};
  const json::object templ{{"heat_template_version", "2018-08-31"},
                           {"resources", json::object{{"r", net}}}};
  const json::value stack =
      u.call("POST", "/orchestration/v1/" + s.project_id + "/stacks",
             json::object{{"stack_name", s.name + "-stack"}, {"template", templ}});
  s.stack = text(stack.at("stack").as_object(), "id");
  s.stack_network = first_id(w, "network", (s.name + "-stacknet").c_str());
  const json::value secret = u.call(
      "POST", "/key-manager/v1/secrets",
      json::object{
          {"name", s.name + "-secret"}, {"payload", "x"}, {"payload_content_type", "text/plain"}});
  const std::string ref = text(secret.as_object(), "secret_ref");
  s.secret = ref.substr(ref.rfind('/') + 1);
  const json::value zone =
      u.call("POST", "/dns/v2/zones",
             json::object{{"name", s.name + ".example.org."}, {"email", "a@example.org"}});
  s.zone = text(zone.as_object(), "id");
}

std::string new_user(world& w, const std::string& name, const json::object& attributes) {
  hand admin(w, "admin", cloud::admin_password(), "admin");
  json::object user{{"name", name}, {"domain_id", "default"}, {"password", password_of_all}};
  merge(user, attributes);
  return admin.make("/identity/v3/users", "user", user);
}

seeded seed(world& w, const trial& t) {
  const auto delay = w.delay;
  w.delay = std::chrono::milliseconds(0);
  seeded s;
  hand admin(w, "admin", cloud::admin_password(), "admin");
  make_identity(w, admin, t, s);
  hand user(w, s.name, s.password, s.name);
  make_networks(user, w, s);
  make_servers(user, w, s);
  make_volumes(user, w, s);
  make_images(user, w, s);
  make_objects(user, s);
  if (t.how_much != level::plain) seed_extra(w, user, s);
  w.advance();
  if (t.how_much == level::rare) seed_rare(w, admin, user, s);
  w.advance();
  w.delay = delay;
  return s;
}

json::object to_json(const seeded& s) {
  json::object o{{"name", s.name},
                 {"project_id", s.project_id},
                 {"user_id", s.user_id},
                 {"password", s.password},
                 {"network", s.network},
                 {"subnet", s.subnet},
                 {"router", s.router},
                 {"security_group", s.security_group},
                 {"port", s.port},
                 {"keypair", s.keypair},
                 {"volume", s.volume},
                 {"snapshot", s.snapshot},
                 {"backup", s.backup},
                 {"private_image", s.private_image},
                 {"shared_image", s.shared_image},
                 {"container", s.container},
                 {"floating_ip", s.floating_ip},
                 {"load_balancer", s.load_balancer},
                 {"stack", s.stack},
                 {"stack_network", s.stack_network},
                 {"secret", s.secret},
                 {"zone", s.zone}};
  o["servers"] = json::value_from(s.servers);
  o["rare"] = json::value_from(s.rare);
  return o;
}

trial parse_trial(const std::string& spec) {
  trial t;
  std::size_t from = 0;
  while (from <= spec.size()) {
    const auto to = std::min(spec.find(',', from), spec.size());
    const std::string word = spec.substr(from, to - from);
    const auto eq = word.find('=');
    const std::string key = word.substr(0, eq);
    const std::string value = eq == std::string::npos ? "" : word.substr(eq + 1);
    if (eq == std::string::npos)
      t.name = word;
    else if (key == "role")
      t.role = value;
    else if (key == "started")
      t.started = value;
    else if (key == "email")
      t.email = value;
    else if (key == "duration")
      t.duration = std::stoi(value);
    else if (key == "level" && value == "plain")
      t.how_much = level::plain;
    else if (key == "level" && value == "extra")
      t.how_much = level::extra;
    else if (key == "level" && value == "rare")
      t.how_much = level::rare;
    else
      throw std::invalid_argument("seed: cannot understand '" + word + "'");
    from = to + 1;
  }
  if (t.name.empty()) throw std::invalid_argument("seed: no name in '" + spec + "'");
  return t;
}

}  // namespace sandbox
