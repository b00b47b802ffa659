// Every way in which the sandbox can be told over its control address to go wrong does go wrong,
// and only that request does.
#include <boost/test/unit_test.hpp>

#include <future>
#include <thread>

#include "tests/sandbox/fixture.hpp"

using namespace sandbox;

namespace {

struct liar : two_tenants {
  liar() : two_tenants(level::plain) {}

  /// Tells it the next lie about the first GET of the volumes.
  void tell(json::object how) {
    how["service"] = "volume", how["method"] = "GET", how["path"] = "/volumes/detail";
    how["nth"] = 1;
    const answer told = admin.send("PUT", "/_sandbox/faults", json::serialize(json::array{how}),
                                   {{"Content-Type", "application/json"}});
    BOOST_TEST(told.status == 204);
  }

  std::string volumes() const { return "/volume/v3/" + mine.project_id + "/volumes/detail"; }

  std::size_t truth() {
    const answer a = user.get(volumes());
    BOOST_TEST(a.status == 200);
    return a.json().at("volumes").as_array().size();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sandbox_lies, liar)

BOOST_AUTO_TEST_CASE(a_request_fails) {
  tell({{"action", "status"}, {"status", 500}, {"body", "no"}});
  const answer a = user.get(volumes());
  BOOST_TEST(a.status == 500);
  BOOST_TEST(a.body == "no");
  BOOST_TEST(truth() > 0u);
}

BOOST_AUTO_TEST_CASE(a_request_is_throttled) {
  const json::object headers{{"Retry-After", "7"}};
  tell({{"action", "status"}, {"status", 429}, {"headers", headers}});
  answer a = user.get(volumes());
  BOOST_TEST(a.status == 429);
  BOOST_TEST(a.headers["retry-after"] == "7");
  BOOST_TEST(truth() > 0u);
}

BOOST_AUTO_TEST_CASE(an_answer_is_late) {
  tell({{"action", "delay"}, {"seconds", 0.3}});
  const auto before = std::chrono::steady_clock::now();
  BOOST_TEST(truth() > 0u);
  const bool late = std::chrono::steady_clock::now() - before >= std::chrono::milliseconds(300);
  BOOST_TEST(late);
}

/// Others are answered meanwhile.
BOOST_AUTO_TEST_CASE(an_answer_is_held_back) {
  tell({{"action", "hold"}});
  auto held = std::async(std::launch::async, [&] { return user.get(volumes()).status; });
  while (!it.holds() && held.wait_for(std::chrono::milliseconds(10)) != std::future_status::ready)
    continue;
  BOOST_TEST(it.holds());
  BOOST_TEST(admin.get("/compute/v2.1/servers").status == 200);
  const bool waits = held.wait_for(std::chrono::seconds(0)) == std::future_status::timeout;
  BOOST_TEST(waits);
  it.release();
  BOOST_TEST(held.get() == 200);
  BOOST_TEST(!it.holds());
  BOOST_TEST(truth() > 0u);
}

BOOST_AUTO_TEST_CASE(a_connection_ends) {
  for (const char* how : {"reset", "truncate", "lost", "not_http"}) {
    BOOST_TEST_CONTEXT(how) {
      tell({{"action", how}});
      BOOST_TEST(!user.get(volumes()).failure.empty());
      BOOST_TEST(truth() > 0u);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_json_is_none) {
  tell({{"action", "garbage"}});
  const answer a = user.get(volumes());
  BOOST_TEST(a.status == 200);
  BOOST_TEST(a.json().is_null());
  BOOST_TEST(truth() > 0u);
}

BOOST_AUTO_TEST_CASE(the_length_is_wrong) {
  const std::size_t whole = user.get(volumes()).body.size();
  tell({{"action", "underlong"}});
  const answer a = user.get(volumes());
  BOOST_TEST(a.headers.at("content-length") == std::to_string(whole / 2));
  BOOST_TEST(a.json().is_null());
  BOOST_TEST(truth() > 0u);
}

BOOST_AUTO_TEST_CASE(a_connection_is_refused) {
  tell({{"action", "refused"}, {"seconds", 0.3}});
  BOOST_TEST(!user.get(volumes()).failure.empty());
  const auto refused = std::chrono::steady_clock::now();
  BOOST_TEST(!user.get(volumes()).failure.empty());
  const auto patience = refused + std::chrono::minutes(1);
  while (!user.get(volumes()).failure.empty() && std::chrono::steady_clock::now() < patience)
    std::this_thread::yield();
  BOOST_TEST(truth() > 0u);
}

BOOST_AUTO_TEST_CASE(a_body_has_no_end) {
  tell({{"action", "endless"}});
  BOOST_TEST(!user.get(volumes()).failure.empty());
  BOOST_TEST(truth() > 0u);
}

BOOST_AUTO_TEST_CASE(a_filter_is_ignored) {
  const std::size_t own = truth();
  tell({{"action", "ignore_filter"}});
  BOOST_TEST(user.get(volumes()).json().at("volumes").as_array().size() > own);
  BOOST_TEST(truth() == own);
}

BOOST_AUTO_TEST_CASE(somebody_elses_object_is_in_the_list) {
  const std::size_t own = truth();
  const json::object foreign{{"id", theirs.volume}, {"name", "foreign"}};
  tell({{"action", "inject"}, {"object", foreign}});
  const json::value seen = user.get(volumes()).json();
  BOOST_TEST(seen.at("volumes").as_array().size() == own + 1);
  BOOST_TEST(seen.at("volumes").as_array().back().at("id").as_string() == theirs.volume);
  BOOST_TEST(truth() == own);
}

BOOST_AUTO_TEST_CASE(every_request_is_recorded) {
  admin.send("DELETE", "/_sandbox/requests");
  truth();
  const json::value all = admin.get("/_sandbox/requests").json();
  BOOST_TEST(all.as_array().size() == 1u);
  BOOST_TEST(all.at(0).at("service").as_string() == "volume");
  BOOST_TEST(all.at(0).at("status").to_number<int>() == 200);
  BOOST_TEST(all.at(0).at("project").as_string() == mine.project_id);
}

BOOST_AUTO_TEST_SUITE_END()
