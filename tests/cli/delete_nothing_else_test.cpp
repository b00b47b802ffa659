// Rules 1 and 2: nothing of others, and nothing unasked.
#include <fmt/core.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/cli/harness.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_nothing_else)

namespace {

using sandbox::level;

/// An object of the neighbour in the first list that matches, as a service that ignores a filter
/// sends it.
void slip_in(site& s, const std::string& service, const std::string& path, json::object object,
             std::uint64_t nth = 0) {
  sandbox::fault f;
  f.nth = nth;
  f.action = "inject", f.service = service, f.method = "GET", f.path = path;
  f.object = std::move(object);
  s.it.add_fault(std::move(f));
}

void check_untouched(const site& s, const std::map<std::string, std::string>& before) {
  for (const auto& change : s.changes()) BOOST_ERROR("sent: " << change);
  check_same(before, s.it.snapshot());
}

const char* const k_lists[] = {"/servers/detail", "/networks",     "/subnets",   "/ports",
                               "/routers",        "/volumes",      "/snapshots", "/backups",
                               "/images",         "loadbalancers", "/zones",     "/floatingips",
                               "/security-groups"};

}  // namespace

BOOST_AUTO_TEST_CASE(a_dry_run_sends_nothing_but_reads) {
  site s(level::rare);
  const auto before = s.it.snapshot();
  const auto e = s.run({"delete", "--project", s.mine.name, "--dry-run", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  check_untouched(s, before);
  const auto plan = e.data();
  BOOST_TEST(plan.as_array().size() > 20U);
  std::set<std::string> kinds;
  for (const auto& one : plan.as_array()) {
    for (const char* member : {"kind", "id", "name", "project_id", "region"})
      BOOST_TEST(one.as_object().contains(member), member);
    BOOST_TEST(text(one, "project_id") == s.mine.project_id, json::serialize(one));
    kinds.insert(text(one, "kind"));
  }
  for (const char* kind : {"server", "network", "volume", "image", "load_balancer"})
    BOOST_TEST(kinds.count(kind) == 1U, kind);
  // It lends no role, so some kinds cannot be seen: they are named.
  // Heat shows the stacks of all projects to nobody unless its policy is changed.
  for (const char* kind : {"stack", "container", "secret"})
    BOOST_TEST(e.says(std::string(kind) + " not visible"), e.err);
}

BOOST_AUTO_TEST_CASE(a_dry_run_as_the_user_sees_everything) {
  site s(level::rare);
  const auto before = s.it.snapshot();
  s.who = s.mine.name;
  const auto e = s.run({"delete", "--auth-project", "--dry-run", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  check_untouched(s, before);
  const auto kinds = texts(e.data(), "kind");
  for (const char* kind : {"container", "secret", "zone", "trunk", "port_forwarding", "backup"})
    BOOST_TEST(std::count(kinds.begin(), kinds.end(), kind) > 0, kind);
}

BOOST_AUTO_TEST_CASE(without_a_terminal_and_without_yes_it_is_refused) {
  site s;
  const auto before = s.it.snapshot();
  const auto e = s.run({"delete", "--project", s.mine.name});
  BOOST_TEST(e.code == 5, e.err);
  check_one_error(e, "--yes");
  check_untouched(s, before);
}

BOOST_AUTO_TEST_CASE(an_option_is_not_taken_for_a_name) {
  site s;
  for (const words& args : {words{"delete", "--project", "--yes"}, words{"delete", "--ye"},
                            words{"delete", "--yes"}, words{"delete", s.mine.name, "--yes"}}) {
    const auto e = s.run(args);
    BOOST_TEST(e.code == 2, e.err);
    BOOST_TEST(e.errors().size() == 1U, e.err);
  }
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(lists_that_ignore_their_filters) {
  site s(level::rare);
  const auto others = s.of_others();
  // Without Heat, which shows an administrator the stacks of all anyway.
  for (const char* path : k_lists) s.fault("ignore_filter", "", "GET", path);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

/// Nova's list of key pairs names no owner; each is read, for its user, before it is deleted.
BOOST_AUTO_TEST_CASE(a_key_pair_list_that_ignores_its_filter) {
  site s;
  const auto others = s.of_others();
  s.fault("ignore_filter", "compute", "GET", "/os-keypairs");
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("said it was gone and still lists it"), e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(lists_that_hold_what_is_not_ours) {
  site s(level::rare);
  const auto others = s.of_others();
  const auto& t = s.theirs;
  const std::pair<const char*, std::pair<const char*, std::string>> planted[] = {
      {"/servers/detail", {"server", t.servers[0]}},
      {"/v2.0/networks", {"network", t.network}},
      {"/v2.0/subnets", {"subnet", t.subnet}},
      {"/v2.0/routers", {"router", t.router}},
      {"/v2.0/ports", {"port", t.port}},
      {"/v2.0/floatingips", {"floatingip", t.floating_ip}},
      {"/v2.0/security-groups", {"security_group", t.security_group}},
      {"/volumes/detail", {"volume", t.volume}},
      {"/v2/images", {"image", t.private_image}},
      {"loadbalancers", {"loadbalancer", t.load_balancer}},
      {"/zones", {"zone", t.zone}}};
  for (const auto& [path, what] : planted) {
    auto object = s.it.object(what.first, what.second).as_object();
    object["os-vol-tenant-attr:tenant_id"] = t.project_id;  // where Cinder says it
    slip_in(s, "", path, std::move(object));
  }
  // Later ones are lists of what a stack holds.
  slip_in(s, "", "/stacks", s.it.object("stack", t.stack).as_object(), 1);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(an_object_without_an_owner_is_nobodys) {
  site s;
  const auto others = s.of_others();
  auto bare = [&](const char* kind, const std::string& id) {
    auto o = s.it.object(kind, id).as_object();
    for (const char* field : {"project_id", "tenant_id", "owner"}) o.erase(field);
    return o;
  };
  slip_in(s, "compute", "/servers/detail", bare("server", s.theirs.servers[0]), 1);
  slip_in(s, "network", "/v2.0/networks", bare("network", s.theirs.network), 1);
  slip_in(s, "image", "/v2/images", bare("image", s.theirs.private_image), 1);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_list_that_never_says_whose_is_a_failure) {
  site s;
  const auto before = s.it.snapshot();
  auto bare = s.it.object("network", s.theirs.network).as_object();
  for (const char* field : {"project_id", "tenant_id"}) bare.erase(field);
  slip_in(s, "load-balancer", "loadbalancers", bare);
  const auto e = s.remove();
  BOOST_TEST(e.code == 1, e.err);
  check_one_error(e, "without saying whose");
  check_same(before, s.it.snapshot());
}

BOOST_AUTO_TEST_CASE(the_administrators_own_keypair_stays) {
  site s;
  // Named as the user's own: names are unique for one user only.
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  const json::object same{{"name", s.mine.keypair}};
  const auto made = admin.post("/compute/v2.1/os-keypairs", json::object{{"keypair", same}});
  BOOST_TEST(made.status == 200, made.body);
  s.it.grant(s.theirs.user_id, s.mine.project_id, "member");  // whose guest has one, too
  const auto others = s.of_others();
  for (const auto& [user, name] : {std::pair{s.id_of("user", "admin"), s.mine.keypair},
                                   std::pair{s.theirs.user_id, s.theirs.keypair}})
    BOOST_TEST(others.count(fmt::format("keypair/{}/{}", user, name)) == 1U, name);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(a_project_somebody_else_works_in_is_refused) {
  site s;
  s.it.grant(s.theirs.user_id, s.mine.project_id, "member");
  const auto before = s.it.snapshot();
  const auto e = s.run({"delete", "--user", s.mine.name, "--yes"});
  BOOST_TEST(e.code == 5, e.err);
  check_one_error(e, "neighbour");
  check_untouched(s, before);
}

BOOST_AUTO_TEST_CASE(a_user_whose_trial_is_not_over_is_left_alone) {
  site s;
  s.it.change("user", s.mine.user_id, {{"trial_duration", 1000000}});
  const auto before = s.it.snapshot();
  const auto e = s.run({"delete", "--user", s.mine.name, "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("left alone: trial-01"), e.err);
  check_untouched(s, before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
