#include "tests/unit/support/http_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <set>

namespace ostclean::testing {
namespace {

namespace asio = boost::asio;
namespace wire = boost::beast::http;
using tcp = asio::ip::tcp;
using tls_stream = asio::ssl::stream<tcp::socket&>;
constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

http::request as_seen(const wire::request<wire::string_body>& m) {
  http::verb method = http::verb::get;
  for (auto v : {http::verb::get, http::verb::head, http::verb::post, http::verb::put,
                 http::verb::patch, http::verb::del})
    if (std::string_view{m.method_string().data(), m.method_string().size()} == to_string(v))
      method = v;
  http::request r{method, std::string{m.target()}};
  for (const auto& f : m) r.headers.add(std::string{f.name_string()}, std::string{f.value()});
  if (m.method() == wire::verb::connect) r.headers.add("X-Method", "CONNECT");
  r.body = m.body();
  return r;
}

}  // namespace

std::string ok(const std::string& body, const std::string& more_fields) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + more_fields +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct http_server::state {
  state(asio::io_context& io, handler h) : io(io), acceptor(io), handle(std::move(h)) {}

  asio::io_context& io;
  tcp::acceptor acceptor;
  handler handle;
  asio::ssl::context tls{asio::ssl::context::tls_server};
  bool tls_at_once = false;
  int connections = 0;
  std::string server_name;
  std::vector<http::request> requests;
  std::set<tcp::socket*> open;

  void close_all() {
    boost::system::error_code ignored;
    for (auto* socket : open) socket->close(ignored);
  }
};

namespace {

using state_ptr = std::shared_ptr<http_server::state>;

/// Keeps the list of open sockets true.
class listed {
 public:
  listed(state_ptr s, tcp::socket& socket) : state_(std::move(s)), socket_(socket) {
    state_->open.insert(&socket_);
  }
  listed(const listed&) = delete;
  listed& operator=(const listed&) = delete;
  ~listed() { state_->open.erase(&socket_); }

 private:
  state_ptr state_;
  tcp::socket& socket_;
};

template <class Stream>
asio::awaitable<void> send_endless(Stream& stream) {
  const std::string block(65536, 'x');
  for (;;) {
    auto [ec, n] = co_await asio::async_write(stream, asio::buffer(block), as_values);
    if (ec) co_return;
  }
}

/// True when the connection goes on with TLS.
template <class Stream>
asio::awaitable<bool> talk(state_ptr state, Stream& stream, tcp::socket& socket, int number) {
  boost::beast::flat_buffer buffer;
  for (;;) {
    wire::request<wire::string_body> message;
    auto [ec, n] = co_await wire::async_read(stream, buffer, message, as_values);
    if (ec) co_return false;
    state->requests.push_back(as_seen(message));
    const reply r = state->handle(state->requests.back(), number);
    auto [write_ec, m] = co_await asio::async_write(stream, asio::buffer(r.bytes), as_values);
    if (write_ec) co_return false;
    if (r.endless) co_await send_endless(stream);
    if (r.silent) {
      char byte = 0;
      co_await socket.async_read_some(asio::buffer(&byte, 1), as_values);
    }
    if (r.tls) co_return true;
    if (r.close || r.endless || r.silent) co_return false;
  }
}

asio::awaitable<void> serve(state_ptr state, tcp::socket socket, int number) {
  listed entry{state, socket};
  bool secure = state->tls_at_once;
  if (!secure) secure = co_await talk(state, socket, socket, number);
  if (!secure) co_return;
  tls_stream stream{socket, state->tls};
  auto [ec] = co_await stream.async_handshake(asio::ssl::stream_base::server, as_values);
  const char* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
  state->server_name = name != nullptr ? name : "";
  if (ec) co_return;
  co_await talk(state, stream, socket, number);
}

asio::awaitable<void> accept(state_ptr state) {
  for (;;) {
    auto [ec, socket] = co_await state->acceptor.async_accept(as_values);
    if (ec) co_return;
    auto session = serve(state, std::move(socket), ++state->connections);
    asio::co_spawn(state->io, std::move(session), asio::detached);
  }
}

}  // namespace

http_server::http_server(asio::io_context& io, handler handle, const std::string& certificate,
                         bool tls, const std::string& client_ca)
    : state_(std::make_shared<state>(io, std::move(handle))) {
  state_->tls_at_once = tls;
  if (!certificate.empty()) {
    state_->tls.use_certificate_chain_file(certificate);
    state_->tls.use_private_key_file(certificate, asio::ssl::context::pem);
  }
  if (!client_ca.empty()) {
    state_->tls.load_verify_file(client_ca);
    state_->tls.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  }
  state_->acceptor.open(tcp::v4());
  state_->acceptor.bind(tcp::endpoint{asio::ip::address_v4::loopback(), 0});
  state_->acceptor.listen();
  asio::co_spawn(io, accept(state_), asio::detached);
}

http_server::~http_server() {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
  state_->close_all();
}

unsigned short http_server::port() const { return state_->acceptor.local_endpoint().port(); }
int http_server::connections() const { return state_->connections; }
void http_server::drop_connections() { state_->close_all(); }
const std::vector<http::request>& http_server::requests() const { return state_->requests; }
const std::string& http_server::server_name() const { return state_->server_name; }

}  // namespace ostclean::testing
