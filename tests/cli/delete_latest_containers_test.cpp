// What comes to protect a container between the plan and its DELETE: its own tag, or that of one
// whose large objects it has the segments of.
#include <boost/test/unit_test.hpp>

#include "tests/cli/meanwhile.hpp"
#include "tests/cli/store.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_latest_containers)

BOOST_AUTO_TEST_CASE(a_tag_on_a_container_keeps_it) {
  site s;
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  const auto at = "/object-store/v1/AUTH_" + s.mine.project_id + "/" + s.mine.container;
  const auto e = remove_while(s, [&] {
    BOOST_TEST(user.send("POST", at, "", {{"X-Container-Meta-Ostclean-Keep", "yes"}}).status ==
               204);
  });
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{s.mine.container}));
  BOOST_TEST(s.rest().at("object").size() == 3U);
}

/// While the container was to go nobody had read what its objects are made of.
BOOST_AUTO_TEST_CASE(a_tag_on_a_container_keeps_the_segments_of_its_large_objects) {
  site s;
  store mine(s);
  for (const char* box : {"a%20parts", "precious", "z%20parts"}) mine.put(box);
  for (const char* part : {"a%20parts/1", "z%20parts/1"}) mine.put(part);
  mine.put("precious/first", {{"X-Object-Manifest", "a%20parts/1"}}, "");
  mine.put("precious/last", {{"X-Object-Manifest", "z%20parts/1"}}, "");
  // What fails once is asked again before anything goes.
  sandbox::fault once;
  once.service = "object-store", once.method = "GET", once.path = "/precious?format=json";
  once.status = 403, once.nth = 1;
  s.it.add_fault(once);
  const auto e = remove_while(s, [&] {
    mine.post("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  });
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"a parts", "precious", "z parts"}));
  BOOST_TEST(s.rest().at("object").size() == 4U);
}

/// To read what a kept one holds takes longer than what was seen before is believed.
BOOST_AUTO_TEST_CASE(a_tag_that_comes_while_another_container_is_read_keeps_its_own) {
  site s;
  store mine(s);
  for (const char* box : {"parts", "precious", "z"}) mine.put(box);
  for (const char* one : {"parts/1", "z/1"}) mine.put(one);
  mine.put("precious/dynamic", {{"X-Object-Manifest", "parts/1"}}, "");
  s.fault("hold", "network", "GET", "/security-group-rules?remote_group_id", 1);
  s.fault("hold", "object-store", "GET", "/precious?format=json", 1);
  const store::headers tag{{"X-Container-Meta-Ostclean-Keep", "yes"}};
  const auto e =
      remove_slowly(s, {[&] { mine.post("precious", tag); }, [&] { mine.post("z", tag); }});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((s.rest().at("container") == words{"parts", "precious", "z"}));
  BOOST_TEST(s.rest().at("object").size() == 3U);
}

/// What the first of its objects is made of is known, whatever becomes of the last.
BOOST_AUTO_TEST_CASE(what_a_container_is_known_to_hold_is_kept_while_the_rest_cannot_be_read) {
  site s;
  store mine(s);
  for (const char* box : {"a%20parts", "precious", "z%20parts"}) mine.put(box);
  for (const char* part : {"a%20parts/1", "z%20parts/1"}) mine.put(part);
  mine.put("precious/first", {{"X-Object-Manifest", "a%20parts/1"}}, "");
  mine.put("precious/last", {{"X-Object-Manifest", "z%20parts/1"}}, "");
  s.fail("object-store", "HEAD", "/precious/last", 403);
  const auto e = remove_while(s, [&] {
    mine.post("precious", {{"X-Container-Meta-Ostclean-Keep", "yes"}});
  });
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(is_kept(e, "a parts"), e.out);
  BOOST_TEST(!is_kept(e, "z parts"), e.out);
  BOOST_TEST(s.rest().at("container").size() == 4U);
}

/// Whatever it may hold stays as well.
BOOST_AUTO_TEST_CASE(a_container_that_is_not_seen_any_more_keeps_the_others) {
  site s;
  store mine(s);
  mine.put("precious");
  const auto e = remove_while(s, [&] { s.fail("object-store", "HEAD", "/precious", 403); });
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST((s.rest().at("container") == words{"precious", s.mine.container}));
  BOOST_TEST(e.says("cannot see what protects it by now"), e.err);
  BOOST_TEST(s.it.object("server", s.mine.servers[0]).is_null());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
