// "Gone" can be trusted: what a deletion did not look at is named, and --strict does not call it
// done; nor what a tenant has kept for himself.
#include <boost/test/unit_test.hpp>

#include "tests/cli/harness.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_coverage)

namespace {

sandbox::options with_more() {
  sandbox::options o;
  o.regions = {"RegionOne"};
  o.further_types = {"share", "sharev2", "container-infra", "metric", "rating", "s3"};
  o.further_extensions = {"vpnaas", "bgp", "port-security", "vpn-aes-ctr"};
  return o;
}

bool names(const json::value& list, const char* service, const char* kind) {
  for (const auto& one : list.as_array())
    if (text(one, "service") == service && text(one, "kind") == kind) return true;
  return false;
}

const json::value& first_place(const json::value& all) {
  return all.at("projects").as_array().at(0);
}

std::string policy(const site& s, const std::string& lines) {
  return s.home.write("policy.yaml", lines);
}

words dry(const site& s) { return {"delete", "--project", s.mine.name, "--dry-run"}; }

}  // namespace

BOOST_AUTO_TEST_CASE(a_second_service_of_a_type_is_said_to_be_there) {
  sandbox::options o;
  o.further_types = {"object-store"};
  site s(sandbox::level::plain, o);
  const auto e = s.remove({"--strict"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("a second service of this type"), e.err);
}

BOOST_AUTO_TEST_CASE(services_and_extensions_without_a_kind_are_named) {
  site s(sandbox::level::plain, with_more());
  const auto looked = s.run(dry(s));
  BOOST_TEST(looked.code == 0, looked.err);
  BOOST_TEST(looked.says("not looked at in RegionOne: share: no kind of it is known"), looked.err);
  BOOST_TEST(looked.says("not looked at in RegionOne: network (bgp, vpnaas): "), looked.err);
  const auto plan = json::parse(contents(s.plan()));
  BOOST_TEST(names(plan.at("not_looked_at"), "container-infra", ""));
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("not looked at: 4"), e.err);
  const auto all = e.data();
  const auto& list = first_place(all).at("not_looked_at");
  BOOST_TEST(list.as_array().size() == 4U, e.out);
  BOOST_TEST(text(list.as_array().at(0), "region") == "RegionOne");
  for (const char* service : {"share", "container-infra"}) BOOST_TEST(names(list, service, ""));
  for (const char* alias : {"bgp", "vpnaas"}) BOOST_TEST(names(list, "network", alias));
  BOOST_TEST(text(all.at("summary"), "not_looked_at") == "4");
}

BOOST_AUTO_TEST_CASE(a_cloud_that_is_known_whole_has_nothing_to_say) {
  site s;
  const auto e = s.remove({"--strict"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!e.says("not looked at"), e.err);
  BOOST_TEST(first_place(e.data()).at("not_looked_at").as_array().empty());
}

BOOST_AUTO_TEST_CASE(strict_makes_it_3_by_option_and_by_policy) {
  for (const bool by_policy : {false, true}) {
    site s(sandbox::level::plain, with_more());
    words args = dry(s);
    if (by_policy)
      args.insert(args.begin(), {"--config", policy(s, "strict: true\n")});
    else
      args.emplace_back("--strict");
    BOOST_TEST(s.run(args).code == 3);
    args[by_policy ? 5 : 3] = "--yes";
    const auto e = s.run(args);
    BOOST_TEST(e.code == 3, e.err);
    s.check_empty();
    const auto again = s.run({"delete", "--resume", "--yes"});
    BOOST_TEST(again.code == 0, again.err);
    BOOST_TEST(again.says("nothing to resume"), again.err);
  }
}

BOOST_AUTO_TEST_CASE(what_only_a_role_would_show_is_no_matter_of_a_dry_run) {
  site s(sandbox::level::extra);
  words args = dry(s);
  args.emplace_back("--strict");
  const auto e = s.run(args);
  BOOST_TEST(e.says("not visible"), e.err);
  BOOST_TEST(e.code == 0, e.err);
}

BOOST_AUTO_TEST_CASE(what_is_not_ours_is_not_named) {
  site s(sandbox::level::plain, with_more());
  const auto file = policy(s, "not_ours: [shared-file-system, container-infra, vpnaas, bgp]\n");
  words args{"--config", file, "delete", "--project", s.mine.name, "--yes", "--strict"};
  const auto e = s.run(args);
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!e.says("not looked at"), e.err);
}

BOOST_AUTO_TEST_CASE(one_kind_of_a_run_is_not_blamed_for_the_others) {
  site s(sandbox::level::plain, with_more());
  const auto e = s.remove({"--only", "volume", "--strict"});
  BOOST_TEST(e.code == 0, e.err);
}

BOOST_AUTO_TEST_CASE(a_service_that_a_region_has_not_is_named) {
  sandbox::options o;
  o.first_region_only = {"dns"};
  site s(sandbox::level::plain, o);
  const auto e = s.remove({"--all-regions"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("not looked at in RegionTwo: dns: the catalog has no public endpoint"), e.err);
  BOOST_TEST(text(e.data().at("summary"), "not_looked_at") == "1", e.out);
}

BOOST_AUTO_TEST_CASE(a_service_without_a_region_is_missed_in_none) {
  sandbox::options o;
  o.regionless = {"object-store"};
  site s(sandbox::level::plain, o);
  const auto e = s.remove({"--all-regions", "--strict"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!e.says("not looked at"), e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(a_kind_that_the_service_is_too_old_to_show_is_named) {
  sandbox::options o;
  o.regions = {"RegionOne"};
  o.newest_volume_version = 50;
  site s(sandbox::level::plain, o);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  const auto all = e.data();
  const auto& list = first_place(all).at("not_looked_at");
  for (const char* kind : {"group", "group_snapshot"})
    BOOST_TEST(names(list, "block-storage", kind), e.out);
  BOOST_TEST(e.says("the service is too old"), e.err);
}

BOOST_AUTO_TEST_CASE(what_known_services_hold_without_a_kind_is_named) {
  site s(sandbox::level::extra);
  for (const auto* whose : {&s.mine, &s.theirs}) {
    s.it.put("software_config", "config-of-" + whose->name, whose->project_id, {{"name", "boot"}});
    s.it.put("metadef_namespace", "space-of-" + whose->name, whose->project_id,
             {{"namespace", whose->name}, {"owner", whose->project_id}, {"visibility", "public"}});
  }
  s.it.put("order", "order-1", s.mine.project_id, {{"order_ref", "https://k/v1/orders/order-1"}});
  s.it.put("recordset", "set-1", s.mine.project_id,
           {{"zone_id", s.theirs.zone}, {"project_id", s.mine.project_id}, {"name", "www"}});
  s.it.change("zone", s.theirs.zone, {{"_shared_with_all", true}});
  const auto looked = s.run(dry(s));
  BOOST_TEST(looked.code == 0, looked.err);
  BOOST_TEST(looked.says("not looked at in RegionOne: image (metadef_namespace): the project has"),
             looked.err);
  const auto e = s.remove({"--strict"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("dns (recordset): the project has some in zones of others"), e.err);
  const auto all = e.data();
  const auto& list = first_place(all).at("not_looked_at");
  BOOST_TEST(names(list, "orchestration", "software_config"), e.out);
  BOOST_TEST(names(list, "key-manager", "order"), e.out);
  BOOST_TEST(names(list, "image", "metadef_namespace"), e.out);
  BOOST_TEST(names(list, "dns", "recordset"), e.out);
  BOOST_TEST(text(all.at("summary"), "not_looked_at") == "4");
}

/// Nor are those of others, which an administrator is shown as well.
BOOST_AUTO_TEST_CASE(what_a_project_has_none_of_is_not_named) {
  site s(sandbox::level::extra);
  s.it.put("software_config", "config-1", s.theirs.project_id, {{"name", "boot"}});
  s.it.put("metadef_namespace", "space-1", s.theirs.project_id,
           {{"owner", s.theirs.project_id}, {"visibility", "public"}});
  s.it.put("order", "order-1", s.theirs.project_id, {{"order_ref", "x"}});
  s.it.change("zone", s.theirs.zone, {{"_shared_with_all", true}});
  const auto e = s.remove({"--strict"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!e.says("not looked at"), e.err);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_listed_may_be_there) {
  site s;
  s.fail("key-manager", "GET", "/orders", 500);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("key-manager (order): cannot list them"), e.err);
}

BOOST_AUTO_TEST_CASE(extensions_that_do_not_come_are_not_looked_at) {
  site s;
  s.fail("network", "GET", "/extensions", 500);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("network (extensions): cannot list the extensions"), e.err);
}

BOOST_AUTO_TEST_CASE(a_lock_of_the_tenants_own_is_counted) {
  site s;
  s.it.change("server", s.mine.servers[0], {{"locked", true}});
  const auto e = s.remove({"--strict"});
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.says("(1 by locks that 'stop' has not set)"), e.err);
  BOOST_TEST(text(e.data().at("summary"), "kept_by_lock") == "1");
  BOOST_TEST(s.remove({"--include-protected", "--strict"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_lock_that_stop_has_set_is_none) {
  site s;
  const auto record = s.home.path("record.json");
  BOOST_TEST(
      s.run({"stop", "--project", s.mine.name, "--lock", "--record", record, "--yes"}).code == 0);
  const auto e = s.remove({"--strict", "--record", record});
  BOOST_TEST(e.code == 0, e.err);
  s.check_empty();
}

BOOST_AUTO_TEST_CASE(the_policy_says_whose_tags_count) {
  for (const auto& [whose, keeps] :
       {std::pair{"[resource]", true}, std::pair{"[project]", false}, std::pair{"[]", false}}) {
    site s;
    s.it.change("volume", s.mine.volume, {{"metadata", json::object{{"ostclean:keep", ""}}}});
    const auto file = policy(s, std::string("tags_that_protect: ") + whose + "\n");
    const auto e = s.run({"--config", file, "delete", "--project", s.mine.name, "--yes"});
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(s.it.object("volume", s.mine.volume).is_null() != keeps, whose);
  }
  for (const auto& [whose, keeps] :
       {std::pair{"[project, resource]", true}, std::pair{"[resource]", false}}) {
    site s;
    s.it.change("project", s.mine.project_id, {{"tags", json::array{"ostclean:keep"}}});
    const auto file = policy(s, std::string("tags_that_protect: ") + whose + "\n");
    const auto e = s.run({"--config", file, "delete", "--project", s.mine.name, "--yes"});
    BOOST_TEST(e.code == (keeps ? 5 : 0), e.err);
  }
}

BOOST_AUTO_TEST_CASE(what_is_kept_is_told_to_people_with_its_root) {
  site s;
  s.it.change("server", s.mine.servers[0], {{"locked", true}});
  for (int run = 0; run < 2; ++run) {
    const auto e = s.run({"delete", "--project", s.mine.name, "--yes"});
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(e.says(s.mine.servers[0] + "): locked;"), e.err);
    BOOST_TEST(e.says("1 network"), e.err);
    BOOST_TEST(e.says("needed by server "), e.err);
  }
  const auto e = s.remove();
  const auto all = e.data();
  for (const auto& one : first_place(all).at("kept").as_array())
    if (text(one, "kind") == "network")
      BOOST_TEST(text(one, "root_cause").find(s.mine.servers[0]) != std::string::npos, e.out);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
