#include "core/single_flight.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace ostclean {
namespace asio = boost::asio;

/// Each has an end of its own: before all who waited have gone on, the next may have begun.
class single_flight::flight {
 public:
  explicit flight(const asio::any_io_executor& executor)
      : gate(executor, asio::steady_timer::time_point::max()) {}

  asio::steady_timer gate;
  result<void> end = error{errc::interrupted, "what others had begun was given up"};
};

/// Opens the gate when the one who flies is done, whatever ended it.
class single_flight::landing {
 public:
  explicit landing(std::shared_ptr<flight>& flying) : flying_(flying) {}
  landing(const landing&) = delete;
  landing& operator=(const landing&) = delete;
  ~landing() { std::exchange(flying_, nullptr)->gate.cancel(); }

 private:
  std::shared_ptr<flight>& flying_;
};

asio::awaitable<result<void>> single_flight::run(asio::awaitable<result<void>> work) {
  if (auto others = flying_) {
    co_await others->gate.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return others->end;
  }
  auto executor = co_await asio::this_coro::executor;
  auto mine = std::make_shared<flight>(executor);
  flying_ = mine;
  const landing down{flying_};
  mine->end = co_await std::move(work);
  co_return mine->end;
}

}  // namespace ostclean
