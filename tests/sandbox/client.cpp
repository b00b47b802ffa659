// One connection a request: slow, and never surprised by a connection that the sandbox broke.
#undef BOOST_ASIO_SEPARATE_COMPILATION
#undef BOOST_BEAST_SEPARATE_COMPILATION
#include "tests/sandbox/client.hpp"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <stdexcept>

namespace sandbox {

namespace asio = boost::asio;
namespace http = boost::beast::http;

struct client::impl {
  explicit impl(const cloud& c) : tls(asio::ssl::context::tls_client), port(c.port()) {
    const std::string ca = c.ca_pem();
    tls.add_certificate_authority(asio::buffer(ca));
    tls.set_verify_mode(asio::ssl::verify_peer);
  }
  asio::io_context io;
  asio::ssl::context tls;
  std::uint16_t port;
};

json::value answer::json() const {
  json::error_code ec;
  json::value v = json::parse(body, ec);
  return ec ? json::value() : v;
}

json::value password_auth(const std::string& user, const std::string& password,
                          const std::string& project) {
  const json::object domain{{"id", "default"}};
  const json::object who{{"name", user}, {"domain", domain}, {"password", password}};
  json::object auth{{"identity", json::object{{"methods", json::array{"password"}},
                                              {"password", json::object{{"user", who}}}}}};
  if (!project.empty())
    auth["scope"] = json::object{{"project", json::object{{"name", project}, {"domain", domain}}}};
  return json::object{{"auth", auth}};
}

client::client(const cloud& c) : impl_(std::make_unique<impl>(c)) {}

client::client(const cloud& c, const std::string& user, const std::string& password,
               const std::string& project)
    : client(c) {
  const answer a = post("/identity/v3/auth/tokens", password_auth(user, password, project));
  if (a.status != 201) throw std::runtime_error("login of " + user + ": " + a.body + a.failure);
  token = a.headers.at("x-subject-token");
}

client::~client() = default;

answer client::send(const std::string& method, const std::string& target, const std::string& body,
                    const std::map<std::string, std::string>& headers) {
  answer out;
  try {
    asio::ssl::stream<asio::ip::tcp::socket> s(impl_->io, impl_->tls);
    s.set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
    s.next_layer().connect({asio::ip::make_address("127.0.0.1"), impl_->port});
    s.handshake(asio::ssl::stream_base::client);
    http::request<http::string_body> r(http::string_to_verb(method), target, 11);
    r.set(http::field::host, "127.0.0.1");
    r.set(http::field::connection, "close");
    if (!token.empty()) r.set("X-Auth-Token", token);
    for (const auto& [k, v] : headers) r.set(k, v);
    r.body() = body;
    r.prepare_payload();
    http::write(s, r);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> p;
    p.body_limit(64U << 20U);
    p.skip(method == "HEAD");
    http::read(s, buffer, p);
    out.status = static_cast<int>(p.get().result_int());
    for (const auto& f : p.get()) {
      std::string name(f.name_string());
      std::transform(name.begin(), name.end(), name.begin(), ::tolower);
      out.headers[name] = std::string(f.value());
    }
    out.body = p.get().body();
  } catch (const boost::system::system_error& e) {
    out.failure = e.what();
  }
  return out;
}

answer client::post(const std::string& target, const json::value& body,
                    const std::map<std::string, std::string>& headers) {
  auto all = headers;
  all["Content-Type"] = "application/json";
  return send("POST", target, json::serialize(body), all);
}

}  // namespace sandbox
