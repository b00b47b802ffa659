#include "core/auth/keystone.hpp"

#include "core/http/redact.hpp"
#include "core/http/status.hpp"
#include "core/json.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace ostclean::auth {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

json::object reference(const std::string& id, const std::string& name, const char* name_key) {
  json::object named;
  if (!id.empty())
    named["id"] = id;
  else
    named[name_key] = name;
  return named;
}

json::object domain_of(const std::string& id, const std::string& name) {
  return reference(id.empty() && name.empty() ? "default" : id, name, "name");
}

json::object user_of(const settings& who) {
  auto user = reference(who.user_id, who.username, "name");
  if (who.user_id.empty()) user["domain"] = domain_of(who.user_domain_id, who.user_domain_name);
  return user;
}

json::object method_of(const settings& who) {
  json::object method;
  if (who.auth_type == "token") {
    method["id"] = who.token;
  } else if (who.auth_type == "v3applicationcredential") {
    method = reference(who.application_credential_id, who.application_credential_name, "name");
    method["secret"] = who.application_credential_secret;
    if (who.application_credential_id.empty()) method["user"] = user_of(who);
  } else {
    auto user = user_of(who);
    if (who.auth_type == "v3totp")
      user["passcode"] = who.passcode;
    else
      user["password"] = who.password;
    method["user"] = std::move(user);
  }
  return method;
}

const char* method_name(const settings& who) {
  if (who.auth_type == "token") return "token";
  if (who.auth_type == "v3totp") return "totp";
  return who.auth_type == "v3applicationcredential" ? "application_credential" : "password";
}

// Empty: unscoped.
json::object scope_of(const scope& to) {
  json::object wanted;
  if (!to.trust_id.empty()) {
    wanted["OS-TRUST:trust"] = reference(to.trust_id, "", "name");
  } else if (to.system) {
    json::object system;
    system["all"] = true;
    wanted["system"] = std::move(system);
  } else if (!to.project_id.empty() || !to.project_name.empty()) {
    auto project = reference(to.project_id, to.project_name, "name");
    if (to.project_id.empty())
      project["domain"] = domain_of(to.project_domain_id, to.project_domain_name);
    wanted["project"] = std::move(project);
  } else if (!to.domain_id.empty() || !to.domain_name.empty()) {
    wanted["domain"] = reference(to.domain_id, to.domain_name, "name");
  }
  return wanted;
}

http::request token_request(const settings& who) {
  http::request r{http::verb::post, identity_base(who.auth_url) + "/auth/tokens"};
  r.headers.set("Content-Type", "application/json");
  r.headers.set("Accept", "application/json");
  r.service = "identity";
  r.authentication = true;
  // A Keystone that hangs is reported within half a minute: the transport must not try it again.
  r.repeatable = false;
  r.deadline = 20s;
  r.body = json::serialize(authentication_body(who));
  return r;
}

std::string whose(const settings& who) {
  return who.cloud.empty() || who.cloud == "envvars" ? std::string{} : " of cloud " + who.cloud;
}

void explain_refusal(error& e, const settings& who) {
  if (who.auth_type == "token")
    e.hint = "the token" + whose(who) + " has ended or may not be used for this scope";
  else if (!who.scope.trust_id.empty())
    e.hint = "check the user name, the password and that the trust is still there";
  else if (who.auth_type == "v3applicationcredential")
    e.hint = "check the application credential" + whose(who) + " and that it has not ended";
  else
    e.hint = "check the user name, the password and the project" + whose(who);
}

bool is_keystone(const http::response& answer) {
  boost::system::error_code ec;
  auto document = json::parse(answer.body, ec);
  return !ec && find(document, "error") != nullptr;
}

error refusal(const http::response& answer, const std::string& url, const settings& who) {
  auto e = http::to_error(answer, http::request{http::verb::post, url});
  auto known = is_keystone(answer);
  if (answer.status < 500 && answer.status != 429 && !known) {
    e.code = errc::protocol;
    e.message = "no Identity API v3 answers there";
    if (auto to = answer.headers.get("Location"); !to.empty())
      e.message += ", it redirects to " + http::redact_url(to);
    e.hint = "check auth_url" + whose(who);
    return e;
  }
  e.message = "keystone did not authenticate us: " + e.message;
  while (e.message.ends_with('.')) e.message.pop_back();
  // A trust or a project that is gone is not found; for the caller that is a refusal.
  if (answer.status == 404) e.code = errc::auth;
  if (e.code == errc::auth || e.code == errc::forbidden) explain_refusal(e, who);
  return e;
}

result<authentication> read_answer(const http::response& answer, const std::string& url,
                                   const settings& who) {
  if (answer.status != 201 && answer.status != 200) return refusal(answer, url, who);
  boost::system::error_code ec;
  authentication done;
  done.document = json::parse(answer.body, ec);
  auto parsed = ec ? result<token>{error{errc::protocol, "keystone's answer is not JSON"}}
                   : parse_token(std::string{answer.headers.get("X-Subject-Token")}, done.document);
  if (!parsed) {
    auto e = parsed.error();
    e.status = answer.status;
    e.request_id = answer.request_id();
    e.where = "POST " + http::redact_url(url);
    e.hint = "check auth_url" + whose(who);
    return e;
  }
  done.fresh = std::move(*parsed);
  return done;
}

// A second token is no harm, so a gateway's hiccup is asked again.
http::asio::awaitable<result<http::response>> send_patiently(http::request r,
                                                             http::transport& next) {
  auto executor = co_await http::asio::this_coro::executor;
  http::asio::steady_timer pause{executor};
  for (auto wait = 200ms; wait <= 800ms; wait *= 2) {
    auto copy = r;
    auto answer = co_await next.send(std::move(copy));
    if (!answer || answer->status < 502 || answer->status > 504) co_return answer;
    pause.expires_after(wait);
    co_await pause.async_wait(http::asio::as_tuple(http::asio::use_awaitable));
  }
  co_return co_await next.send(std::move(r));
}

}  // namespace

std::string identity_base(std::string_view auth_url) {
  auto trim = [&] {
    while (auth_url.ends_with('/')) auth_url.remove_suffix(1);
  };
  trim();
  for (std::string_view version : {"/v3", "/v2.0"})
    if (auth_url.ends_with(version)) auth_url.remove_suffix(version.size());
  trim();
  return std::string{auth_url} + "/v3";
}

json::object authentication_body(const settings& who) {
  json::array methods;
  methods.push_back(json::value(method_name(who)));
  json::object identity;
  identity["methods"] = std::move(methods);
  identity[method_name(who)] = method_of(who);
  json::object auth;
  auth["identity"] = std::move(identity);
  // Keystone refuses a scope here: an application credential has its project built in.
  auto scope = who.auth_type == "v3applicationcredential" ? json::object{} : scope_of(who.scope);
  if (!scope.empty()) auth["scope"] = std::move(scope);
  json::object body;
  body["auth"] = std::move(auth);
  return body;
}

http::asio::awaitable<result<authentication>> authenticate(settings who, http::transport& next) {
  if (auto wrong = who.incomplete()) co_return *wrong;
  auto request = token_request(who);
  auto url = request.url;
  auto answer = co_await send_patiently(std::move(request), next);
  if (answer) co_return read_answer(*answer, url, who);
  auto e = answer.error();
  if (e.code != errc::config) e.message = "keystone does not answer: " + e.message;
  e.where = "POST " + http::redact_url(url);
  if (e.code == errc::network && e.hint.empty())
    e.hint = "check auth_url" + whose(who) + " and the network";
  co_return e;
}

}  // namespace ostclean::auth
