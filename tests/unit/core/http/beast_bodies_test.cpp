// Answers as they come off the wire: bodies, their ends and their limits.
#include "tests/unit/core/http/beast_client.hpp"

namespace core_http_beast_bodies {

using namespace ostclean;
using namespace ostclean::http;
using namespace ostclean::http::beast_test;

}  // namespace core_http_beast_bodies

BOOST_FIXTURE_TEST_SUITE(core_http_beast_bodies, client_fixture)

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

BOOST_AUTO_TEST_SUITE_END()
