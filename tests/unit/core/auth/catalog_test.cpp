#include "core/auth/catalog.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_auth_catalog)

using namespace ostclean;
using auth::catalog;

namespace {

catalog sample() {
  return catalog::parse(boost::json::parse(R"([
    {"type": "volumev2", "name": "cinderv2", "endpoints": [
      {"interface": "public", "region": "R1", "region_id": "R1", "url": "http://v2"}]},
    {"type": "volumev3", "name": "cinderv3", "endpoints": [
      {"interface": "internal", "region": "R2", "url": "http://v3-r2-internal"},
      {"interface": "public", "region": "R2", "url": "http://v3-r2"},
      {"interface": "public", "region": "R1", "url": "http://v3-r1"}]},
    {"type": "sharev2", "endpoints": [{"interface": "publicURL", "region": "R3", "url": "http://m"}]},
    {"type": "share", "endpoints": [{"interface": "public", "region": "R1", "url": "http://old"}]},
    {"type": "vmexpire", "endpoints": [{"interface": "public", "region": "R1", "url": "http://e"}]},
    {"type": "broken", "endpoints": 5}, {"endpoints": []}, 7, null, [],
    {"type": "empty", "endpoints": [{"interface": "public", "url": null}, 1, {}]}
  ])"));
}

}  // namespace

BOOST_AUTO_TEST_CASE(volumev3_is_preferred) {
  auto c = sample();
  BOOST_TEST(c.url("block-storage", "public", "R1") == "http://v3-r1");
  BOOST_TEST(c.url("volume", "public", "R1") == "http://v3-r1");
  BOOST_TEST(c.url("volumev2", "public", "R1") == "http://v2");  // exact first
}

BOOST_AUTO_TEST_CASE(an_exact_type_beats_an_alias) {
  auto c = sample();
  BOOST_TEST(c.url("share", "public", "") == "http://old");
  BOOST_TEST(c.url("shared-file-system", "public", "") == "http://m");
}

BOOST_AUTO_TEST_CASE(region_and_interface) {
  auto c = sample();
  BOOST_TEST(c.url("volumev3", "public", "") == "http://v3-r2");
  BOOST_TEST(c.url("volumev3", "admin, internal,public", "R2") == "http://v3-r2-internal");
  BOOST_TEST(c.url("volumev3", "internalURL", "R2") == "http://v3-r2-internal");
  BOOST_TEST(c.url("volumev3", "admin", "R1").empty());
  BOOST_TEST(c.url("vmexpire", "public", "R2").empty());
  BOOST_TEST(c.url("compute", "public", "").empty());
  BOOST_TEST(c.url("empty", "public", "").empty());
}

BOOST_AUTO_TEST_CASE(regions_in_order_each_once) {
  BOOST_TEST(sample().regions() == (std::vector<std::string>{"R1", "R2", "R3"}));
}

BOOST_AUTO_TEST_CASE(endpoints_without_a_region_have_one_of_their_own) {
  const auto c = catalog::parse(boost::json::parse(R"([
    {"type": "image", "endpoints": [
      {"interface": "public", "region": null, "url": "http://bare"},
      {"interface": "public", "region": "R1", "url": "http://one"}]}])"));
  BOOST_TEST(c.regions() == (std::vector<std::string>{"R1", std::string{auth::no_region}}));
  BOOST_TEST(c.url("image", "public", auth::no_region) == "http://bare");
  BOOST_TEST(c.url("image", "public", "R1") == "http://one");
  const auto bare = catalog::parse(boost::json::parse(
      R"([{"type": "image", "endpoints": [{"interface": "public", "url": "http://bare"}]}])"));
  BOOST_TEST(bare.regions().empty());
  BOOST_TEST(bare.offers("image"));
  BOOST_TEST(!bare.offers("compute"));
}

BOOST_AUTO_TEST_CASE(what_is_no_catalog_is_empty) {
  for (auto text : {"null", "{}", "3", "\"x\"", "[[[]]]"})
    BOOST_TEST(catalog::parse(boost::json::parse(text)).services.empty());
}

BOOST_AUTO_TEST_CASE(aliases) {
  BOOST_TEST(auth::type_aliases("volume").front() == "block-storage");
  BOOST_TEST(auth::type_aliases("nosuch").size() == 1U);
  BOOST_TEST(auth::type_aliases("nosuch").front() == "nosuch");
}

BOOST_AUTO_TEST_SUITE_END()
