// `recategorize`: the new role before the old one goes, there where it was held, and only for those
// who still have the first. And that `delete` looks again before it begins.
#include <boost/test/unit_test.hpp>

#include "tests/cli/meanwhile.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_recategorize)

namespace {

/// The names of the roles that a user holds itself, each with "@" and the project or domain.
std::set<std::string> roles_of(const site& s, const std::string& user_id) {
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  const auto all =
      admin.get("/identity/v3/role_assignments?include_names&user.id=" + user_id).json();
  std::set<std::string> names;
  for (const auto& row : all.at("role_assignments").as_array()) {
    const auto& scope = row.at("scope").as_object();
    const auto* where = scope.if_contains("project");
    if (!where) where = &scope.at("domain");
    names.insert(text(row.at("role"), "name") + "@" + text(*where, "id"));
  }
  return names;
}

std::string reason_of(const ending& e, const std::string& name) {
  const auto all = e.data();
  for (const auto& row : all.as_array())
    if (text(row, "name") == name) return text(row, "result") + ": " + text(row, "reason");
  return "no row";
}

ending move(site& s, const std::string& user, words further = {}) {
  words args{"recategorize", "--user", user, "--yes", "-f", "json"};
  args.insert(args.end(), further.begin(), further.end());
  return s.run(args);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_new_role_comes_before_the_old_one_goes) {
  site s;
  const auto others = s.it.snapshot(s.mine.user_id);
  const auto at = "@" + s.mine.project_id;
  auto wanted = roles_of(s, s.mine.user_id);
  BOOST_TEST(wanted.erase("trial" + at) == 1U);
  wanted.insert("basic" + at);
  s.it.clear_requests();
  const auto e = move(s, s.mine.name);
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(reason_of(e, s.mine.name).starts_with("changed: trial to basic"), e.out);
  const auto sent = s.changes();
  BOOST_REQUIRE(sent.size() == 2U);
  BOOST_TEST(sent[0].starts_with("PUT "));
  BOOST_TEST(sent[1].starts_with("DELETE "));
  BOOST_TEST((roles_of(s, s.mine.user_id) == wanted));
  s.it.clear_requests();
  const auto again = move(s, s.mine.name);
  BOOST_TEST(again.code == 0, again.err);
  BOOST_TEST(reason_of(again, s.mine.name) == "left alone: has the role basic already", again.out);
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(application_credentials_that_stop_working_are_named) {
  site s;
  sandbox::client user(s.it, s.mine.name, s.mine.password, s.mine.name);
  const auto make = [&](const char* name, const char* role) {
    const json::object wanted{
        {"name", name}, {"secret", "s3"}, {"roles", json::array{json::object{{"name", role}}}}};
    const auto made = user.post("/identity/v3/users/" + s.mine.user_id + "/application_credentials",
                                json::object{{"application_credential", wanted}});
    return text(made.json().at("application_credential"), "id");
  };
  const auto gone = make("only-trial", "trial"), works = make("as-member", "member");
  const auto all = s.application_credential("s3");
  const auto dry = s.run({"recategorize", "--user", s.mine.name, "-n", "-f", "json"});
  for (const auto& e : {dry, move(s, s.mine.name)}) {
    BOOST_TEST(e.code == 0, e.err);
    const auto said = reason_of(e, s.mine.name);
    BOOST_TEST(said.find("stop working: only-trial (" + gone + ")") != std::string::npos, said);
    BOOST_TEST(said.find("lose roles: cleaner (" + all + "): trial") != std::string::npos, said);
    BOOST_TEST(said.find(works) == std::string::npos, said);
    BOOST_TEST(e.says("only-trial"), e.err);
  }
}

BOOST_AUTO_TEST_CASE(credentials_that_cannot_be_listed_are_no_reason_not_to_go_on) {
  site s;
  s.fail("identity", "GET", "/application_credentials", 403);
  const auto e = move(s, s.mine.name);
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(reason_of(e, s.mine.name).find("cannot be listed") != std::string::npos, e.out);
}

BOOST_AUTO_TEST_CASE(a_role_on_the_domain_stays_on_the_domain) {
  site s;
  sandbox::client admin(s.it, "admin", sandbox::cloud::admin_password(), "admin");
  const auto role = s.id_of("role", "trial");
  const std::string v3 = "/identity/v3/", grant = "/users/" + s.mine.user_id + "/roles/" + role;
  BOOST_TEST(admin.del(v3 + "projects/" + s.mine.project_id + grant) == 204);
  BOOST_TEST(admin.send("PUT", v3 + "domains/default" + grant).status == 204);
  const auto inherited = v3 + "OS-INHERIT/domains/default" + grant + "/inherited_to_projects";
  BOOST_TEST(admin.send("PUT", inherited).status == 204);
  const auto e = move(s, s.mine.name);
  BOOST_TEST(e.code == 0, e.err);
  const auto now = roles_of(s, s.mine.user_id);
  BOOST_TEST(now.count("basic@default") == 1U);
  BOOST_TEST(now.count("trial@default") == 0U);
  BOOST_TEST(admin.send("HEAD", inherited).status == 404);
}

BOOST_AUTO_TEST_CASE(a_run_killed_in_between_is_finished) {
  site s;
  s.fault("hang", "identity", "DELETE", "/roles/");
  s.kill_at_fault({"recategorize", "--user", s.mine.name, "--yes"});
  const auto at = "@" + s.mine.project_id;
  BOOST_TEST(roles_of(s, s.mine.user_id).count("basic" + at) == 1U);
  BOOST_TEST(roles_of(s, s.mine.user_id).count("trial" + at) == 1U);
  const auto e = move(s, s.mine.name);
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(roles_of(s, s.mine.user_id).count("trial" + at) == 0U);
}

BOOST_AUTO_TEST_CASE(who_is_not_meant_is_left_alone_and_listed) {
  site s;
  const auto active = s.it.seed_trial_user("active", "trial", "2020-01-01", 100000);
  const auto chief = s.it.seed_trial_user("chief", "trial", "2020-01-01", 14);
  s.it.grant(chief.user_id, chief.project_id, "admin");
  const auto before = s.assignments();
  s.it.clear_requests();
  const auto e = move(s, active.name, {"--user", chief.name, "--user", s.theirs.name});
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(reason_of(e, active.name).starts_with("left alone: not expired"), e.out);
  BOOST_TEST(reason_of(e, chief.name) == "left alone: role admin is protected", e.out);
  BOOST_TEST(reason_of(e, s.theirs.name).starts_with("left alone: no longer has"), e.out);
  BOOST_TEST(s.changes().empty());
  const auto named = move(s, active.name, {"--from", "trial", "--to", "community"});
  BOOST_TEST(named.code == 0, named.err);
  BOOST_TEST(roles_of(s, active.user_id).count("community@" + active.project_id) == 1U);
  BOOST_TEST(roles_of(s, active.user_id).count("trial@" + active.project_id) == 0U);
}

BOOST_AUTO_TEST_CASE(who_was_promoted_while_others_were_moved_is_left_alone) {
  site s;
  const auto second = s.it.seed_trial_user("trial-02", "trial", "2020-01-01", 14);
  s.fault("hold", "identity", "PUT", s.mine.user_id);
  const auto e = run_while(
      s, {"recategorize", "--user", s.mine.name, "--user", second.name, "--yes", "-f", "json"},
      [&] {
        s.it.change("user", second.user_id, {{"trial_duration", 100000}});
      });
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(reason_of(e, second.name).starts_with("left alone: not expired"), e.out);
  BOOST_TEST(roles_of(s, second.user_id).count("trial@" + second.project_id) == 1U);
}

BOOST_AUTO_TEST_CASE(mistakes_change_nothing) {
  site s;
  s.it.clear_requests();
  const auto unasked = s.run({"recategorize", "--user", s.mine.name});
  BOOST_TEST(unasked.code == 5, unasked.err);
  const auto dry = s.run({"recategorize", "--user", s.mine.name, "-n", "-f", "json"});
  BOOST_TEST(dry.code == 0, dry.err);
  BOOST_TEST(reason_of(dry, s.mine.name).starts_with("would change: trial to basic"), dry.out);
  const auto unknown = move(s, s.mine.name, {"--to", "nosuch"});
  BOOST_TEST(unknown.code == 2, unknown.err);
  check_one_error(unknown, "no role named nosuch");
  const auto wide = s.home.write("c", R"({"user_id":"u","password":"p","project_id":"p"})", 0644);
  const auto open = s.run({"recategorize", "--credentials", wide, "--yes"});
  BOOST_TEST(open.code == 2, open.err);
  check_one_error(open, "open to others");
  const auto nobody = s.run({"recategorize", "--yes"});
  BOOST_TEST(nobody.code == 2, nobody.err);
  BOOST_TEST(s.changes().empty());
}

BOOST_AUTO_TEST_CASE(a_role_that_cannot_be_taken_is_reported) {
  site s;
  s.fail("identity", "DELETE", "/roles/", 403,
         R"({"error":{"code":403,"message":"not now","title":"Forbidden"}})");
  const auto e = move(s, s.mine.name);
  BOOST_TEST(e.code == 3, e.err);
  BOOST_TEST(reason_of(e, s.mine.name).find("not now") != std::string::npos, e.out);
}

BOOST_AUTO_TEST_CASE(delete_leaves_alone_who_was_extended_after_the_plan) {
  site s;
  const auto second = s.it.seed_trial_user("trial-02", "trial", "2020-01-01", 14);
  s.fault("hold", "image", "GET", "/images");
  const auto before = s.it.inventory(second.project_id);
  const auto e =
      run_while(s, {"delete", "--user", s.mine.name, "--user", second.name, "--yes"}, [&] {
        s.it.change("user", second.user_id, {{"trial_duration", 100000}});
      });
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.says("left alone: project trial-02"), e.err);
  BOOST_TEST((s.it.inventory(second.project_id) == before));
  s.check_empty();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
