#include "tests/cli/harness.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <random>
#include <stdexcept>
#include <thread>

#include "tests/sandbox/client.hpp"

namespace cli {

using namespace std::chrono_literals;

sandbox::options two_regions() {
  sandbox::options o;
  o.regions = {"RegionOne", "RegionTwo"};
  return o;
}

sandbox::options distinct_regions() {
  sandbox::options o = two_regions();
  o.distinct_regions = true;
  return o;
}

site::site(sandbox::level how_much, sandbox::options o)
    : it(std::move(o)),
      mine(it.seed_trial_user("trial-01", "trial", "2020-01-01", 14, {}, how_much)),
      theirs(it.seed_project("neighbour", how_much)) {
  it.set_async_delay(20ms);
  home.write("ca.pem", it.ca_pem());
  // As the real one, Neutron makes a project's default group when its groups are first listed.
  sandbox::client admin(it, "admin", sandbox::cloud::admin_password(), "admin");
  admin.get("/network/v2.0/security-groups");
  it.clear_requests();
}

site::~site() {
  if (std::uncaught_exceptions() > 0) return;  // the case ended early, and says why
  for (const auto& one : it.unmet_faults()) BOOST_ERROR("no request met: " << one);
}

words site::variables(const manner& how) const {
  const std::string clouds = it.clouds_yaml(home.path("ca.pem"));
  // Another child may be reading it.
  if (contents(home.path("clouds.yaml")) != clouds) home.write("clouds.yaml", clouds);
  std::map<std::string, std::string> set{{"HOME", home.path("")},
                                         {"XDG_CACHE_HOME", home.path("cache")},
                                         {"XDG_STATE_HOME", home.path("state")},
                                         {"XDG_CONFIG_HOME", home.path("config")},
                                         {"TERM", "dumb"},
                                         {"PATH", "/usr/bin:/bin"},
                                         {"OS_CLOUD", who},
                                         {"OS_CLIENT_CONFIG_FILE", home.path("clouds.yaml")}};
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS"})
    if (const char* given = std::getenv(name)) set[name] = given;
  for (const auto& more : {environment, how.environment})
    for (const auto& [name, value] : more) {
      // A case adds to the options that its run was given.
      std::string& said = set[name];
      const bool adds = !said.empty() && name.ends_with("SAN_OPTIONS");
      said = adds ? said + ":" + value : value;
    }
  words all;
  for (const auto& [name, value] : set)
    if (!value.empty()) all.push_back(name + "=" + value);
  return all;
}

words site::command(const words& args) const {
  words all{program()};
  all.insert(all.end(), args.begin(), args.end());
  return all;
}

process site::start(const words& args, const manner& how) {
  const std::string at = home.path("run" + std::to_string(++runs_));
  const std::string out = how.out_to.empty() ? at + ".out" : how.out_to;
  const std::string err = how.err_to.empty() ? at + ".err" : how.err_to;
  const std::string in = how.in.empty() ? "" : home.write("in" + std::to_string(runs_), how.in);
  return cli::start(command(args), variables(how), out, err, in, how.limits);
}

ending site::run(const words& args, const manner& how) { return start(args, how).wait(); }

void site::kill_at_fault(const words& args, const manner& how) {
  auto run = start(args, how);
  BOOST_TEST(wait_until([&] { return it.met_fault() || !run.is_running(); }));
  BOOST_TEST(it.met_fault(), "no request met the fault that it was to be killed at");
  run.signal(SIGKILL);
  BOOST_TEST(run.wait().code == 1000 + SIGKILL);
  it.set_faults({});
}

words site::removal(const words& further) const {
  words args{"delete", "--project", mine.name, "--yes", "-f", "json"};
  args.insert(args.end(), further.begin(), further.end());
  return args;
}

ending site::remove(words further) {
  further.insert(further.begin(), "-v");
  return run(removal(further));
}

ending site::remove_as_user() {
  who = mine.name;
  return run({"delete", "--auth-project", "--yes", "-f", "json"});
}

std::string site::plan(const words& further) {
  std::string file = home.path("plan.json");
  words args{"delete", "--project", mine.name, "--plan", file};
  args.insert(args.end(), further.begin(), further.end());
  const auto e = run(args);
  BOOST_TEST(e.code == 0, e.err);
  return file;
}

std::string site::trust_for(const std::string& trustee) {
  sandbox::client user(it, mine.name, mine.password, mine.name);
  json::array roles;
  for (const char* name : {"member", "trial", "creator"})
    roles.push_back(json::object{{"name", name}});
  const json::object trust{{"trustor_user_id", mine.user_id},
                           {"trustee_user_id", trustee},
                           {"project_id", mine.project_id},
                           {"impersonation", true},
                           {"roles", roles}};
  const auto made =
      user.post("/identity/v3/OS-TRUST/trusts", json::object{{"trust", trust}}).json();
  return std::string(made.at("trust").at("id").as_string());
}

std::string site::application_credential(const std::string& secret) {
  sandbox::client user(it, mine.name, mine.password, mine.name);
  const json::object wanted{{"name", "cleaner"}, {"secret", secret}};
  const auto made = user.post("/identity/v3/users/" + mine.user_id + "/application_credentials",
                              json::object{{"application_credential", wanted}})
                        .json();
  return text(made.at("application_credential"), "id");
}

std::string site::left_behind() const {
  std::string all;
  for (const char* part : {"state", "logs"}) {
    std::error_code ec;
    for (const auto& f : std::filesystem::recursive_directory_iterator(home.path(part), ec))
      if (f.is_regular_file()) all += contents(f.path().string());
  }
  return all;
}

std::map<std::string, std::string> site::of_others() const {
  auto all = it.snapshot(mine.project_id);
  std::set<std::string> own;
  for (const auto& owner : {mine.project_id, mine.user_id})
    for (const auto& [kind, ids] : it.inventory(owner))
      for (const auto& id : ids) own.insert(id), all.erase(kind + "/" + id);
  // Neutron's own ports on a router or a floating IP carry nobody's project.
  std::erase_if(all, [&](const auto& entry) {
    if (entry.first.find("port/") == std::string::npos) return false;
    return own.count(text(json::parse(entry.second), "device_id")) > 0;
  });
  return all;
}

void site::check_others(const std::map<std::string, std::string>& before) const {
  check_same(before, of_others());
}

std::map<std::string, words> site::rest() const {
  auto all = it.inventory(mine.project_id);
  if (auto pairs = it.inventory(mine.user_id); pairs.count("keypair") > 0)
    all["keypair"] = pairs.at("keypair");
  for (auto& [kind, ids] : all)
    if (kind.ends_with("security_group"))
      std::erase_if(ids, [&, k = kind](const std::string& id) {
        return text(it.object(k, id), "name") == "default";
      });
  // Rules go with their group; those of the default group stay.
  std::erase_if(all, [](const auto& entry) {
    return entry.second.empty() || entry.first.ends_with("security_group_rule");
  });
  return all;
}

void site::check_empty() const {
  for (const auto& [kind, ids] : rest())
    for (const auto& id : ids) BOOST_ERROR("left: " << kind << " " << id);
}

std::string site::id_of(const std::string& kind, const std::string& name) const {
  for (const auto& [key, body] : it.snapshot())
    if (key.starts_with(kind + "/") && text(json::parse(body), "name") == name)
      return key.substr(kind.size() + 1);
  throw std::runtime_error("no " + kind + " " + name);
}

std::set<std::string> site::assignments() const {
  std::set<std::string> all;
  for (const auto& [key, body] : it.snapshot())
    if (key.starts_with("assignment/")) all.insert(key);
  return all;
}

std::size_t site::count(const std::string& method, const std::string& service,
                        const std::string& path) const {
  std::size_t n = 0;
  for (const auto& r : it.requests())
    if ((method.empty() || r.method == method) && (service.empty() || r.service == service) &&
        (r.path + "?" + r.query).find(path) != std::string::npos)
      ++n;
  return n;
}

words site::changes() const {
  words all;
  for (const auto& r : it.requests()) {
    const bool reads = r.method == "GET" || r.method == "HEAD";
    const bool login = r.method == "POST" && r.path.ends_with("/v3/auth/tokens");
    if (!reads && !login) all.push_back(r.method + " " + r.path + "?" + r.query);
  }
  return all;
}

bool site::wait_until(const std::function<bool()>& what) const {
  for (int i = 0; i < 3000; ++i) {
    if (what()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

void site::fail(const std::string& service, const std::string& method, const std::string& path,
                int status, const std::string& body) {
  sandbox::fault f;
  f.service = service, f.method = method, f.path = path, f.status = status, f.body = body;
  it.add_fault(std::move(f));
}

void site::fault(const std::string& action, const std::string& service, const std::string& method,
                 const std::string& path, std::uint64_t nth) {
  sandbox::fault f;
  f.action = action, f.service = service, f.method = method, f.path = path, f.nth = nth;
  it.add_fault(std::move(f));
}

std::uint64_t sweep_seed() {
  const char* given = std::getenv("OSTCLEAN_SWEEP_SEED");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  BOOST_TEST_MESSAGE("OSTCLEAN_SWEEP_SEED=" << seed);
  return seed;
}

void check_same(const std::map<std::string, std::string>& before,
                const std::map<std::string, std::string>& after) {
  for (const auto& [key, body] : before) {
    const auto now = after.find(key);
    if (now == after.end())
      BOOST_ERROR("gone: " << key << " " << body);
    else if (now->second != body)
      BOOST_ERROR("changed: " << key << "\n was " << body << "\n  is " << now->second);
  }
  for (const auto& [key, body] : after)
    if (before.count(key) == 0) BOOST_ERROR("new: " << key << " " << body);
}

void check_one_error(const ending& e, const std::string& names) {
  const auto all = e.errors();
  BOOST_TEST(all.size() == 1U, "stderr: " << e.err);
  if (!all.empty())
    BOOST_TEST(all.front().find(names) != std::string::npos, "no '" << names << "': " << e.err);
}

words texts(const json::value& list, const char* member) {
  words all;
  for (const auto& one : list.as_array()) all.push_back(text(one, member));
  return all;
}

std::string text(const json::value& of, const char* member) {
  const auto* o = of.if_object();
  const auto* v = o ? o->if_contains(member) : nullptr;
  if (!v || v->is_null()) return {};
  return v->is_string() ? std::string(v->get_string()) : json::serialize(*v);
}

}  // namespace cli
