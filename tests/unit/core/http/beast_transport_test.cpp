#include "core/http/beast_transport.hpp"
#include "tests/unit/support/certificates.hpp"
#include "tests/unit/support/http_server.hpp"
#include "tests/unit/support/loop.hpp"

#include <sys/resource.h>
#include <boost/asio/ip/tcp.hpp>

using namespace ostclean;
using namespace ostclean::http;
using namespace ostclean::testing;
using namespace std::chrono_literals;

namespace {

class client_fixture : public loop_fixture {
 public:
  void connect(connect_options options = {}) {
    client = make_beast_transport(io.get_executor(), std::move(options));
  }
  result<response> get(const std::string& url) { return send(request{verb::get, url}); }
  result<response> send(request r) { return run(client->send(std::move(r))); }

  std::unique_ptr<transport> client;
};

std::string url(const http_server& server, const std::string& path = "/",
                const std::string& scheme = "http", const std::string& host = "127.0.0.1") {
  return scheme + "://" + host + ":" + std::to_string(server.port()) + path;
}

reply answer_ok(const request&, int) { return reply{ok("{}")}; }

connect_options trusting(const certificate_folder& certificates) {
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

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(core_http_beast_transport, client_fixture)

BOOST_AUTO_TEST_CASE(sends_the_request_and_reads_the_answer) {
  http_server server{io, [](const request&, int) { return reply{ok("[1]", "X-A: b\r\n")}; }};
  connect();
  request r{verb::put, url(server, "/a/b?c=d%20e")};
  r.headers.set("X-Auth-Token", "t");
  r.body = "{\"k\":1}";
  auto answer = send(r);
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status == 200);
  BOOST_TEST(answer->headers.get("x-a") == "b");
  BOOST_TEST(answer->body == "[1]");
  BOOST_REQUIRE(server.requests().size() == 1);
  const auto& seen = server.requests()[0];
  BOOST_TEST((seen.method == verb::put));
  BOOST_TEST(seen.url == "/a/b?c=d%20e");
  BOOST_TEST(seen.body == "{\"k\":1}");
  BOOST_TEST(seen.headers.get("x-auth-token") == "t");
  BOOST_TEST(seen.headers.get("host") == "127.0.0.1:" + std::to_string(server.port()));
  BOOST_TEST(seen.headers.get("content-type") == "application/json");
}

BOOST_AUTO_TEST_CASE(an_empty_post_has_a_length) {
  http_server server{io, answer_ok};
  connect();
  BOOST_REQUIRE(send(request{verb::post, url(server)}));
  BOOST_TEST(server.requests()[0].headers.get("content-length") == "0");
}

BOOST_AUTO_TEST_CASE(keeps_connections_alive) {
  http_server server{io, answer_ok};
  connect();
  for (int i = 0; i < 5; ++i) BOOST_REQUIRE(get(url(server)));
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(honours_connection_close) {
  http_server server{io,
                     [](const request&, int) { return reply{ok("{}", "Connection: close\r\n")}; }};
  connect();
  for (int i = 0; i < 3; ++i) BOOST_REQUIRE(get(url(server)));
  BOOST_TEST(server.connections() == 3);
}

BOOST_AUTO_TEST_CASE(a_connection_the_server_closed_is_not_used) {
  http_server server{io, answer_ok};
  connect();
  BOOST_REQUIRE(get(url(server)));
  server.drop_connections();
  BOOST_REQUIRE(send(request{verb::post, url(server)}));
  BOOST_TEST(server.connections() == 2);
}

// The close comes while the request is on its way: no look at the socket can prevent that.
BOOST_AUTO_TEST_CASE(a_stale_connection_is_replaced_once_for_what_may_be_repeated) {
  int count = 0;
  http_server server{io, [&](const request&, int) {
                       return ++count == 2 ? reply{""}.then_close() : reply{ok("{}")};
                     }};
  connect();
  BOOST_REQUIRE(get(url(server)));
  BOOST_TEST(get(url(server)).has_value());
  BOOST_TEST(count == 3);
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(a_post_on_a_stale_connection_is_not_repeated) {
  int count = 0;
  http_server server{io, [&](const request&, int) {
                       return ++count == 2 ? reply{""}.then_close() : reply{ok("{}")};
                     }};
  connect();
  BOOST_REQUIRE(get(url(server)));
  auto answer = send(request{verb::post, url(server)});
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == errc::network));
  BOOST_TEST(!answer.error().unsent);
  BOOST_TEST(count == 2);
}

BOOST_AUTO_TEST_CASE(a_fresh_connection_that_closes_is_an_error) {
  http_server server{io, [](const request&, int) { return reply{""}.then_close(); }};
  connect();
  auto answer = get(url(server));
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == errc::network));
  BOOST_TEST(contains(answer.error().message, "closed the connection without an answer"));
  BOOST_TEST(answer.error().where == "GET " + url(server));
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(a_truncated_body_is_an_error) {
  http_server server{
      io, [](const request&, int) {
        return reply{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"}.then_close();
      }};
  connect();
  auto answer = get(url(server));
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == errc::network));
  BOOST_TEST(contains(answer.error().message, "in the middle of its answer"));
}

BOOST_AUTO_TEST_CASE(a_body_may_end_with_the_connection) {
  http_server server{
      io, [](const request&, int) { return reply{"HTTP/1.1 200 OK\r\n\r\nabc"}.then_close(); }};
  connect();
  auto answer = get(url(server));
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->body == "abc");
}

BOOST_AUTO_TEST_CASE(an_endless_body_stops_at_the_limit) {
  for (const char* head :
       {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"}) {
    http_server server{io, [head](const request&, int) { return reply{head}.then_endless(); }};
    connect();
    request r{verb::get, url(server)};
    r.body_limit = 1 << 20;
    auto answer = send(r);
    BOOST_REQUIRE(!answer);
    BOOST_TEST((answer.error().code == errc::protocol));
    BOOST_TEST(contains(answer.error().message, "longer than 1048576 bytes"));
  }
}

BOOST_AUTO_TEST_CASE(endless_header_fields_stop_at_the_limit) {
  http_server server{
      io, [](const request&, int) { return reply{"HTTP/1.1 200 OK\r\nX-A: "}.then_endless(); }};
  connect();
  auto answer = get(url(server));
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == errc::protocol));
}

BOOST_AUTO_TEST_CASE(what_is_not_http_is_a_protocol_error) {
  http_server server{io, [](const request&, int) { return reply{"SSH-2.0-x\r\n\r\n"}; }};
  connect();
  auto answer = get(url(server));
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == errc::protocol));
  BOOST_TEST(contains(answer.error().message, "is not HTTP"));
}

BOOST_AUTO_TEST_CASE(the_deadline_covers_the_whole_exchange) {
  for (const char* begin : {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"}) {
    http_server server{io, [begin](const request&, int) { return reply{begin}.then_silence(); }};
    connect();
    request r{verb::get, url(server)};
    r.deadline = 50ms;
    const auto begun = std::chrono::steady_clock::now();
    auto answer = send(r);
    BOOST_REQUIRE(!answer);
    BOOST_TEST((answer.error().code == errc::timeout));
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 5s));
  }
}

BOOST_AUTO_TEST_CASE(a_body_after_a_204_does_not_reach_the_next_answer) {
  for (const char* head : {"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nnull",
                           "HTTP/1.1 204 No Content\r\n\r\nnull"}) {
    http_server server{io, [head](const request& r, int) {
                         return r.method == verb::del ? reply{head} : reply{ok("{}")};
                       }};
    connect();
    auto gone = send(request{verb::del, url(server)});
    BOOST_REQUIRE(gone);
    BOOST_TEST(gone->status == 204);
    BOOST_TEST(gone->body.empty());
    auto next = get(url(server));
    BOOST_REQUIRE(next);
    BOOST_TEST(next->body == "{}");
    BOOST_TEST(server.connections() == 2);
  }
}

BOOST_AUTO_TEST_CASE(a_late_body_after_a_204_is_taken_for_a_stale_connection) {
  int count = 0;
  http_server server{io, [&](const request&, int) {
                       ++count;
                       if (count == 1) return reply{"HTTP/1.1 204 No Content\r\n\r\n"};
                       return count == 2 ? reply{"null" + ok("{}")} : reply{ok("{}")};
                     }};
  connect();
  BOOST_REQUIRE(send(request{verb::del, url(server)}));
  auto next = get(url(server));
  BOOST_REQUIRE(next);
  BOOST_TEST(next->body == "{}");
  BOOST_TEST(count == 3);
}

BOOST_AUTO_TEST_CASE(a_clean_204_keeps_its_connection_and_head_has_no_body) {
  http_server server{io, [](const request& r, int) {
                       if (r.method == verb::head)
                         return reply{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"};
                       return reply{"HTTP/1.1 204 No Content\r\n\r\n"};
                     }};
  connect();
  BOOST_REQUIRE(send(request{verb::del, url(server)}));
  auto head = send(request{verb::head, url(server)});
  BOOST_REQUIRE(head);
  BOOST_TEST(head->headers.get("content-length") == "10");
  BOOST_REQUIRE(send(request{verb::del, url(server)}));
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(interim_answers_are_skipped) {
  http_server server{
      io, [](const request&, int) { return reply{"HTTP/1.1 100 Continue\r\n\r\n" + ok("{}")}; }};
  connect();
  auto answer = get(url(server));
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status == 200);
}

BOOST_AUTO_TEST_CASE(a_closed_port_is_named) {
  std::string where;
  {
    http_server server{io, answer_ok};
    where = "127.0.0.1:" + std::to_string(server.port());
  }
  connect();
  auto answer = get("http://" + where + "/");
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == errc::network));
  BOOST_TEST(answer.error().message == "cannot connect to " + where + ": Connection refused");
  BOOST_TEST(answer.error().unsent);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sent_is_refused) {
  connect();
  for (const char* bad : {"ftp://h/", "http://", "h/x", "http://u:p@h/", "http://h:99999/"}) {
    auto answer = get(bad);
    BOOST_REQUIRE(!answer);
    BOOST_TEST((answer.error().code == errc::config), bad << ": " << answer.error().line());
  }
  request r{verb::get, "http://127.0.0.1:1/"};
  r.headers.set("X-A", "b\r\nX-C: d");
  auto answer = send(r);
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == errc::config));
}

BOOST_AUTO_TEST_CASE(a_reader_gets_the_body_as_it_arrives_and_the_connection_is_kept) {
  const std::string body(300000, 'x');
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  http_server server{io, [&](const request& r, int) {
                       return r.url == "/chunked" ? reply{chunked} : reply{ok(body)};
                     }};
  connect();
  for (const auto& [path, wanted] : {std::pair{"/", body}, {"/chunked", std::string{"abcde"}}}) {
    auto reader = std::make_shared<collecting>(true, 1UL << 20);
    request r{verb::get, url(server, path)};
    r.body_limit = 10;
    r.reader = reader;
    auto answer = send(r);
    BOOST_REQUIRE_MESSAGE(answer, answer.error().line());
    BOOST_TEST(answer->body.empty());
    BOOST_TEST((reader->got == wanted));
  }
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(a_reader_may_leave_the_body_or_stop_in_it) {
  http_server server{io, [](const request&, int) { return reply{ok(std::string(300000, 'x'))}; }};
  connect();
  request r{verb::get, url(server)};
  r.reader = std::make_shared<collecting>(false, 0);
  auto whole = send(r);
  BOOST_REQUIRE(whole);
  BOOST_TEST(whole->body.size() == 300000U);
  r.body_limit = 1000;
  auto longer = send(r);
  BOOST_REQUIRE(!longer);
  BOOST_TEST(longer.error().message.find("longer than 1000 bytes") != std::string::npos);
  r.reader = std::make_shared<collecting>(true, 1000);
  auto stopped = send(r);
  BOOST_REQUIRE(!stopped);
  BOOST_TEST((stopped.error().code == errc::protocol));
}

BOOST_AUTO_TEST_CASE(a_body_that_breaks_off_under_a_reader_is_an_error) {
  http_server server{io, [](const request&, int) {
                       return reply{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"}.then_close();
                     }};
  connect();
  request r{verb::get, url(server)};
  r.reader = std::make_shared<collecting>(true, 1000);
  auto answer = send(r);
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == errc::network));
}

BOOST_AUTO_TEST_CASE(names_are_resolved) {
  http_server server{io, answer_ok};
  connect();
  auto answer = get(url(server, "/", "http", "localhost"));
  BOOST_TEST(answer.has_value());
  auto unknown = get("http://no-such-host.invalid/");
  BOOST_REQUIRE(!unknown);
  BOOST_TEST((unknown.error().code == errc::network));
  BOOST_TEST(contains(unknown.error().message, "cannot resolve no-such-host.invalid: "));
  BOOST_TEST(unknown.error().unsent);
}

// UBSan's check of a vtable opens a pipe, and takes the failure for a broken object.
#ifdef __SANITIZE_ADDRESS__
constexpr bool k_sanitized = true;
#else
constexpr bool k_sanitized = false;
#endif

BOOST_AUTO_TEST_CASE(running_out_of_files_is_said_clearly,
                     *boost::unit_test::enable_if<!k_sanitized>()) {
  http_server server{io, answer_ok};
  connect();
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 3;
  ::setrlimit(RLIMIT_NOFILE, &none);
  auto answer = get(url(server));
  ::setrlimit(RLIMIT_NOFILE, &before);
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == errc::network));
  BOOST_TEST(contains(answer.error().message, "Too many open files"));
  BOOST_TEST(contains(answer.error().hint, "ulimit -n"));
}

BOOST_AUTO_TEST_CASE(may_be_destroyed_with_requests_under_way) {
  http_server server{io, [](const request&, int) { return reply{""}.then_silence(); }};
  connect();
  bool ended = false;
  request r{verb::get, url(server)};
  boost::asio::co_spawn(io, client->send(r),
                        [&](std::exception_ptr, const result<response>&) { ended = true; });
  spin([&] { return !server.requests().empty(); });
  client.reset();
  server.drop_connections();
  spin([&] { return ended; });
}

BOOST_AUTO_TEST_CASE(the_loop_may_be_destroyed_with_requests_under_way) {
  boost::asio::io_context other{1};
  auto transport = make_beast_transport(other.get_executor(), {});
  http_server server{other, [](const request&, int) { return reply{""}.then_silence(); }};
  request r{verb::get, url(server)};
  bool ended = false;
  boost::asio::co_spawn(other, transport->send(r),
                        [&](std::exception_ptr, const result<response>&) { ended = true; });
  while (server.requests().empty()) other.run_one_for(5s);
  BOOST_TEST(!ended);
}

BOOST_AUTO_TEST_CASE(tls_with_a_trusted_name_and_keep_alive) {
  certificate_folder certificates;
  http_server server{io, answer_ok, certificates.issue("a", "DNS:localhost,IP:127.0.0.1"), true};
  connect(trusting(certificates));
  BOOST_REQUIRE(get(url(server, "/", "https", "localhost")));
  BOOST_TEST(server.server_name() == "localhost");
  BOOST_REQUIRE(get(url(server, "/", "https", "localhost")));
  BOOST_TEST(server.connections() == 1);
  BOOST_REQUIRE(get(url(server, "/", "https")));
  BOOST_TEST(server.server_name() == "");
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(tls_stale_connections_and_missing_close_notify) {
  certificate_folder certificates;
  int count = 0;
  http_server server{io,
                     [&](const request& r, int) {
                       if (r.url == "/until-eof")
                         return reply{"HTTP/1.1 200 OK\r\n\r\nabc"}.then_close();
                       return ++count == 2 ? reply{""}.then_close() : reply{ok("{}")};
                     },
                     certificates.issue("a", "IP:127.0.0.1"), true};
  connect(trusting(certificates));
  BOOST_REQUIRE(get(url(server, "/", "https")));
  BOOST_TEST(get(url(server, "/", "https")).has_value());
  BOOST_TEST(count == 3);
  auto answer = get(url(server, "/until-eof", "https"));
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->body == "abc");
}

BOOST_AUTO_TEST_CASE(tls_refuses_a_wrong_name) {
  certificate_folder certificates;
  http_server server{io, answer_ok, certificates.issue("a", "DNS:other.invalid,IP:127.0.0.2"),
                     true};
  connect(trusting(certificates));
  auto named = get(url(server, "/", "https", "localhost"));
  BOOST_REQUIRE(!named);
  BOOST_TEST((named.error().code == errc::tls));
  BOOST_TEST(contains(named.error().message, "cannot trust localhost:"));
  BOOST_TEST(contains(named.error().message, "ostname mismatch"));
  BOOST_TEST(contains(named.error().hint, "--insecure"));
  auto address = get(url(server, "/", "https"));
  BOOST_REQUIRE(!address);
  BOOST_TEST(contains(address.error().message, "IP address mismatch"));
  BOOST_TEST(server.requests().empty());
}

BOOST_AUTO_TEST_CASE(tls_refuses_an_unknown_authority_unless_told_not_to_check) {
  certificate_folder certificates;
  certificate_folder others;
  http_server server{io, answer_ok, certificates.issue("a", "IP:127.0.0.1"), true};
  connect(trusting(others));
  auto answer = get(url(server, "/", "https"));
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == errc::tls));
  BOOST_TEST(contains(answer.error().message, "unable to get local issuer certificate"));
  connect_options careless;
  careless.verify = false;
  connect(careless);
  BOOST_TEST(get(url(server, "/", "https")).has_value());
  BOOST_TEST(get(url(server, "/", "https", "localhost")).has_value());
}

BOOST_AUTO_TEST_CASE(tls_files_that_cannot_be_read_are_named) {
  connect_options options;
  options.cacert = "/nonexistent/ca.pem";
  connect(options);
  http_server server{io, answer_ok};
  auto answer = get(url(server, "/", "https"));
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == errc::config));
  BOOST_TEST(contains(answer.error().message, "'/nonexistent/ca.pem'"));
}

BOOST_AUTO_TEST_CASE(tls_to_a_plain_port_is_a_tls_error) {
  http_server server{io, answer_ok};
  certificate_folder certificates;
  connect(trusting(certificates));
  request r{verb::get, url(server, "/", "https")};
  r.deadline = 2s;
  auto answer = send(r);
  BOOST_REQUIRE(!answer);
  BOOST_TEST(contains(answer.error().message, "TLS handshake with 127.0.0.1:"));
}

BOOST_AUTO_TEST_CASE(tls_client_certificate) {
  certificate_folder certificates;
  http_server server{io, answer_ok, certificates.issue("a", "IP:127.0.0.1"), true,
                     certificates.ca()};
  auto options = trusting(certificates);
  connect(options);
  BOOST_TEST(!get(url(server, "/", "https")).has_value());
  options.cert = certificates.issue("me", "DNS:me");
  connect(options);
  BOOST_TEST(get(url(server, "/", "https")).has_value());
}

BOOST_AUTO_TEST_CASE(https_goes_through_a_tunnel_of_the_proxy) {
  certificate_folder certificates;
  http_server proxy{io,
                    [](const request& r, int) {
                      return r.headers.get("x-method") == "CONNECT"
                                 ? reply{"HTTP/1.1 200 Connection established\r\n\r\n"}.then_tls()
                                 : reply{ok("{}")};
                    },
                    certificates.issue("a", "DNS:cloud.invalid")};
  auto options = trusting(certificates);
  options.https_proxy = "http://user:pass@127.0.0.1:" + std::to_string(proxy.port());
  connect(options);
  BOOST_REQUIRE(get("https://cloud.invalid/v3"));
  BOOST_REQUIRE(get("https://cloud.invalid/v3"));
  BOOST_TEST(proxy.connections() == 1);
  BOOST_REQUIRE(proxy.requests().size() == 3);
  BOOST_TEST(proxy.requests()[0].url == "cloud.invalid:443");
  BOOST_TEST(proxy.requests()[0].headers.get("proxy-authorization") == "Basic dXNlcjpwYXNz");
  BOOST_TEST(proxy.requests()[1].url == "/v3");
  BOOST_TEST(proxy.requests()[1].headers.get("proxy-authorization").empty());
}

BOOST_AUTO_TEST_CASE(a_proxy_that_refuses_is_named) {
  http_server proxy{io, [](const request&, int) {
                      return reply{"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"};
                    }};
  connect_options options;
  options.all_proxy = "127.0.0.1:" + std::to_string(proxy.port());
  connect(options);
  auto answer = get("https://cloud.invalid/");
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == errc::network));
  BOOST_TEST(
      contains(answer.error().message, "refused a tunnel to cloud.invalid:443: 403 Forbidden"));
}

BOOST_AUTO_TEST_CASE(http_goes_to_the_proxy_with_the_whole_url) {
  http_server proxy{io, answer_ok};
  connect_options options;
  options.http_proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  options.no_proxy = "127.0.0.0/8";
  connect(options);
  BOOST_REQUIRE(get("http://cloud.invalid:8774/v2.1?x=y"));
  BOOST_TEST(proxy.requests()[0].url == "http://cloud.invalid:8774/v2.1?x=y");
  BOOST_TEST(proxy.requests()[0].headers.get("host") == "cloud.invalid:8774");
  http_server direct{io, answer_ok};
  BOOST_REQUIRE(get(url(direct, "/d")));
  BOOST_TEST(direct.requests()[0].url == "/d");
}

BOOST_AUTO_TEST_SUITE_END()
