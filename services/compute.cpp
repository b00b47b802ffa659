// Nova's odd cases: locked servers, and key pairs, which belong to a user and not to a project.
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/hooks.hpp"

namespace ostclean::services {
namespace asio = boost::asio;
using plan::step;

namespace {

/// The plan has let a locked server through only with --include-protected; to its owner Nova says
/// 409 until it is unlocked.
asio::awaitable<result<void>> unlock(cleaner& by, const item& one) {
  if (!true_at(one.data, "locked")) co_return result<void>{};
  std::string body = R"({"unlock":null})";
  auto unlocked =
      co_await by.send(one, http::verb::post, cleaner::item_path(one) + "/action", std::move(body));
  if (!unlocked && unlocked.error().status != 404) co_return unlocked.error();
  co_return result<void>{};
}

}  // namespace

/// Heat acts as the stack's owner: a lock would end its work in DELETE_FAILED. A lock that does not
/// come off is told by Heat's own failure.
asio::awaitable<void> unlock_stack_servers(cleaner& by, const std::vector<item>& items,
                                           const relations& all) {
  for (auto [stack, content] : all.stack_contents()) {
    const item& server = items[content];
    if (by.interrupted()) co_return;
    if (server.row->name != "server" || server.decided != item::fate::goes ||
        items[stack].decided != item::fate::goes || !true_at(server.data, "locked"))
      continue;
    if (auto written = by.record(server, "intent", "unlock"); !written) co_return;
    auto unlocked = co_await unlock(by, server);
    (void)by.record(server, "outcome", unlocked ? "unlocked" : unlocked.error().line());
  }
}

asio::awaitable<step> remove_server(cleaner& by, item& one) {
  if (auto unlocked = co_await unlock(by, one); !unlocked)
    co_return step{step::kind::failed, unlocked.error()};
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
