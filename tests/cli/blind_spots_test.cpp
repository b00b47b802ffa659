// Where a service answers 200 and leaves something out: cells that are down, an API without
// microversions, a token that is for no project, a catalog from yesterday.
#include <fmt/core.h>

#include <boost/test/unit_test.hpp>

#include "tests/cli/changing_commands.hpp"
#include "tests/cli/meanwhile.hpp"
#include "tests/cli/reset_support.hpp"
#include "tests/sandbox/client.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_blind_spots)

namespace {

/// A cloud as it was before `prefix` was registered.
void hide(site& s, const std::string& prefix) {
  s.it.arrange([&](sandbox::world& w) {
    w.opts.services.clear();
    for (const auto& one : sandbox::services())
      if (one.prefix != prefix) w.opts.services.emplace_back(one.prefix);
  });
}

void show_all(site& s) {
  s.it.arrange([](sandbox::world& w) { w.opts.services.clear(); });
}

/// The image of ours that a neighbour's server runs from, and that server in a cell that is down.
std::string far_server(site& s, const std::string& image) {
  auto id = s.theirs.servers.front();
  s.it.change("server", id, {{"_image", image}, {"_cell_down", true}});
  return id;
}

manner unscoped(const site& s, const std::string& scope) {
  manner how;
  how.environment["OS_CLOUD"] = "here";
  how.environment["OS_CLIENT_CONFIG_FILE"] =
      s.home.write("own.yaml", fmt::format("clouds:\n  here:\n    auth:\n      auth_url: {}\n"
                                           "      username: admin\n      password: {}\n"
                                           "      user_domain_id: default\n{}    cacert: {}\n",
                                           s.it.auth_url(), sandbox::cloud::admin_password(), scope,
                                           s.home.path("ca.pem")));
  return how;
}

/// Before anything is changed; a login brings a catalog too.
void check_catalog_came_first(const site& s) {
  bool fresh = false;
  for (const auto& one : s.it.requests()) {
    const bool login = one.method == "POST" && one.path.ends_with("/auth/tokens");
    fresh = fresh || login || one.path.ends_with("/auth/catalog");
    const bool reads = one.method == "GET" || one.method == "HEAD" || login;
    BOOST_TEST((reads || fresh), one.method << " " << one.path << " by an old catalog");
  }
  BOOST_TEST(fresh, "the catalog is an old one");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_cell_that_is_down_is_no_proof_that_an_image_is_free) {
  site s;
  far_server(s, s.mine.shared_image);
  const auto first = s.it.snapshot();
  for (const words& args : {words{"images", "--project", s.mine.name},
                            words{"stop", "--project", s.mine.name, "--yes"}}) {
    const auto e = s.run(args);
    BOOST_TEST(e.code == 1, args[0] << e.err);
    check_one_error(e, "a cell of Nova is down in RegionOne");
    BOOST_TEST(e.says("far-1"), e.err);
    check_same(first, s.it.snapshot());
  }
  s.it.change("image", s.mine.shared_image,
              {{"orphan_image", "True"}, {"orphan_image_id", s.mine.shared_image}});
  const auto before = s.it.snapshot();
  const auto e = s.run({"purge", "--yes"});
  BOOST_TEST(e.code == 1, e.err);
  check_one_error(e, "a cell of Nova is down");
  check_same(before, s.it.snapshot());
}

/// Neither is it stopped nor is it known by name, so the others are not stopped either.
BOOST_AUTO_TEST_CASE(a_cell_that_is_down_may_hold_a_server_that_is_to_stop) {
  for (const bool as_user : {false, true}) {
    site s;
    for (const auto& image : {s.mine.private_image, s.mine.shared_image})
      s.it.arrange([&](sandbox::world& w) { w.of("image").erase(image); });
    s.it.change("server", s.mine.servers.front(), {{"_cell_down", true}});
    words args{"stop", "--project", s.mine.name, "--yes"};
    if (as_user)
      args = {"stop", "--credentials", s.home.write("users.jsonl", credentials_of(s.mine)),
              "--yes"};
    const auto before = s.it.snapshot();
    const auto e = s.run(args);
    BOOST_TEST(e.code == 1, e.err);
    check_one_error(e, "a cell of Nova is down in RegionOne");
    check_same(before, s.it.snapshot());
  }
}

/// A server that is in no list any more.
BOOST_AUTO_TEST_CASE(a_cell_that_goes_down_meanwhile_is_no_server_that_is_gone) {
  site s;
  const auto& server = s.mine.servers.front();
  s.fault("hold", "compute", "POST", "/servers/" + server + "/action");
  const auto e = run_while(s, {"stop", "--project", s.mine.name, "--yes", "-f", "json"}, [&] {
    s.it.change("server", server, {{"status", "ACTIVE"}, {"_cell_down", true}});
  });
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.out.find("cannot see what became of it") != std::string::npos, e.out);
}

/// It may be protected, and what it stands on with it.
BOOST_AUTO_TEST_CASE(a_cell_that_is_down_may_hold_a_server_of_the_project) {
  for (const bool as_user : {false, true}) {
    site s;
    s.it.change("server", s.mine.servers.front(), {{"_cell_down", true}, {"locked", true}});
    const auto before = s.it.snapshot();
    if (as_user) s.who = s.mine.name;
    const auto e = s.run(as_user ? words{"delete", "--auth-project", "--yes"}
                                 : words{"delete", "--project", s.mine.name, "--yes"});
    BOOST_TEST(e.code == 1, e.err);
    check_one_error(e, "a cell of Nova is down in RegionOne");
    check_same(before, s.it.snapshot());
  }
}

BOOST_AUTO_TEST_CASE(a_nova_without_microversions_lists_nothing) {
  site s;
  s.it.change("server", s.mine.servers.front(), {{"locked", true}});
  const auto before = s.it.snapshot();
  const auto e = s.remove({"--os-compute-endpoint-override", s.it.url() + "/compute/v2"});
  BOOST_TEST(e.code == 1, e.err);
  BOOST_TEST(e.says("not answer in the version that was asked for, compute 2."), e.err);
  BOOST_TEST(e.says("/v2.1"), e.err);
  check_same(before, s.it.snapshot());
}

BOOST_AUTO_TEST_CASE(a_token_of_the_system_sees_no_resources) {
  site s;
  const auto how = unscoped(s, "      system_scope: all\n");
  const auto before = s.it.snapshot();
  for (const words& args :
       {words{"delete", "--project", s.mine.name, "--yes"},
        words{"delete", "--project", s.mine.name, "-n"}, words{"purge", "--yes"},
        words{"purge", "-n"}, words{"images", "--project", s.mine.name},
        words{"stop", "--project", s.mine.name, "-y"}}) {
    const auto e = s.run(args, how);
    BOOST_TEST(e.code == 4, args[0] << e.err);
    check_one_error(e, "the token is for the system");
    BOOST_TEST(e.says("--os-project-name"), e.err);
  }
  BOOST_TEST(s.changes().empty());
  check_same(before, s.it.snapshot());
  const auto users = s.run({"users", "-f", "json"}, how);
  BOOST_TEST(users.code == 0, users.err);
}

BOOST_AUTO_TEST_CASE(a_service_registered_since_the_last_run_is_emptied_too) {
  site s(sandbox::level::extra);
  s.who = s.mine.name;
  hide(s, "dns");
  BOOST_TEST(s.run({"auth"}).code == 0);
  show_all(s);
  const auto e = s.run({"delete", "--auth-project", "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  BOOST_TEST(s.count("POST", "identity", "/v3/auth/tokens") == 1U);
}

BOOST_AUTO_TEST_CASE(no_changing_command_believes_a_catalog_that_was_kept) {
  for (const auto& one : changing_commands()) {
    BOOST_TEST_CONTEXT(one.name) {
      busy_site s;
      one.before(s);
      BOOST_TEST(s.run({"auth"}).code == 0);
      s.it.clear_requests();
      auto args = one.args(s);
      if (!one.asks.empty()) args.emplace_back("--yes");
      const auto e = s.run(args);
      BOOST_TEST(e.code == 0, e.err);
      check_catalog_came_first(s);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_service_that_is_missed_is_looked_for_again) {
  site s;
  s.who = s.mine.name;
  hide(s, "vmexpire");
  BOOST_TEST(s.run({"vmexpire", "list"}).code == 1);
  show_all(s);
  const auto e = s.run({"vmexpire", "list"});
  BOOST_TEST(e.code == 0, e.err);
  s.it.clear_requests();
  BOOST_TEST(s.run({"vmexpire", "list"}).code == 0);
  BOOST_TEST(s.count("GET", "identity") == 0U);  // the new catalog was kept
}

BOOST_AUTO_TEST_CASE(a_catalog_that_does_not_come_is_not_an_old_one) {
  site s;
  s.who = s.mine.name;
  BOOST_TEST(s.run({"auth"}).code == 0);
  s.it.clear_requests();
  s.fail("identity", "GET", "/auth/catalog", 500);
  const auto e = s.run({"delete", "--auth-project", "--yes"});
  BOOST_TEST(e.code == 1, e.err);
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(a_kept_token_that_ended_is_replaced_with_its_catalog) {
  site s;
  s.who = s.mine.name;
  BOOST_TEST(s.run({"auth"}).code == 0);
  s.it.expire_tokens();
  const auto e = s.run({"delete", "--auth-project", "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
