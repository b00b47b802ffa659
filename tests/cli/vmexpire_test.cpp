// `vmexpire list` and `vmexpire show`: who sees what, and how it is shown.
#include <fmt/core.h>

#include <boost/test/unit_test.hpp>

#include "tests/cli/vmexpire_site.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_vmexpire)

namespace {

words names(const ending& e) {
  BOOST_TEST(e.code == 0, e.err);
  return texts(e.data(), "instance_name");
}

words list(words more) {
  more.insert(more.begin(), {"vmexpire", "list", "-f", "json", "--sort-column", "instance_name"});
  return more;
}

/// Three rows of ours and one of the neighbour.
class four_rows : public vm_site {
 public:
  explicit four_rows(sandbox::options o = sandbox::options()) : vm_site(std::move(o)) {
    past = track(mine, "past", -3 * k_day - k_hour);
    near = track(mine, "near", 2 * k_day + k_hour);
    far = track(mine, "far", 60 * k_day + k_hour);
    other = track(theirs, "other", 5 * k_day + k_hour);
  }
  std::string past, near, far, other;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_user_lists_the_own_project_in_one_request) {
  four_rows s;
  const auto e = s.as_user(list({}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(names(e) == (words{"far", "near", "past"}), boost::test_tools::per_element());
  BOOST_TEST(s.asked() == 1U);
  BOOST_TEST(s.changes().empty());
  const auto row = with(e, "id", s.near);
  const auto stored = s.it.object("vmexpire", s.near);
  for (const auto& field : stored.as_object())
    BOOST_TEST(row.at(field.key()) == field.value(), field.key());
  BOOST_TEST(row.at("links").is_object());
  BOOST_TEST(text(row, "expires_at").size() == 20U);
  BOOST_TEST(text(row, "expires_at").ends_with("Z"));
  BOOST_TEST(!row.as_object().contains("time_left"));
}

BOOST_AUTO_TEST_CASE(fields_that_nobody_knows_yet_are_kept) {
  vm_site s;
  const auto id = s.track(s.mine, "vm", k_day);
  s.it.change("vmexpire", id, {{"flavour_of_the_day", json::array{1, 2}}});
  const auto e = s.as_user(list({}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(with(e, "id", id).at("flavour_of_the_day") == (json::array{1, 2}), e.out);
}

BOOST_AUTO_TEST_CASE(an_end_that_is_no_number_is_unknown) {
  vm_site s;
  const auto id = s.track(s.mine, "vm", k_day);
  s.it.change("vmexpire", id, {{"expire", nullptr}});
  const auto e = s.as_user(list({}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(with(e, "id", id).at("expires_at").is_null(), e.out);
  BOOST_TEST(s.as_user({"vmexpire", "list"}).code == 0);
}

BOOST_AUTO_TEST_CASE(an_administrator_sees_all_or_one_project) {
  four_rows s;
  BOOST_TEST(names(s.run(list({}))).empty());
  const words everything{"far", "near", "other", "past"};
  BOOST_TEST(names(s.run(list({"--all-tenants"}))) == everything, boost::test_tools::per_element());
  for (const auto& project : {s.theirs.name, s.theirs.project_id}) {
    const auto e = s.run(list({"--project", project}));
    BOOST_TEST(names(e) == words{"other"}, boost::test_tools::per_element());
  }
  for (const auto& user : {s.theirs.name, s.theirs.user_id}) {
    const auto e = s.run(list({"--user", user}));
    BOOST_TEST(names(e) == words{"other"}, boost::test_tools::per_element());
  }
  const auto unknown = s.run(list({"--project", "nosuch"}));
  BOOST_TEST(unknown.code == 2, unknown.err);
  check_one_error(unknown, "no project named nosuch");
}

BOOST_AUTO_TEST_CASE(a_user_names_the_own_project_and_nobody_elses) {
  four_rows s;
  for (const auto& own : {s.mine.name, s.mine.project_id})
    BOOST_TEST(names(s.as_user(list({"--project", own}))).size() == 3U);
  for (const auto& own : {s.mine.name, s.mine.user_id})
    BOOST_TEST(names(s.as_user(list({"--user", own}))).size() == 3U);
  const auto stranger = s.as_user(list({"--user", s.theirs.name}));
  BOOST_TEST(stranger.code == 4, stranger.err);
  check_one_error(stranger, "'neighbour' cannot be looked up");
  for (const words& args : {list({"--all-tenants"}), list({"--project", s.theirs.project_id})}) {
    const auto e = s.as_user(args);
    BOOST_TEST(e.code == 4, e.err);
    BOOST_TEST(e.out.empty());
    check_one_error(e, "all_tenants is restricted to admin users (HTTP 403, req-");
  }
}

BOOST_AUTO_TEST_CASE(what_is_past_and_what_is_near) {
  four_rows s;
  const std::pair<words, words> filters[] = {{{"--expired"}, {"past"}},
                                             {{"--within", "7d"}, {"near"}},
                                             {{"--within", "1w", "--expired"}, {"near", "past"}},
                                             {{"--within", "2d"}, {}},
                                             {{"--within", "2d12h"}, {"near"}}};
  for (const auto& [filter, wanted] : filters)
    BOOST_TEST(names(s.as_user(list(filter))) == wanted, boost::test_tools::per_element());
  const auto later = fmt::format("{}-01-01", 1970 + (seconds_now() + 400 * k_day) / (365 * k_day));
  words rehearsed{"--now", later};
  for (const auto& word : list({"--expired"})) rehearsed.push_back(word);
  BOOST_TEST(names(s.as_user(rehearsed)).size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_table_says_the_time_left_in_words_and_colours_it_on_request) {
  four_rows s;
  const auto plain = s.as_user({"vmexpire", "list"});
  BOOST_TEST(plain.code == 0, plain.err);
  for (const char* part : {"Time Left", "expired 3 days ago", "| 2 days ", "| 60 days "})
    BOOST_TEST(plain.out.find(part) != std::string::npos, part << "\n" << plain.out);
  BOOST_TEST(plain.out.find('\033') == std::string::npos);
  // The soonest first.
  BOOST_TEST(plain.out.find("past") < plain.out.find("near"));
  BOOST_TEST(plain.out.find("near") < plain.out.find("far"));
  const auto colour = s.as_user({"vmexpire", "list", "--color", "always"});
  BOOST_TEST(colour.code == 0, colour.err);
  BOOST_TEST(colour.out.find("\033[31mexpired 3 days ago\033[0m") != std::string::npos, colour.out);
  BOOST_TEST(colour.out.find("\033[33m2 days\033[0m") != std::string::npos, colour.out);
  BOOST_TEST(colour.out.find("\033[33m60 days") == std::string::npos, colour.out);
  const auto chosen = s.as_user(list({"--within", "7d", "-c", "time_left"}));
  BOOST_TEST(chosen.code == 0, chosen.err);
  BOOST_TEST(chosen.data().at(0).at("time_left") == "2 days");
}

BOOST_AUTO_TEST_CASE(show_takes_ids_and_names) {
  four_rows s;
  const auto server = text(s.it.object("vmexpire", s.near), "instance_id");
  for (const auto& word : {s.near, server, std::string("near")}) {
    const auto e = s.as_user({"vmexpire", "show", word, "-f", "json"});
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(text(e.data(), "id") == s.near);
    BOOST_TEST(!text(e.data(), "expires_at").empty());
  }
  const auto two = s.run({"vmexpire", "show", "near", "other", "-f", "json"});
  BOOST_TEST(two.code == 0, two.err);
  BOOST_TEST(two.data().as_array().size() == 2U, two.err);
  const auto table = s.as_user({"vmexpire", "show", "past", "--color", "always"});
  BOOST_TEST(table.code == 0, table.err);
  BOOST_TEST(table.out.find("\033[31mexpired 3 days ago") != std::string::npos, table.out);
}

BOOST_AUTO_TEST_CASE(ambiguous_and_unknown_arguments_are_errors) {
  four_rows s;
  const auto twin = s.track(s.theirs, "near", k_day);
  const auto e = s.run({"vmexpire", "show", "near"});
  BOOST_TEST(e.code == 2, e.err);
  check_one_error(e, "'near' means 2 expirations");
  BOOST_TEST((e.says(s.near) && e.says(twin)), e.err);
  BOOST_TEST(s.as_user({"vmexpire", "show", "near"}).code == 0);

  const auto named_as_id = s.track(s.theirs, s.far, k_day);
  BOOST_TEST(s.run({"vmexpire", "show", s.far}).code == 2);
  const auto by_id = s.run({"vmexpire", "show", s.far, "--by", "id", "-f", "json"});
  BOOST_TEST(by_id.code == 0, by_id.err);
  BOOST_TEST(text(by_id.data(), "id") == s.far, by_id.err);
  const auto by_name = s.run({"vmexpire", "show", s.far, "--by", "name", "-f", "json"});
  BOOST_TEST(by_name.code == 0, by_name.err);
  BOOST_TEST(text(by_name.data(), "id") == named_as_id, by_name.err);

  const auto none = s.as_user({"vmexpire", "show", "nosuch"});
  BOOST_TEST(none.code == 2, none.err);
  check_one_error(none, "no expiration has 'nosuch'");
  const auto some = s.as_user({"vmexpire", "show", "near", "nosuch", "-f", "json"});
  BOOST_TEST(some.code == 3, some.err);
  BOOST_TEST(some.data().as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(nobody_elses_row_is_shown_to_who_knows_its_id) {
  four_rows s;
  const auto e = s.as_user({"vmexpire", "show", s.other});
  BOOST_TEST(e.code == 2, e.err);
  BOOST_TEST(e.out.empty());
}

BOOST_AUTO_TEST_CASE(ids_come_from_standard_input) {
  four_rows s;
  manner how;
  how.in = s.near + "\n\n  far\r\n" + s.near;
  const auto e = s.as_user({"vmexpire", "show", "-", "-f", "json"}, how);
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(e.data().as_array().size() == 2U, e.out);
  const auto nothing = s.as_user({"vmexpire", "show", "-", "-f", "json"});
  BOOST_TEST(nothing.code == 0, nothing.err);
  BOOST_TEST(nothing.data().as_array().empty());
  BOOST_TEST(s.as_user({"vmexpire", "show"}).code == 2);
}

BOOST_AUTO_TEST_CASE(the_endpoint_is_found_whatever_it_looks_like) {
  for (const char* suffix : {"/v1/$P", "/v1/$P/", "/v1", "/v1/", "", "/"}) {
    sandbox::options o;
    o.vmexpire_suffix = suffix;
    four_rows s(std::move(o));
    const auto e = s.as_user(list({}));
    BOOST_TEST(e.code == 0, suffix << ": " << e.err);
    BOOST_TEST(names(e).size() == 3U, suffix);
  }
}

BOOST_AUTO_TEST_CASE(another_type_and_an_override) {
  sandbox::options o;
  o.vmexpire_type = "vm-expiration";
  four_rows s(std::move(o));
  const auto none = s.as_user(list({}));
  BOOST_TEST(none.code == 1, none.err);
  check_one_error(none, "--os-vmexpire-service-type");
  const auto typed = s.as_user(list({"--os-vmexpire-service-type", "vm-expiration"}));
  BOOST_TEST(names(typed).size() == 3U, typed.err);
  manner how;
  how.environment["OS_VMEXPIRE_SERVICE_TYPE"] = "vm-expiration";
  BOOST_TEST(names(s.as_user(list({}), how)).size() == 3U);
  for (const std::string& tail :
       words{"/v1", "/v1/%(tenant_id)s/", "/v1/" + s.mine.project_id, "/"}) {
    const auto url = s.it.url() + "/vmexpire" + tail;
    const auto e = s.as_user(list({"--os-vmexpire-endpoint-override", url}));
    BOOST_TEST(names(e).size() == 3U, tail << ": " << e.err);
  }
}

BOOST_AUTO_TEST_CASE(a_long_list_is_printed_while_it_comes) {
  vm_site s;
  for (int i = 0; i < 12000; ++i) s.track(s.mine, fmt::format("vm-{}", i), i);
  for (const char* format : {"json", "ndjson", "csv", "value"}) {
    const auto e = s.as_user({"vmexpire", "list", "-f", format, "-c", "instance_name"});
    BOOST_TEST(e.code == 0, e.err);
    const auto lines = std::count(e.out.begin(), e.out.end(), '\n');
    BOOST_TEST((lines >= 12000 && lines <= 36002), format << ": " << lines);
    if (std::string(format) == "json") BOOST_TEST(e.data().as_array().size() == 12000U);
  }
  BOOST_TEST(s.asked() == 4U);
}

BOOST_AUTO_TEST_CASE(a_long_list_that_breaks_off_is_not_repeated_and_has_no_end) {
  vm_site s;
  for (int i = 0; i < 5000; ++i) s.track(s.mine, fmt::format("vm-{}", i), i);
  s.fault("truncate", "vmexpire", "GET", "/vmexpires");
  const auto e = s.as_user({"vmexpire", "list", "-f", "json"});
  BOOST_TEST(e.code == 1, e.err);
  BOOST_TEST(s.asked() == 1U);
  BOOST_TEST(!e.out.empty());
  boost::json::error_code ec;
  boost::json::parse(e.out, ec);
  BOOST_TEST(ec.failed());
}

BOOST_AUTO_TEST_CASE(a_short_list_that_breaks_off_is_asked_for_again) {
  four_rows s;
  s.fault("truncate", "vmexpire", "GET", "/vmexpires", 1);
  const auto e = s.as_user(list({}));
  BOOST_TEST(e.code == 0, e.err);
  BOOST_TEST(names(e).size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
