// One thread, one io_context, one coroutine a connection. A test breaks connections on purpose
// (reset, truncated body, silence), which is why this is not hidden behind a higher library.
// Header-only here: the sandbox must link with and without the program's own transport.
#undef BOOST_ASIO_SEPARATE_COMPILATION
#undef BOOST_BEAST_SEPARATE_COMPILATION
#include "tests/sandbox/server.hpp"

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <thread>

namespace sandbox {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using stream = asio::ssl::stream<beast::tcp_stream>;

struct server::impl {
  impl(std::uint16_t port, const certificates& certs, answer f)
      : tls(asio::ssl::context::tls_server), acceptor(io), handle(std::move(f)) {
    tls.use_certificate_chain(asio::buffer(certs.chain));
    tls.use_private_key(asio::buffer(certs.key), asio::ssl::context::pem);
    const tcp::endpoint at(asio::ip::make_address("127.0.0.1"), port);
    acceptor.open(at.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(at);
    acceptor.listen(1024);
  }

  asio::io_context io{1};
  asio::ssl::context tls;
  tcp::acceptor acceptor;
  answer handle;
  std::atomic<std::size_t> accepted{0};
  std::thread thread;
};

namespace {

http_request plain(http::request<http::string_body>&& r) {
  http_request out;
  out.method = std::string(r.method_string());
  out.target = std::string(r.target());
  for (const auto& f : r) out.headers.emplace_back(f.name_string(), f.value());
  out.body = std::move(r.body());
  return out;
}

/// os-vm-expire's 204: announced, sent, and the connection ends.
bool has_body(const reply& a) { return a.status == 204 && !a.body.empty(); }

/// The answer as bytes. HEAD keeps the Content-Length the body would have had.
std::string bytes(const reply& a, bool head, bool keep_alive) {
  std::string out = "HTTP/1.1 " + std::to_string(a.status) + " ";
  out += std::string(http::obsolete_reason(static_cast<http::status>(a.status))) + "\r\n";
  for (const auto& [k, v] : a.headers) out += k + ": " + v + "\r\n";
  if ((a.status != 204 && a.status != 304) || has_body(a))
    out += "Content-Length: " + std::to_string(a.body.size()) + "\r\n";
  out += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  if (!head && ((a.status != 204 && a.status != 304) || has_body(a))) out += a.body;
  return out;
}

void reset(stream& s) {
  error_code ignored;
  s.next_layer().socket().set_option(asio::socket_base::linger(true, 0), ignored);
  s.next_layer().socket().close(ignored);
}

/// What goes over the wire; false: the connection ends after it.
bool mangle(const std::string& action, std::string& data, std::size_t body) {
  if (action == "truncate") {
    data.resize(data.size() - (body + 1) / 2);
    return false;
  }
  if (action == "not_http") {
    data = "\x16\x03not HTTP at all\r\n\r\n";
    return false;
  }
  return true;
}

asio::awaitable<void> converse(server::answer& handle, stream& s) {
  error_code ec;
  co_await s.async_handshake(asio::ssl::stream_base::server,
                             asio::redirect_error(use_awaitable, ec));
  beast::flat_buffer buffer;
  bool open = !ec;
  while (open) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(64U << 20U);
    parser.header_limit(64U << 10U);
    co_await http::async_read(s, buffer, parser, asio::redirect_error(use_awaitable, ec));
    if (ec) break;
    const bool head = parser.get().method() == http::verb::head;
    open = parser.get().keep_alive();
    const http_request r = plain(parser.release());
    outcome o = handle(r);
    if (o.wait.count() > 0 || o.action == "hang") {
      asio::steady_timer t(s.get_executor());
      t.expires_after(o.action == "hang" ? std::chrono::hours(1) : o.wait);
      co_await t.async_wait(asio::redirect_error(use_awaitable, ec));
    }
    if (o.action == "reset" || o.action == "lost" || o.action == "hang") {
      reset(s);
      co_return;
    }
    if (o.action == "close") break;
    open = open && !has_body(o.answer);
    std::string data = bytes(o.answer, head, open);
    if (!mangle(o.action, data, head ? 0 : o.answer.body.size())) open = false;
    co_await asio::async_write(s, asio::buffer(data), asio::redirect_error(use_awaitable, ec));
    if (ec) break;
    if (!o.action.empty() && !open) {
      s.next_layer().close();
      co_return;
    }
  }
  if (!ec) co_await s.async_shutdown(asio::redirect_error(use_awaitable, ec));
}

asio::awaitable<void> serve_one(server::answer& handle, tcp::socket socket,
                                asio::ssl::context& tls) {
  socket.set_option(tcp::no_delay(true));
  beast::tcp_stream below(std::move(socket));
  stream s(std::move(below), tls);
  s.next_layer().expires_never();
  co_await converse(handle, s);
}

}  // namespace

static asio::awaitable<void> listen(tcp::acceptor& acceptor, server::answer& handle,
                                    asio::ssl::context& tls, std::atomic<std::size_t>& accepted) {
  for (;;) {
    error_code ec;
    tcp::socket socket(acceptor.get_executor());
    co_await acceptor.async_accept(socket, asio::redirect_error(use_awaitable, ec));
    if (ec == asio::error::operation_aborted) co_return;
    if (ec) continue;
    ++accepted;
    asio::co_spawn(acceptor.get_executor(), serve_one(handle, std::move(socket), tls),
                   asio::detached);
  }
}

server::server(std::uint16_t port, const certificates& certs, answer f)
    : impl_(std::make_unique<impl>(port, certs, std::move(f))) {
  asio::co_spawn(impl_->io, listen(impl_->acceptor, impl_->handle, impl_->tls, impl_->accepted),
                 asio::detached);
  impl_->thread = std::thread([this] { impl_->io.run(); });
}

server::~server() {
  impl_->io.stop();
  impl_->thread.join();
}

std::uint16_t server::port() const { return impl_->acceptor.local_endpoint().port(); }

std::size_t server::connections() const { return impl_->accepted; }

}  // namespace sandbox
