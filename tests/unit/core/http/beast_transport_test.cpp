#include "tests/unit/core/http/beast_client.hpp"

#include <sys/resource.h>
#include <boost/asio/ip/tcp.hpp>

namespace core_http_beast_transport {

using namespace ostclean;
using namespace ostclean::http;
using namespace ostclean::http::beast_test;

}  // namespace core_http_beast_transport

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

BOOST_AUTO_TEST_CASE(running_out_of_files_is_said_clearly) {
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
                        [&](const std::exception_ptr&, const result<response>&) { ended = true; });
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
                        [&](const std::exception_ptr&, const result<response>&) { ended = true; });
  while (server.requests().empty()) other.run_one_for(5s);
  BOOST_TEST(!ended);
}

BOOST_AUTO_TEST_SUITE_END()
