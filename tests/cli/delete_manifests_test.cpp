// What the objects of a kept container are made of, and lead to: it lies in a container of any
// name.
#include <fmt/core.h>

#include <boost/test/unit_test.hpp>

#include "tests/cli/store.hpp"
#include "tests/sandbox/world.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_manifests)

BOOST_AUTO_TEST_CASE(a_kept_container_keeps_the_segments_of_its_large_objects) {
  site s;
  store mine(s);
  for (const char* box : {"static%20parts", "dynamic%20parts", "nested", "aside"}) mine.put(box);
  for (const char* name : {"static%20parts/1", "dynamic%20parts/a/1", "nested/1", "aside/1"})
    mine.put(name);
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.manifest("static%20parts/whole", {"/nested/1"});
  mine.manifest("precious/static", {"/static parts/1", "/static parts/whole"});
  mine.put("precious/dynamic", {{"X-Object-Manifest", "dynamic%20parts/a/"}}, "");
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(
      (s.rest().at("container") == words{"dynamic parts", "nested", "precious", "static parts"}));
}

/// Whoever may write may make links that lead nowhere, round in a circle, or to others.
BOOST_AUTO_TEST_CASE(a_kept_container_keeps_what_its_symlinks_lead_to) {
  site s;
  store mine(s), others(s, s.theirs);
  for (const char* box : {"far%20away", "parts", "aside"}) mine.put(box);
  for (const char* name : {"far%20away/one", "parts/1", "aside/1"}) mine.put(name);
  mine.put("far%20away/large", {{"X-Object-Manifest", "parts/1"}}, "");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  others.put("theirs");
  others.put("theirs/one");
  const std::string account = "AUTH_" + s.theirs.project_id;
  mine.put("precious/link", {{"X-Symlink-Target", "far%20away/one"}}, "");
  mine.put("precious/nowhere", {{"X-Symlink-Target", "aside/nosuch"}}, "");
  mine.put("aside/round", {{"X-Symlink-Target", "aside/about"}}, "");
  mine.put("aside/about", {{"X-Symlink-Target", "aside/round"}}, "");
  mine.put("precious/abroad",
           {{"X-Symlink-Target", "theirs/one"}, {"X-Symlink-Target-Account", account}}, "");
  const auto before = s.of_others();
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"aside", "far away", "parts", "precious"}));
  s.check_others(before);
}

BOOST_AUTO_TEST_CASE(a_static_large_object_is_found_where_no_list_shows_it) {
  sandbox::options o;
  o.ceph_objects = true;
  site s(sandbox::level::plain, o);
  store mine(s);
  mine.put("parts");
  mine.put("parts/1");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/small");
  mine.manifest("precious/static", {"/parts/1"});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"parts", "precious"}));
}

/// It is kept by way of its stack, which holds a network that is tagged; and a container that is
/// not chosen holds nothing together that a stack would take along.
BOOST_AUTO_TEST_CASE(a_container_that_is_kept_by_another_thing_keeps_what_it_holds) {
  site s(sandbox::level::extra);
  store mine(s);
  for (const char* box : {"parts", "made"}) mine.put(box);
  mine.put("parts/1");
  mine.put("made/dynamic", {{"X-Object-Manifest", "parts/1"}}, "");
  auto stack = s.it.object("stack", s.mine.stack).as_object();
  auto resources = stack.at("_resources").as_array();
  resources.push_back(json::object{{"resource_name", "box"},
                                   {"resource_type", "OS::Swift::Container"},
                                   {"physical_resource_id", "made"}});
  s.it.change("stack", s.mine.stack, {{"_resources", resources}});
  s.it.change("network", s.mine.stack_network, {{"tags", json::array{"ostclean:keep"}}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"made", "parts"}), e.out);
}

BOOST_AUTO_TEST_CASE(a_stack_alone_does_not_take_the_segments_of_a_kept_container) {
  site s(sandbox::level::extra);
  store mine(s);
  mine.put("parts");
  mine.put("parts/1");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/dynamic", {{"X-Object-Manifest", "parts/1"}}, "");
  s.it.change("stack", s.mine.stack,
              {{"_resources", json::array{json::object{{"resource_name", "box"},
                                                       {"resource_type", "OS::Swift::Container"},
                                                       {"physical_resource_id", "parts"}}}}});
  const auto e = s.remove({"--only", "stack"});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null(), e.out);
}

/// Anybody can make an object a manifest of what cannot be, and Swift stumbles over it.
BOOST_AUTO_TEST_CASE(a_manifest_of_what_cannot_be_stops_nothing) {
  site s;
  store mine(s);
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/odd", {}, "");
  mine.post("precious/odd", {{"X-Object-Manifest", "nowhere"}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"precious"}));
}

/// Nothing is ever sent to such a name, and what it may name stays.
BOOST_AUTO_TEST_CASE(a_manifest_that_is_not_asked_keeps_all_containers) {
  site s;
  store mine(s);
  mine.put("parts");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/a%2F..%2Fb", {{"X-Object-Manifest", "parts/1"}}, "");
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"parts", "precious", s.mine.container}));
}

/// A gateway in trouble says 404.
BOOST_AUTO_TEST_CASE(one_404_does_not_make_a_manifest_gone) {
  site s;
  store mine(s);
  mine.put("parts");
  mine.put("parts/1");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/dynamic", {{"X-Object-Manifest", "parts/1"}}, "");
  sandbox::fault gone;
  gone.service = "object-store", gone.method = "HEAD", gone.path = "/precious/dynamic";
  gone.nth = 1, gone.status = 404;
  s.it.add_fault(gone);
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"parts", "precious"}));
}

/// More versions of one name than a page has room for.
BOOST_AUTO_TEST_CASE(a_manifest_among_many_versions_is_found) {
  site s;
  store mine(s);
  mine.put("parts");
  mine.put("parts/1");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}, {"X-Versions-Enabled", "true"}});
  mine.put("precious/often", {{"X-Object-Manifest", "parts/1"}}, "");
  s.it.arrange([&](sandbox::world& w) {
    auto& all = w.accounts.at(s.mine.project_id).at("precious").versions.at("often");
    auto newer = all.front();
    newer.dlo.clear(), newer.body = "x";
    for (int i = 0; i < 10'000; ++i) {
      newer.version = fmt::format("9999999999.{:05}", i);
      all.push_front(newer);
    }
  });
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"parts", "precious"}));
}

/// Nobody asks ten thousand times: whatever they may name stays.
BOOST_AUTO_TEST_CASE(too_many_that_may_be_manifests_keep_all_containers) {
  site s;
  store mine(s);
  mine.put("parts");
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/one", {{"X-Object-Manifest", "nosuch/1"}}, "");
  s.it.arrange([&](sandbox::world& w) {
    auto& all = w.accounts.at(s.mine.project_id).at("precious").objects;
    const auto empty = all.at("one");
    for (int i = 0; i < 10'000; ++i) all[fmt::format("n{}", i)] = empty;
  });
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"parts", "precious", s.mine.container}));
  BOOST_TEST(s.count("HEAD", "object-store") < 20U);
}

/// All that is in these containers was written in 2020.
void age(site& s, const words& boxes) {
  s.it.arrange([&](sandbox::world& w) {
    for (const auto& box : boxes)
      for (auto& [name, o] : w.accounts.at(s.mine.project_id).at(box).objects)
        o.modified = "2020-01-01T00:00:00.000000";
  });
}

/// To Swift an object is as new as its metadata.
BOOST_AUTO_TEST_CASE(a_large_object_that_stays_for_its_age_keeps_its_segments) {
  site s;
  store mine(s);
  const words boxes{"aside", "far", "itself", "links", "more", "old", "parts", "static"};
  for (const auto& box : boxes) mine.put(box);
  for (const char* name : {"parts/1", "parts/2", "aside/1", "itself/1", "links/1", "more/1"})
    mine.put(name);
  mine.put("links/old", {{"X-Object-Manifest", "aside/1"}}, "");
  mine.manifest("static/whole", {"/more/1"});
  mine.put("old/gone", {{"X-Object-Manifest", "aside/1"}}, "");
  mine.put("itself/whole", {{"X-Object-Manifest", "itself/1"}}, "");
  age(s, boxes);
  for (const char* one : {"static/whole", "itself/whole"})
    mine.post(one, {{"X-Object-Meta-A", "b"}});
  mine.put("links/new", {{"X-Symlink-Target", "parts/2"}}, "");
  mine.put("old/new");
  const words limit{"--created-before", "2021-01-01"};
  s.who = s.mine.name;
  const auto dry =
      s.run({"delete", "--auth-project", "--dry-run", "-f", "json", limit[0], limit[1]});
  BOOST_TEST(dry.code == 0, dry.err);
  const auto plan = dry.data();
  words going;
  for (const auto& one : plan.as_array())
    if (text(one, "kind") == "container" && text(one, "action") == "delete")
      going.push_back(text(one, "id"));
  BOOST_TEST((going == words{"far", "old", s.mine.container}), dry.out);
  s.who = "admin";
  const auto e = s.remove(limit);
  BOOST_TEST(e.code == 0, e.err);
  const auto rest = s.rest();
  BOOST_TEST((rest.at("container") == words{"aside", "itself", "links", "more", "old", "parts",
                                            "static", s.mine.container}),
             e.out);
  BOOST_TEST(rest.at("object").size() == 14U, e.out);
}

BOOST_AUTO_TEST_CASE(a_manifest_that_cannot_be_read_stops_all) {
  site s;
  store mine(s);
  mine.put("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  mine.put("precious/dynamic", {{"X-Object-Manifest", "elsewhere/a/"}}, "");
  s.fail("object-store", "HEAD", "/precious/dynamic", 400);
  const auto e = s.remove();
  BOOST_TEST(e.code == 1, e.err);
  BOOST_TEST(s.count("DELETE", "compute") + s.count("DELETE", "object-store") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
