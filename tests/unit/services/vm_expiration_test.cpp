#include "services/vm_expiration.hpp"

#include "services/vm_exclusion.hpp"
#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/scripted_transport.hpp"

#include <boost/json/parse.hpp>

namespace services_vm_expiration {

using namespace ostclean;
using namespace ostclean::services;
using http::verb;
namespace json = boost::json;

namespace {

vm_expiration row(const std::string& body) { return vm_expiration{json::parse(body).as_object()}; }

class expirations : public testing::loop_fixture {
 public:
  testing::scripted_transport via;
  vm_expirations client{via, "http://h/v1/p"};
  vm_exclusions excludes{via, "http://h/v1/p"};
  vm_expiration before = row(R"({"id":"a","expire":1797917815,"instance_name":"vm"})");
};

const std::string k_row = "http://h/v1/p/vmexpires/a";
const std::string k_most = R"("VM reached its maximum life, a, cannot extend it")";

}  // namespace

}  // namespace services_vm_expiration

BOOST_FIXTURE_TEST_SUITE(services_vm_expiration, expirations)

BOOST_AUTO_TEST_CASE(the_end_in_every_spelling) {
  const std::pair<const char*, const char*> ends[] = {{"1797917815", "2026-12-22T05:36:55Z"},
                                                      {"1797917815.9", "2026-12-22T05:36:55Z"},
                                                      {"\"1797917815\"", "2026-12-22T05:36:55Z"},
                                                      {"99999999999999", "9999-12-31T23:59:59Z"},
                                                      {"null", "unknown"},
                                                      {"-1", "unknown"},
                                                      {"\"soon\"", "unknown"},
                                                      {"[]", "unknown"}};
  for (const auto& [expire, end] : ends)
    BOOST_TEST(end_of(row(std::string(R"({"expire":)") + expire + "}")) == end, expire);
  BOOST_TEST(end_of(row("{}")) == "unknown");
  BOOST_TEST(row(R"({"intance_name":"vm"})").instance_name == "vm");
}

BOOST_AUTO_TEST_CASE(an_extension_with_and_without_a_body) {
  via.expect_json(verb::put, k_row, 202, R"({"vmexpire":{"id":"a","expire":5}})");
  BOOST_TEST(end_of(*run(client.extend(before))) == "1970-01-01T00:00:05Z");
  via.expect_json(verb::put, k_row, 202, R"({})");
  via.expect_json(verb::get, k_row, 200, R"({"vmexpires":[{"id":"a","expire":6}]})");
  BOOST_TEST(end_of(*run(client.extend(before))) == "1970-01-01T00:00:06Z");
}

BOOST_AUTO_TEST_CASE(a_refusal_says_what_is_true) {
  via.expect_json(verb::put, k_row, 403, k_most);
  via.expect_json(verb::get, k_row, 200, R"({"vmexpire":{"id":"a","expire":1800509785}})");
  const auto written = run(client.extend(before));
  BOOST_REQUIRE(!written);
  BOOST_TEST(written.error().message ==
             "VM reached its maximum life, a, cannot extend it; all the same it wrote a new end: "
             "it is now 2027-01-21T05:36:25Z, it was 2026-12-22T05:36:55Z");
  via.expect_json(verb::put, k_row, 403, k_most);
  via.expect_json(verb::get, k_row, 200, R"({"vmexpire":{"id":"a","expire":1797917815}})");
  const auto left = run(client.extend(before));
  BOOST_TEST(left.error().message.ends_with("the end is still 2026-12-22T05:36:55Z"));
  via.expect_json(verb::put, k_row, 403, R"("No VMExpire found with ID a")");
  BOOST_TEST((run(client.extend(before)).error().code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_replaced_row_and_one_that_is_only_gone) {
  const std::string at = "http://h/v1/p/vmexpires/s";
  via.expect_json(verb::post, at, 202, R"({"vmexpire":{"id":"b","expire":5}})");
  const auto made = run(client.add("s", {before}));
  BOOST_REQUIRE(made);
  BOOST_TEST(made->made.id == "b");
  BOOST_TEST(made->replaced.at(0).id == "a");
  via.expect_json(verb::post, at, 403, R"("No Openstack instance found with ID s")");
  via.expect_json(verb::get, k_row, 500, R"({"description":"No VMExpire found with ID a"})");
  const auto gone = run(client.add("s", {before}));
  BOOST_REQUIRE(!gone);
  BOOST_TEST(gone.error().message ==
             "No Openstack instance found with ID s; all the same its expiration a "
             "(2026-12-22T05:36:55Z) is gone");
  via.expect_json(verb::post, at, 403, R"("No Openstack instance found with ID s")");
  BOOST_TEST(run(client.add("s", {})).error().message == "No Openstack instance found with ID s");
}

BOOST_AUTO_TEST_CASE(ids_are_encoded) {
  via.expect_json(verb::del, "http://h/v1/p/vmexpires/a%2F..%3Fb", 204, "null");
  BOOST_TEST(run(client.remove("a/..?b")).has_value());
}

BOOST_AUTO_TEST_CASE(a_type_is_a_word_however_it_comes) {
  const std::pair<const char*, const char*> types[] = {
      {"0", "domain"},      {"1", "project"},     {"2", "user"}, {"\"project\"", "project"},
      {"\"User\"", "user"}, {"\"1\"", "project"}, {"9", "9"}};
  for (const auto& [sent, word] : types) {
    const auto body = std::string(R"({"id":"e","exclude_id":"x","exclude_type":)") + sent + "}";
    const vm_exclusion one{json::parse(body).as_object()};
    BOOST_TEST(one.exclude_type == word);
    BOOST_TEST(one.body.at("exclude_type") == word);
  }
}

BOOST_AUTO_TEST_CASE(an_exclusion_is_made_at_either_path) {
  const std::string made = R"({"vmexclude":{"id":"e","exclude_id":"x","exclude_type":2}})";
  via.expect_json(verb::post, "http://h/v1/p/vmexcludes/", 202, made);
  BOOST_TEST(run(excludes.create("user", "x"))->id == "e");
  BOOST_TEST(via.requests.back().body == R"({"id":"x","type":"user"})");
  via.expect_json(verb::post, "http://h/v1/p/vmexcludes/", 405, "{}");
  via.expect_json(verb::post, "http://h/v1/p/vmexpires/", 202, made);
  BOOST_TEST(run(excludes.create("user", "x"))->id == "e");
  BOOST_TEST((run(excludes.create("user", std::string(256, 'x'))).error().code == errc::usage));
}

BOOST_AUTO_TEST_SUITE_END()
