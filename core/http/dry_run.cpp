#include "core/http/dry_run.hpp"

namespace ostclean::http {

asio::awaitable<result<response>> dry_run::send(request r) {
  const bool reads = r.method == verb::get || r.method == verb::head;
  if (!reads && !(r.method == verb::post && r.authentication)) {
    ++refused_;
    const std::string name{to_string(r.method)};
    error e{errc::refused, "a dry run sends no " + name};
    e.where = name + " " + r.url;
    e.unsent = true;
    co_return e;
  }
  co_return co_await next_.send(std::move(r));
}

}  // namespace ostclean::http
