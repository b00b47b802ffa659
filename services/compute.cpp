// Nova's odd cases: locked servers, and key pairs, which belong to a user and not to a project.
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/hooks.hpp"

namespace ostclean::services {
namespace asio = boost::asio;
using plan::step;

asio::awaitable<step> remove_server(cleaner& by, item& one) {
  // The plan has let a locked server through only with --include-protected; to its owner Nova says
  // 409 until it is unlocked.
  if (true_at(one.data, "locked")) {
    std::string body = R"({"unlock":null})";
    auto unlocked = co_await by.send(one, http::verb::post, cleaner::item_path(one) + "/action",
                                     std::move(body));
    if (!unlocked && unlocked.error().status != 404)
      co_return step{step::kind::failed, unlocked.error()};
  }
  co_return co_await by.remove(one, cleaner::item_path(one));
}

/// Nova ignores user_id below microversion 2.10 and would take the caller's own pair of that name:
/// the pair's owner is read first.
asio::awaitable<step> remove_keypair(cleaner& by, item& one) {
  std::string path = cleaner::item_path(one);
  if (!by.where().own_keypairs) path = http::with_query(path, "user_id", one.user_id);
  auto seen = co_await by.send(one, http::verb::get, path, "");
  if (!seen && seen.error().status == 404) co_return step{step::kind::gone};
  if (!seen) co_return step{step::kind::failed, seen.error()};
  http::request asked{http::verb::get, one.base + path};
  auto data = http::parse_json(seen->body, asked);
  if (!data) co_return step{step::kind::failed, data.error()};
  if (text_at(*data, "keypair.user_id") != one.user_id) {
    error why{errc::refused, "Nova shows the key pair of another user"};
    co_return step{step::kind::failed, std::move(why)};
  }
  co_return co_await by.remove(one, std::move(path));
}

}  // namespace ostclean::services
