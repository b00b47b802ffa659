// Lists that do not come, or that a gateway in trouble denies: what they would have shown still
// protects what it stands on.
#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_unseen)

namespace {

using sandbox::level;

const json::object k_keep{{"tags", json::array{"ostclean:keep"}}};

void check_there(const site& s, const char* kind, const std::string& id) {
  BOOST_TEST(!s.it.object(kind, id).is_null(), kind << " " << id << " is gone");
}

/// The first `times` answers to a list are a gateway's 404.
void deny(site& s, const char* service, const char* path, std::uint64_t times) {
  for (std::uint64_t nth = 1; nth <= times; ++nth) {
    sandbox::fault f;
    f.service = service, f.method = "GET", f.path = path, f.nth = nth;
    f.status = 404, f.body = "<html>no such page</html>";
    s.it.add_fault(std::move(f));
  }
}

std::size_t legs(const site& s) {
  const auto all = s.it.inventory(s.mine.project_id);
  std::size_t n = 0;
  for (const auto& id : all.at("port"))
    n += text(s.it.object("port", id), "device_owner") == "network:router_interface" ? 1U : 0U;
  return n;
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_404_does_not_hide_a_tagged_router) {
  site s;
  s.it.change("router", s.mine.router, k_keep);
  deny(s, "network", "/v2.0/routers?", 1);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(legs(s) == 1U);
  check_there(s, "subnet", s.mine.subnet);
  check_there(s, "network", s.mine.network);
}

BOOST_AUTO_TEST_CASE(a_router_that_is_not_listed_keeps_its_legs) {
  site s;
  s.it.change("router", s.mine.router, k_keep);
  deny(s, "network", "/v2.0/routers?", 2);
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("which is the project's and was not listed"), e.err);
  BOOST_TEST(legs(s) == 1U);
  check_there(s, "subnet", s.mine.subnet);
}

BOOST_AUTO_TEST_CASE(what_is_offered_only_at_the_end_is_said) {
  site s(level::rare);
  s.it.change("subnetpool", s.mine.rare.at("subnetpool"), k_keep);
  deny(s, "network", "/v2.0/subnetpools?", 2);
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("did not offer subnet_pool at first"), e.err);
  check_there(s, "subnetpool", s.mine.rare.at("subnetpool"));
}

BOOST_AUTO_TEST_CASE(a_server_keeps_the_volumes_that_are_skipped_and_not_listed) {
  site s(level::rare);
  const auto& server = s.mine.servers[0];
  const auto& volume = s.mine.rare.at("attached_volume");
  s.it.change("server", server, {{"_delete_on_termination", json::array{json::value(volume)}}});
  s.fail("volume", "GET", "/volumes/detail", 500);
  const auto e = s.remove({"--only", "server", "--skip", "volume"});
  BOOST_TEST(e.code == 0, e.err);
  check_there(s, "server", server);
  check_there(s, "volume", volume);
  BOOST_TEST(s.it.object("server", s.mine.servers[1]).is_null());
  BOOST_TEST(e.out.find("needed by volume " + volume) != std::string::npos, e.out);
}

BOOST_AUTO_TEST_CASE(what_a_skipped_volume_may_need_is_left) {
  site s(level::extra);
  s.fail("volume", "GET", "/volumes/detail", 500);
  const auto e = s.remove({"--skip", "volume"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("a volume may need it"), e.err);
  check_there(s, "secret", s.mine.secret);
  BOOST_TEST(s.it.object("server", s.mine.servers[0]).is_null());
}

BOOST_AUTO_TEST_CASE(what_deletes_its_ports_stays_when_they_are_skipped_and_not_listed) {
  site s(level::extra);
  s.fail("network", "GET", "/v2.0/ports?project_id", 500);
  const auto e = s.remove({"--skip", "port"});
  BOOST_TEST(e.code == 3, e.err);
  check_there(s, "server", s.mine.servers[0]);
  check_there(s, "loadbalancer", s.mine.load_balancer);
  check_there(s, "floatingip", s.mine.floating_ip);
  check_there(s, "port", s.mine.port);
}

BOOST_AUTO_TEST_CASE(a_stack_keeps_what_is_skipped_and_not_listed) {
  for (const bool as_user : {false, true}) {
    site s(level::extra);
    s.fail("network", "GET", "/v2.0/networks?", 500);
    if (as_user) s.who = s.mine.name;
    words args{"delete", "--yes", "--skip", "network", "-f", "json", "--auth-project"};
    if (!as_user) args.back() = "--project=" + s.mine.name;
    const auto e = s.run(args);
    BOOST_TEST(e.code == 0, e.err);
    check_there(s, "stack", s.mine.stack);
    check_there(s, "network", s.mine.stack_network);
    check_there(s, "subnet", s.mine.subnet);
    BOOST_TEST(s.it.object("server", s.mine.servers[0]).is_null());
  }
}

BOOST_AUTO_TEST_CASE(without_the_list_of_stacks_nothing_goes) {
  for (const bool skipped : {false, true}) {
    site s(level::extra);
    s.fail("orchestration", "GET", "/stacks", 503);
    const auto e = s.remove(skipped ? words{"--skip", "stack"} : words{});
    BOOST_TEST(e.code == 1, e.err);
    BOOST_TEST(e.says("nothing was deleted; try again"), e.err);
    BOOST_TEST(!e.says("--skip stack"), e.err);
    BOOST_TEST(s.count("DELETE", "network") == 0U);
    check_there(s, "network", s.mine.stack_network);
  }
}

BOOST_AUTO_TEST_CASE(a_dry_run_without_a_role_does_without_the_list_of_stacks) {
  site s(level::extra);
  s.fail("orchestration", "GET", "/stacks", 403);
  const words args{"delete", "--project", s.mine.name, "--dry-run", "--skip", "stack"};
  const auto e = s.run(args);
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("stack not visible"), e.err);
}

BOOST_AUTO_TEST_CASE(a_stack_keeps_a_container_that_is_skipped_and_not_listed) {
  site s(level::extra);
  s.it.change("stack", s.mine.stack,
              {{"_resources", json::array{json::object{{"resource_name", "box"},
                                                       {"resource_type", "OS::Swift::Container"},
                                                       {"physical_resource_id", "box"}}}}});
  s.fail("object-store", "GET", "AUTH_", 503);
  const auto e = s.remove({"--skip", "container"});
  BOOST_TEST(e.code == 0, e.err);
  check_there(s, "stack", s.mine.stack);
  BOOST_TEST(s.it.object("server", s.mine.servers[0]).is_null());
}

BOOST_AUTO_TEST_CASE(what_skipped_policies_share_and_skipped_addresses_lead_to_is_left) {
  for (const bool as_user : {false, true}) {
    site s(level::rare);
    if (as_user) s.who = s.mine.name;
    s.fail("network", "GET", "/rbac-policies", 503);
    s.fail("network", "GET", "/v2.0/floatingips?project_id", 503);
    words args{"delete",      "--yes", "--skip", "rbac_policy",   "--skip",
               "floating_ip", "-f",    "json",   "--auth-project"};
    if (!as_user) args.back() = "--project=" + s.mine.name;
    const auto e = s.run(args);
    BOOST_TEST(e.code == 3, e.err);
    check_there(s, "network", s.mine.rare.at("network"));
    check_there(s, "rbac_policy", s.mine.rare.at("rbac_policy"));
    check_there(s, "port", s.mine.port);
    check_there(s, "floatingip", s.mine.rare.at("floating_ip"));
    BOOST_TEST(s.it.object("image", s.mine.private_image).is_null());
  }
}

BOOST_AUTO_TEST_CASE(a_network_keeps_the_subnets_that_are_skipped_and_not_listed) {
  site s;
  s.fail("network", "GET", "/v2.0/subnets?", 503);
  const auto e = s.remove({"--skip", "subnet"});
  BOOST_TEST(e.code == 0, e.err);
  check_there(s, "subnet", s.mine.subnet);
  check_there(s, "network", s.mine.network);
  BOOST_TEST(e.out.find("of another project") == std::string::npos, e.out);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
