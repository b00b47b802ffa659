#include "core/http/beast_transport.hpp"

#include "core/http/beast_exchange.hpp"
#include "core/http/beast_pool.hpp"
#include "core/http/redact.hpp"
#include "core/http/route.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/src.hpp>

namespace ostclean::http {
namespace {

using clock = std::chrono::steady_clock;

error unsent(errc code, std::string message) {
  error e{code, std::move(message)};
  e.unsent = true;
  return e;
}

bool out_of_files(const error_code& ec) {
  return ec == asio::error::no_descriptors ||
         ec == boost::system::errc::too_many_files_open_in_system;
}

error cannot_connect(const route& to, const error_code& ec) {
  const bool late = ec == beast::error::timeout;
  auto e = unsent(errc::network, "cannot connect to " + host_and_port(to.dial_host, to.dial_port) +
                                     ": " + (late ? "timed out" : ec.message()));
  if (out_of_files(ec))
    e.hint = "raise the limit of open files (ulimit -n) or lower the concurrency";
  return e;
}

asio::awaitable<error_code> dial(pool_ptr pool, connection& c, const resolver::endpoints& list,
                                 clock::time_point limit) {
  error_code last = asio::error::host_not_found;
  for (const auto& endpoint : list) {
    error_code ignored;
    c.tcp.socket().close(ignored);
    c.tcp.expires_at(std::min(limit, clock::now() + pool->options.connect_timeout));
    auto [ec] = co_await c.tcp.async_connect(endpoint, as_values);
    if (out_of_files(ec)) {
      pool->drop_idle();
      std::tie(ec) = co_await c.tcp.async_connect(endpoint, as_values);
    }
    last = ec;
    if (!ec) break;
  }
  if (last) co_return last;
  c.tcp.socket().set_option(asio::ip::tcp::no_delay{true}, last);
  c.tcp.socket().set_option(asio::socket_base::keep_alive{true}, last);
  co_return error_code{};
}

/// CONNECT (RFC 9110, 9.3.6): after a 2xx the connection is the server's.
asio::awaitable<std::optional<error>> open_tunnel(connection& c, const route& to) {
  wire::request<wire::empty_body> ask{wire::verb::connect, to.name(), 11};
  ask.set(wire::field::host, to.name());
  if (!to.proxy_authorization.empty())
    ask.set(wire::field::proxy_authorization, to.proxy_authorization);
  beast::flat_buffer buffer;
  wire::response_parser<wire::empty_body> parser;
  parser.skip(true);
  parser.header_limit(header_limit);
  auto [write_failed, written] = co_await wire::async_write(c.tcp, ask, as_values);
  auto ec = write_failed;
  if (!ec)
    std::tie(ec, written) = co_await wire::async_read_header(c.tcp, buffer, parser, as_values);
  const auto proxy = "proxy " + host_and_port(to.dial_host, to.dial_port);
  if (ec)
    co_return unsent(errc::network,
                     proxy + " gave no tunnel to " + to.name() + ": " + ec.message());
  const auto& answer = parser.get();
  if (answer.result_int() / 100 != 2)
    co_return unsent(errc::network, proxy + " refused a tunnel to " + to.name() + ": " +
                                        std::to_string(answer.result_int()) + " " +
                                        std::string{answer.reason()});
  co_return std::nullopt;
}

asio::awaitable<std::optional<error>> start_tls(pool_ptr pool, connection& c, const route& to) {
  auto context = pool->tls_context();
  if (!context) co_return context.error();
  c.tls = std::make_unique<tls_stream>(c.tcp, **context);
  auto* session = c.tls->native_handle();
  if (pool->options.verify)
    expect_host(session, to.server.host);
  else
    name_server(session, to.server.host);
  auto [ec] = co_await c.tls->async_handshake(asio::ssl::stream_base::client, as_values);
  if (!ec) co_return std::nullopt;
  if (auto reason = refusal(session); pool->options.verify && !reason.empty()) {
    auto e = unsent(errc::tls, "cannot trust " + to.name() + ": " + reason);
    e.hint = "--os-cacert FILE, or --insecure to skip the check";
    co_return e;
  }
  const bool late = ec == beast::error::timeout;
  co_return unsent(
      ec.category() == asio::error::get_ssl_category() ? errc::tls : errc::network,
      "TLS handshake with " + to.name() + " failed: " + (late ? "timed out" : ec.message()));
}

asio::awaitable<result<connection_ptr>> open(pool_ptr pool, const route& to,
                                             clock::time_point deadline) {
  const auto limit = std::min(deadline, clock::now() + 2 * pool->options.connect_timeout);
  auto found = co_await pool->names.find(to.dial_host, to.dial_port, limit);
  if (!found) co_return found.error();
  auto c = std::make_unique<connection>(pool->executor);
  c->key = to.key();
  if (auto ec = co_await dial(pool, *c, *found, limit)) co_return cannot_connect(to, ec);
  c->tcp.expires_at(limit);
  if (to.tunnel)
    if (auto e = co_await open_tunnel(*c, to)) co_return std::move(*e);
  if (to.tls)
    if (auto e = co_await start_tls(pool, *c, to)) co_return std::move(*e);
  co_return c;
}

wire::verb to_wire(verb method) { return wire::string_to_verb(to_string(method)); }

result<wire::request<wire::string_body>> to_wire(request& r, const route& to) {
  wire::request<wire::string_body> message{to_wire(r.method), to.server.target, 11};
  if (to.whole_url) message.target("http://" + to.server.authority + to.server.target);
  message.set(wire::field::host, to.server.authority);
  message.set(wire::field::user_agent, "ostclean");
  message.set(wire::field::accept, "application/json");
  if (!r.body.empty()) message.set(wire::field::content_type, "application/json");
  if (to.whole_url && !to.proxy_authorization.empty())
    message.set(wire::field::proxy_authorization, to.proxy_authorization);
  for (const auto& [name, value] : r.headers) {
    if ((name + value).find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos)
      return error{errc::config, "header " + name.substr(0, name.find_first_of("\r\n")) +
                                     " cannot be sent: its value holds a line break"};
    message.set(name, value);
  }
  message.body() = std::move(r.body);
  message.prepare_payload();
  return message;
}

std::string seconds(std::chrono::milliseconds time) {
  return std::to_string((time.count() + 999) / 1000) + " s";
}

error explain(const error_code& ec, const route& to, const request& r, bool answered) {
  const auto& category = ec.category();
  const std::string name = to.name();
  if (ec == beast::error::timeout)
    return error{errc::timeout,
                 "no complete answer from " + name + " within " + seconds(r.deadline)};
  if (ec == asio::error::operation_aborted)
    return error{errc::protocol, "the answer of " + name + " was not read to its end"};
  if (ec == wire::error::body_limit)
    return error{errc::protocol, "the answer of " + name + " is longer than " +
                                     std::to_string(r.body_limit) + " bytes"};
  if (ec == wire::error::end_of_stream || ec == wire::error::partial_message ||
      ec == asio::ssl::error::stream_truncated || ec == asio::error::eof)
    return error{errc::network,
                 name + " closed the connection " +
                     (answered ? "in the middle of its answer" : "without an answer")};
  if (category == wire::make_error_code(wire::error::bad_version).category())
    return error{errc::protocol, "the answer of " + name + " is not HTTP: " + ec.message()};
  if (category == asio::error::get_ssl_category())
    return error{errc::tls, "TLS with " + name + " failed: " + ec.message()};
  return error{errc::network, "connection to " + name + " lost: " + ec.message()};
}

error too_late(error e, clock::time_point deadline) {
  if (clock::now() >= deadline) e.code = errc::timeout;
  return e;
}

/// A server may close an idle connection while the next request is on its way to it.
bool stale(const outcome& out, const connection& c, const request& r) {
  if (out.failure == beast::error::timeout) return false;
  if (!out.written) return true;
  if (!r.repeatable) return false;
  return !out.answered || (c.after_bodyless && out.failure == wire::error::bad_version);
}

asio::awaitable<result<response>> send_on(pool_ptr pool, request& r, const route& to) {
  const auto deadline = clock::now() + r.deadline;
  const bool head = r.method == verb::head;
  auto message = to_wire(r, to);
  if (!message) co_return message.error();
  bool sent_before = false;
  for (bool fresh = false;; fresh = true) {
    connection_ptr c;
    if (!fresh) c = pool->take(to.key(), r.repeatable);
    const bool reused = c != nullptr;
    if (!reused) {
      auto opened = co_await open(pool, to, deadline);
      if (!opened) co_return too_late(opened.error(), deadline);
      c = std::move(*opened);
    }
    c->tcp.expires_at(deadline);
    outcome out;
    if (c->tls)
      out = co_await exchange(*c->tls, *message, r);
    else
      out = co_await exchange(c->tcp, *message, r);
    const bool again = out.failure && reused && stale(out, *c, r);
    sent_before = sent_before || (again && out.written);
    if (again) continue;
    if (out.failure) co_return explain(out.failure, to, r, out.answered);
    out.answer.repeated = sent_before;
    c->after_bodyless = head || out.answer.status == 204 || out.answer.status == 304;
    if (out.reusable) pool->give_back(std::move(c));
    co_return std::move(out.answer);
  }
}

error at(error e, const std::string& where) {
  e.where = where;
  return e;
}

asio::awaitable<result<response>> send_by(pool_ptr pool, request r) {
  const std::string where = std::string{to_string(r.method)} + " " + redact_url(r.url);
  auto to = find_route(r.url, pool->options);
  if (!to) co_return at(to.error(), where);
  auto answer = co_await send_on(pool, r, *to);
  if (!answer) co_return at(answer.error(), where);
  co_return answer;
}

class beast_transport : public transport {
 public:
  explicit beast_transport(pool_ptr pool) : pool_(std::move(pool)) {}
  ~beast_transport() override { pool_->drop_idle(); }
  asio::awaitable<result<response>> send(request r) override {
    return send_by(pool_, std::move(r));
  }

 private:
  pool_ptr pool_;
};

}  // namespace

std::unique_ptr<transport> make_beast_transport(asio::any_io_executor executor,
                                                connect_options options) {
  return std::make_unique<beast_transport>(
      std::make_shared<pool>(std::move(executor), std::move(options)));
}

}  // namespace ostclean::http
