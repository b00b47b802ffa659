// Tokens: when one is asked for, shared, renewed and cached.
#include "tests/unit/core/auth/session_cloud.hpp"

#include <sys/stat.h>

namespace core_auth_session {

using namespace ostclean;
using namespace ostclean::auth;
using namespace ostclean::auth::session_test;
using namespace std::chrono_literals;

}  // namespace core_auth_session

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

BOOST_AUTO_TEST_CASE(keystones_404_of_a_token_is_no_404_of_what_was_asked) {
  session s{who, cloud, nullptr};
  BOOST_TEST(get(s)->status == 200);
  cloud.over = 404;
  cloud.accepted = "revoked";
  cloud.why = R"({"error": {"message": "Unable to validate token because project p is disabled"}})";
  BOOST_TEST(get(s)->status == 200);
  BOOST_TEST(cloud.posts == 2);
  cloud.accepted = "revoked";
  cloud.why = R"({"error": {"message": "Could not find project: p."}})";
  BOOST_TEST(get(s)->status == 404);
  BOOST_TEST(cloud.posts == 2);
}

BOOST_AUTO_TEST_CASE(the_404_of_the_own_trust_is_a_refused_token) {
  who.scope.trust_id = "t1";
  session s{who, cloud, nullptr};
  BOOST_TEST(get(s)->status == 200);
  cloud.over = 404, cloud.accepted = "revoked", cloud.refuses = true;
  cloud.why = R"({"error": {"message": "Could not find trust: other."}})";
  BOOST_TEST(get(s)->status == 404);
  cloud.why = R"({"error": {"message": "Could not find trust: t1."}})";
  BOOST_TEST((get(s).error().code == errc::auth));
}

BOOST_AUTO_TEST_CASE(own_tokens_are_left_alone) {
  session s{who, cloud, nullptr};
  http::request r{http::verb::get, service};
  r.headers.set("X-Auth-Token", "mine");
  const auto answer = run(s.send(std::move(r)));
  BOOST_TEST(answer->status == 401);
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
    http::asio::co_spawn(io, s->current(),
                         [&](const std::exception_ptr&, const result<const token*>& t) {
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

BOOST_AUTO_TEST_CASE(a_loop_that_ends_early_does_not_need_the_session) {
  auto s = std::make_unique<session>(who, cloud, &cache);
  {
    http::asio::io_context short_lived{1};
    http::asio::co_spawn(short_lived, s->current(),
                         [](const std::exception_ptr&, const result<const token*>&) {});
    short_lived.run_one();
    s.reset();
  }
  BOOST_TEST(cloud.posts == 0);
}

BOOST_AUTO_TEST_SUITE_END()
