// What a plain list leaves out: servers that Nova has set aside, stacks that Heat hides, community
// images of projects that are not the caller's.
#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_hidden)

namespace {

sandbox::options setting_aside() {
  sandbox::options o;
  o.soft_delete = true;
  return o;
}

void set_aside(site& s, const std::string& server) {
  s.it.change("server", server,
              {{"status", "SOFT_DELETED"},
               {"OS-EXT-STS:vm_state", "soft-delete"},
               {"OS-EXT-STS:task_state", nullptr}});
}

std::string reason_for(const ending& e, const std::string& id) {
  const auto all = e.data();
  for (const auto& project : all.at("projects").as_array())
    for (const auto& one : project.at("failed").as_array())
      if (text(one, "id") == id) return text(one, "reason");
  return "not among what is left";
}

}  // namespace

/// The owner of a network may call its ports so.
BOOST_AUTO_TEST_CASE(a_port_that_passes_for_neutrons_own_goes_too) {
  site s;
  s.it.change("port", s.mine.port, {{"device_owner", "network:fabric"}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_server_that_was_set_aside_before_is_found_and_told) {
  site s;
  const auto others = s.of_others();
  set_aside(s, s.mine.servers[0]);
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(reason_for(e, s.mine.servers[0]).find("--force deletes it now") != std::string::npos,
             e.out);
  BOOST_TEST(!e.says("is not one of the project's"), e.err);
  s.check_others(others);
  const auto forced = s.remove({"--force"});
  BOOST_TEST(forced.code == 0, forced.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(servers_set_aside_that_are_not_shown_are_not_looked_at) {
  site s;
  s.fail("compute", "GET", "SOFT_DELETED", 403);
  const auto e = s.remove({"--strict"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("not looked at in RegionOne: compute (server): those that are set aside"),
             e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_server_that_the_run_sets_aside_is_left_unless_forced) {
  site s(sandbox::level::plain, setting_aside());
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("reclaim_instance_interval"), e.err);
  const auto forced = s.remove({"--force"});
  BOOST_TEST(forced.code == 0, forced.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_stack_that_heat_hides_is_found) {
  site s(sandbox::level::extra);
  s.it.change("stack", s.mine.stack, {{"tags", json::array{"data-processing-cluster"}}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  BOOST_TEST(s.it.object("stack", s.mine.stack).is_null());
}

BOOST_AUTO_TEST_CASE(an_administrator_finds_community_images_without_a_role_in_the_project) {
  for (const bool hidden : {false, true}) {
    site s;
    s.it.change("image", s.mine.shared_image, {{"visibility", "community"}, {"os_hidden", hidden}});
    const auto dry = s.run({"delete", "--project", s.mine.name, "-n", "-f", "json"});
    BOOST_TEST(dry.code == 0, dry.err);
    BOOST_TEST(dry.out.find(s.mine.shared_image) != std::string::npos, dry.out);
    const auto e = s.remove();
    BOOST_TEST(e.code == 0, e.err);
    s.check_empty();
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
