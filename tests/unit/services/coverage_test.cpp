#include "services/coverage.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

#include "services/kind.hpp"

BOOST_AUTO_TEST_SUITE(services_coverage)

using namespace ostclean;
using namespace ostclean::services;

namespace {

auth::catalog catalog_with(const std::string& types, const std::string& region) {
  std::string all;
  for (std::size_t at = 0; at < types.size();) {
    const auto end = std::min(types.find(' ', at), types.size());
    all += std::string(all.empty() ? "" : ",") + R"({"type":")" + types.substr(at, end - at) +
           R"(","endpoints":[{"interface":"admin","region_id":")" + region +
           R"(","url":"http://a"}]})";
    at = end + 1;
  }
  return auth::catalog::parse(boost::json::parse("[" + all + "]"));
}

std::string found(const std::string& types, const std::string& region = "R1") {
  std::string names;
  for (const auto& one : uncovered_services(catalog_with(types, region), {"R1", "R2"}))
    names += one.region + ":" + one.service + " ";
  return names;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_has_a_kind_or_holds_nothing_is_covered) {
  BOOST_TEST(found("volumev2 volumev3 compute image identity placement metric cloudformation") ==
             "");
  for (const auto& row : kinds()) BOOST_TEST(found(std::string{row.service}) == "");
}

BOOST_AUTO_TEST_CASE(a_service_is_told_once_for_each_region_that_is_looked_at) {
  BOOST_TEST(found("share sharev2 no-such-type") == "R1:share R1:no-such-type ");
  BOOST_TEST(found("share", "R3") == "");
  BOOST_TEST(found("share", "") == "R1:share R2:share ");
}

BOOST_AUTO_TEST_CASE(what_the_policy_calls_not_ours) {
  const unseen share("R1", "share", "", ""), vpn("R1", "network", "vpnaas", "");
  BOOST_TEST(is_in(share, {"sharev2"}));
  BOOST_TEST(is_in(vpn, {"vpnaas"}));
  BOOST_TEST(is_in(vpn, {"network"}));
  BOOST_TEST(!is_in(share, {"vpnaas"}));
  BOOST_TEST(!is_in(share, {}));
}

BOOST_AUTO_TEST_CASE(extensions_that_hold_something_are_not_in_the_table) {
  for (const char* alias :
       {"router", "trunk", "vpn-aes-ctr", "bgp_4byte_asn", "aap-reject-multicast"})
    BOOST_TEST(is_harmless_extension(alias), alias);
  for (const char* alias :
       {"", "vpnaas", "bgp", "bgpvpn", "fwaas_v2", "local_ip", "l3-ndp-proxy", "logging", "sfc",
        "taas", "network-segment-range", "vpn", "qos qos-fip"})
    BOOST_TEST(!is_harmless_extension(alias), alias);
}

BOOST_AUTO_TEST_CASE(too_old_for_the_kind_itself) {
  const std::string words =
      "Version 3.58 is not supported by the API. Minimum is 3.0 and maximum is 3.12.";
  BOOST_TEST(came_after("3.13", words));
  BOOST_TEST(!came_after("3.12", words));
  BOOST_TEST(!came_after("", words));
  BOOST_TEST(!came_after("3.13", "Not Acceptable"));
}

BOOST_AUTO_TEST_SUITE_END()
