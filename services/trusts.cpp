#include "services/trusts.hpp"

#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "core/time.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace ostclean::services {
namespace {

namespace json = boost::json;

std::string body_of(const trust& wanted, const std::vector<named>& roles) {
  json::array list;
  for (const auto& role : roles) {
    json::object one;
    one[role.id.empty() ? "name" : "id"] = role.id.empty() ? role.name : role.id;
    list.push_back(std::move(one));
  }
  json::object fields;
  fields["trustor_user_id"] = wanted.trustor_id;
  fields["trustee_user_id"] = wanted.trustee_id;
  fields["project_id"] = wanted.project_id;
  fields["impersonation"] = true;
  fields["expires_at"] = format_rfc3339(wanted.expires_at);
  fields["roles"] = std::move(list);
  json::object body;
  body["trust"] = std::move(fields);
  return json::serialize(body);
}

trust from_body(const json::value& body) {
  trust made;
  made.id = text_at(body, "id");
  made.trustor_id = text_at(body, "trustor_user_id");
  made.trustee_id = text_at(body, "trustee_user_id");
  made.project_id = text_at(body, "project_id");
  if (auto until = parse_iso8601(text_at(body, "expires_at"))) made.expires_at = *until;
  return made;
}

error without_extension(error why) {
  why.message =
      "this cloud does not let an administrator make trusts (no OS-TRUST/trusts_for_admin)";
  why.hint =
      "let each user run 'ostclean reset --trust TRUSTEE --auth-project', or reset passwords "
      "instead";
  return why;
}

}  // namespace

identity::answer<std::optional<trust>> trust_maker::existing(trust wanted, sys_time now) {
  std::string url =
      http::with_query(base_ + "/OS-TRUST/trusts", "trustor_user_id", wanted.trustor_id);
  http::request ask(http::verb::get, std::move(url));
  ask.service = "identity";
  auto body = co_await http::get_json(who_, std::move(ask));
  if (!body) co_return body.error();
  std::optional<trust> best;
  const auto* list = find(*body, "trusts");
  if (!list || !list->is_array()) co_return best;
  for (const auto& row : list->get_array()) {
    trust one = from_body(row);
    if (one.id.empty() || one.trustor_id != wanted.trustor_id ||
        one.trustee_id != wanted.trustee_id || one.project_id != wanted.project_id ||
        !true_at(row, "impersonation") || !text_at(row, "remaining_uses").empty())
      continue;
    // What lasts for ever, or longer than asked for, was made for another purpose.
    if (one.expires_at > wanted.expires_at || one.expires_at - now < (wanted.expires_at - now) / 2)
      continue;
    best = std::move(one);
  }
  co_return best;
}

identity::answer<trust> trust_maker::make(trust wanted, std::vector<named> roles, sys_time now) {
  auto there = co_await existing(wanted, now);
  if (!there) co_return there.error();
  if (*there) co_return **there;
  const bool direct = wanted.trustor_id == caller_id_;
  http::request ask(http::verb::post,
                    base_ + (direct ? "/OS-TRUST/trusts" : "/OS-TRUST/trusts_for_admin"));
  const http::request said(ask.method, ask.url);
  ask.service = "identity";
  ask.headers.set("Content-Type", "application/json");
  ask.body = body_of(wanted, roles);
  auto answer = co_await who_.send(std::move(ask));
  if (!answer) co_return answer.error();
  if (answer->status >= 300) {
    error why = http::to_error(*answer, said);
    // The extension answers 404 for an unknown role or user too, in Keystone's words.
    const bool absent =
        answer->status == 405 || why.message.find("Could not find") == std::string::npos;
    if (!direct && (answer->status == 404 || answer->status == 405) && absent)
      co_return without_extension(std::move(why));
    co_return why;
  }
  auto body = http::parse_json(answer->body, said);
  if (!body) co_return body.error();
  const auto* made = find(*body, "trust");
  trust got = made ? from_body(*made) : trust();
  if (got.id.empty() || got.trustor_id != wanted.trustor_id)
    co_return error(errc::protocol, "Keystone's answer has no trust of that user");
  co_return got;
}

identity::answer<bool> trust_maker::remove(std::string id, std::string trustor_id,
                                           std::string project_id) {
  const std::string url = base_ + "/OS-TRUST/trusts/" + http::percent_encode(id);
  // A gateway in trouble says 404 as well: what is gone twice is gone.
  for (int gone = 0; gone < 2; ++gone) {
    http::request ask(http::verb::get, url);
    ask.service = "identity";
    auto body = co_await http::get_json(who_, std::move(ask));
    if (!body && body.error().status == 404) continue;
    if (!body) co_return body.error();
    const auto* told = find(*body, "trust");
    const trust there = told ? from_body(*told) : trust();
    if (there.id != id || there.trustor_id != trustor_id || there.project_id != project_id)
      co_return error(errc::refused,
                      "trust " + id + " is not of this user in this project; it is left alone");
    http::request end(http::verb::del, url);
    const http::request said(end.method, end.url);
    end.service = "identity";
    auto answer = co_await who_.send(std::move(end));
    if (!answer) co_return answer.error();
    if (answer->status < 300) co_return true;
    if (answer->status != 404) co_return http::to_error(*answer, said);
  }
  co_return true;
}

}  // namespace ostclean::services
