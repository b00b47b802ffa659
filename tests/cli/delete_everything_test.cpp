// What is selected goes, whole, whoever acts and in however many regions; and nothing else does.
#include <fmt/core.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/cli/reset_support.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_everything)

namespace {

using sandbox::level;

/// No request carried the administrator's token.
void check_no_administrator(const site& s) {
  const std::string admin = s.id_of("user", "admin");
  for (const auto& r : s.it.requests())
    if (r.user == admin) BOOST_ERROR("as administrator: " << r.method << " " << r.path);
}

/// One more user of the target project, whose trial is over as well.
sandbox::seeded colleague(site& s) {
  sandbox::seeded second = s.mine;
  second.name = "colleague";
  second.user_id = s.it.add_user(
      second.name, {{"cloud_project_id", s.mine.project_id}, {"trial_started_at", "2020-01-01"}});
  s.it.grant(second.user_id, s.mine.project_id, "trial");
  return second;
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_servers_that_go_only_the_ids_are_asked_for) {
  site s;
  const auto others = s.of_others();
  BOOST_TEST(s.remove({"--os-region-name", "RegionOne"}).code == 0);
  BOOST_TEST(s.it.object("server", s.mine.servers[0]).is_null());
  s.check_others(others);
  const auto shown = s.count("GET", "compute", "/servers/detail");
  // At first, at the end and for the key pairs: each time the deleted ones too.
  BOOST_TEST(shown <= 6U);
  BOOST_TEST(s.count("GET", "compute", "/servers") > shown);
}

BOOST_AUTO_TEST_CASE(every_kind_goes_and_a_second_run_finds_nothing) {
  site s(level::rare);
  const auto others = s.of_others();
  const auto first = s.remove();
  BOOST_TEST(first.code == 0, first.err);
  BOOST_TEST(first.errors().empty(), first.err);
  s.check_empty();
  s.check_others(others);
  const auto summary = first.data().at("summary");
  BOOST_TEST(text(summary, "left") == "0");
  BOOST_TEST(summary.at("deleted").to_number<int>() > 30);
  s.it.clear_requests();
  const auto second = s.remove();
  BOOST_TEST(second.code == 0, second.err);
  BOOST_TEST(second.says("nothing to delete"), second.err);
  BOOST_TEST(s.count("DELETE", "compute") + s.count("DELETE", "network") +
                 s.count("DELETE", "volume") + s.count("DELETE", "image") ==
             0U);
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(the_user_itself_needs_no_administrator) {
  site s(level::extra);
  const auto others = s.of_others();
  const auto e = s.remove_as_user();
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
  check_no_administrator(s);
}

BOOST_AUTO_TEST_CASE(credentials_act_as_each_user) {
  site s(level::extra);
  const auto others = s.of_others();
  const auto file = s.home.write("credentials.jsonl", credentials_of(s.mine));
  const auto e = s.run({"delete", "--credentials", file, "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
  check_no_administrator(s);
}

BOOST_AUTO_TEST_CASE(two_users_of_a_project_tell_each_deletion_once) {
  site s;
  const auto second = colleague(s);
  const auto file =
      s.home.write("credentials.jsonl", credentials_of(s.mine) + credentials_of(second));
  const auto e = s.run({"delete", "--credentials", file, "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  std::multiset<std::string> told;
  const auto all = e.data();
  for (const auto& project : all.at("projects").as_array())
    for (const auto& id : texts(project.at("deleted"), "id")) told.insert(id);
  for (const auto& id : told) BOOST_TEST(told.count(id) == 1U, id);
  BOOST_TEST(told.contains(s.mine.network));
}

BOOST_AUTO_TEST_CASE(what_only_the_second_user_may_not_see_is_told_once) {
  site s(level::extra);
  const auto second = colleague(s);
  const auto file =
      s.home.write("credentials.jsonl", credentials_of(s.mine) + credentials_of(second));
  sandbox::fault f;
  f.service = "load-balancer", f.path = "/lbaas/loadbalancers", f.status = 403;
  f.user = second.user_id;
  s.it.add_fault(f);
  const auto e = s.run({"delete", "--credentials", file, "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!e.says("went meanwhile"), e.err);
  const auto all = e.data();
  for (const auto& project : all.at("projects").as_array())
    BOOST_TEST(project.at("went_meanwhile").as_array().empty(), project);
}

/// The server is deleted as the first user, its key pair as the second.
BOOST_AUTO_TEST_CASE(a_second_users_key_pair_goes_when_its_server_does_and_only_then) {
  for (const bool locked : {false, true}) {
    site s;
    const auto second = colleague(s);
    sandbox::client user(s.it, second.name, second.password, s.mine.name);
    user.post("/compute/v2.1/os-keypairs", {{"keypair", {{"name", "second"}}}});
    s.it.change("server", s.mine.servers[0],
                {{"user_id", second.user_id}, {"key_name", "second"}, {"locked", locked}});
    const auto file =
        s.home.write("credentials.jsonl", credentials_of(s.mine) + credentials_of(second));
    const auto e = s.run({"delete", "--credentials", file, "--yes", "-f", "json"});
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(s.it.object("server", s.mine.servers[0]).is_null() != locked);
    BOOST_TEST(s.it.inventory(second.user_id).contains("keypair") == locked);
  }
}

BOOST_AUTO_TEST_CASE(credentials_open_to_others_are_refused) {
  for (const int mode : {0640, 0604, 0660, 0700}) {
    site s;
    const auto file = s.home.write("credentials.jsonl", credentials_of(s.mine), mode);
    const auto e = s.run({"delete", "--credentials", file, "--yes"});
    BOOST_TEST(e.code == 2, mode << ": " << e.err);
    check_one_error(e, "credentials.jsonl");
    BOOST_TEST(s.changes().empty());
  }
}

BOOST_AUTO_TEST_CASE(a_neighbour_in_the_credentials_is_judged_and_left_alone) {
  site s;
  const auto others = s.of_others();
  const auto file =
      s.home.write("credentials.jsonl", credentials_of(s.mine) + credentials_of(s.theirs));
  const auto e = s.run({"delete", "--credentials", file, "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("left alone: neighbour"), e.err);
  s.check_empty();
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(trusts_act_as_each_user) {
  site s(level::extra);
  const auto others = s.of_others();
  const std::string admin = s.id_of("user", "admin"), trust = s.trust_for(admin);
  s.it.clear_requests();
  const json::object line{{"trust_id", trust},
                          {"user_id", s.mine.user_id},
                          {"user_name", s.mine.name},
                          {"project_id", s.mine.project_id}};
  const auto file = s.home.write("trusts.jsonl", json::serialize(line) + "\n");
  const auto e = s.run({"delete", "--trusts", file, "--yes", "-f", "json"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
  for (const auto& r : s.it.requests())
    if (!r.project.empty()) BOOST_TEST(r.project == s.mine.project_id, r.method << " " << r.path);
}

BOOST_AUTO_TEST_CASE(three_projects_at_once) {
  site s;
  words args{"delete", "--yes", "-f", "json", "--project", s.mine.name};
  std::vector<sandbox::seeded> more;
  for (int i = 2; i <= 3; ++i) {
    more.push_back(s.it.seed_project(fmt::format("trial-0{}", i)));
    args.insert(args.end(), {"--project", more.back().name});
  }
  const auto e = s.run(args);
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.data().at("projects").as_array().size() == 3U);
  s.check_empty();
  for (const auto& one : more) {
    const auto left = s.it.inventory(one.project_id);
    for (const char* kind : {"server", "network", "volume", "image", "container", "port"})
      BOOST_TEST(left.count(kind) == 0U, one.name << ": " << kind);
  }
  BOOST_TEST(s.it.inventory(s.theirs.project_id).at("server").size() == 2U);
}

BOOST_AUTO_TEST_CASE(regions_that_share_endpoints_are_cleaned_once) {
  site s(level::extra, two_regions());
  const auto others = s.of_others();
  const auto e = s.remove({"--all-regions"});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
  s.check_others(others);
  std::multiset<std::string> sent;
  for (const auto& r : s.it.requests())
    if (r.method == "DELETE" && r.status < 300) sent.insert(r.path + "?" + r.query);
  for (const auto& one : sent) BOOST_TEST(sent.count(one) == 1U, one);
}

BOOST_AUTO_TEST_CASE(regions_of_their_own_are_both_emptied) {
  site s(level::plain, distinct_regions());
  const json::object body{{"name", "far"},
                          {"project_id", s.mine.project_id},
                          {"tenant_id", s.mine.project_id},
                          {"rules", json::array{}},
                          {"tags", json::array{}},
                          {"security_group_rules", json::array{}}};
  s.it.put("r2:security_group", "11111111-1111-4111-8111-111111111111", s.mine.project_id, body);
  json::object foreign = body;
  foreign["project_id"] = foreign["tenant_id"] = s.theirs.project_id;
  s.it.put("r2:security_group", "22222222-2222-4222-8222-222222222222", s.theirs.project_id,
           foreign);
  const auto one = s.remove();
  BOOST_TEST(one.code == 0, one.err);
  BOOST_TEST(one.says("RegionTwo"), one.err);
  BOOST_TEST(!s.it.object("r2:security_group", "11111111-1111-4111-8111-111111111111").is_null());
  const auto both = s.remove({"--all-regions"});
  BOOST_TEST(both.code == 0, both.err);
  BOOST_TEST(s.it.object("r2:security_group", "11111111-1111-4111-8111-111111111111").is_null());
  BOOST_TEST(!s.it.object("r2:security_group", "22222222-2222-4222-8222-222222222222").is_null());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
