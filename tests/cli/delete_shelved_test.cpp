// A server that somebody of another project has put on the shelf: the image it comes back from is
// theirs.
#include <boost/test/unit_test.hpp>

#include "tests/cli/reset_support.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_shelved)

namespace {

bool is_there(const site& s, const char* kind, const std::string& id) {
  return !s.it.object(kind, id).is_null();
}

/// As an administrator does it without a role in the project; the image.
std::string shelve_from_home(site& s, const std::string& server) {
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  const auto done =
      admin.post("/compute/v2.1/servers/" + server + "/action", json::object{{"shelve", nullptr}});
  BOOST_REQUIRE_EQUAL(done.status, 202);
  s.it.settle();
  return text(s.it.object("server", server), "_shelved_image");
}

}  // namespace

/// Nova made it in the name of the administrator, and would delete it in his name as well.
BOOST_AUTO_TEST_CASE(an_image_of_the_administrators_keeps_its_shelved_server) {
  for (const char* name : {"", "golden"}) {
    site s;
    const auto server = s.mine.servers[0];
    const auto image = shelve_from_home(s, server);
    BOOST_TEST(text(s.it.object("image", image), "owner") == s.id_of("project", "admin"));
    if (*name) {
      s.it.change("image", image, {{"name", name}, {"os_hidden", true}});
      const json::object decoy{{"name", "x-shelved"}, {"instance_uuid", server}};
      s.it.change("image", s.mine.private_image, decoy);
    }
    const auto others = s.of_others();
    const auto e = s.remove();
    BOOST_TEST(e.code == 3, e.err);
    BOOST_TEST(is_there(s, "server", server));
    BOOST_TEST(!is_there(s, "server", s.mine.servers[1]));
    BOOST_TEST(is_there(s, "image", image));
    BOOST_TEST(e.says("its image " + image + " is of project"), e.err);
    s.check_others(others);
  }
}

/// To the tenant Glance refuses it, and Nova goes on.
BOOST_AUTO_TEST_CASE(a_tenant_deletes_a_server_that_an_administrator_has_shelved) {
  site s;
  const auto server = s.mine.servers[0];
  const auto image = shelve_from_home(s, server);
  const auto file = s.home.write("users.jsonl", credentials_of(s.mine));
  const auto e = s.run({"delete", "--credentials", file, "--yes"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!is_there(s, "server", server));
  BOOST_TEST(is_there(s, "image", image));
}

/// By default in the project's name, and then it is the project's and goes.
BOOST_AUTO_TEST_CASE(a_server_that_its_tenant_has_shelved_goes_with_its_image) {
  site s;
  const auto server = s.mine.servers[0];
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  BOOST_TEST(
      user.post("/compute/v2.1/servers/" + server + "/action", json::object{{"shelve", nullptr}})
          .status == 202);
  s.it.settle();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
