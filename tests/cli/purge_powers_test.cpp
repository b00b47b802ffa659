// images and purge serve whoever is shown the servers and volumes of all projects, whatever the
// role is called, and refuse whoever is not.
#include <boost/test/unit_test.hpp>

#include "tests/cli/resting.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_purge_powers)

namespace {

sandbox::options called(const char* role) {
  sandbox::options o;
  o.admin_role = role;
  return o;
}

/// As `delete --keep-images` leaves it.
void mark(site& s) {
  s.it.change("image", s.mine.shared_image,
              {{"orphan_image", "True"}, {"orphan_image_id", s.mine.shared_image}});
}

bool is_there(const site& s) { return !s.it.object("image", s.mine.shared_image).is_null(); }

/// Somebody who is called as an administrator is in most clouds, and is none in this one.
manner with_the_name_alone(site& s) {
  s.it.put("role", "role-of-no-power", "",
           {{"id", "role-of-no-power"},
            {"name", "admin"},
            {"domain_id", nullptr},
            {"options", json::object{}}});
  s.it.grant(s.theirs.user_id, s.id_of("project", "admin"), "admin");
  manner how;
  how.environment = {{"OS_CLOUD", ""},
                     {"OS_AUTH_URL", s.it.auth_url()},
                     {"OS_USERNAME", s.theirs.name},
                     {"OS_PASSWORD", s.theirs.password},
                     {"OS_USER_DOMAIN_ID", "default"},
                     {"OS_PROJECT_NAME", "admin"},
                     {"OS_PROJECT_DOMAIN_ID", "default"},
                     {"OS_REGION_NAME", "RegionOne"},
                     {"OS_CACERT", s.home.path("ca.pem")}};
  return how;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_administrator_of_another_name_is_served) {
  for (const char* role : {"Admin", "cloud_admin"}) {
    resting s(called(role));
    s.borrow();
    const auto e = s.run({"images", "--project", s.mine.name, "-f", "json"});
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST((texts(e.data(), "id") == words{s.mine.shared_image}), e.out);
    mark(s);
    auto purged = s.run({"purge", "--yes"});
    BOOST_TEST(purged.code == 0, purged.err);
    BOOST_TEST(is_there(s));
    sandbox::client who(s.it, s.theirs.name, s.theirs.password, s.theirs.name);
    const auto all = s.it.inventory(s.theirs.project_id);
    for (const auto& server : all.at("server"))
      BOOST_TEST(who.del("/compute/v2.1/servers/" + server) == 204);
    s.it.settle();
    s.it.settle();
    purged = s.run({"purge", "--yes"});
    BOOST_TEST(purged.code == 0, purged.err);
    BOOST_TEST(!is_there(s));
  }
}

BOOST_AUTO_TEST_CASE(the_name_alone_is_no_power) {
  resting s(called("cloud_admin"));
  s.borrow();
  mark(s);
  const auto how = with_the_name_alone(s);
  s.it.clear_requests();
  for (const words& args : {words{"images", "--project", s.mine.name}, words{"purge", "--yes"},
                            words{"purge", "--dry-run"}}) {
    const auto e = s.run(args, how);
    BOOST_TEST(e.code == 4, args[0] << e.err);
    check_one_error(e, args[0] +
                           " needs an administrator: Nova does not list the servers of all "
                           "projects to this user");
    BOOST_TEST(e.says("get_all_tenants"), e.err);
  }
  BOOST_TEST(s.changes().empty());
}

/// Each service has a policy of its own, and Cinder shows others their own volumes without a word.
BOOST_AUTO_TEST_CASE(who_is_no_administrator_of_cinder_sees_too_little) {
  resting s;
  s.borrow();
  mark(s);
  s.fail("volume", "GET", "/os-services", 403);
  s.it.clear_requests();
  for (const words& args : {words{"images", "--project", s.mine.name}, words{"purge", "--yes"}}) {
    const auto e = s.run(args);
    BOOST_TEST(e.code == 4, args[0] << e.err);
    check_one_error(e, "cannot see whether Cinder lists the volumes of all projects");
    BOOST_TEST(e.says("context_is_admin"), e.err);
  }
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(the_policy_says_whose_tags_purge_heeds) {
  for (const auto& [whose, by_project, goes] :
       {std::tuple{"[resource]", false, false}, std::tuple{"[project]", false, true},
        std::tuple{"[project]", true, false}, std::tuple{"[resource]", true, true}}) {
    resting s;
    for (const auto& server : s.mine.servers)
      s.it.change("server", server, {{"_image", s.mine.private_image}});
    mark(s);
    if (by_project)
      s.it.change("project", s.mine.project_id, {{"tags", json::array{"ostclean:keep"}}});
    else
      s.it.change("image", s.mine.shared_image, {{"ostclean:keep", "1"}});
    const auto policy =
        s.home.write("policy.yaml", std::string{"tags_that_protect: "} + whose + "\n");
    const auto e = s.run({"--config", policy, "purge", "--yes"});
    BOOST_TEST(e.code == 0, whose << e.err);
    BOOST_TEST(is_there(s) != goes, whose << e.out);
  }
}

BOOST_AUTO_TEST_CASE(purge_needs_an_administrator) {
  resting s;
  mark(s);
  s.it.clear_requests();
  s.who = s.mine.name;
  const auto e = s.run({"--os-cloud", "admin", "--os-username", s.mine.name, "--os-password",
                        s.mine.password, "--os-project-name", s.mine.name, "purge", "--yes"});
  BOOST_TEST(e.code == 4, e.err);
  BOOST_TEST(is_there(s));
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
