#include "core/http/retry.hpp"
#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/scripted_transport.hpp"

namespace core_http_retry {

using namespace ostclean;
using namespace ostclean::http;
using namespace ostclean::testing;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

const std::string url = "http://h/x";

asio::awaitable<void> record(std::vector<milliseconds>* pauses,
                             std::chrono::steady_clock::time_point* now, milliseconds time) {
  pauses->push_back(time);
  *now += time;
  co_return;
}

class retry_fixture : public loop_fixture {
 public:
  retry_fixture() {
    tools.sleep = [this](milliseconds time) { return record(&pauses, &now, time); };
    tools.random = [this] { return chance; };
    tools.steady = [this] { return now += attempt_takes; };
    tools.wall = [] { return sys_time{1000s}; };
  }

  result<response> send(request r) {
    retry again{script, policy, tools};
    return run(again.send(std::move(r)));
  }
  result<response> send(verb v) { return send(request{v, url}); }

  void expect(verb v, int status, const char* retry_after = "", const char* body = "") {
    response answer{status};
    if (*retry_after != '\0') answer.headers.set("Retry-After", retry_after);
    answer.body = body;
    script.expect(v, url, answer);
  }
  void expect_error(verb v, errc code, bool unsent) {
    error e{code, "lost"};
    e.unsent = unsent;
    script.expect(v, url, e);
  }

  scripted_transport script;
  retry_policy policy;
  retry_tools tools;
  std::vector<milliseconds> pauses;
  std::chrono::steady_clock::time_point now;
  milliseconds attempt_takes{0};
  double chance = 0.5;
};

}  // namespace

}  // namespace core_http_retry

BOOST_FIXTURE_TEST_SUITE(core_http_retry, retry_fixture)

BOOST_AUTO_TEST_CASE(retry_after_is_read) {
  const sys_time wall{784111777s - 90s};
  BOOST_TEST((parse_retry_after("0", wall) == 0s));
  BOOST_TEST((parse_retry_after(" 120 ", wall) == 120s));
  BOOST_TEST((parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", wall) == 90s));
  BOOST_TEST((parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", wall + 500s) == 0s));
  BOOST_TEST((*parse_retry_after("99999999999999999999", wall) > 24h));
  BOOST_TEST((parse_retry_after("Sun, 31 Dec 1900 23:59:59 GMT", wall) == 0s));
  // Three hundred years are more nanoseconds than there are numbers.
  BOOST_TEST((*parse_retry_after("Fri, 31 Dec 9999 23:59:59 GMT", wall) > 24h));
  for (const char* text : {"", " ", "-1", "1.5", "soon", "-99999999999999999999"})
    BOOST_TEST(!parse_retry_after(text, wall).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_good_answer_is_passed_on_at_once) {
  for (int status : {200, 400, 401, 403, 404, 409, 500, 501}) {
    expect(verb::get, status);
    BOOST_TEST(send(verb::get)->status == status);
  }
  BOOST_TEST(pauses.empty());
}

BOOST_AUTO_TEST_CASE(backs_off_exponentially_with_full_jitter_until_the_retries_are_spent) {
  for (int i = 0; i < 5; ++i) expect(verb::del, 503);
  BOOST_TEST(send(verb::del)->status == 503);
  const std::vector<milliseconds> wanted{250ms, 500ms, 1000ms, 2000ms};
  BOOST_TEST((pauses == wanted));
  BOOST_TEST(script.requests.size() == 5U);
}

BOOST_AUTO_TEST_CASE(what_a_reader_has_passed_on_is_not_asked_for_again) {
  class reader : public body_reader {
   public:
    explicit reader(bool passed) : passed_(passed) {}
    bool wants(const response&) override { return true; }
    bool read(std::string_view) override { return true; }
    bool passed_on() const override { return passed_; }

   private:
    bool passed_;
  };
  for (const bool passed : {true, false}) {
    request r{verb::get, url};
    r.reader = std::make_shared<reader>(passed);
    expect_error(verb::get, errc::network, false);
    if (!passed) expect(verb::get, 200);
    const auto answer = send(std::move(r));
    BOOST_TEST(answer.has_value() == !passed);
  }
}

BOOST_AUTO_TEST_CASE(the_body_is_sent_again) {
  expect(verb::put, 502);
  expect(verb::put, 200);
  request r{verb::put, url};
  r.body = "b";
  BOOST_TEST(send(r)->status == 200);
  BOOST_REQUIRE(script.requests.size() == 2);
  BOOST_TEST(script.requests[1].body == "b");
}

BOOST_AUTO_TEST_CASE(retry_after_is_honoured_for_any_verb) {
  chance = 0;
  for (int status : {429, 503, 413}) {
    expect(verb::post, status, "7");
    expect(verb::post, 201);
    BOOST_TEST(send(verb::post)->status == 201);
    BOOST_TEST((pauses.back() == 7s));
  }
  expect(verb::post, 429, "Thu, 01 Jan 1970 00:16:50 GMT");
  expect(verb::post, 201);
  BOOST_TEST(send(verb::post)->status == 201);
  BOOST_TEST((pauses.back() == 10s));
}

BOOST_AUTO_TEST_CASE(a_post_is_not_repeated_where_it_may_have_acted) {
  for (int status : {429, 503, 502, 504}) {
    expect(verb::post, status);
    BOOST_TEST(send(verb::post)->status == status);
  }
  expect_error(verb::post, errc::network, false);
  BOOST_TEST(!send(verb::post).has_value());
  expect_error(verb::post, errc::timeout, false);
  BOOST_TEST(!send(verb::post).has_value());
  BOOST_TEST(pauses.empty());
}

BOOST_AUTO_TEST_CASE(a_post_that_is_repeatable_or_was_never_sent_is_repeated) {
  expect_error(verb::post, errc::network, true);
  expect(verb::post, 201);
  BOOST_TEST(send(verb::post)->status == 201);
  request r{verb::post, url};
  r.repeatable = true;
  expect_error(verb::post, errc::network, false);
  expect(verb::post, 201);
  BOOST_TEST(send(r)->status == 201);
}

BOOST_AUTO_TEST_CASE(an_answer_says_whether_an_earlier_attempt_may_have_acted) {
  expect(verb::del, 404);
  BOOST_TEST(!send(verb::del).value().repeated);
  expect_error(verb::del, errc::network, true);
  expect(verb::del, 404);
  BOOST_TEST(!send(verb::del).value().repeated);
  expect(verb::del, 429, "1");
  expect(verb::del, 404);
  BOOST_TEST(!send(verb::del).value().repeated);
  expect_error(verb::del, errc::network, false);
  expect_error(verb::del, errc::network, true);
  expect(verb::del, 404);
  BOOST_TEST(send(verb::del).value().repeated);
  expect(verb::del, 502);
  expect(verb::del, 404);
  BOOST_TEST(send(verb::del).value().repeated);
}

BOOST_AUTO_TEST_CASE(a_quota_is_not_retried_and_a_rate_limit_is) {
  chance = 0;
  expect(verb::post, 413, "", R"({"overLimit": {"code": 413, "retryAfter": "0"}})");
  BOOST_TEST(send(verb::post)->status == 413);
  expect(verb::post, 413, "0");
  BOOST_TEST(send(verb::post)->status == 413);
  expect(verb::get, 413);
  BOOST_TEST(send(verb::get)->status == 413);
  expect(verb::get, 413, "", "<html>");
  BOOST_TEST(send(verb::get)->status == 413);
  BOOST_TEST(pauses.empty());
  expect(verb::post, 413, "", R"({"overLimit": {"code": 413, "retryAfter": "3"}})");
  expect(verb::post, 200);
  BOOST_TEST(send(verb::post)->status == 200);
  BOOST_TEST((pauses.back() == 3s));
  expect(verb::post, 413, "", R"({"overLimit": {"code": 413, "retryAfter": 4}})");
  expect(verb::post, 200);
  BOOST_TEST(send(verb::post)->status == 200);
  BOOST_TEST((pauses.back() == 4s));
}

BOOST_AUTO_TEST_CASE(a_pause_longer_than_the_budget_is_left_to_the_caller) {
  expect(verb::get, 429, "61");
  auto answer = send(verb::get);
  BOOST_TEST(answer->status == 429);
  BOOST_TEST(answer->headers.get("retry-after") == "61");
  BOOST_TEST(pauses.empty());
}

BOOST_AUTO_TEST_CASE(the_budget_is_for_all_pauses_together) {
  chance = 0;
  expect(verb::get, 429, "40");
  expect(verb::get, 429, "30");
  BOOST_TEST(send(verb::get)->status == 429);
  BOOST_TEST(pauses.size() == 1);
}

BOOST_AUTO_TEST_CASE(only_what_may_pass_is_tried_again) {
  for (errc code : {errc::tls, errc::protocol, errc::config, errc::refused}) {
    expect_error(verb::get, code, true);
    auto answer = send(verb::get);
    BOOST_REQUIRE(!answer);
    BOOST_TEST((answer.error().code == code));
  }
  expect_error(verb::get, errc::timeout, false);
  expect_error(verb::get, errc::network, false);
  expect(verb::get, 200);
  BOOST_TEST(send(verb::get)->status == 200);
}

BOOST_AUTO_TEST_CASE(who_cannot_be_reached_is_reported_soon) {
  attempt_takes = 10s;  // every attempt runs into the timeout of connecting
  expect_error(verb::get, errc::network, true);
  expect_error(verb::get, errc::network, true);
  const auto begun = now;
  BOOST_TEST(!send(verb::get).has_value());
  BOOST_TEST((now - begun <= 31s));
}

BOOST_AUTO_TEST_SUITE_END()
