// Ids in fields are seldom bare.
#include "services/naming.hpp"

#include "core/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(services_naming)

using namespace ostclean;
using namespace ostclean::services;

namespace {

const std::string uuid = "6f3b9a1e-8c1d-4a56-9d0e-2f4b8f1c0a77";

std::string named(std::string_view kind, std::string_view field, const std::string& said,
                  std::string_view of = "volume") {
  return id_in(of, reference{kind, field}, said);
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_id_is_found_in_what_services_make_of_it) {
  BOOST_TEST(named("volume", "volume_id", uuid) == uuid);
  BOOST_TEST(named("load_balancer", "device_id", "lb-" + uuid) == uuid);
  BOOST_TEST(named("volume", "direct_url", "cinder://" + uuid) == uuid);
  BOOST_TEST(named("volume", "locations.url", "cinder://store/" + uuid) == uuid);
  BOOST_TEST(named("secret", "secret_refs.secret_ref", "https://k/v1/secrets/" + uuid) == uuid);
  BOOST_TEST(named("image", "name", "image-" + uuid) == uuid);
  BOOST_TEST(named("image", "name", "glance_" + uuid, "container") == uuid);
  BOOST_TEST(named("server", "name", "vTPM secret for instance " + uuid) == uuid);
  BOOST_TEST(named("server", "name",
                   "Ephemeral encryption secret for instance " + uuid + " BDM x") == uuid);
}

BOOST_AUTO_TEST_CASE(what_names_nothing_is_empty) {
  BOOST_TEST(named("volume", "direct_url", "rbd://pool/" + uuid + "/snap").empty());
  BOOST_TEST(named("image", "name", "backup_" + uuid).empty());
  BOOST_TEST(named("image", "name", "image-" + uuid, "container").empty());
  for (const char* name : {"", "web-1", "my image-1", "for instance"})
    for (const char* kind : {"image", "server"}) BOOST_TEST(named(kind, "name", name).empty());
}

BOOST_AUTO_TEST_CASE(a_text_that_is_json_is_read) {
  const auto data =
      boost::json::parse(R"({"m":"[{\"snapshot_id\":\"s1\"},{\"volume_id\":null}]"})");
  const auto read = decoded(data, "m");
  BOOST_TEST(texts_at(read, "m.snapshot_id").size() == 1U);
  for (const char* odd : {R"({"m":"[not"})", R"({"m":7})", R"({})", R"([])", R"({"m":""})"}) {
    const auto as_it_was = boost::json::parse(odd);
    BOOST_TEST((decoded(as_it_was, "m") == as_it_was), odd);
  }
}

BOOST_AUTO_TEST_CASE(consumers_of_secrets_and_of_their_containers) {
  item secret{*find_kind("secret"), "x"};
  secret.data = boost::json::parse(R"({"consumers":[{"service":"a","resource_id":"r1"}]})");
  BOOST_TEST((consumers_of(secret) == std::vector<std::string>{"r1"}));
  item box{*find_kind("secret_container"), "y"};
  box.data =
      boost::json::parse(R"({"consumers":[{"name":"a","URL":"https://o/v2/listeners/l1"}]})");
  BOOST_TEST((consumers_of(box) == std::vector<std::string>{"l1"}));
}

BOOST_AUTO_TEST_SUITE_END()
