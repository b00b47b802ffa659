#include "core/auth/session.hpp"

#include "core/time.hpp"
#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/temporary_folder.hpp"

#include <sys/stat.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

using namespace ostclean;
using namespace ostclean::auth;
using namespace std::chrono_literals;
using http::asio::awaitable;

namespace {

// A cloud with one service: its Keystone gives T1, T2, ... and "compute" wants the newest of them.
class little_cloud : public http::transport {
 public:
  awaitable<result<http::response>> send(http::request r) override {
    auto executor = co_await http::asio::this_coro::executor;
    http::asio::steady_timer pause{executor, 5ms};
    co_await pause.async_wait(http::asio::as_tuple(http::asio::use_awaitable));
    urls.push_back(r.url);
    if (r.authentication) co_return authenticated();
    if (auto at = pages.find(r.url); at != pages.end()) {
      BOOST_TEST(r.headers.get("X-Auth-Token").empty());  // discovery is for everyone
      co_return at->second;
    }
    http::response answer{r.headers.get("X-Auth-Token") == accepted ? 200 : 401};
    answer.body = r.body;
    co_return answer;
  }

  result<http::response> authenticated() {
    ++posts;
    if (refuses) {
      http::response no{401};
      no.body = R"({"error": {"message": "no"}})";
      return no;
    }
    auto now = std::chrono::system_clock::now() + skew;
    http::response yes{201};
    if (!stubborn) accepted = "T" + std::to_string(posts);
    yes.headers.set("X-Subject-Token", "T" + std::to_string(posts));
    yes.body = R"({"token": {"issued_at": ")" + format_rfc3339(now) + R"(", "expires_at": ")" +
               format_rfc3339(now + life) + R"(", "project": {"id": "pid"}, "catalog": )" +
               services + "}}";
    return yes;
  }

  std::size_t asked(const std::string& url) const {
    return static_cast<std::size_t>(std::count(urls.begin(), urls.end(), url));
  }

  int posts = 0;
  bool refuses = false, stubborn = false;
  std::chrono::seconds life = 3600s, skew = 0s;
  std::string accepted;
  std::vector<std::string> urls;
  std::map<std::string, http::response> pages;
  std::string services = "[]";
};

const std::string service = "http://nova/v2.1/servers";

class session_fixture : public testing::loop_fixture {
 public:
  session_fixture() {
    who.auth_type = "password";
    who.auth_url = "http://k";
    who.username = "ann";
    who.password = "secret";
    who.scope.project_id = "pid";
  }

  result<http::response> get(session& by) {
    http::request r{http::verb::get, service};
    r.service = "compute";
    return run(by.send(std::move(r)));
  }

  // All at the same time.
  std::vector<int> get_many(session& by, int count) {
    std::vector<int> statuses;
    for (int i = 0; i < count; ++i) {
      http::request r{http::verb::get, service};
      r.service = "compute";
      http::asio::co_spawn(io, by.send(std::move(r)),
                           [&](std::exception_ptr, result<http::response> answer) {
                             statuses.push_back(answer ? answer->status : -1);
                           });
    }
    spin([&] { return statuses.size() == static_cast<std::size_t>(count); });
    return statuses;
  }

  std::string endpoint(session& by, const std::string& type, const std::string& major,
                       const std::string& region = "") {
    auto found = run(by.endpoint(type, region, major));
    return found ? *found : found.error().message;
  }

  void serve(const std::string& url, int status, const std::string& body) {
    http::response page{status};
    page.body = body;
    cloud.pages[url] = page;
  }

  testing::temporary_folder folder;
  token_cache cache{folder.path + "/cache"};
  little_cloud cloud;
  settings who;
};

std::string one_service(const std::string& type, const std::string& url) {
  return R"([{"type": ")" + type +
         R"(", "endpoints": [{"interface": "public", "region": "R1", "url": ")" + url + R"("}]}])";
}

const std::string glance = R"({"versions": [
  {"id": "v2.15", "status": "CURRENT", "links": [{"rel": "self", "href": "http://internal/v2/"}]},
  {"id": "v1.0", "status": "DEPRECATED", "links": [{"rel": "self", "href": "http://internal/v1/"}]}]})";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(core_auth_session, session_fixture)

BOOST_AUTO_TEST_CASE(one_authentication_serves_all_requests) {
  session s{who, cloud, nullptr};
  BOOST_TEST(get(s)->status == 200);
  BOOST_TEST(get(s)->status == 200);
  BOOST_TEST(cloud.posts == 1);
  auto now = run(s.current());
  BOOST_TEST((*now)->id == "T1");
  BOOST_TEST((*now)->project_id == "pid");
}

BOOST_AUTO_TEST_CASE(concurrent_first_requests_authenticate_once) {
  session s{who, cloud, &cache};
  BOOST_TEST(get_many(s, 20) == std::vector<int>(20, 200));
  BOOST_TEST(cloud.posts == 1);
}

BOOST_AUTO_TEST_CASE(concurrent_401s_authenticate_once) {
  session s{who, cloud, &cache};
  BOOST_TEST(get(s)->status == 200);
  cloud.accepted = "revoked";
  BOOST_TEST(get_many(s, 20) == std::vector<int>(20, 200));
  BOOST_TEST(cloud.posts == 2);
  BOOST_TEST(cloud.asked(service) == 41U);
}

BOOST_AUTO_TEST_CASE(concurrent_requests_share_one_failure) {
  cloud.refuses = true;
  session s{who, cloud, &cache};
  BOOST_TEST(get_many(s, 20) == std::vector<int>(20, -1));
  BOOST_TEST(cloud.posts == 1);
  BOOST_TEST((get(s).error().code == errc::auth));
}

BOOST_AUTO_TEST_CASE(a_second_401_is_the_answer_and_ends_the_story) {
  cloud.stubborn = true;
  cloud.accepted = "something else";
  session s{who, cloud, &cache};
  BOOST_TEST(get(s)->status == 401);
  BOOST_TEST(cloud.posts == 2);
  BOOST_TEST(get(s)->status == 401);
  BOOST_TEST(get(s)->status == 401);
  BOOST_TEST(cloud.posts == 2);
  BOOST_TEST(cloud.asked(service) == 4U);
}

BOOST_AUTO_TEST_CASE(the_body_is_sent_again_after_a_401) {
  session s{who, cloud, nullptr};
  BOOST_TEST(get(s)->status == 200);
  cloud.accepted = "revoked";
  http::request r{http::verb::post, service};
  r.body = "content";
  auto answer = run(s.send(std::move(r)));
  BOOST_TEST(answer->status == 200);
  BOOST_TEST(answer->body == "content");
}

BOOST_AUTO_TEST_CASE(own_tokens_are_left_alone) {
  session s{who, cloud, nullptr};
  http::request r{http::verb::get, service};
  r.headers.set("X-Auth-Token", "mine");
  BOOST_TEST(run(s.send(std::move(r)))->status == 401);
  BOOST_TEST(cloud.posts == 0);
}

BOOST_AUTO_TEST_CASE(a_second_process_does_not_authenticate) {
  cloud.services = one_service("compute", "http://nova/v2.1");
  session first{who, cloud, &cache};
  BOOST_TEST(get(first)->status == 200);
  token_cache same_folder{folder.path + "/cache"};
  session second{who, cloud, &same_folder};
  BOOST_TEST(get(second)->status == 200);
  BOOST_TEST(endpoint(second, "compute", "2") == "http://nova/v2.1");
  BOOST_TEST(cloud.posts == 1);
  auto other = who;
  other.scope = scope::of_project("other");
  session third{other, cloud, &same_folder};
  BOOST_TEST(run(third.current()).has_value());
  BOOST_TEST(cloud.posts == 2);
}

BOOST_AUTO_TEST_CASE(parallel_processes_authenticate_once) {
  token_cache other_cache{folder.path + "/cache"};
  session first{who, cloud, &cache}, second{who, cloud, &other_cache};
  int done = 0;
  for (auto* s : {&first, &second})
    http::asio::co_spawn(io, s->current(), [&](std::exception_ptr, result<const token*> t) {
      BOOST_TEST(t.has_value());
      ++done;
    });
  spin([&] { return done == 2; });
  BOOST_TEST(cloud.posts == 1);
}

BOOST_AUTO_TEST_CASE(no_cache_when_the_settings_say_so) {
  who.cache = false;
  session first{who, cloud, &cache}, second{who, cloud, &cache};
  BOOST_TEST(get(first)->status == 200);
  BOOST_TEST(get(second)->status == 200);
  BOOST_TEST(cloud.posts == 2);
}

BOOST_AUTO_TEST_CASE(a_rejected_token_leaves_the_cache) {
  session first{who, cloud, &cache};
  BOOST_TEST(get(first)->status == 200);
  cloud.accepted = "revoked";
  session second{who, cloud, &cache};
  BOOST_TEST(get(second)->status == 200);  // T1 from the cache is refused, T2 is made
  BOOST_TEST(cloud.posts == 2);
  session third{who, cloud, &cache};
  BOOST_TEST(get(third)->status == 200);
  BOOST_TEST(get(first)->status == 200);  // finds T2 in the cache
  BOOST_TEST(cloud.posts == 2);
  cloud.accepted = "revoked";
  cloud.refuses = true;
  BOOST_TEST(get(first).has_error());
  BOOST_TEST(!cache.load(token_cache::key(who)));
}

BOOST_AUTO_TEST_CASE(cache_files_that_are_not_private_or_damaged_are_not_used) {
  auto file = folder.path + "/cache/" + token_cache::key(who);
  auto make = [&] {
    session s{who, cloud, &cache};
    BOOST_TEST(get(s)->status == 200);
  };
  make();
  ::chmod(file.c_str(), 0644);
  make();
  BOOST_TEST(cloud.posts == 2);
  std::filesystem::resize_file(file, 50);
  make();
  BOOST_TEST(cloud.posts == 3);
  std::filesystem::rename(file, folder.path + "/cache/moved");
  std::filesystem::create_symlink(folder.path + "/cache/moved", file);
  make();
  BOOST_TEST(cloud.posts == 4);
  for (auto text : {"", "null", "{}", "[", R"({"id": "T4", "good_until": "x"})",
                    R"({"id": "T4", "good_until": 9223372036854775807, "document": {}})",
                    R"({"id": "T4", "good_until": 2000000000, "document": {"token": []}})"}) {
    cache.store(token_cache::key(who), text);
    make();
  }
  BOOST_TEST(cloud.posts == 11);
}

BOOST_AUTO_TEST_CASE(renewed_two_minutes_before_the_end) {
  cloud.life = 121s;
  session s{who, cloud, nullptr};
  BOOST_TEST(get(s)->status == 200);
  cloud.life = 3600s;
  http::asio::steady_timer pause{io, 1100ms};
  pause.wait();
  BOOST_TEST(get(s)->status == 200);
  BOOST_TEST(cloud.posts == 2);
}

BOOST_AUTO_TEST_CASE(a_short_token_is_used_while_it_lives_but_not_from_the_cache) {
  cloud.life = 50s;
  session s{who, cloud, &cache};
  BOOST_TEST(get(s)->status == 200);
  BOOST_TEST(get(s)->status == 200);
  BOOST_TEST(cloud.posts == 1);
  session other{who, cloud, &cache};
  BOOST_TEST(get(other)->status == 200);
  BOOST_TEST(cloud.posts == 2);
}

BOOST_AUTO_TEST_CASE(the_cache_serves_a_token_with_more_than_a_minute_left) {
  cloud.life = 100s;
  session s{who, cloud, &cache};
  BOOST_TEST(get(s)->status == 200);
  session other{who, cloud, &cache};
  BOOST_TEST(get(other)->status == 200);
  BOOST_TEST(get(other)->status == 200);
  BOOST_TEST(cloud.posts == 1);
}

BOOST_AUTO_TEST_CASE(a_wrong_local_clock_does_no_harm) {
  cloud.skew = -100000s;
  session s{who, cloud, &cache};
  BOOST_TEST(get(s)->status == 200);
  BOOST_TEST(get(s)->status == 200);
  BOOST_TEST(cloud.posts == 1);
}

BOOST_AUTO_TEST_CASE(a_stuck_lock_of_another_process_is_waited_for) {
  auto held = cache.try_lock(token_cache::key(who));
  BOOST_REQUIRE(held);
  http::asio::steady_timer release{io, 120ms};
  release.async_wait([&](auto) { held.reset(); });
  session s{who, cloud, &cache};
  BOOST_TEST(get(s)->status == 200);
  BOOST_TEST(!held);
  BOOST_TEST(cloud.posts == 1);
}

BOOST_AUTO_TEST_CASE(incomplete_settings_are_said_before_anything_is_sent) {
  who.password.clear();
  session s{who, cloud, &cache};
  BOOST_TEST((get(s).error().code == errc::config));
  BOOST_TEST(cloud.urls.empty());
}

BOOST_AUTO_TEST_CASE(endpoints_with_a_version_are_taken_as_they_are) {
  cloud.services = one_service("volumev3", "http://c:8776/v3/pid/");
  session s{who, cloud, nullptr};
  BOOST_TEST(endpoint(s, "block-storage", "3") == "http://c:8776/v3/pid");
  BOOST_TEST(endpoint(s, "block-storage", "") == "http://c:8776/v3/pid");
  BOOST_TEST(endpoint(s, "volumev2", "3", "R1") == "http://c:8776/v3/pid");
  BOOST_TEST(cloud.urls.size() == 1U);
  auto none = run(s.endpoint("dns", "R7", "2"));
  BOOST_TEST((none.error().code == errc::not_found));
  BOOST_TEST(none.error().message ==
             "the catalog has no public endpoint of service dns in region R7");
}

BOOST_AUTO_TEST_CASE(a_version_is_discovered_once_and_for_the_next_process) {
  cloud.services = one_service("image", "https://public/image");
  serve("https://public/image/", 300, glance);
  session s{who, cloud, &cache};
  BOOST_TEST(endpoint(s, "image", "2") == "https://public/image/v2");
  BOOST_TEST(endpoint(s, "image", "2") == "https://public/image/v2");
  BOOST_TEST(endpoint(s, "image", "") == "https://public/image");
  session second{who, cloud, &cache};
  BOOST_TEST(endpoint(second, "image", "2") == "https://public/image/v2");
  BOOST_TEST(cloud.asked("https://public/image/") == 1U);
  BOOST_TEST(cloud.posts == 1);
}

BOOST_AUTO_TEST_CASE(concurrent_discoveries_are_one) {
  cloud.services = one_service("image", "https://public/image");
  serve("https://public/image/", 300, glance);
  session s{who, cloud, nullptr};
  int done = 0;
  for (int i = 0; i < 8; ++i)
    http::asio::co_spawn(io, s.endpoint("image", "", "2"),
                         [&](std::exception_ptr, result<std::string> url) {
                           BOOST_TEST(*url == "https://public/image/v2");
                           ++done;
                         });
  spin([&] { return done == 8; });
  BOOST_TEST(cloud.asked("https://public/image/") == 1U);
}

BOOST_AUTO_TEST_CASE(another_major_is_looked_for_beside_the_catalogs) {
  cloud.services = one_service("volumev2", "http://c/volume/v2/pid");
  serve("http://c/volume/", 300, R"({"versions": [
    {"id": "v3.0", "status": "CURRENT", "links": [{"rel": "self", "href": "http://x/v3/"}]}]})");
  session s{who, cloud, nullptr};
  BOOST_TEST(endpoint(s, "block-storage", "3") == "http://c/volume/v3/pid");
}

BOOST_AUTO_TEST_CASE(without_an_answer_the_convention_holds) {
  cloud.services = one_service("image", "http://g");
  session s{who, cloud, &cache};
  for (auto [status, body] : {std::pair{503, ""}, std::pair{500, "x"}}) {
    serve("http://g/", status, body);
    BOOST_TEST(endpoint(s, "image", "2") == "http://g/v2");
  }
  BOOST_TEST(cloud.asked("http://g/") == 2U);  // a service that is down is asked again
  serve("http://g/", 403, "<html>");
  BOOST_TEST(endpoint(s, "image", "2") == "http://g/v2");
  BOOST_TEST(endpoint(s, "image", "2") == "http://g/v2");
  BOOST_TEST(cloud.asked("http://g/") == 3U);
}

BOOST_AUTO_TEST_CASE(network_and_load_balancer_are_not_asked) {
  cloud.services = one_service("network", "http://n:9696/");
  session s{who, cloud, nullptr};
  BOOST_TEST(endpoint(s, "network", "2") == "http://n:9696/v2.0");
  cloud.services = one_service("load-balancer", "http://lb");
  session lb{who, cloud, nullptr};
  BOOST_TEST(endpoint(lb, "load-balancer", "2") == "http://lb/v2.0");
  BOOST_TEST(cloud.urls.size() == 2U);
}

BOOST_AUTO_TEST_CASE(overrides_beat_the_catalog) {
  who.services["block_store_endpoint_override"] = "http://mine/v3/%(project_id)s/";
  who.services["vmexpire_endpoint_override"] = "http://expire/v1";
  session s{who, cloud, nullptr};
  BOOST_TEST(endpoint(s, "vmexpire", "1") == "http://expire/v1");
  BOOST_TEST(cloud.posts == 0);
  BOOST_TEST(endpoint(s, "block-storage", "3") == "http://mine/v3/pid");
  BOOST_TEST(cloud.posts == 1);
}

BOOST_AUTO_TEST_CASE(region_and_interface_of_the_settings) {
  cloud.services = R"([{"type": "compute", "endpoints": [
    {"interface": "public", "region": "R1", "url": "http://p1/v2.1"},
    {"interface": "public", "region": "R2", "url": "http://p2/v2.1"},
    {"interface": "internal", "region": "R2", "url": "http://i2/v2.1/$(tenant_id)s"}]}])";
  who.region = "R2";
  session s{who, cloud, nullptr};
  BOOST_TEST(endpoint(s, "compute", "2") == "http://p2/v2.1");
  BOOST_TEST(endpoint(s, "compute", "2", "R1") == "http://p1/v2.1");
  who.services["compute_interface"] = "internal";
  session inner{who, cloud, nullptr};
  BOOST_TEST(endpoint(inner, "compute", "2") == "http://i2/v2.1/pid");
}

BOOST_AUTO_TEST_CASE(a_loop_that_ends_early_does_not_need_the_session) {
  auto s = std::make_unique<session>(who, cloud, &cache);
  {
    http::asio::io_context short_lived{1};
    http::asio::co_spawn(short_lived, s->current(),
                         [](std::exception_ptr, result<const token*>) {});
    short_lived.run_one();
    s.reset();
  }
  BOOST_TEST(cloud.posts == 0);
}

BOOST_AUTO_TEST_SUITE_END()
