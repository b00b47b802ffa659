// What a test sees of the sandbox; every word takes the lock the server's thread takes.
#include "tests/sandbox/cloud.hpp"

#include <fmt/core.h>

#include "tests/sandbox/seed.hpp"
#include "tests/sandbox/server.hpp"
#include "tests/sandbox/world.hpp"

namespace sandbox {

struct cloud::running {
  explicit running(options o)
      : state(std::move(o)),
        certs(make_certificates()),
        listener(state.opts.port, certs,
                 [this](const http_request& r) { return state.handle(r); }) {}

  world state;
  certificates certs;
  server listener;  // last: its thread uses the others
};

namespace {

bool is_holding(const fault& f) { return f.action == "hold" && !f.met.empty(); }

}  // namespace

cloud::cloud(options o) : running_(std::make_unique<running>(std::move(o))) {
  const std::lock_guard lock(running_->state.mutex);
  running_->state.url = url();
  running_->state.bootstrap();
}

cloud::~cloud() = default;

std::uint16_t cloud::port() const { return running_->listener.port(); }
std::string cloud::url() const { return fmt::format("https://127.0.0.1:{}", port()); }
std::string cloud::auth_url() const { return url() + "/identity/v3"; }
std::string cloud::ca_pem() const { return running_->certs.authority; }
std::size_t cloud::connections() const { return running_->listener.connections(); }

namespace {

bool counts(const std::string& kind) {
  // Flavours and types belong to nobody; what a test compares is what somebody owns or could lose.
  return !kind.ends_with("flavor") && !kind.ends_with("volume_type") &&
         kind.find("_gone") == std::string::npos;
}

void each(const world& w, const std::function<void(const std::string&, const record&)>& f) {
  for (const auto& [kind, c] : w.kinds)
    if (counts(kind))
      for (const auto& [seq, r] : c.rows()) f(kind, r);
}

std::string object_digest(const swift_container& c) {
  std::string all;
  for (const auto& [name, o] : c.objects) all += name + "\n" + o.etag + "\n";
  for (const auto& [name, versions] : c.versions)
    for (const auto& v : versions) all += name + "\n" + v.version + "\n";
  return all;
}

}  // namespace

std::map<std::string, std::vector<std::string>> inventory_of(world& w, const std::string& owner) {
  const std::lock_guard lock(w.mutex);
  w.advance();
  std::map<std::string, std::vector<std::string>> out;
  each(w, [&](const std::string& kind, const record& r) {
    if (r.owner == owner) out[kind].push_back(r.id);
  });
  for (const auto& [account, containers] : w.accounts)
    if (account.substr(account.find(':') + 1) == owner)
      for (const auto& [name, c] : containers) {
        out["container"].push_back(name);
        for (const auto& [object, o] : c.objects) out["object"].push_back(name + "/" + object);
      }
  return out;
}

std::map<std::string, std::string> snapshot_of(world& w, const std::string& except) {
  const std::lock_guard lock(w.mutex);
  w.advance();
  std::map<std::string, std::string> out;
  each(w, [&](const std::string& kind, const record& r) {
    // Neutron gives a gateway's and a floating IP's port to nobody; who they serve is what counts.
    const std::string serves = text(r.body, "_for");
    if (except.empty() || (r.owner != except && serves != except))
      out[kind + "/" + r.id] = json::serialize(r.body);
  });
  for (const auto& [account, containers] : w.accounts)
    if (except.empty() || account.substr(account.find(':') + 1) != except)
      for (const auto& [name, c] : containers)
        out["container/" + account + "/" + name] = object_digest(c);
  for (const auto& a : w.assignments)
    out[fmt::format("assignment/{}/{}{}/{}{}", a.role, a.user, a.group, a.project, a.domain)] = "";
  return out;
}

std::map<std::string, std::vector<std::string>> cloud::inventory(const std::string& owner) const {
  return inventory_of(running_->state, owner);
}

std::map<std::string, std::string> cloud::snapshot(const std::string& except) const {
  return snapshot_of(running_->state, except);
}

seeded cloud::seed_project(const std::string& name, level how_much) {
  const std::lock_guard lock(running_->state.mutex);
  trial t;
  t.name = name, t.how_much = how_much;
  return seed(running_->state, t);
}

seeded cloud::seed_trial_user(const std::string& name, const std::string& role,
                              const std::string& started, int duration, const std::string& email,
                              level how_much, json::object attributes) {
  const std::lock_guard lock(running_->state.mutex);
  trial t;
  t.name = name, t.role = role, t.started = started, t.duration = duration, t.email = email;
  t.how_much = how_much, t.attributes = std::move(attributes);
  return seed(running_->state, t);
}

std::string cloud::add_user(const std::string& name, const json::object& attributes) {
  const std::lock_guard lock(running_->state.mutex);
  return new_user(running_->state, name, attributes);
}

void cloud::grant(const std::string& user_id, const std::string& project_id,
                  const std::string& role) {
  const std::lock_guard lock(running_->state.mutex);
  assignment a;
  a.role = running_->state.role_id(role), a.user = user_id, a.project = project_id;
  running_->state.assignments.insert(a);
}

json::value cloud::object(const std::string& kind, const std::string& id) const {
  const std::lock_guard lock(running_->state.mutex);
  running_->state.advance();
  const record* r = running_->state.of(kind).find(id);
  return r ? json::value(r->body) : json::value();
}

void cloud::change(const std::string& kind, const std::string& id, const json::object& fields) {
  const std::lock_guard lock(running_->state.mutex);
  running_->state.advance();
  if (record* r = running_->state.of(kind).find(id)) merge(r->body, fields);
}

void cloud::put(const std::string& kind, const std::string& id, const std::string& owner,
                json::object body) {
  const std::lock_guard lock(running_->state.mutex);
  body["id"] = id;
  running_->state.of(kind).add(id, owner, std::move(body));
}

void cloud::fill(const seeded& owner, const std::string& container, std::size_t count) {
  const std::lock_guard lock(running_->state.mutex);
  auto& into = running_->state.accounts[owner.project_id][container];
  swift_object o;
  o.etag = "9dd4e461268c8034f5c8564e155c67a6", o.type = "text/plain", o.body = "x";
  o.modified = into.modified;
  for (std::size_t i = 0; i < count; ++i) into.objects[fmt::format("n/{:06}", i)] = o;
}

void cloud::arrange(const std::function<void(world&)>& what) const {
  const std::lock_guard lock(running_->state.mutex);
  running_->state.advance();
  what(running_->state);
}

std::vector<seen> cloud::requests() const {
  const std::lock_guard lock(running_->state.mutex);
  return running_->state.log;
}

void cloud::clear_requests() {
  const std::lock_guard lock(running_->state.mutex);
  running_->state.log.clear();
}

void cloud::add_fault(fault f) {
  const std::lock_guard lock(running_->state.mutex);
  running_->state.faults.push_back(std::move(f));
}

void cloud::set_faults(std::vector<fault> all) {
  running_->listener.listen_again();
  const std::lock_guard lock(running_->state.mutex);
  running_->state.set_faults(std::move(all));
}

std::vector<std::string> cloud::unmet_faults() const {
  const std::lock_guard lock(running_->state.mutex);
  return running_->state.unmet_faults();
}

bool cloud::met_fault() const {
  const std::lock_guard lock(running_->state.mutex);
  for (const auto& f : running_->state.faults)
    if (!f.met.empty()) return true;
  return false;
}

bool cloud::holds() const {
  const std::lock_guard lock(running_->state.mutex);
  return std::any_of(running_->state.faults.begin(), running_->state.faults.end(), is_holding);
}

void cloud::release() {
  const std::lock_guard lock(running_->state.mutex);
  for (auto& f : running_->state.faults)
    if (is_holding(f)) f.action = "delay", f.wait = {};
  running_->listener.release();
}

std::string cloud::password_of(const std::string& user_id) const {
  const std::lock_guard lock(running_->state.mutex);
  const auto at = running_->state.passwords.find(user_id);
  return at == running_->state.passwords.end() ? std::string() : at->second;
}

void cloud::set_bulk_delete(bool on) {
  const std::lock_guard lock(running_->state.mutex);
  running_->state.opts.bulk_delete = on;
}

void cloud::set_async_delay(std::chrono::milliseconds d) {
  const std::lock_guard lock(running_->state.mutex);
  running_->state.delay.reset();
  if (d.count() >= 0) running_->state.delay = d;
}

void cloud::settle() {
  const std::lock_guard lock(running_->state.mutex);
  running_->state.settle();
}

void cloud::expire_tokens() {
  const std::lock_guard lock(running_->state.mutex);
  running_->state.tokens.clear();
}

std::vector<std::string> cloud::issued() const {
  const std::lock_guard lock(running_->state.mutex);
  return running_->state.issued;
}

std::vector<std::string> cloud::tokens() const {
  const std::lock_guard lock(running_->state.mutex);
  std::vector<std::string> all;
  for (const auto& [id, t] : running_->state.tokens) all.push_back(id);
  return all;
}

void cloud::on_stop(std::function<void()> f) {
  const std::lock_guard lock(running_->state.mutex);
  running_->state.stop = std::move(f);
}

std::string cloud::clouds_yaml(const std::string& cacert_path) const {
  const std::lock_guard lock(running_->state.mutex);
  std::string out = "clouds:\n";
  for (const auto& [seq, u] : running_->state.of("user").rows()) {
    const std::string name = text(u.body, "name");
    const std::string own = text(u.body, "default_project_id");
    const record* p = running_->state.of("project").find(own);
    const auto password = running_->state.passwords.find(u.id);
    if (password == running_->state.passwords.end() || !p) continue;
    out += fmt::format("  {}:\n    auth:\n      auth_url: {}\n      username: {}\n", name,
                       auth_url(), name);
    out += fmt::format("      password: {}\n      project_name: {}\n", password->second,
                       text(p->body, "name"));
    out += "      user_domain_id: default\n      project_domain_id: default\n";
    out += fmt::format("    region_name: {}\n    cacert: {}\n    identity_api_version: 3\n",
                       running_->state.opts.regions.front(), cacert_path);
  }
  return out;
}

}  // namespace sandbox
