// What goes with a stack and is in no list of its resources: what an update replaced, what its
// snapshots made, and what Heat knows by a URL.
#include <boost/test/unit_test.hpp>

#include "tests/cli/meanwhile.hpp"
#include "tests/cli/stacks.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_delete_stacks_history)

namespace {

using sandbox::level;

json::object event_of(const std::string& name, const std::string& id, const std::string& status) {
  return {{"id", "e-" + id + status},
          {"resource_name", name},
          {"resource_status", status},
          {"physical_resource_id", id}};
}

/// After its creation.
void tell_events(site& s, const std::vector<json::object>& further) {
  json::array all{event_of("stack", s.mine.stack, "CREATE_IN_PROGRESS")};
  for (const auto& one : further) all.push_back(one);
  s.it.change("stack", s.mine.stack, {{"_events", all}});
}

/// An update has replaced it and not deleted it: Heat's list of resources has one of each name.
void replace_in_stack(site& s, const std::string& type, const std::string& id) {
  auto made_once = event_of("more", id, "CREATE_COMPLETE");
  made_once["resource_type"] = type;
  tell_events(s, {made_once});
}

/// The stack of a project's user that deletes it himself.
ending remove_as_user(site& s) {
  s.who = s.mine.name;
  auto e = s.run({"delete", "--auth-project", "--yes", "-f", "json"});
  s.it.settle();
  return e;
}

void check_stack_gone(site& s) {
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.it.object("stack", s.mine.stack).is_null());
}

const json::object k_kept{{"metadata", json::object{{"ostclean:keep", "1"}}}};

void snapshot_of_stack(site& s, const json::object& data) {
  const json::object made{{"more", json::object{{"resource_data", data}}}};
  const json::object one{
      {"id", k_further}, {"status", "COMPLETE"}, {"data", json::object{{"resources", made}}}};
  s.it.change("stack", s.mine.stack, {{"_snapshots", json::array{one}}});
}

}  // namespace

/// Heat deletes it as the template and the environment said with which it was made, and shows
/// neither any more; and it may be a neighbour's by now.
BOOST_AUTO_TEST_CASE(what_an_update_replaced_is_left_to_its_user) {
  for (const bool theirs : {true, false}) {
    site s(level::extra);
    replace_in_stack(s, "OS::Cinder::Volume", (theirs ? s.theirs : s.mine).volume);
    check_stack_left(s);
  }
  site s(level::extra);
  s.it.put("_nested_stack", k_further, s.mine.project_id, {{"stack_name", "inner"}});
  auto begun = event_of("inner", k_further, "CREATE_IN_PROGRESS");
  auto within = event_of("more", s.mine.volume, "CREATE_COMPLETE");
  begun["_in"] = within["_in"] = k_further;
  tell_events(s, {begun, within});
  check_stack_left(s);
}

BOOST_AUTO_TEST_CASE(what_an_update_replaced_goes_with_its_users_rights) {
  site s(level::extra);
  replace_in_stack(s, "OS::Cinder::Volume", s.theirs.volume);
  const auto others = s.of_others();
  const auto e = remove_as_user(s);
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.it.object("stack", s.mine.stack).is_null());
  s.check_others(others);
}

BOOST_AUTO_TEST_CASE(what_an_update_replaced_and_stays_keeps_the_stack) {
  for (const bool user : {true, false}) {
    site s(level::extra);
    replace_in_stack(s, "OS::Cinder::Volume", s.mine.volume);
    s.it.change("volume", s.mine.volume, k_kept);
    const auto e = user ? remove_as_user(s) : s.remove();
    s.it.settle();
    BOOST_TEST(e.code == (user ? 0 : 3), e.err);
    BOOST_TEST(!s.it.object("volume", s.mine.volume).is_null(), e.out);
    BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null(), e.out);
    if (user) BOOST_TEST(is_kept(e, s.mine.stack), e.out);
  }
}

/// Heat keeps a thousand events of a stack.
BOOST_AUTO_TEST_CASE(a_stack_whose_first_events_are_gone_stays_with_what_stays) {
  for (const bool kept : {true, false}) {
    site s(level::extra);
    s.it.change("stack", s.mine.stack, {{"_events", json::array{}}});
    if (kept) s.it.change("volume", s.mine.volume, k_kept);
    const auto e = remove_as_user(s);
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(s.it.object("stack", s.mine.stack).is_null() == !kept);
    BOOST_TEST(is_kept(e, s.mine.stack) == kept);
  }
}

BOOST_AUTO_TEST_CASE(an_update_that_did_not_end_leaves_the_stack) {
  for (const char* failed :
       {"UPDATE_FAILED", "UPDATE_IN_PROGRESS", "ROLLBACK_FAILED", "RESTORE_FAILED"}) {
    site s(level::extra);
    tell_events(s, {event_of("stack", s.mine.stack, failed)});
    check_stack_left(s);
  }
  for (const char* ended : {"ROLLBACK_COMPLETE", "RESTORE_COMPLETE", "UPDATE_COMPLETE"}) {
    site s(level::extra);
    tell_events(s, {event_of("stack", s.mine.stack, "UPDATE_FAILED"),
                    event_of("stack", s.mine.stack, ended)});
    check_stack_gone(s);
  }
}

/// Heat attaches a volume anew within an update, and no event tells of the end of the old id.
BOOST_AUTO_TEST_CASE(an_id_that_changed_in_place_is_no_replacement) {
  for (const bool made : {false, true}) {
    site s(level::extra);
    put_into_stack(s, in_stack("OS::Heat::RandomString", "new"));
    tell_events(s, {event_of("more", "old", "CREATE_COMPLETE"),
                    event_of("more", "new", made ? "CREATE_COMPLETE" : "UPDATE_COMPLETE")});
    made ? check_stack_left(s) : check_stack_gone(s);
  }
}

/// What Heat was only told of (external_id) it does not delete, and what has no id is called by a
/// name of Heat's in its events.
BOOST_AUTO_TEST_CASE(what_a_stack_did_not_make_is_no_trouble) {
  site s(level::extra);
  put_into_stack(s, in_stack("OS::Heat::RandomString", "", {{"resource_name", "word"}}));
  const auto name = text(s.it.object("stack", s.mine.stack), "stack_name");
  tell_events(s, {event_of("word", name + "-word-abcdefghijkl", "CREATE_COMPLETE"),
                  event_of("word", name + "-word-abcdefghijkl", "ADOPT_COMPLETE")});
  check_stack_gone(s);
}

/// Heat takes along what the snapshots of a stack have made, be it protected.
BOOST_AUTO_TEST_CASE(what_a_snapshot_of_the_stack_made_and_stays_keeps_the_stack) {
  for (const bool image : {true, false})
    for (const bool skipped : {true, false}) {
      site s(level::extra);
      const std::string kind = image ? "image" : "backup";
      const auto& id = image ? s.mine.private_image : s.mine.backup;
      const json::object data{{image ? "snapshot_image_id" : "backup_id", id}};
      snapshot_of_stack(s, data);
      const json::object tagged{{"tags", json::array{"ostclean:keep"}}};
      if (!skipped) s.it.change(kind, id, image ? tagged : k_kept);
      const auto e = skipped ? s.remove({"--skip", kind}) : s.remove();
      s.it.settle();
      BOOST_TEST(e.code == 0, e.err);
      BOOST_TEST(!s.it.object(kind, id).is_null(), e.out);
      BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null(), e.out);
    }
}

/// What is gone Heat does not miss, and a template may have fields of such names.
BOOST_AUTO_TEST_CASE(a_snapshot_of_what_is_gone_does_not_keep_the_stack) {
  site s(level::extra);
  const json::object data{{"snapshot_image_id", k_further}};
  snapshot_of_stack(s, data);
  auto saved = s.it.object("stack", s.mine.stack).at("_snapshots").as_array();
  saved[0].at("data").as_object()["template"] = json::object{{"backup_id", s.theirs.backup}};
  s.it.change("stack", s.mine.stack, {{"_snapshots", saved}});
  check_stack_gone(s);
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_is_being_made_leaves_the_stack) {
  site s(level::extra);
  const json::object data{{"backup_id", s.mine.backup}};
  snapshot_of_stack(s, data);
  auto saved = s.it.object("stack", s.mine.stack).at("_snapshots").as_array();
  saved[0].as_object()["status"] = "IN_PROGRESS";
  s.it.change("stack", s.mine.stack, {{"_snapshots", saved}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null());
}

BOOST_AUTO_TEST_CASE(what_a_snapshot_of_the_stack_made_may_be_a_neighbours_by_now) {
  site s(level::extra);
  const json::object data{{"snapshot_image_id", s.theirs.private_image}};
  snapshot_of_stack(s, data);
  check_stack_left(s);
}

/// With what it held, Heat forgets its nested events.
BOOST_AUTO_TEST_CASE(a_stack_that_holds_nothing_any_more_goes) {
  site s(level::extra);
  s.it.change("stack", s.mine.stack, {{"_resources", json::array{}}});
  const auto e = s.remove();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(s.it.object("stack", s.mine.stack).is_null());
}

BOOST_AUTO_TEST_CASE(a_stack_whose_snapshots_are_not_shown_is_left) {
  site s(level::extra);
  s.fail("orchestration", "GET", "/snapshots", 403);
  const auto e = s.remove();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null());
  BOOST_TEST(e.says("all that it held"), e.err);
}

/// A balancer that stays needs its certificate, which Heat knows by a URL.
BOOST_AUTO_TEST_CASE(a_secret_that_stays_keeps_the_stack_that_made_it) {
  site s(level::extra);
  const auto url = s.it.url() + "/key-manager/v1/secrets/" + s.mine.secret;
  put_into_stack(s, in_stack("OS::Barbican::Secret", url));
  s.it.change("loadbalancer", s.mine.load_balancer, {{"tags", json::array{"ostclean:keep"}}});
  const auto e = s.remove();
  s.it.settle();
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(!s.it.object("secret", s.mine.secret).is_null(), e.out);
  BOOST_TEST(is_kept(e, s.mine.stack), e.out);
}

/// Heat would delete it there.
BOOST_AUTO_TEST_CASE(what_was_handed_over_since_keeps_the_stack_that_made_it) {
  site s(level::extra);
  auto volume = s.it.object("volume", s.mine.volume).as_object();
  volume["id"] = k_further, volume["attachments"] = json::array{};
  s.it.put("volume", k_further, s.mine.project_id, volume);
  put_into_stack(s, in_stack("OS::Cinder::Volume", k_further));
  const auto e =
      remove_while(s, [&] { s.it.put("volume", k_further, s.theirs.project_id, volume); });
  s.it.settle();
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(!s.it.object("volume", k_further).is_null(), e.out);
  BOOST_TEST(!s.it.object("stack", s.mine.stack).is_null(), e.out);
  BOOST_TEST(e.says(s.theirs.project_id), e.err);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
