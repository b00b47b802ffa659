#include "core/http/resolver.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

namespace ostclean::http {
namespace {

using tcp = asio::ip::tcp;

/// One lookup and those who wait for it; the timers are shared because a waiter may go first.
class lookup {
 public:
  explicit lookup(const asio::any_io_executor& executor) : names(executor) {}

  tcp::resolver names;
  bool done = false;
  boost::system::error_code failure;
  std::vector<asio::ip::address> addresses;
  std::vector<std::shared_ptr<asio::steady_timer>> waiting;
};

error unknown(const std::string& host, const std::string& reason) {
  error e{errc::network, "cannot resolve " + host + ": " + reason};
  e.unsent = true;
  return e;
}

}  // namespace

struct resolver::state {
  explicit state(asio::any_io_executor ex) : executor(std::move(ex)) {}

  asio::any_io_executor executor;
  std::map<std::string, std::shared_ptr<lookup>> known;
};

namespace {

std::shared_ptr<lookup> begin(const asio::any_io_executor& executor, const std::string& host) {
  auto entry = std::make_shared<lookup>(executor);
  entry->names.async_resolve(
      host, "", [entry](boost::system::error_code ec, const tcp::resolver::results_type& found) {
        entry->done = true;
        entry->failure = ec;
        for (const auto& one : found) {
          auto address = one.endpoint().address();
          if (std::find(entry->addresses.begin(), entry->addresses.end(), address) ==
              entry->addresses.end())
            entry->addresses.push_back(address);
        }
        for (auto& timer : entry->waiting) timer->cancel();
        entry->waiting.clear();
      });
  return entry;
}

}  // namespace

resolver::resolver(asio::any_io_executor executor)
    : state_(std::make_shared<state>(std::move(executor))) {}

resolver::~resolver() {
  for (auto& [host, entry] : state_->known) entry->names.cancel();
}

asio::awaitable<result<resolver::endpoints>> resolver::find(
    std::string host, std::uint16_t port, std::chrono::steady_clock::time_point deadline) {
  endpoints list;
  boost::system::error_code no_literal;
  auto literal = asio::ip::make_address(host, no_literal);
  if (!no_literal) {
    list.emplace_back(literal, port);
    co_return list;
  }
  auto shared = state_;
  auto& slot = shared->known[host];
  if (!slot || (slot->done && slot->addresses.empty())) slot = begin(shared->executor, host);
  auto entry = slot;
  if (!entry->done) {
    auto timer = std::make_shared<asio::steady_timer>(shared->executor);
    timer->expires_at(deadline);
    entry->waiting.push_back(timer);
    co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
  }
  if (!entry->done) co_return unknown(host, "no answer in time");
  if (entry->addresses.empty()) co_return unknown(host, entry->failure.message());
  for (const auto& address : entry->addresses) list.emplace_back(address, port);
  co_return list;
}

}  // namespace ostclean::http
