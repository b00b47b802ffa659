// A cloud of one service and a session with it.
#pragma once

#include "core/auth/session.hpp"
#include "core/time.hpp"
#include "tests/unit/support/loop.hpp"
#include "tests/unit/support/temporary_folder.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

namespace ostclean::auth::session_test {

using namespace std::chrono_literals;
using http::asio::awaitable;

// A cloud with one service: its Keystone gives T1, T2, ... and "compute" wants the newest of them.
class little_cloud : public http::transport {
 public:
  awaitable<result<http::response>> send(http::request r) override {
    auto executor = co_await http::asio::this_coro::executor;
    http::asio::steady_timer pause{executor, 5ms};
    co_await pause.async_wait(http::asio::as_tuple(http::asio::use_awaitable));
    urls.push_back(r.url);
    if (r.authentication) co_return authenticated();
    if (r.url.ends_with("/auth/catalog")) {
      BOOST_TEST(r.headers.get("X-Auth-Token") == accepted);
      http::response list{200};
      list.body = R"({"catalog": )" + catalog + "}";
      co_return list;
    }
    if (auto at = pages.find(r.url); at != pages.end()) {
      BOOST_TEST(r.headers.get("X-Auth-Token").empty());  // discovery is for everyone
      co_return at->second;
    }
    const bool known = r.headers.get("X-Auth-Token") == accepted;
    http::response answer{known ? 200 : over};
    answer.body = known ? r.body : why;
    co_return answer;
  }

  result<http::response> authenticated() {
    ++posts;
    if (refuses) {
      http::response no{401};
      no.body = R"({"error": {"message": "no"}})";
      return no;
    }
    auto now = wall_clock() + skew;
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
  int over = 401;  // what a token that is not the newest is answered, and with which words
  std::string why;
  std::chrono::seconds life = 3600s, skew = 0s;
  std::string accepted;
  std::vector<std::string> urls;
  std::map<std::string, http::response> pages;
  std::string services = "[]", catalog = "[]";
};

inline const std::string service = "http://nova/v2.1/servers";

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
                           [&](const std::exception_ptr&, result<http::response> answer) {
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

inline std::string one_service(const std::string& type, const std::string& url) {
  return R"([{"type": ")" + type +
         R"(", "endpoints": [{"interface": "public", "region": "R1", "url": ")" + url + R"("}]}])";
}

}  // namespace ostclean::auth::session_test
