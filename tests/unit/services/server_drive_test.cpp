// How often Nova is asked, and for how long, to bring a server somewhere.
#include "core/json.hpp"
#include "services/ownership.hpp"
#include "services/stopper.hpp"
#include "tests/unit/support/patient_cloud.hpp"

#include <boost/json/serialize.hpp>

using namespace ostclean;
using namespace ostclean::services;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

class driving : public testing::patient_cloud {
 public:
  driving() : where(session, "mine", "R1") {
    where.time = time();
    answers = [this](const http::request& r) { return answer(r); };
    web.emplace_back(*make_item(where, *find_kind("server"), base, shown()));
  }

  /// Brought to rest; returns how the server ended.
  const affected& stop(seconds limit) {
    run(driven(limit));
    return web.front();
  }

  std::string status = "ACTIVE", task;
  int refuses = 0;  ///< the status of the answer to an action, 0: it is accepted
  std::function<void()> asked = [] {};  ///< an action came
  place where;
  std::vector<affected> web;

 private:
  json::value shown() const {
    json::object server{{"id", "s"}, {"name", "web"}, {"tenant_id", "mine"}, {"status", status}};
    server["OS-EXT-STS:task_state"] = task.empty() ? json::value() : json::value(task);
    return server;
  }

  http::response answer(const http::request& r) {
    if (r.method == http::verb::post) {
      asked();
      return refuses == 0 ? says(202)
                          : says(refuses, R"({"conflictingRequest":{"message":"not now"}})");
    }
    return says(200, R"({"servers":[)" + json::serialize(shown()) + "]}");
  }

  http::asio::awaitable<bool> driven(seconds limit) {
    std::vector<affected*> servers{&web.front()};
    std::function<power_step(const affected&)> next = [](const affected& one) {
      return toward_stop(one.what, false);
    };
    std::function<bool()> interrupted = [] { return false; };
    co_await drive_servers(where, std::move(servers), std::move(next), limit,
                           std::move(interrupted));
    co_return true;
  }
};

const std::string action = "POST /servers/s/action";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(services_server_drive, driving)

BOOST_AUTO_TEST_CASE(a_server_that_stops_is_asked_once) {
  asked = [this] { task = "powering-off"; };
  const auto next_look = where.time.sleep;
  where.time.sleep = [&](std::chrono::milliseconds t) {
    if (passed() >= 20s) status = "SHUTOFF", task.clear();
    return next_look(t);
  };
  BOOST_TEST((stop(300s).end == affected::fate::done));
  BOOST_TEST(times_of(action).size() == 1U);
  BOOST_TEST((passed() >= 20s && passed() < 32s));
}

BOOST_AUTO_TEST_CASE(one_that_nothing_moves_is_asked_three_times_ten_seconds_apart) {
  const auto& end = stop(300s);
  BOOST_TEST((end.end == affected::fate::left));
  BOOST_TEST(end.reason == "still ACTIVE: Nova accepted os-stop, then left it as it was");
  const auto sent = times_of(action);
  BOOST_REQUIRE(sent.size() == 3U);
  for (std::size_t i = 1; i < sent.size(); ++i) BOOST_TEST((sent[i] - sent[i - 1]).count() >= 10);
}

BOOST_AUTO_TEST_CASE(a_conflict_is_looked_at_and_tried_again_without_the_pause) {
  refuses = 409;
  const auto& end = stop(300s);
  BOOST_TEST((end.end == affected::fate::left));
  BOOST_TEST(end.reason.find("not now") != std::string::npos, end.reason);
  BOOST_TEST(times_of(action).size() == 3U);
  BOOST_TEST((passed() < 10s));
}

BOOST_AUTO_TEST_CASE(one_that_is_always_on_its_way_is_left_when_the_time_is_over) {
  asked = [this] { task = "powering-off"; };
  const auto& end = stop(120s);
  BOOST_TEST((end.end == affected::fate::left));
  BOOST_TEST(end.reason == "still ACTIVE (powering-off) after 120 s");
  BOOST_TEST((passed() >= 120s && passed() < 126s));
  BOOST_TEST(times_of(action).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
