#include "services/identity.hpp"

#include "tests/unit/support/keystone_model.hpp"
#include "tests/unit/support/loop.hpp"

namespace services_identity {

using namespace ostclean;
using namespace ostclean::services;

namespace {

/// Whatever is asked, a list of projects.
class only_projects : public http::transport {
 public:
  http::asio::awaitable<result<http::response>> send(http::request) override {
    http::response made(200);
    made.body = R"({"projects":[{"id":"a"}],"links":{"next":null}})";
    co_return made;
  }
};

class cloud : public testing::loop_fixture {
 public:
  cloud() {
    keystone.add("domains", R"({"id":"d1","name":"One"})");
    keystone.add("domains", R"({"id":"d2","name":"Two"})");
    keystone.add("projects", R"({"id":"p1","name":"lab","domain_id":"d1"})");
    keystone.add("projects", R"({"id":"p2","name":"lab","domain_id":"d2"})");
    keystone.add("projects", R"({"id":"p3","name":"p1","domain_id":"d2","enabled":false})");
    keystone.add("users", R"({"id":"u1","name":"ann","domain_id":"d1"})");
    keystone.add("users", R"({"id":"u2","name":"ann","domain_id":"d2"})");
    keystone.add("users", R"({"id":"u3","name":"a/b ü","domain_id":"d2"})");
    keystone.add_role("trial");
  }
  std::string project_of(const std::string& name, const std::string& domain = "") {
    const auto found = run(from.find_project(name, domain));
    if (!found) BOOST_TEST((found.error().code == errc::config));
    return found ? found->id : found.error().line();
  }
  testing::keystone_model keystone;
  identity from{keystone, testing::keystone_model::base};
};

}  // namespace

}  // namespace services_identity

BOOST_FIXTURE_TEST_SUITE(services_identity, cloud)

BOOST_AUTO_TEST_CASE(an_id_goes_before_a_name) {
  BOOST_TEST(project_of("p1") == "p1");
  BOOST_TEST(project_of("p3") == "p3");
}

BOOST_AUTO_TEST_CASE(a_name_is_looked_for_in_one_domain_or_in_all) {
  BOOST_TEST(project_of("lab", "Two") == "p2");
  BOOST_TEST(project_of("lab", "d1") == "p1");
  BOOST_TEST(project_of("lab") ==
             "2 projects are named lab: p1 (domain d1), p2 (domain d2); use an id");
  BOOST_TEST(project_of("lab", "Three") == "no domain named Three");
  BOOST_TEST(project_of("nosuch") == "no project named nosuch");
  BOOST_TEST(project_of("") == "no project named ");
}

BOOST_AUTO_TEST_CASE(users_by_name) {
  BOOST_TEST(run(from.find_user("ann", "One"))->id == "u1");
  BOOST_TEST(run(from.find_user("u2", ""))->name == "ann");
  BOOST_TEST(run(from.find_user("a/b ü", ""))->id == "u3");
  const auto two = run(from.find_user("ann", ""));
  BOOST_REQUIRE(!two);
  BOOST_TEST(two.error().line().starts_with("2 users are named ann: u1 (domain d1)"));
}

BOOST_AUTO_TEST_CASE(a_list_must_be_one) {
  only_projects odd;
  identity wrong(odd, "http://k/v3");
  const auto users = run(wrong.users(""));
  BOOST_REQUIRE(!users);
  BOOST_TEST((users.error().code == errc::protocol));
}

BOOST_AUTO_TEST_CASE(every_release_gives_its_lists_whole) {
  for (int i = 0; i < 25; ++i) keystone.add_user(std::to_string(1000 + i), "p1");
  for (int i = 0; i < 25; ++i) keystone.add_project(std::to_string(1000 + i));
  const auto all = [&](const std::string& which) {
    const auto users = run(from.users(""));
    const auto there = run(from.users("default"));
    const auto projects = run(from.projects_named("name-1024", ""));
    BOOST_TEST((users && users->size() == 28U), which << (users ? "" : users.error().line()));
    BOOST_TEST((there && there->size() == 25U), which << (there ? "" : there.error().line()));
    BOOST_TEST((projects && projects->size() == 1U), which);
  };
  all("no pages");
  keystone.pages = true, keystone.most = 10;
  all("pages");
  keystone.list_limit = 5;
  all("pages and a list_limit");
  keystone.list_limit = 0, keystone.directory = true;
  all("a directory that knows no markers");
}

BOOST_AUTO_TEST_CASE(a_full_page_is_not_the_end_and_costs_one_request) {
  for (int i = 0; i < 997; ++i) keystone.add_user(std::to_string(1000 + i), "p1");
  BOOST_TEST(run(from.users(""))->size() == 1000U);
  BOOST_TEST(keystone.count("/users") == 2U);
  keystone.add_user("2000", "p1");
  keystone.asked.clear();
  BOOST_TEST(run(from.users(""))->size() == 1001U);
  BOOST_TEST(keystone.count("/users") == 1U);
}

BOOST_AUTO_TEST_CASE(a_list_with_no_way_to_its_rest_is_an_error_unless_asked_about) {
  keystone.list_limit = 2;
  const auto all = run(from.users(""));
  BOOST_REQUIRE(!all);
  BOOST_TEST(all.error().line() ==
             "Keystone cuts the list of users short; its list_limit is lower than their number");
  bool cut = false;
  BOOST_TEST(run(from.users("", &cut))->size() == 2U);
  BOOST_TEST(cut);
}

BOOST_AUTO_TEST_CASE(what_a_user_is) {
  const user one(boost::json::parse(
      R"({"id":"u","name":"n","email":null,"enabled":false,"default_project_id":"d",
          "cloud_project_id":"c","trial_started_at":"2026-10-01"})"));
  BOOST_TEST(one.own_project() == "c");
  BOOST_TEST(one.email.empty());
  BOOST_TEST(!one.enabled);
  BOOST_TEST(one.attributes.at("trial_started_at").as_string() == "2026-10-01");
  const user other(boost::json::parse(R"({"id":"u","default_project_id":"d"})"));
  BOOST_TEST(other.own_project() == "d");
  BOOST_TEST(other.enabled);
}

BOOST_AUTO_TEST_CASE(roles_of_a_token) {
  keystone.tokens["secret"].push_back(boost::json::parse(R"({"id":"r","name":"trial"})"));
  const auto roles = run(from.roles_of_token("secret"));
  BOOST_REQUIRE(roles);
  BOOST_TEST(roles->at(0).id == "r");
  BOOST_TEST(roles->at(0).name == "trial");
  BOOST_TEST(keystone.asked.back() == "/auth/tokens?nocatalog");
}

BOOST_AUTO_TEST_SUITE_END()
