// A client beside a server that does as it is told: what every test of the Beast transport begins
// with.
#pragma once

#include "core/http/beast_transport.hpp"
#include "tests/unit/support/certificates.hpp"
#include "tests/unit/support/http_server.hpp"
#include "tests/unit/support/loop.hpp"

namespace ostclean::http::beast_test {

using namespace ostclean::testing;
using namespace std::chrono_literals;

class client_fixture : public loop_fixture {
 public:
  void connect(connect_options options = {}) {
    client = make_beast_transport(io.get_executor(), std::move(options));
  }
  result<response> get(const std::string& url) { return send(request{verb::get, url}); }
  result<response> send(request r) { return run(client->send(std::move(r))); }

  std::unique_ptr<transport> client;
};

inline std::string url(const http_server& server, const std::string& path = "/",
                       const std::string& scheme = "http", const std::string& host = "127.0.0.1") {
  return scheme + "://" + host + ":" + std::to_string(server.port()) + path;
}

inline reply answer_ok(const request&, int) { return reply{ok("{}")}; }

inline connect_options trusting(const certificate_folder& certificates) {
  connect_options options;
  options.cacert = certificates.ca();
  return options;
}

class collecting : public body_reader {
 public:
  collecting(bool wants, std::size_t most) : wants_(wants), most_(most) {}
  bool wants(const response& head) override { return wants_ && head.status == 200; }
  bool read(std::string_view bytes) override {
    got += bytes;
    return got.size() <= most_;
  }
  bool passed_on() const override { return false; }
  std::string got;

 private:
  bool wants_;
  std::size_t most_;
};

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace ostclean::http::beast_test
