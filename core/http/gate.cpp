#include "core/http/gate.hpp"

namespace ostclean::http {

asio::awaitable<result<response>> gate::send(request r) {
  if (heeding_ > 0 && stopped_ && stopped_()) {
    error e{errc::interrupted, "interrupted"};
    e.where = std::string{to_string(r.method)} + " " + r.url;
    e.unsent = true;
    co_return e;
  }
  co_return co_await next_.send(std::move(r));
}

}  // namespace ostclean::http
