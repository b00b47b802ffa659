// What the services' words mean for a delete.
#include "services/states.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(services_states)

using namespace ostclean;
using namespace ostclean::services;
using what = plan::step::kind;

namespace {

item made(std::string_view kind, const std::string& data) {
  item one{*find_kind(kind), "x"};
  one.data = boost::json::parse(data);
  return one;
}

what refused(std::string_view kind, int status, const std::string& message,
             const std::string& data = "{}") {
  error why{errc::service, message};
  why.status = status;
  return step_of(made(kind, data), why).what;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_server_is_on_its_way_out_by_task_or_by_status) {
  BOOST_TEST(is_being_deleted(made("server", R"({"status":"ACTIVE"})"), "deleting"));
  BOOST_TEST(is_being_deleted(made("server", R"({"status":"DELETED"})"), ""));
  BOOST_TEST(!is_being_deleted(made("server", R"({"status":"ERROR"})"), ""));
}

BOOST_AUTO_TEST_CASE(a_server_in_error_or_set_aside_is_broken_once_nothing_works_on_it) {
  BOOST_TEST(is_broken(made("server", R"({"status":"ERROR"})"), ""));
  BOOST_TEST(is_broken(made("server", R"({"status":"SOFT_DELETED"})"), ""));
  BOOST_TEST(!is_broken(made("server", R"({"status":"ERROR"})"), "deleting"));
  BOOST_TEST(!is_broken(made("server", R"({"status":"ACTIVE"})"), ""));
  BOOST_TEST(is_broken(made("volume", "{}"), "error_deleting"));
  BOOST_TEST(!is_broken(made("volume", "{}"), "error"));
}

BOOST_AUTO_TEST_CASE(cinders_400_is_a_conflict_and_nobody_elses) {
  BOOST_TEST((refused("volume", 400, "Invalid volume") == what::conflict));
  BOOST_TEST(
      (refused("volume", 400, "Invalid volume", R"({"status":"backing-up"})") == what::accepted));
  BOOST_TEST((refused("volume", 400, "Invalid volume", R"({"status":"error_deleting"})") ==
              what::conflict));
  BOOST_TEST((refused("network", 400, "bad") == what::failed));
  BOOST_TEST((refused("network", 409, "in use") == what::conflict));
  BOOST_TEST((refused("network", 403, "no") == what::failed));
  BOOST_TEST((refused("network", 500, "oops") == what::conflict));
}

BOOST_AUTO_TEST_CASE(a_pending_load_balancer_is_waited_out) {
  BOOST_TEST(
      (refused("load_balancer", 409, "Invalid state PENDING_CREATE of loadbalancer resource x") ==
       what::accepted));
  BOOST_TEST((refused("load_balancer", 409, "quota") == what::conflict));
}

BOOST_AUTO_TEST_CASE(the_fault_is_the_services_own) {
  BOOST_TEST(fault_of(made("server", R"({"fault":{"message":"no host"}})")) == ": no host");
  BOOST_TEST(fault_of(made("stack", R"({"stack_status_reason":"why"})")) == ": why");
  BOOST_TEST(fault_of(made("volume", "{}")).empty());
}

BOOST_AUTO_TEST_SUITE_END()
