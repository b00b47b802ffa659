// How what stays on a subnet is reached and reaches the world.
#include "services/fate.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace ostclean;
using namespace ostclean::services;

BOOST_AUTO_TEST_SUITE(services_ways)

namespace {

const std::string k_keep = R"("tags":["keep"])";

class place_of_things {
 public:
  void add(std::string_view kind, const std::string& id, const std::string& data = "{}") {
    items.emplace_back(*find_kind(kind), id);
    items.back().data = boost::json::parse(data);
  }

  /// A router with a leg on each of two subnets.
  void add_router(const std::string& more) {
    add("router", "r", "{" + more + "}");
    for (const std::string n : {"a", "b"}) {
      add("network", "net-" + n);
      add("subnet", "sub-" + n,
          R"({"network_id":"net-)" + n + R"(","gateway_ip":"10.0.0.1","host_routes":[]})");
      add("router_interface", "leg-" + n,
          R"({"device_id":"r","network_id":"net-)" + n + R"(","fixed_ips":[{"subnet_id":"sub-)" +
              n + R"(","ip_address":"10.0.0.1"}]})");
    }
  }

  void add_port(const std::string& id, const std::string& address, const std::string& more = "") {
    add("port", id,
        R"({"network_id":"net-a","fixed_ips":[{"subnet_id":"sub-a","ip_address":")" + address +
            R"("}])" + more + "}");
  }

  /// The ids that go, in the order of the items, by spaces.
  std::string going() {
    choices how;
    how.tag = "keep";
    relations all{items};
    judge_alone(items, how);
    judge_together(items, all);
    std::string ids;
    for (const auto& one : items)
      if (one.decided == item::fate::goes) ids += (ids.empty() ? "" : " ") + one.id;
    return ids;
  }

  std::vector<item> items;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_kept_port_keeps_the_interface_and_the_router_of_its_subnet_only) {
  place_of_things w;
  w.add_router(R"("routes":[])");
  w.add_port("p", "10.0.0.5", "," + k_keep);
  BOOST_TEST(w.going() == "net-b sub-b leg-b");
}

BOOST_AUTO_TEST_CASE(static_routes_may_lead_through_any_interface) {
  place_of_things w;
  w.add_router(R"("routes":[{"destination":"192.0.2.0/24","nexthop":"10.0.9.9"}])");
  w.add_port("p", "10.0.0.5", "," + k_keep);
  BOOST_TEST(w.going() == "");
}

BOOST_AUTO_TEST_CASE(a_protected_router_keeps_every_interface) {
  place_of_things w;
  w.add_router(R"("routes":[],)" + k_keep);
  BOOST_TEST(w.going() == "");
}

BOOST_AUTO_TEST_CASE(the_machine_behind_the_gateways_address_stays) {
  place_of_things w;
  w.add("network", "net-a");
  w.add("subnet", "sub-a",
        R"({"network_id":"net-a","gateway_ip":"10.0.0.9","host_routes":[{"nexthop":"10.0.0.8"}],)" +
            k_keep + "}");
  w.add("server", "firewall");
  w.add("server", "other");
  w.add_port("gateway", "10.0.0.9", R"(,"device_id":"firewall","device_owner":"compute:nova")");
  w.add_port("hop", "10.0.0.8");
  w.add_port("free", "10.0.0.7");
  BOOST_TEST(w.going() == "other free");
}

BOOST_AUTO_TEST_CASE(an_address_that_a_kept_port_answers_for_stays) {
  for (const std::string pair : {"10.0.0.100", "10.0.0.96/28"}) {
    place_of_things w;
    w.add_port("server-port", "10.0.0.5",
               R"(,"allowed_address_pairs":[{"ip_address":")" + pair + R"("}],)" + k_keep);
    w.add_port("vip", "10.0.0.100");
    w.add_port("bound", "10.0.0.101", R"(,"device_id":"s","device_owner":"compute:nova")");
    w.add_port("aside", "10.0.0.120");
    w.add("floating_ip", "f", R"({"port_id":"vip"})");
    BOOST_TEST(w.going() == "bound aside", pair);
  }
}

BOOST_AUTO_TEST_CASE(ranges_of_both_families_are_understood) {
  for (const std::string pair : {"2001:db8::/64", "no/range", "10.0.0.0/99", ""}) {
    place_of_things w;
    w.add_port("server-port", "2001:db8::5",
               R"(,"allowed_address_pairs":[{"ip_address":")" + pair + R"("}],)" + k_keep);
    w.add_port("vip", "2001:db8::64");
    BOOST_TEST((w.going().empty()) == (pair == "2001:db8::/64"), pair);
  }
}

BOOST_AUTO_TEST_CASE(heats_names_of_interfaces) {
  place_of_things w;
  w.add_router(R"("routes":[])");
  BOOST_TEST(interfaces_named(w.items, "r:subnet_id=sub-b").size() == 1U);
  BOOST_TEST(interfaces_named(w.items, "r:port_id=leg-a").size() == 1U);
  for (const char* none : {"x:subnet_id=sub-b", "r", "r:subnet_id=", ""})
    BOOST_TEST(interfaces_named(w.items, none).empty(), none);
}

BOOST_AUTO_TEST_SUITE_END()
