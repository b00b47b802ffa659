#include "services/vm_lookup.hpp"

#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/scripted_transport.hpp"

namespace services_vm_lookup {

using namespace ostclean;
using namespace ostclean::services;
using http::verb;

namespace {

const std::string k_own = "http://h/v1/p/vmexpires/", k_all = k_own + "?all_tenants=1";
const std::string k_rows = R"({"vmexpires":[
  {"id":"a","instance_id":"s1","instance_name":"one","project_id":"p"},
  {"id":"b","instance_id":"s2","instance_name":"two","project_id":"p"},
  {"id":"c","instance_id":"s2","instance_name":"two","project_id":"q"}],"total":3})";

vm_scope everyone() {
  vm_scope all;
  all.everybody = true;
  return all;
}

class lookup : public testing::loop_fixture {
 public:
  result<std::vector<vm_found>> find(bool everybody, std::vector<std::string> arguments,
                                     vm_name what = vm_name::any, bool insists = false) {
    vm_scope among;
    among.everybody = everybody;
    among.insists = insists;
    among.project_id = "p";
    return run(find_expirations(client, among, std::move(arguments), what));
  }
  testing::scripted_transport via;
  vm_expirations client{via, "http://h/v1/p"};
};

}  // namespace

}  // namespace services_vm_lookup

BOOST_FIXTURE_TEST_SUITE(services_vm_lookup, lookup)

BOOST_AUTO_TEST_CASE(one_request_for_all_arguments_and_one_row_for_each) {
  via.expect_json(verb::get, k_own, 200, k_rows);
  const auto found = find(false, {"a", "s1", "one", "two", "x", "x"});
  BOOST_REQUIRE(found);
  BOOST_REQUIRE(found->size() == 3U);
  BOOST_TEST(found->at(0).row->id == "a");
  BOOST_TEST(found->at(1).row->id == "b");
  BOOST_TEST((found->at(2).why->code == errc::config));
}

BOOST_AUTO_TEST_CASE(rows_of_others_are_taken_from_nobody_but_an_administrator) {
  via.expect_json(verb::get, k_own, 200, k_rows);
  BOOST_TEST(find(false, {"c"})->at(0).why.has_value());
  via.expect_json(verb::get, k_all, 200, k_rows);
  BOOST_TEST(find(true, {"c"})->at(0).row->project_id == "q");
}

BOOST_AUTO_TEST_CASE(what_means_two_rows_is_an_error_that_names_them) {
  via.expect_json(verb::get, k_all, 200, k_rows);
  const auto found = find(true, {"two", "s2"});
  for (const auto& one : *found) {
    BOOST_REQUIRE(one.why);
    BOOST_TEST(one.why->message.find("2 expirations: b (server s2 two, project p), c") !=
               std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(the_kind_of_name_can_be_said) {
  const std::pair<vm_name, const char*> kinds[] = {
      {vm_name::id, "a"}, {vm_name::server, "s1"}, {vm_name::name, "one"}};
  for (const auto& [kind, word] : kinds) {
    via.expect_json(verb::get, k_own, 200, k_rows);
    const auto found = find(false, {"a", "s1", "one"}, kind);
    for (const auto& one : *found) BOOST_TEST(one.row.has_value() == (one.argument == word));
  }
}

BOOST_AUTO_TEST_CASE(an_admin_whom_the_policy_does_not_know_looks_in_the_own_project) {
  const std::string no = R"("all_tenants is restricted to admin users")";
  via.expect_json(verb::get, k_all, 403, no);
  via.expect_json(verb::get, k_own, 200, k_rows);
  BOOST_TEST(find(true, {"a"})->at(0).row->id == "a");
  via.expect_json(verb::get, k_all, 403, no);
  BOOST_TEST((find(true, {"a"}, vm_name::any, true).error().code == errc::forbidden));
  BOOST_TEST(find(true, {}).has_value());
}

BOOST_AUTO_TEST_CASE(a_server_by_its_whole_name) {
  via.expect_json(verb::get, "http://n/servers?name=%5Ea%5C.b%24&all_tenants=1", 200,
                  R"({"servers":[{"id":"1","name":"a.b"},{"id":"2","name":"axb"}]})");
  BOOST_TEST(*run(find_server(via, "http://n", "a.b", everyone())) == "1");
  via.expect_json(verb::get, "http://n/servers?name=%5Ea%24", 200,
                  R"({"servers":[{"id":"1","name":"a"},{"id":"2","name":"a"}]})");
  BOOST_TEST(run(find_server(via, "http://n", "a", vm_scope())).error().message ==
             "2 servers are named 'a': 1, 2");
}

BOOST_AUTO_TEST_CASE(a_server_by_its_id_is_spelt_as_nova_spells_it) {
  const std::string given = "00000000-0000-4000-8000-00000000000F",
                    at = "http://n/servers/" + given;
  const std::string body =
      R"({"server":{"id":"00000000-0000-4000-8000-00000000000f","tenant_id":"p"}})";
  via.expect_json(verb::get, at, 200, body);
  BOOST_TEST(*run(find_server(via, "http://n", given, everyone())) ==
             "00000000-0000-4000-8000-00000000000f");
  vm_scope other;
  other.project_id = "q";
  via.expect_json(verb::get, at, 200, body);
  BOOST_TEST(run(find_server(via, "http://n", given, other))
                 .error()
                 .message.ends_with("of project p, whose expirations cannot be seen"));
}

BOOST_AUTO_TEST_CASE(all_rows_of_a_server) {
  via.expect_json(verb::get, k_all, 200, k_rows);
  const auto rows = run(rows_of_servers(client, everyone(), {"s2", "one"}));
  BOOST_REQUIRE(rows);
  BOOST_TEST(rows->size() == 1U);
  BOOST_TEST(rows->at("s2").size() == 2U);
}

BOOST_AUTO_TEST_CASE(uuids) {
  BOOST_TEST(looks_like_uuid("00000000-0000-4000-8000-00000000000f"));
  BOOST_TEST(looks_like_uuid("0000000000004000800000000000000F"));
  for (const char* other :
       {"", "vm", "00000000-0000-4000-8000-00000000000g", "00000000_0000-4000-8000-000000000000"})
    BOOST_TEST(!looks_like_uuid(other), other);
  BOOST_TEST(looks_like_id(std::string(64, 'a')));
  BOOST_TEST(looks_like_id("default"));
  BOOST_TEST(!looks_like_id("cafe"));
}

BOOST_AUTO_TEST_SUITE_END()
