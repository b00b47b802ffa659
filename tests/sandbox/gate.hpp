// Where the sandbox lets requests in and answers out.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>

namespace sandbox {

namespace asio = boost::asio;

/// The listening socket, which can be away for a while, and the answers that are held back. A
/// second socket that never listens keeps the port meanwhile.
class gate {
 public:
  gate(asio::io_context& io, std::uint16_t port)
      : acceptor_(io),
        keeper_(io),
        back_(io),
        held_(io, clock::time_point::max()),
        at_(asio::ip::make_address("127.0.0.1"), port) {
    bind(acceptor_);
    at_ = acceptor_.local_endpoint();
    bind(keeper_);
    acceptor_.listen(1024);
  }

  std::uint16_t port() const { return at_.port(); }
  bool closed() const { return clock::now() < until_; }

  /// Everybody is refused for `time`; who has a connection already is for the caller to cut.
  void close(std::chrono::milliseconds time) {
    until_ = clock::now() + time;
    acceptor_.close();
    back_.expires_at(until_);
  }

  void open() {
    if (acceptor_.is_open()) return;
    until_ = {};
    bind(acceptor_);
    acceptor_.listen(1024);
    back_.cancel();
  }

  /// The next connection, as soon as somebody listens.
  asio::awaitable<asio::ip::tcp::socket> accept() {
    for (;;) {
      if (closed()) co_await pass(back_);
      open();
      asio::ip::tcp::socket socket(acceptor_.get_executor());
      boost::system::error_code ec;
      co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, ec));
      if (!ec) co_return socket;
    }
  }

  asio::awaitable<void> hold() { return pass(held_); }  ///< until release()
  void release() { held_.cancel(); }

 private:
  using clock = std::chrono::steady_clock;

  static asio::awaitable<void> pass(asio::steady_timer& time) {
    boost::system::error_code ec;
    co_await time.async_wait(asio::redirect_error(asio::use_awaitable, ec));
  }

  void bind(asio::ip::tcp::acceptor& a) const {
    a.open(at_.protocol());
    a.set_option(asio::ip::tcp::acceptor::reuse_address(true));
    a.bind(at_);
  }

  asio::ip::tcp::acceptor acceptor_, keeper_;
  asio::steady_timer back_, held_;
  asio::ip::tcp::endpoint at_;
  clock::time_point until_{};
};

}  // namespace sandbox
