// One request and its answer on an open connection, of TCP or TLS. A part of beast_transport.cpp
// that has a file of its own because a body that is read as it arrives takes some words.
#pragma once

#include "core/http/beast_pool.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <vector>

namespace ostclean::http {

namespace wire = boost::beast::http;

constexpr std::uint32_t header_limit = 64 * 1024;
constexpr std::size_t chunk_size = std::size_t{64} * 1024;
constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

/// A service that announces a body where HTTP allows none may send it: its connection is spent.
template <class Body>
bool leaves_bytes(const wire::response<Body>& m) {
  const bool bodyless = m.result_int() == 204 || m.result_int() == 304;
  const auto length = m[wire::field::content_length];
  return bodyless && ((!length.empty() && length != "0") || m.chunked());
}

inline void keep_head(outcome& out, const wire::fields& head, unsigned status) {
  out.answer = response{static_cast<int>(status)};
  for (const auto& field : head)
    out.answer.headers.add(std::string{field.name_string()}, std::string{field.value()});
}

/// Many servers end TLS without close_notify, also where the end of the stream ends the body.
template <class Parser>
void accept_missing_close(Parser& parser, error_code& ec) {
  if (ec == asio::ssl::error::stream_truncated && parser.is_header_done() && parser.need_eof())
    parser.put_eof(ec);
}

template <class Parser>
bool may_be_used_again(const Parser& parser, const beast::flat_buffer& buffer,
                       const error_code& ec) {
  return parser.keep_alive() && !parser.need_eof() && buffer.size() == 0 && !ec &&
         !leaves_bytes(parser.get());
}

/// Gives the body to the request's reader, piece by piece. The deadline is for each piece: how long
/// the whole takes depends on how long the list is.
template <class Stream>
asio::awaitable<void> hand_over(Stream& stream, beast::flat_buffer& buffer,
                                wire::response_parser<wire::buffer_body>& parser, const request& r,
                                outcome& out) {
  parser.body_limit(boost::none);
  std::vector<char> chunk(chunk_size);
  error_code ec;
  while (!parser.is_done()) {
    auto& body = parser.get().body();
    body.data = chunk.data();
    body.size = chunk.size();
    beast::get_lowest_layer(stream).expires_after(r.deadline);
    auto [failed, got] = co_await wire::async_read(stream, buffer, parser, as_values);
    ec = failed == wire::error::need_buffer ? error_code{} : failed;
    accept_missing_close(parser, ec);
    const std::string_view piece{chunk.data(), chunk.size() - body.size};
    if (!piece.empty() && !r.reader->read(piece)) ec = asio::error::operation_aborted;
    if (ec) break;
  }
  if (ec && (!parser.is_done() || ec == asio::error::operation_aborted))
    out.failure = ec;
  else
    out.reusable = may_be_used_again(parser, buffer, ec);
}

template <class Stream>
asio::awaitable<outcome> exchange(Stream& stream, const wire::request<wire::string_body>& message,
                                  const request& r) {
  outcome out;
  auto [write_failed, n] = co_await wire::async_write(stream, message, as_values);
  out.failure = write_failed;
  if (write_failed) co_return out;
  out.written = true;
  beast::flat_buffer buffer;
  for (;;) {
    wire::response_parser<wire::string_body> parser;
    parser.header_limit(header_limit);
    if (r.reader)
      parser.body_limit(boost::none);
    else
      parser.body_limit(r.body_limit);
    parser.skip(message.method() == wire::verb::head);
    auto [ec, got] = co_await wire::async_read_header(stream, buffer, parser, as_values);
    out.answered = out.answered || got > 0 || buffer.size() > 0 || parser.got_some();
    if (!ec && parser.get().result_int() / 100 == 1) continue;
    if (!ec && r.reader) {
      keep_head(out, parser.get(), parser.get().result_int());
      if (r.reader->wants(out.answer)) {
        wire::response_parser<wire::buffer_body> rest{std::move(parser)};
        co_await hand_over(stream, buffer, rest, r, out);
        co_return out;
      }
      parser.body_limit(r.body_limit);
      if (parser.content_length().value_or(0) > r.body_limit) ec = wire::error::body_limit;
    }
    if (!ec) std::tie(ec, got) = co_await wire::async_read(stream, buffer, parser, as_values);
    accept_missing_close(parser, ec);
    if (ec && !parser.is_done()) {
      out.failure = ec;
      co_return out;
    }
    out.reusable = may_be_used_again(parser, buffer, ec);
    keep_head(out, parser.get(), parser.get().result_int());
    out.answer.body = std::move(parser.get().body());
    co_return out;
  }
}

}  // namespace ostclean::http
