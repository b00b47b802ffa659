#include "core/auth/session.hpp"

#include "core/auth/discovery.hpp"
#include "core/auth/session_state.hpp"
#include "core/http/microversion.hpp"
#include "core/http/status.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>

namespace ostclean::auth {
namespace {

namespace asio = http::asio;
using namespace std::chrono_literals;
using asio::awaitable;
using shared_state = std::shared_ptr<session_state>;
using cache_lock = std::unique_ptr<token_cache::lock>;

constexpr auto lock_pause = 50ms;
constexpr int lock_attempts = 600;  // 30 s: a process that holds the lock longer is stuck

// Null with a usable token when another process was faster; null without one when the holder of
// the lock is stuck: then we go on without it.
awaitable<cache_lock> wait_for_lock(shared_state s) {
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer pause{executor};
  for (int i = 0; i < lock_attempts; ++i) {
    if (auto got = s->cache->try_lock(s->key))
      co_return std::make_unique<token_cache::lock>(std::move(*got));
    pause.expires_after(lock_pause);
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    if (s->adopt_cached()) co_return nullptr;
  }
  co_return nullptr;
}

awaitable<result<void>> authenticate_anew(shared_state s) {
  auto who = s->who;
  auto done = co_await authenticate(std::move(who), s->next);
  if (!done) co_return done.error();
  s->adopt(std::move(*done));
  co_return result<void>{};
}

http::request catalog_request(const session_state& s) {
  http::request r{http::verb::get, identity_base(s.who.auth_url) + "/auth/catalog"};
  r.service = "identity";
  r.headers.set("Accept", "application/json");
  r.headers.set("X-Auth-Token", s.now.id);
  return r;
}

awaitable<result<void>> obtain(shared_state s) {
  if (auto wrong = s->who.incomplete()) co_return *wrong;
  cache_lock lock;
  if (s->cache != nullptr) {
    if (s->adopt_cached()) co_return result<void>{};
    lock = co_await wait_for_lock(s);
    if (s->usable() || s->adopt_cached()) co_return result<void>{};
    s->drop_rejected();
  }
  co_return co_await authenticate_anew(s);
}

// A token lives for hours, and its catalog is as old as it is. Keystone need not answer with one
// where it would not take the token any more: then there is a new one of both.
awaitable<result<void>> look_again(shared_state s) {
  auto request = catalog_request(*s);
  auto answer = co_await s->next.send(std::move(request));
  if (!answer) co_return answer.error();
  if (s->adopt_catalog(*answer)) co_return result<void>{};
  if (answer->status >= 500 || answer->status == 429) {
    const auto asked = catalog_request(*s);
    co_return http::to_error(*answer, asked);
  }
  s->reject(s->generation);
  if (s->cache != nullptr) s->drop_rejected();
  co_return co_await authenticate_anew(s);
}

awaitable<result<void>> obtain_fresh(shared_state s) {
  auto got = co_await obtain(s);
  if (got && s->who.fresh_catalog && !s->fresh) got = co_await look_again(s);
  co_return got;
}

awaitable<result<void>> obtain_once(shared_state s) {
  co_return co_await s->flying[""].run(obtain_fresh(s));
}

// A service that is missed may have been registered since the catalog was kept.
awaitable<result<void>> look_once_more(shared_state s) {
  co_return co_await s->flying["catalog"].run(look_again(s));
}

http::request versions_request(const std::string& root, const std::string& type) {
  http::request r{http::verb::get, root + "/"};
  r.headers.set("Accept", "application/json");
  r.service = type;
  r.deadline = 15s;
  r.body_limit = 1UL << 20;
  return r;
}

std::optional<std::string> read_versions(const http::response& answer, const std::string& major) {
  if (answer.status != 200 && answer.status != 300) return {};
  boost::system::error_code ec;
  auto document = boost::json::parse(answer.body, ec);
  if (ec) return {};
  return best_version(document, major);
}

// Leaves the version in s->discovered unless the service could not be asked just now.
awaitable<result<void>> discover(shared_state s, std::string root, std::string type,
                                 std::string major) {
  auto request = versions_request(root, type);
  auto answer = co_await s->next.send(std::move(request));
  if (!answer || answer->status >= 500 || answer->status == 429) co_return result<void>{};
  s->discovered[root + " " + major] =
      read_versions(*answer, major).value_or(conventional_version(type, major));
  s->save();
  co_return result<void>{};
}

awaitable<std::string> with_version(shared_state s, service_url parts, std::string type,
                                    std::string major) {
  if (major.empty() || major_of(parts.version) == major) co_return parts.with(parts.version);
  auto convention = conventional_version(type, major);
  if (is_never_discovered(type)) co_return parts.with(convention);
  auto name = parts.root + " " + major;
  if (!s->discovered.contains(name))
    (void)co_await s->flying[name].run(discover(s, parts.root, type, major));
  auto at = s->discovered.find(name);
  co_return parts.with(at == s->discovered.end() ? convention : at->second);
}

/// Keystone says 401 of a token that is over, but 404 of one whose project was disabled or whose
/// trust or application credential is gone. That is nothing about what was asked for: taken for a
/// missing trust or role it would be called gone.
bool refuses_token(const http::response& answer, const settings& who) {
  if (answer.status == 401) return true;
  if (answer.status != 404 || answer.body.size() > 4096) return false;
  const auto says = [&](const std::string& what) {
    return answer.body.find(what) != std::string::npos;
  };
  const auto& trust = who.scope.trust_id;
  const auto& credential = who.application_credential_id;
  return says("Unable to validate token because") ||
         (!trust.empty() && says("Could not find trust: " + trust)) ||
         (!credential.empty() && says("Could not find Application Credential: " + credential));
}

}  // namespace

session::session(settings who, http::transport& next, token_cache* cache)
    : state_(std::make_shared<session_state>(std::move(who), next, cache)) {}

session::~session() = default;

awaitable<result<const token*>> session::current() {
  auto s = state_;
  const token* now = &s->now;
  if (s->usable()) co_return now;
  if (auto got = co_await obtain_once(s); !got) co_return got.error();
  co_return now;
}

awaitable<result<http::response>> session::send(http::request r) {
  http::request asked{r.method, r.url};
  asked.headers = r.headers;
  auto answer = co_await authorised(std::move(r));
  if (answer)
    if (auto wrong = http::check_version(*answer, asked); !wrong) co_return wrong.error();
  co_return answer;
}

awaitable<result<http::response>> session::authorised(http::request r) {
  auto s = state_;
  if (r.authentication || !r.headers.get("X-Auth-Token").empty())
    co_return co_await s->next.send(std::move(r));
  auto first = co_await current();
  if (!first) co_return first.error();
  auto generation = s->generation;
  r.headers.set("X-Auth-Token", s->now.id);
  auto copy = r;
  auto answer = co_await s->next.send(std::move(copy));
  if (!answer || !refuses_token(*answer, s->who) || s->refuses(r.service, generation))
    co_return answer;

  s->reject(generation);
  auto second = co_await current();
  if (!second) co_return second.error();
  generation = s->generation;
  r.headers.set("X-Auth-Token", s->now.id);
  auto service = r.service;
  auto again = co_await s->next.send(std::move(r));
  if (again && refuses_token(*again, s->who)) s->refuse(service, generation);
  co_return again;
}

awaitable<result<std::string>> session::endpoint(std::string service_type, std::string region,
                                                 std::string major) {
  auto s = state_;
  if (s->needs_catalog(service_type, region)) {
    auto known = co_await current();
    if (!known) co_return known.error();
  }
  auto url = s->service_url(service_type, region);
  if (!url) co_return url.error();
  if (url->empty() && !s->fresh) {
    if (auto looked = co_await look_once_more(s); !looked) co_return looked.error();
    url = s->service_url(service_type, region);
    if (!url) co_return url.error();
  }
  if (url->empty()) co_return s->no_endpoint(service_type, region);
  const auto& project = s->now.project_id;
  auto parts = split_url(fill_placeholders(std::move(*url), project), project);
  co_return co_await with_version(s, std::move(parts), std::move(service_type), std::move(major));
}

}  // namespace ostclean::auth
