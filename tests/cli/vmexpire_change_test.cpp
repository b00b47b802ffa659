// `vmexpire extend`, `delete` and `add`: what the service holds afterwards, and that what is said
// about it is true.
#include <fmt/core.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cctype>
#include <cstdlib>

#include "tests/cli/vmexpire_site.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_vmexpire_change)

namespace {

bool about(long seconds, long wanted) { return std::labs(seconds - seconds_now() - wanted) < 300; }

words with_json(words args) {
  args.insert(args.end(), {"-f", "json"});
  return args;
}

}  // namespace

BOOST_AUTO_TEST_CASE(extend_moves_the_end_and_says_where_it_was) {
  vm_site s;
  const auto id = s.track(s.mine, "vm", 3 * k_day);
  const auto e = s.as_user(with_json({"vmexpire", "extend", "vm"}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(about(s.end_of(id), 30 * k_day));
  BOOST_TEST(text(e.data(), "outcome") == "extended");
  BOOST_TEST(text(e.data(), "reason").starts_with("was 20"));
  BOOST_TEST(text(e.data(), "expire") == std::to_string(s.end_of(id)));
}

BOOST_AUTO_TEST_CASE(an_administrator_extends_anybodys) {
  vm_site s;
  const auto id = s.track(s.theirs, "vm", 3 * k_day);
  BOOST_TEST(s.run({"vmexpire", "extend", id}).code == 0);
  BOOST_TEST(about(s.end_of(id), 30 * k_day));
}

BOOST_AUTO_TEST_CASE(a_user_extends_nobody_elses_although_the_service_would) {
  vm_site s;
  const auto id = s.track(s.theirs, "vm", 3 * k_day);
  const auto e = s.as_user({"vmexpire", "extend", id});
  BOOST_TEST(e.code == 2, e.err);
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(what_would_be_shorter_wants_force) {
  vm_site s;
  const auto id = s.track(s.mine, "vm", 60 * k_day);
  const auto e = s.as_user({"vmexpire", "extend", id});
  BOOST_TEST(e.code == 5, e.err);
  check_one_error(e, "an extension would shorten that");
  BOOST_TEST(s.changes().empty());
  const auto longer = s.as_user({"vmexpire", "extend", id, "--service-extends", "90d", "-n"});
  BOOST_TEST(longer.code == 0, longer.err);
  BOOST_TEST(s.changes().empty());
  const auto forced = s.as_user(with_json({"vmexpire", "extend", id, "--force"}));
  BOOST_TEST(forced.code == 0, forced.err);
  BOOST_TEST(forced.says("warning: the life of vm"), forced.err);
  BOOST_TEST(text(forced.data(), "outcome") == "shortened");
  BOOST_TEST(about(s.end_of(id), 30 * k_day));
}

BOOST_AUTO_TEST_CASE(a_refusal_that_was_written_says_what_the_end_is_now) {
  vm_site s;
  const auto id = s.track(s.mine, "vm", 5 * k_day);
  s.it.change("vmexpire", id, {{"created", "2020-01-01T00:00:00"}});
  const auto e = s.as_user({"vmexpire", "extend", id});
  BOOST_TEST(e.code == 1, e.err);
  check_one_error(e, "VM reached its maximum life");
  BOOST_TEST(about(s.end_of(id), 30 * k_day));
  const auto shown = s.as_user(with_json({"vmexpire", "show", id}));
  BOOST_TEST(shown.code == 0, shown.err);
  const auto row = shown.data();
  BOOST_TEST(e.says("all the same it wrote a new end: it is now " + text(row, "expires_at")),
             e.err);
  BOOST_TEST(e.says("HTTP 403, req-"), e.err);
}

BOOST_AUTO_TEST_CASE(several_go_their_own_ways) {
  vm_site s;
  const auto good = s.track(s.mine, "good", 5 * k_day);
  const auto old = s.track(s.mine, "old", 5 * k_day);
  s.it.change("vmexpire", old, {{"created", "2020-01-01T00:00:00"}});
  const auto fresh = s.track(s.mine, "fresh", 60 * k_day);
  const auto e =
      s.as_user(with_json({"vmexpire", "extend", "good", "old", "fresh", "nosuch", "good"}));
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(e.data().as_array().size() == 4U, e.out);
  const std::pair<const char*, const char*> wanted[] = {
      {"good", "extended"}, {"old", "failed"}, {"fresh", "refused"}, {"nosuch", "failed"}};
  for (const auto& [argument, outcome] : wanted)
    BOOST_TEST(text(with(e, "argument", argument), "outcome") == outcome, argument);
  BOOST_TEST(s.asked("PUT") == 2U);
  BOOST_TEST(s.end_of(fresh) > seconds_now() + 59 * k_day);
  BOOST_TEST(about(s.end_of(good), 30 * k_day));
}

BOOST_AUTO_TEST_CASE(delete_is_not_sent_unless_somebody_is_sure) {
  vm_site s;
  const auto id = s.track(s.mine, "vm", k_day);
  const auto e = s.run({"vmexpire", "delete", id});
  BOOST_TEST(e.code == 5, e.err);
  check_one_error(e, "not confirmed");
  const auto dry = s.run({"vmexpire", "delete", id, "--dry-run"});
  BOOST_TEST(dry.code == 0, dry.err);
  BOOST_TEST(s.changes().empty());
  BOOST_TEST(s.tracks(id));
}

BOOST_AUTO_TEST_CASE(many_deletes_and_their_204_with_a_body) {
  vm_site s;
  manner how;
  words ids;
  for (int i = 0; i < 40; ++i) {
    ids.push_back(s.track(i % 2 == 0 ? s.mine : s.theirs, fmt::format("vm-{}", i), k_day));
    how.in += ids.back() + "\n";
  }
  const auto stays = s.track(s.theirs, "stays", k_day);
  const auto e = s.run(with_json({"vmexpire", "delete", "-", "--yes"}), how);
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.data().as_array().size() == 40U);
  for (const auto& id : ids) BOOST_TEST(!s.tracks(id));
  BOOST_TEST(s.tracks(stays));
  BOOST_TEST(s.asked("DELETE") == 40U);
}

BOOST_AUTO_TEST_CASE(a_user_may_not_delete_and_hears_it_from_the_service) {
  vm_site s;
  const auto id = s.track(s.mine, "vm", k_day);
  const auto e = s.as_user({"vmexpire", "delete", "vm", "--yes"});
  BOOST_TEST(e.code == 4, e.err);
  check_one_error(e, "VmExpire expiration deletion attempt not allowed");
  BOOST_TEST(s.tracks(id));
}

BOOST_AUTO_TEST_CASE(a_delete_whose_answer_was_lost_is_no_failure) {
  vm_site s;
  const auto id = s.track(s.mine, "vm", k_day);
  s.fault("lost", "vmexpire", "DELETE", "", 1);
  const auto e = s.run(with_json({"vmexpire", "delete", "vm", "--yes"}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(text(e.data(), "reason") == "it was gone already");
  BOOST_TEST(!s.tracks(id));
}

BOOST_AUTO_TEST_CASE(add_by_id_and_by_name) {
  vm_site s;
  const auto e = s.run(with_json({"vmexpire", "add", s.mine.servers[0]}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(text(e.data(), "outcome") == "added");
  BOOST_TEST(text(e.data(), "instance_id") == s.mine.servers[0]);
  BOOST_TEST(about(s.end_of(text(e.data(), "id")), 60 * k_day));
  const auto name = text(s.it.object("server", s.theirs.servers[0]), "name");
  const auto named = s.run(with_json({"vmexpire", "add", name}));
  BOOST_TEST(named.code == 0, named.err);
  BOOST_TEST(text(named.data(), "instance_id") == s.theirs.servers[0], named.err);
  const auto none = s.run({"vmexpire", "add", "nosuch.*"});
  BOOST_TEST(none.code == 2, none.err);
  check_one_error(none, "no server has 'nosuch.*' as its id or its name");
}

/// What is tracked of the first server is asked for, however it was found, and stays.
void check_asks(vm_site& s, const std::string& argument) {
  const auto before = s.it.snapshot();
  const auto e = s.run({"vmexpire", "add", argument});
  BOOST_TEST(e.code == 5, argument + ": " + e.err);
  BOOST_TEST(s.changes().empty(), argument);
  BOOST_TEST((s.it.snapshot() == before), argument);
}

BOOST_AUTO_TEST_CASE(a_server_that_was_renamed_is_not_replaced_without_asking) {
  vm_site s;
  s.track(s.mine, "its old name", 90 * k_day, s.mine.servers[0]);
  check_asks(s, text(s.it.object("server", s.mine.servers[0]), "name"));
  std::string capitals = s.mine.servers[0];
  std::transform(capitals.begin(), capitals.end(), capitals.begin(), ::toupper);
  const auto shouted = s.run({"vmexpire", "add", capitals});
  BOOST_TEST(shouted.code == 2, shouted.err);
  check_one_error(shouted, "no server has");
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(a_name_that_two_expirations_have_is_not_replaced_without_asking) {
  vm_site s;
  const auto name = text(s.it.object("server", s.mine.servers[0]), "name");
  s.track(s.mine, name, 90 * k_day, s.mine.servers[0]);
  s.track(s.theirs, name, 90 * k_day);
  check_asks(s, name);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_tracked_twice_is_not_replaced_without_asking) {
  vm_site s;
  const auto one = s.track(s.mine, "vm", 90 * k_day, s.mine.servers[0]);
  const auto two = s.track(s.mine, "vm", 80 * k_day, s.mine.servers[0]);
  check_asks(s, s.mine.servers[0]);
  const auto e = s.run(with_json({"vmexpire", "add", s.mine.servers[0], "--yes"}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST((e.says(one) && e.says(two)), e.err);
}

BOOST_AUTO_TEST_CASE(nothing_is_added_where_what_is_tracked_cannot_be_seen) {
  vm_site s;
  s.track(s.mine, "vm", 90 * k_day, s.mine.servers[0]);
  s.fail("vmexpire", "GET", "", 500);
  const auto e = s.run({"vmexpire", "add", s.mine.servers[0], "--yes"});
  BOOST_TEST(e.code == 1, e.err);
  check_one_error(e, "what is tracked cannot be seen");
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(a_server_named_twice_is_added_once) {
  vm_site s;
  const auto name = text(s.it.object("server", s.mine.servers[0]), "name");
  const auto e = s.run(with_json({"vmexpire", "add", s.mine.servers[0], name}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.data().as_array().size() == 1U, e.out);
  BOOST_TEST(s.asked("POST") == 1U);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_added_again_gets_a_new_id_and_that_is_said) {
  vm_site s;
  const auto old = s.track(s.mine, "vm", 90 * k_day, s.mine.servers[0]);
  const auto unasked = s.run({"vmexpire", "add", s.mine.servers[0]});
  BOOST_TEST(unasked.code == 5, unasked.err);
  BOOST_TEST(s.tracks(old));
  const auto e = s.run(with_json({"vmexpire", "add", s.mine.servers[0], "--yes"}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(text(e.data(), "outcome") == "replaced");
  BOOST_TEST((e.says("was tracked already") && e.says(old)), e.err);
  BOOST_TEST(!s.tracks(old));
}

BOOST_AUTO_TEST_CASE(a_refused_add_says_that_the_old_expiration_is_gone) {
  vm_site s;
  const auto old = s.track(s.mine, "vm", 9 * k_day, s.mine.servers[0]);
  BOOST_TEST(s.run({"vmexclude", "create", "--type", "user", s.mine.name}).code == 0);
  const auto e = s.run({"vmexpire", "add", s.mine.servers[0], "--yes"});
  BOOST_TEST(e.code == 1, e.err);
  check_one_error(e, "user is excluded");
  BOOST_TEST(e.says("all the same its expiration " + old), e.err);
  const auto unknown = s.run({"vmexpire", "add", "00000000-0000-4000-8000-000000000000"});
  BOOST_TEST(unknown.code == 2, unknown.err);
  check_one_error(unknown, "no server has");
  const auto user = s.as_user({"vmexpire", "add", s.mine.servers[0]});
  BOOST_TEST(user.code == 4, user.err);
}

BOOST_AUTO_TEST_CASE(a_pretended_future_changes_nothing) {
  vm_site s;
  s.track(s.mine, "vm", k_day);
  for (const words& args :
       {words{"extend", "vm"}, words{"delete", "vm", "--yes"}, words{"add", s.mine.servers[0]}}) {
    words all{"--now", "2200-01-01", "vmexpire"};
    all.insert(all.end(), args.begin(), args.end());
    BOOST_TEST(s.run(all).code == 5);
  }
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
