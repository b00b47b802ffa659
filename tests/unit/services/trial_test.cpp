#include "services/trial.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(services_trial)

using namespace ostclean;
using namespace ostclean::services;
using std::chrono::sys_days;
using namespace std::chrono_literals;

namespace {

const auto today = sys_days(2026y / 11 / 22) + 15h;

user somebody(const std::string& more) {
  return user(boost::json::parse(R"({"id":"u1","name":"ann","email":"ann@Corp.Invalid",)" + more +
                                 R"("default_project_id":"p1"})"));
}

held_role role(const std::string& name, bool via_group = false) {
  held_role made;
  made.id = "id-" + name;
  made.name = name;
  made.via_group = via_group;
  return made;
}

verdict judged(const std::string& more, std::vector<held_role> held = {role("trial")},
               const policy& rules = policy::built_in(),
               const std::set<std::string>& projects = {}) {
  return judge(somebody(more), held, rules, projects, today);
}

std::string trial(const std::string& started, const std::string& duration = "14") {
  return R"("trial_started_at":)" + started + R"(,"trial_duration":)" + duration + ",";
}

std::string state(const verdict& v) { return std::string(to_string(v.state)); }

}  // namespace

BOOST_AUTO_TEST_CASE(days_are_counted_by_calendar_date) {
  struct {
    const char* started;
    int remaining;
    const char* state;
  } const cases[] = {
      {"2026-11-07", -1, "expired"},   {"2026-11-08", 0, "expiring"},
      {"2026-11-15", 7, "expiring"},   {"2026-11-16", 8, "active"},
      {"2026-10-01", -38, "expired"},  {"2026-12-01", 23, "active"},
      {"2024-02-29", -983, "expired"},
  };
  for (const auto& c : cases) {
    BOOST_TEST_CONTEXT(c.started) {
      const auto v = judged(trial("\"" + std::string(c.started) + "\""));
      BOOST_TEST(v.remaining_days.value() == c.remaining);
      BOOST_TEST(state(v) == c.state);
      BOOST_TEST(v.started_at == c.started);
      BOOST_TEST(v.duration_days.value() == 14);
      BOOST_TEST(v.role == "trial");
      BOOST_TEST(v.becomes == "basic");
      BOOST_TEST(v.reason.empty());
    }
  }
  BOOST_TEST(judged(trial("\"2026-11-08\"")).expires_at == "2026-11-22");
}

BOOST_AUTO_TEST_CASE(every_form_of_a_date_is_its_utc_day) {
  for (const char* text :
       {"2026-10-01", " 2026-10-01 ", "2026-10-01T23:59:59Z", "2026-10-01T00:00:00.000000",
        "2026-10-01 12:30:00", "2026-10-01T00:00:00+00:00", "2026-10-02T01:00:00+02:00",
        "2026-09-30T20:00:00-0500"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(judged(trial("\"" + std::string(text) + "\"")).started_at == "2026-10-01");
    }
  }
}

BOOST_AUTO_TEST_CASE(without_a_readable_start_nobody_expires) {
  for (const char* bad : {"\"\"", "\"2026-02-30\"", "\"yesterday\"", "\"01.10.2026\"", "20261001",
                          "[]", "\"2026-10-01Tnoon\""}) {
    BOOST_TEST_CONTEXT(bad) {
      const auto v = judged(trial(bad));
      BOOST_TEST(state(v) == "active");
      BOOST_TEST(v.reason == "trial_started_at cannot be read");
      BOOST_TEST(!v.remaining_days.has_value());
      BOOST_TEST(v.expires_at.empty());
    }
  }
  BOOST_TEST(judged("").reason == "no trial_started_at");
  BOOST_TEST(judged(trial("null")).reason == "no trial_started_at");
  BOOST_TEST(judged("").duration_days.value() == 14);
}

BOOST_AUTO_TEST_CASE(a_duration_is_a_number_or_a_text_with_one) {
  for (const char* good : {"20", "\"20\"", "\" 20 \"", "20.0"})
    BOOST_TEST(judged(trial("\"2026-11-01\"", good)).remaining_days.value() == -1);
  for (const char* bad : {"20.5", "\"20.5\"", "\"two weeks\"", "-1", "\"-1\"", "1e30", "true",
                          "\"\"", "\"20 days\""}) {
    BOOST_TEST_CONTEXT(bad) {
      const auto v = judged(trial("\"2020-01-01\"", bad));
      BOOST_TEST(state(v) == "active");
      BOOST_TEST(v.reason == "trial_duration cannot be read");
      BOOST_TEST(!v.duration_days.has_value());
    }
  }
  BOOST_TEST(judged(R"("trial_started_at":"2026-11-07",)").remaining_days.value() == -1);
  BOOST_TEST(judged(trial("\"2026-11-21\"", "0")).remaining_days.value() == -1);
}

BOOST_AUTO_TEST_CASE(the_role_that_expires_last_is_judged) {
  const std::string both = trial("\"2026-10-01\"") + R"("community_started_at":"2026-10-01",)";
  auto v = judged(both, {role("trial"), role("community")});
  BOOST_TEST(v.role == "community");
  BOOST_TEST(v.remaining_days.value() == 48);
  v = judged(both, {role("community"), role("trial")});
  BOOST_TEST(v.role == "community");
  v = judged(trial("\"2026-10-01\""), {role("trial"), role("community")});
  BOOST_TEST(v.role == "community");
  BOOST_TEST(state(v) == "active");
  BOOST_TEST(v.reason == "no community_started_at");
}

BOOST_AUTO_TEST_CASE(roles_are_known_by_id_too_and_others_are_none) {
  policy rules = policy::built_in();
  rules.roles[0].role = "id-trial";
  auto v = judged(trial("\"2026-10-01\""), {role("trial")}, rules);
  BOOST_TEST(state(v) == "expired");
  BOOST_TEST(v.role == "trial");
  v = judged(trial("\"2026-10-01\""), {role("basic")});
  BOOST_TEST(state(v) == "none");
  BOOST_TEST(v.reason == "holds none of the policy's roles");
  BOOST_TEST(state(judged(trial("\"2026-10-01\""), {})) == "none");
}

BOOST_AUTO_TEST_CASE(a_role_through_a_group_is_said_and_a_direct_one_goes_before) {
  auto v = judged(trial("\"2026-10-01\""), {role("trial", true)});
  BOOST_TEST(v.via_group);
  BOOST_TEST(state(v) == "expired");
  BOOST_TEST(v.reason == "role trial is held through a group");
  v = judged(trial("\"2026-10-01\""), {role("trial", true), role("trial")});
  BOOST_TEST(!v.via_group);
}

BOOST_AUTO_TEST_CASE(each_protection_says_which_rule_it_is) {
  const std::string over = trial("\"2026-10-01\"");
  policy rules = policy::built_in();
  rules.protected_email_domains = {"corp.invalid"};
  auto v = judged(over, {role("trial")}, rules);
  BOOST_TEST(state(v) == "protected");
  BOOST_TEST(v.reason == "email domain corp.invalid is protected");
  BOOST_TEST(v.remaining_days.value() == -38);
  rules.protected_email_domains = {"invalid", "orp.invalid", "sub.corp.invalid"};
  BOOST_TEST(state(judged(over, {role("trial")}, rules)) == "expired");
  for (const char* listed : {"ann", "ANN", "u1"}) {
    rules.protected_users = {listed};
    v = judged(over, {role("trial")}, rules);
    BOOST_TEST(v.reason == "user " + std::string(listed) + " is protected");
  }
  rules.protected_users = {"anna", "u", "U1"};
  BOOST_TEST(state(judged(over, {role("trial")}, rules)) == "expired");
  v = judged(over, {role("trial"), role("admin", true)});
  BOOST_TEST(v.reason == "role admin is protected");
  BOOST_TEST((v.rule == protection::role));
  v = judged(over, {role("trial")}, policy::built_in(), {"p1"});
  BOOST_TEST(v.reason == "project p1 is protected");
  BOOST_TEST(state(judged(over, {role("trial")}, policy::built_in(), {"p2"})) == "expired");
}

BOOST_AUTO_TEST_CASE(recategorized_is_what_became_and_nothing_that_expires) {
  const policy rules = policy::built_in();
  const std::vector<held_role> basic{role("basic"), role("member")};
  const std::vector<held_role> still{role("basic"), role("trial", true)};
  const std::vector<held_role> other{role("member")};
  BOOST_TEST(recategorized(basic, rules));
  BOOST_TEST(!recategorized(still, rules));
  BOOST_TEST(!recategorized(other, rules));
  BOOST_TEST(!recategorized({}, rules));
}

BOOST_AUTO_TEST_CASE(states_by_name) {
  for (const char* name : {"active", "expiring", "expired", "protected", "none"})
    BOOST_TEST(to_string(trial_state_from(name).value()) == name);
  BOOST_TEST(!trial_state_from("dead").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
