#include "cmd/stack.hpp"

#include "core/http/beast_transport.hpp"
#include "core/http/connect_options.hpp"
#include "core/http/dry_run.hpp"
#include "core/http/gate.hpp"
#include "core/http/limit.hpp"
#include "core/http/retry.hpp"
#include "core/http/trace.hpp"

#include <algorithm>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;

http::connect_options connections(const stack_options& how) {
  auto options = http::connect_options::from_environment();
  options.verify = how.verify;
  options.cacert = how.cacert;
  options.cert = how.cert;
  options.key = how.key;
  if (how.timeout.count() > 0)
    options.connect_timeout = std::min(options.connect_timeout, how.timeout);
  return options;
}

http::limits bounds(const stack_options& how) {
  http::limits limits;
  limits.in_flight = limits.per_service = how.max_concurrency;
  limits.per_second = how.rate;
  return limits;
}

http::trace_options tracing(const stack_options& how) {
  http::trace_options options;
  options.sink = how.trace;
  options.insecure = !how.verify;
  options.cacert = how.cacert;
  options.keep_timings = how.keep_timings;
  return options;
}

// Innermost first, because each layer holds a reference to the next.
class layered : public transport_stack {
 public:
  layered(const asio::any_io_executor& executor, const stack_options& how)
      : timeout_(how.timeout),
        wire_(http::make_beast_transport(executor, connections(how))),
        limit_(*wire_, bounds(how), executor, http::timer_sleeper(executor)),
        trace_(limit_, tracing(how)),
        gate_(trace_, how.interrupted),
        dry_run_(gate_),
        reads_(dry_run_, {}, http::retry_tools::real(executor)),
        writes_(gate_, {}, http::retry_tools::real(executor)) {}

  asio::awaitable<result<http::response>> send(http::request r) override {
    if (timeout_.count() > 0) r.deadline = timeout_;
    return (only_read_ ? reads_ : writes_).send(std::move(r));
  }

  void only_read() override { only_read_ = true; }
  void heed(bool on) override { gate_.heed(on); }
  const std::vector<http::timing>& timings() const override { return trace_.timings(); }

 private:
  std::chrono::milliseconds timeout_;
  std::unique_ptr<http::transport> wire_;
  http::limit limit_;
  http::trace trace_;
  http::gate gate_;
  http::dry_run dry_run_;
  http::retry reads_, writes_;
  bool only_read_ = false;
};

}  // namespace

std::unique_ptr<transport_stack> make_stack(const boost::asio::any_io_executor& executor,
                                            const stack_options& how) {
  return std::make_unique<layered>(executor, how);
}

}  // namespace ostclean::cmd
