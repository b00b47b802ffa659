// One thread, one io_context, one coroutine a connection. A test breaks connections on purpose
// (reset, truncated body, silence), which is why this is not hidden behind a higher library.
// Header-only here: the sandbox must link with and without the program's own transport.
#undef BOOST_ASIO_SEPARATE_COMPILATION
#undef BOOST_BEAST_SEPARATE_COMPILATION
#include "tests/sandbox/server.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <future>
#include <initializer_list>
#include <thread>

#include "tests/sandbox/gate.hpp"

namespace sandbox {

namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using stream = asio::ssl::stream<beast::tcp_stream>;

struct server::impl {
  impl(std::uint16_t port, const certificates& certs, answer f)
      : tls(asio::ssl::context::tls_server), door(io, port), handle(std::move(f)) {
    tls.use_certificate_chain(asio::buffer(certs.chain));
    tls.use_private_key(asio::buffer(certs.key), asio::ssl::context::pem);
  }

  asio::io_context io{1};
  asio::ssl::context tls;
  gate door;
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

/// A head that announces another length than the body has.
std::string lying(const reply& a, const std::string& action) {
  const std::size_t length = action == "overlong" ? a.body.size() + 100 : a.body.size() / 2;
  return "HTTP/1.1 " + std::to_string(a.status) +
         " Odd\r\nContent-Length: " + std::to_string(length) +
         "\r\nContent-Type: application/json\r\n\r\n" + a.body;
}

/// The answer's body without its last byte, and then blanks for as long as somebody reads: tens of
/// megabytes a second, or a byte now and then.
asio::awaitable<void> pour(stream& s, const reply& a, bool slowly) {
  error_code ec;
  std::string data = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
  data += a.body.substr(0, a.body.empty() ? 0 : a.body.size() - 1);
  asio::steady_timer t(s.get_executor());
  for (;;) {
    co_await asio::async_write(s, asio::buffer(data), asio::redirect_error(use_awaitable, ec));
    if (ec) co_return;
    data.assign(slowly ? 1 : 65536, ' ');
    t.expires_after(std::chrono::milliseconds(slowly ? 20 : 2));
    co_await t.async_wait(asio::redirect_error(use_awaitable, ec));
  }
}

bool is_one_of(const std::string& word, std::initializer_list<const char*> all) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

/// Ends a conversation in the way the fault says. False when the fault is of another kind.
asio::awaitable<bool> spoil(stream& s, const outcome& o) {
  error_code ec;
  asio::steady_timer t(s.get_executor());
  if (is_one_of(o.action, {"overlong", "underlong"})) {
    const std::string data = lying(o.answer, o.action);
    co_await asio::async_write(s, asio::buffer(data), asio::redirect_error(use_awaitable, ec));
    if (o.action == "underlong") co_return true;
  }
  if (is_one_of(o.action, {"endless", "dribble"}))
    co_await pour(s, o.answer, o.action == "dribble");
  else if (is_one_of(o.action, {"hang", "overlong"})) {
    t.expires_after(std::chrono::hours(1));
    co_await t.async_wait(asio::redirect_error(use_awaitable, ec));
  } else if (!is_one_of(o.action, {"reset", "lost", "refused"})) {
    co_return false;
  }
  reset(s);
  co_return true;
}

asio::awaitable<void> converse(server::answer& handle, gate& door, stream& s) {
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
    if (door.closed()) co_return reset(s);
    const bool head = parser.get().method() == http::verb::head;
    open = parser.get().keep_alive();
    const http_request r = plain(parser.release());
    outcome o = handle(r);
    if (o.action == "refused") {
      door.close(o.wait);
    } else if (o.action == "hold") {
      co_await door.hold();
      o.action.clear();
    } else if (o.wait.count() > 0) {
      asio::steady_timer t(s.get_executor());
      t.expires_after(o.wait);
      co_await t.async_wait(asio::redirect_error(use_awaitable, ec));
    }
    const bool spoilt = co_await spoil(s, o);
    if (spoilt && o.action != "underlong") co_return;
    if (spoilt) continue;
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

asio::awaitable<void> serve_one(server::answer& handle, gate& door, tcp::socket socket,
                                asio::ssl::context& tls) {
  socket.set_option(tcp::no_delay(true));
  beast::tcp_stream below(std::move(socket));
  stream s(std::move(below), tls);
  s.next_layer().expires_never();
  co_await converse(handle, door, s);
}

asio::awaitable<void> listen(gate& door, server::answer& handle, asio::ssl::context& tls,
                             std::atomic<std::size_t>& accepted) {
  for (;;) {
    tcp::socket socket = co_await door.accept();
    ++accepted;
    const auto executor = socket.get_executor();
    asio::co_spawn(executor, serve_one(handle, door, std::move(socket), tls), asio::detached);
  }
}

}  // namespace

server::server(std::uint16_t port, const certificates& certs, answer f)
    : impl_(std::make_unique<impl>(port, certs, std::move(f))) {
  asio::co_spawn(impl_->io, listen(impl_->door, impl_->handle, impl_->tls, impl_->accepted),
                 asio::detached);
  impl_->thread = std::thread([this] { impl_->io.run(); });
}

server::~server() {
  impl_->io.stop();
  impl_->thread.join();
}

std::uint16_t server::port() const { return impl_->door.port(); }

std::size_t server::connections() const { return impl_->accepted; }

void server::release() {
  asio::post(impl_->io, [this] { impl_->door.release(); });
}

void server::listen_again() {
  std::promise<void> done;
  asio::post(impl_->io, [&] {
    impl_->door.open();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace sandbox
