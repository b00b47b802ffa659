// Rule 1: nobody else's. Lists that lie.
#include "services/ownership.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(services_ownership)

using namespace ostclean;
using namespace ostclean::services;

namespace {

class look {
 public:
  look(bool other, bool scoped) : session_(who_, nowhere_, nullptr), where(session_, "mine", "r1") {
    where.home = !other;
    where.scoped = scoped;
    where.keypair_users = {"u1"};
  }

  std::optional<item> at(std::string_view kind, const std::string& data,
                         const std::string& base = "https://c/v1/AUTH_mine") {
    return make_item(where, *find_kind(kind), base, boost::json::parse(data));
  }

 private:
  class silent : public http::transport {
    http::asio::awaitable<result<http::response>> send(http::request) override {
      co_return error{};
    }
  };
  auth::settings who_;
  silent nowhere_;
  auth::session session_;

 public:
  place where;
};

}  // namespace

BOOST_AUTO_TEST_CASE(another_projects_object_in_the_list_is_not_seen) {
  look as{true, true};
  BOOST_TEST(!as.at("network", R"({"id":"n","project_id":"theirs"})"));
  BOOST_TEST(!as.at("server", R"({"id":"s","tenant_id":"theirs"})"));
  BOOST_TEST(!as.at("image", R"({"id":"i","owner":"theirs"})"));
  BOOST_TEST(!as.at("stack", R"({"id":"st","project":"theirs","stack_name":"a"})"));
  BOOST_TEST(as.at("network", R"({"id":"n","project_id":"mine"})").has_value());
}

BOOST_AUTO_TEST_CASE(an_object_without_its_owner_is_nobodys) {
  look as{false, true};
  for (const auto* kind :
       {"server", "volume", "network", "port", "image", "zone", "load_balancer", "snapshot"})
    BOOST_TEST(!as.at(kind, R"({"id":"x"})"), kind);
  BOOST_TEST(!as.at("network", R"({"id":"n","project_id":null})"));
  BOOST_TEST(!as.at("network", R"({"id":"n","project_id":["mine"]})"));
}

BOOST_AUTO_TEST_CASE(a_stack_is_known_by_its_own_link) {
  look as{false, true};
  auto mine = as.at(
      "stack", R"({"id":"1","stack_name":"a","links":[{"href":"http://h/v1/mine/stacks/a/1"}]})");
  BOOST_TEST(mine.has_value());
  BOOST_TEST(
      !as.at("stack",
             R"({"id":"1","stack_name":"a","links":[{"href":"http://h/v1/theirs/stacks/a/1"}]})"));
  BOOST_TEST(!as.at("stack", R"({"id":"1","stack_name":"a"})"));
}

BOOST_AUTO_TEST_CASE(an_administrators_token_proves_nothing_about_backups) {
  const auto* backup = R"({"id":"b","volume_id":"v"})";
  BOOST_TEST((look{false, true}.at("backup", backup).has_value()));
  BOOST_TEST((!look{true, true}.at("backup", backup)));
  BOOST_TEST((!look{true, false}.at("backup", backup)));
  BOOST_TEST((look{true, true}
                  .at("backup", R"({"id":"b","os-backup-project-attr:project_id":"mine"})")
                  .has_value()));
}

BOOST_AUTO_TEST_CASE(secrets_are_only_seen_with_a_token_of_the_project) {
  const auto* secret = R"({"secret_ref":"https://c/v1/secrets/5"})";
  auto one = look{true, true}.at("secret", secret);
  BOOST_REQUIRE(one);
  BOOST_TEST(one->id == "5");
  BOOST_TEST((!look{true, false}.at("secret", secret)));
}

BOOST_AUTO_TEST_CASE(a_container_is_owned_by_its_account) {
  look as{true, true};
  BOOST_TEST(as.at("container", R"({"name":"box"})").has_value());
  BOOST_TEST(!as.at("container", R"({"name":"box"})", "https://c/v1/AUTH_theirs"));
}

BOOST_AUTO_TEST_CASE(key_pairs_are_the_users) {
  look as{true, true};
  BOOST_TEST(!as.at("keypair", R"({"name":"k","user_id":"guest"})"));
  BOOST_TEST(as.at("keypair", R"({"name":"k","user_id":"u1"})").has_value());
}

BOOST_AUTO_TEST_CASE(the_default_security_group_is_nobodys_to_delete) {
  look as{true, true};
  BOOST_TEST(!as.at("security_group", R"({"id":"g","project_id":"mine","name":"default"})"));
  BOOST_TEST(as.at("security_group", R"({"id":"g","project_id":"mine","name":"web"})").has_value());
}

BOOST_AUTO_TEST_CASE(a_child_without_its_owned_parent_is_dropped) {
  inventory found;
  item volume{*find_kind("volume"), "v1"};
  item transfer{*find_kind("volume_transfer"), "t1"}, stray{*find_kind("volume_transfer"), "t2"};
  transfer.data = boost::json::parse(R"({"volume_id":"v1"})");
  stray.data = boost::json::parse(R"({"volume_id":"theirs"})");
  found.items = {volume, transfer, stray};
  prove_parents(found);
  BOOST_TEST(found.items.size() == 2U);
  BOOST_TEST(found.items.back().id == "t1");
}

BOOST_AUTO_TEST_CASE(garbage_is_no_object) {
  look as{true, true};
  for (const auto* data : {"null", "[]", "3", R"("x")", "{}", R"({"id":null,"project_id":"mine"})"})
    BOOST_TEST(!as.at("network", data), data);
}

BOOST_AUTO_TEST_SUITE_END()
