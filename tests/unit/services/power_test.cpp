// The one next action for every state a server may be found in.
#include "services/power.hpp"

#include <boost/json/object.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(services_power)

using namespace ostclean::services;
namespace data = boost::unit_test::data;
namespace json = boost::json;
using what = power_step::what;

namespace {

item server(const char* status, const char* task = nullptr, bool locked = false, int power = 1) {
  item one{*find_kind("server"), "s1"};
  json::object body{{"status", status}, {"locked", locked}, {"OS-EXT-STS:power_state", power}};
  body["OS-EXT-STS:task_state"] = task ? json::value(task) : json::value();
  one.data = std::move(body);
  return one;
}

class wanted {
 public:
  const char *status, *task;
  bool locked;
  what kind;
  const char* text;
};
std::ostream& operator<<(std::ostream& out, const wanted& w) {
  return out << w.status << " " << (w.task ? w.task : "") << (w.locked ? " locked" : "");
}

const std::vector<wanted> down{
    {"ACTIVE", nullptr, false, what::act, "os-stop"},
    {"PAUSED", nullptr, false, what::act, "unpause"},
    {"SUSPENDED", nullptr, false, what::act, "resume"},
    {"RESCUE", nullptr, false, what::act, "unrescue"},
    {"SHUTOFF", nullptr, false, what::done, ""},
    {"SHUTOFF", "powering-on", false, what::wait, ""},
    {"ACTIVE", "powering-off", false, what::wait, ""},
    {"BUILD", "spawning", false, what::wait, ""},
    {"REBOOT", nullptr, false, what::wait, ""},
    {"ACTIVE", nullptr, true, what::stays, "locked by somebody; it still runs"},
    {"SHUTOFF", nullptr, true, what::done, ""},
    {"SHELVED_OFFLOADED", nullptr, true, what::stays, "shelved"},
    {"SHELVED", nullptr, false, what::stays, "shelved"},
    {"ERROR", nullptr, false, what::left, "in ERROR; it still runs"},
    {"VERIFY_RESIZE", nullptr, false, what::left, "its resize waits to be confirmed or reverted"},
    {"UNKNOWN", nullptr, false, what::left, "Nova shows it as UNKNOWN"},
    {"ACTIVE", "deleting", false, what::done, "it is being deleted"},
    {"SOFT_DELETED", nullptr, false, what::done, "it is being deleted"},
};

class way_back {
 public:
  const char *before, *status;
  what kind;
  const char* text;
};
std::ostream& operator<<(std::ostream& out, const way_back& w) {
  return out << w.before << " now " << w.status;
}

const std::vector<way_back> up{
    {"ACTIVE", "SHUTOFF", what::act, "os-start"},
    {"ACTIVE", "ACTIVE", what::done, ""},
    {"PAUSED", "SHUTOFF", what::act, "os-start"},
    {"PAUSED", "ACTIVE", what::act, "pause"},
    {"SUSPENDED", "ACTIVE", what::act, "suspend"},
    {"SUSPENDED", "SUSPENDED", what::done, ""},
    {"RESCUE", "SHUTOFF", what::act, "os-start"},
    {"RESCUE", "ACTIVE", what::done, ""},
    {"SHUTOFF", "SHUTOFF", what::done, ""},
    {"SHELVED", "SHELVED", what::done, ""},
    {"ACTIVE", "PAUSED", what::done, "PAUSED by now"},
    {"ACTIVE", "SHELVED_OFFLOADED", what::stays, "shelved since"},
    {"ACTIVE", "ERROR", what::left, "in ERROR"},
    {"ACTIVE", "SOFT_DELETED", what::left, "it is being deleted"},
};

}  // namespace

BOOST_DATA_TEST_CASE(toward_rest, data::make(down), w) {
  const auto step = toward_stop(server(w.status, w.task, w.locked), false);
  BOOST_TEST((step.kind == w.kind));
  BOOST_TEST((step.kind == what::act ? step.action : step.reason) == w.text);
}

BOOST_DATA_TEST_CASE(and_back, data::make(up), w) {
  const auto step = toward_before(server(w.status), w.before, false);
  BOOST_TEST((step.kind == w.kind));
  BOOST_TEST((step.kind == what::act ? step.action : step.reason) == w.text);
}

BOOST_AUTO_TEST_CASE(a_lock_of_ours_is_no_obstacle) {
  BOOST_TEST(toward_stop(server("ACTIVE", nullptr, true), true).action == "os-stop");
  BOOST_TEST(toward_before(server("SHUTOFF", nullptr, true), "ACTIVE", true).action == "os-start");
  const auto others = toward_before(server("SHUTOFF", nullptr, true), "ACTIVE", false);
  BOOST_TEST((others.kind == what::stays));
}

BOOST_AUTO_TEST_CASE(what_failed_and_does_not_run_is_left_alone) {
  const auto step = toward_stop(server("ERROR", nullptr, false, 4), false);
  BOOST_TEST((step.kind == what::stays));
  BOOST_TEST(step.reason == "in ERROR");
}

BOOST_AUTO_TEST_CASE(an_action_under_way_is_not_taken_for_the_end) {
  // The os-stop of a run that was killed.
  BOOST_TEST((toward_before(server("ACTIVE", "powering-off"), "ACTIVE", false).kind == what::wait));
}

BOOST_AUTO_TEST_SUITE_END()
