// TLS and proxies.
#include "tests/unit/core/http/beast_client.hpp"

namespace core_http_beast_tls {

using namespace ostclean;
using namespace ostclean::http;
using namespace ostclean::http::beast_test;

}  // namespace core_http_beast_tls

BOOST_FIXTURE_TEST_SUITE(core_http_beast_tls, client_fixture)

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
