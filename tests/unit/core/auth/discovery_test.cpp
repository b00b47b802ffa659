#include "core/auth/discovery.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_auth_discovery)

using namespace ostclean::auth;

namespace {

std::string best(const char* document, const char* major) {
  return best_version(boost::json::parse(document), major).value_or("none");
}

}  // namespace

BOOST_AUTO_TEST_CASE(urls_come_apart) {
  auto cinder = split_url("https://h/volume/v3/abc/", "abc");
  BOOST_TEST(cinder.root == "https://h/volume");
  BOOST_TEST(cinder.version == "v3");
  BOOST_TEST(cinder.tail == "/abc");
  BOOST_TEST(cinder.with("v2") == "https://h/volume/v2/abc");
  auto swift = split_url("http://h:8080/v1/AUTH_abc", "abc");
  BOOST_TEST(swift.root == "http://h:8080");
  BOOST_TEST(swift.tail == "/AUTH_abc");
  auto foreign = split_url("http://h:8776/v3/another", "");
  BOOST_TEST(foreign.version == "v3");
  auto nova = split_url("http://h:8774/v2.1", "abc");
  BOOST_TEST(nova.version == "v2.1");
  BOOST_TEST(nova.tail.empty());
  auto glance = split_url("http://h:9292/", "abc");
  BOOST_TEST(glance.root == "http://h:9292");
  BOOST_TEST(glance.version.empty());
  auto bare = split_url("http://h/heat/abc", "abc");
  BOOST_TEST(bare.root == "http://h/heat");
  BOOST_TEST(bare.tail == "/abc");
  BOOST_TEST(split_url("http://v2", "").version.empty());
  BOOST_TEST(split_url("", "").root.empty());
  BOOST_TEST(split_url("////", "").root.empty());
}

BOOST_AUTO_TEST_CASE(majors) {
  BOOST_TEST(major_of("v2.15") == "2");
  BOOST_TEST(major_of("v3") == "3");
  for (auto text : {"", "v", "2", "vx", "v2.", "v2.x", "v2x", "v-1", "v99999999999999"})
    BOOST_TEST(major_of(text) == "");
}

BOOST_AUTO_TEST_CASE(nova_glance_keystone_and_single_documents) {
  BOOST_TEST(best(R"({"versions": [
    {"id": "v2.0", "status": "SUPPORTED", "links": [{"rel": "self", "href": "http://i/v2/"}]},
    {"id": "v2.1", "status": "CURRENT", "links": [{"rel": "self", "href": "http://i/v2.1/"}]}]})",
                  "2") == "v2.1");
  BOOST_TEST(best(R"({"versions": [
    {"id": "v2.9", "status": "SUPPORTED", "links": [{"rel": "self", "href": "http://i/image/v2/"}]},
    {"id": "v2.15", "status": "CURRENT", "links": [{"rel": "self", "href": "http://i/image/v2/"}]}]})",
                  "2") == "v2");
  BOOST_TEST(best(R"({"version": {"id": "v1", "status": "stable", "links": [
    {"rel": "self", "href": "http://i/v0/"}]}})",
                  "1") == "none");
  BOOST_TEST(best(R"({"versions": {"values": [
    {"id": "v3.14", "status": "stable", "links": [{"rel": "self", "href": "http://i/v3/"}]}]}})",
                  "3") == "v3");
  BOOST_TEST(best(R"({"version":
    {"id": "v1", "status": "CURRENT", "links": [{"rel": "self", "href": "http://i/v1"}]}})",
                  "1") == "v1");
  // Placement is served at its root.
  BOOST_TEST(best(R"({"versions": [
    {"id": "v1.0", "status": "CURRENT", "links": [{"rel": "self", "href": ""}]}]})",
                  "1") == "");
}

BOOST_AUTO_TEST_CASE(what_is_not_offered_is_not_chosen) {
  BOOST_TEST(best(R"({"versions": [{"id": "v2", "status": "DEPRECATED", "links": []}]})", "2") ==
             "none");
  BOOST_TEST(best(R"({"versions": [{"id": "v3", "status": "CURRENT", "links": []}]})", "2") ==
             "none");
  for (auto text : {"null", "[]", "{\"versions\": 4}", "{\"versions\": [1, null, {\"id\": []}]}",
                    "{\"versions\": {\"values\": {}}}", "{\"version\": \"v2\"}"})
    BOOST_TEST(best(text, "2") == "none");
}

BOOST_AUTO_TEST_CASE(conventions_and_placeholders) {
  BOOST_TEST(conventional_version("network", "2") == "v2.0");
  BOOST_TEST(conventional_version("compute", "2") == "v2.1");
  BOOST_TEST(conventional_version("image", "2") == "v2");
  BOOST_TEST(fill_placeholders("h/%(tenant_id)s/$(project_id)s/%(project_id)s", "p") == "h/p/p/p");
  BOOST_TEST(fill_placeholders("h/$(tenant_id)s", "") == "h/");
}

BOOST_AUTO_TEST_SUITE_END()
