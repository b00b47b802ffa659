// A transport that answers from a script: a request nobody expected fails the test, and so does an
// expectation nobody asked for.
#pragma once

#include "core/http/transport.hpp"

#include <boost/test/unit_test.hpp>
#include <list>
#include <string>
#include <utility>
#include <vector>

namespace ostclean::testing {

class scripted_transport : public http::transport {
 public:
  scripted_transport() = default;
  ~scripted_transport() override {
    for (const auto& e : script_) BOOST_ERROR("never asked: " + line(e.method, e.url));
  }

  /// Equal requests are answered in the order of their expectations.
  scripted_transport& expect(http::verb method, std::string url, result<http::response> answer) {
    script_.emplace_back(method, std::move(url), std::move(answer));
    return *this;
  }

  scripted_transport& expect_json(http::verb method, std::string url, int status,
                                  std::string body) {
    http::response answer{status};
    answer.headers.set("Content-Type", "application/json");
    answer.body = std::move(body);
    return expect(method, std::move(url), std::move(answer));
  }

  http::asio::awaitable<result<http::response>> send(http::request r) override {
    requests.push_back(r);
    for (auto at = script_.begin(); at != script_.end(); ++at) {
      if (at->method != r.method || at->url != r.url) continue;
      auto answer = std::move(at->answer);
      script_.erase(at);
      co_return answer;
    }
    BOOST_ERROR("unexpected request: " + line(r.method, r.url));
    co_return error{errc::protocol, "not in the script: " + line(r.method, r.url)};
  }

  std::vector<http::request> requests;  ///< all that were sent, in order

 private:
  class expectation {
   public:
    expectation(http::verb method, std::string url, result<http::response> answer)
        : method(method), url(std::move(url)), answer(std::move(answer)) {}
    http::verb method;
    std::string url;
    result<http::response> answer;
  };

  static std::string line(http::verb method, const std::string& url) {
    return std::string{http::to_string(method)} + " " + url;
  }

  std::list<expectation> script_;
};

}  // namespace ostclean::testing
