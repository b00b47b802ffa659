// A service that takes its time, a session with it, and a clock that only moves while somebody
// sleeps: what gives up after ten minutes does so at once.
#pragma once

#include "core/auth/session.hpp"
#include "core/waiting.hpp"
#include "tests/unit/support/loop.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ostclean::testing {

class patient_cloud : public loop_fixture, public http::transport {
 public:
  using seconds = std::chrono::seconds;

  /// One request after the login, and how long after the beginning it came.
  class seen {
   public:
    seen(std::string line, seconds at) : line(std::move(line)), at(at) {}
    std::string line;  ///< "DELETE /servers/s"
    seconds at;
  };

  static constexpr const char* base = "http://service";

  std::function<http::response(const http::request&)> answers;
  std::vector<seen> requests;

  waiting time() {
    waiting made;
    made.now = [this] { return now_; };
    made.sleep = [this](std::chrono::milliseconds t) { return let_pass(t); };
    return made;
  }
  /// Since the beginning.
  seconds passed() const { return std::chrono::duration_cast<seconds>(now_ - k_begin); }
  void pass(std::chrono::milliseconds t) { now_ += t; }

  /// `line` without the query.
  std::vector<seconds> times_of(const std::string& line) const {
    std::vector<seconds> all;
    for (const auto& one : requests)
      if (one.line.substr(0, one.line.find('?')) == line) all.push_back(one.at);
    return all;
  }

  static http::response says(int status, std::string body = {}) {
    http::response made{status};
    made.headers.set("Content-Type", "application/json");
    made.body = std::move(body);
    return made;
  }

  http::asio::awaitable<result<http::response>> send(http::request r) override {
    if (r.authentication) co_return logged_in();
    requests.emplace_back(
        std::string{http::to_string(r.method)} + " " + r.url.substr(std::string{base}.size()),
        passed());
    auto answer = answers(r);
    const std::string version{r.headers.get("OpenStack-API-Version")};
    if (!version.empty()) answer.headers.set("OpenStack-API-Version", version);
    co_return answer;
  }

  auth::session session{ann(), *this, nullptr};

 private:
  static constexpr std::chrono::steady_clock::time_point k_begin{std::chrono::hours{1}};

  static auth::settings ann() {
    auth::settings who;
    who.auth_type = "password", who.auth_url = "http://keystone";
    who.username = "ann", who.password = "secret", who.scope.project_id = "mine";
    return who;
  }

  static http::response logged_in() {
    auto yes = says(201, R"({"token":{"expires_at":"2999-01-01T00:00:00Z","catalog":[]}})");
    yes.headers.set("X-Subject-Token", "T");
    return yes;
  }

  http::asio::awaitable<void> let_pass(std::chrono::milliseconds t) {
    pass(t);
    co_await http::asio::post(io, http::asio::use_awaitable);
  }

  std::chrono::steady_clock::time_point now_ = k_begin;
};

}  // namespace ostclean::testing
