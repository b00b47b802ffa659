#include "services/reset.hpp"

#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"

#include <boost/json.hpp>

namespace ostclean::services {
namespace {

namespace json = boost::json;

/// A rule that is the password alone lets a password in.
bool password_alone_is_enough(const json::value& options) {
  const auto* rules = find(options, "multi_factor_auth_rules");
  if (!rules || !rules->is_array() || rules->get_array().empty()) return true;
  for (const auto& rule : rules->get_array()) {
    const auto* methods = rule.if_array();
    if (methods && methods->size() == 1 && methods->front() == "password") return true;
  }
  return false;
}

}  // namespace

std::string why_password_is_useless(const user& who) {
  const auto* options = who.attributes.if_contains("options");
  if (!options) return "";
  if (true_at(*options, "lock_password")) return "its option lock_password forbids it";
  const auto* wanted = find(*options, "multi_factor_auth_enabled");
  const bool needs_more = !wanted || !wanted->is_bool() || wanted->get_bool();
  if (needs_more && !password_alone_is_enough(*options))
    return "it logs in with several factors (option multi_factor_auth_rules)";
  return "";
}

identity::answer<bool> set_password(http::transport& admin, std::string base, std::string user_id,
                                    std::string password) {
  http::request ask(http::verb::patch, base + "/users/" + http::percent_encode(user_id));
  const http::request named(ask.method, ask.url);
  ask.service = "identity";
  ask.headers.set("Content-Type", "application/json");
  json::object body;
  body["user"] = json::object();
  body["user"].as_object()["password"] = password;
  ask.body = json::serialize(body);
  auto answer = co_await admin.send(std::move(ask));
  if (!answer) co_return answer.error();
  if (answer->status >= 300) co_return http::to_error(*answer, named);
  co_return true;
}

}  // namespace ostclean::services
