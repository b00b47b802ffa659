#include "services/recategorize.hpp"

#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "services/selection.hpp"

#include <fmt/core.h>
#include <boost/json.hpp>

#include <algorithm>

namespace ostclean::services {
namespace {

namespace json = boost::json;

/// A role and what becomes of it.
class pair_of_roles {
 public:
  pair_of_roles(named from, named to) : from(std::move(from)), to(std::move(to)) {}
  named from, to;
};

result<named> role_of(const role_book& book, const std::string& id_or_name) {
  if (const auto* found = book.find(id_or_name)) return *found;
  return error(errc::config, fmt::format("no role named {}", id_or_name));
}

result<pair_of_roles> pair_of(const role_book& book, const std::string& from,
                              const std::string& to) {
  auto old = role_of(book, from);
  if (!old) return old.error();
  if (to.empty()) {
    error none(errc::config, fmt::format("the policy does not say what role {} becomes", from));
    none.hint = "name it with --to";
    return none;
  }
  auto fresh = role_of(book, to);
  if (!fresh) return fresh.error();
  if (old->id == fresh->id)
    return error(errc::config, fmt::format("role {} would become itself", from));
  return pair_of_roles(std::move(*old), std::move(*fresh));
}

/// The policy's roles, or the one that was named, with what they become.
result<std::vector<pair_of_roles>> pairs(const role_book& book, const policy& rules,
                                         const std::string& from, const std::string& to) {
  std::vector<pair_of_roles> all;
  const auto* named_role = from.empty() ? nullptr : book.find(from);
  bool known = false;
  for (const auto& rule : rules.roles) {
    const auto* role = book.find(rule.role);
    const bool chosen = from.empty() ? role != nullptr : role && role == named_role;
    if (!chosen) continue;
    known = true;
    auto one = pair_of(book, rule.role, to.empty() ? rule.becomes : to);
    if (!one) return one.error();
    all.push_back(std::move(*one));
  }
  if (known || from.empty()) return all;
  auto one = pair_of(book, from, to);
  if (!one) return one.error();
  all.push_back(std::move(*one));
  return all;
}

bool holds(const std::vector<held_role>& held, const std::string& id, bool via_group) {
  return std::any_of(held.begin(), held.end(), [&](const held_role& one) {
    return one.id == id && one.via_group == via_group;
  });
}

std::string why_nothing(const fresh_look& now, const std::vector<pair_of_roles>& all) {
  for (const auto& one : all)
    if (holds(now.who.held, one.from.id, true))
      return fmt::format("role {} is held through a group", one.from.name);
  for (const auto& one : all)
    if (holds(now.who.held, one.to.id, false))
      return fmt::format("has the role {} already", one.to.name);
  std::string names;
  for (const auto& one : all) names += (names.empty() ? "" : " or ") + one.from.name;
  return fmt::format("no longer has the role {}", names);
}

std::string path_of(const assignment& where, const std::string& role_id) {
  const bool project = !where.project_id.empty();
  const std::string who =
      "/users/" + http::percent_encode(where.user_id) + "/roles/" + http::percent_encode(role_id);
  if (!project && where.domain_id.empty()) return "/system" + who;
  const std::string at = project ? "/projects/" + http::percent_encode(where.project_id)
                                 : "/domains/" + http::percent_encode(where.domain_id);
  if (where.inherited) return "/OS-INHERIT" + at + who + "/inherited_to_projects";
  return at + who;
}

bool same_place(const assignment& a, const assignment& b) {
  return a.project_id == b.project_id && a.domain_id == b.domain_id && a.inherited == b.inherited;
}

}  // namespace

std::string role_move::place() const {
  if (!where.project_id.empty()) return "project " + where.project_id;
  return where.domain_id.empty() ? "the system" : "domain " + where.domain_id;
}

result<role_moves> plan_moves(const fresh_look& now, const role_book& book, const policy& rules,
                              const std::string& from, const std::string& to) {
  auto all = pairs(book, rules, from, to);
  if (!all) return all.error();
  role_moves made;
  const auto& judged = now.who.judged;
  if (judged.state == trial_state::protected_) {
    made.left_alone = judged.reason;
    return made;
  }
  for (const auto& one : *all)
    for (const auto& row : now.own)
      if (row.role_id == one.from.id) made.list.emplace_back(one.from, one.to, row);
  if (made.list.empty()) made.left_alone = why_nothing(now, *all);
  if (from.empty() && !made.list.empty() && judged.state != trial_state::expired) {
    made.left_alone = why_spared(now.who, rules);
    made.list.clear();
  }
  return made;
}

identity::answer<bool> role_changer::send(http::verb method, std::string url, std::string body) {
  http::request ask(method, std::move(url));
  const http::request said(ask.method, ask.url);
  ask.service = "identity";
  if (!body.empty()) ask.headers.set("Content-Type", "application/json");
  ask.body = std::move(body);
  auto answer = co_await admin_.send(std::move(ask));
  if (!answer) co_return answer.error();
  if (answer->status >= 300) co_return http::to_error(*answer, said);
  co_return true;
}

identity::answer<bool> role_changer::grant(role_move what) {
  std::string url = base_ + path_of(what.where, what.to.id);
  co_return co_await send(http::verb::put, std::move(url), std::string());
}

identity::answer<bool> role_changer::take_away(role_move what) {
  std::string url = base_ + path_of(what.where, what.from.id);
  auto gone = co_await send(http::verb::del, std::move(url), std::string());
  if (!gone && gone.error().status == 404) co_return true;
  co_return gone;
}

identity::answer<bool> role_changer::ask_service(std::string url, std::string user_id,
                                                 std::string role_id) {
  json::object body;
  body["user_id"] = user_id;
  body["role_id"] = role_id;
  body["notify"] = true;
  std::string text = json::serialize(body);
  co_return co_await send(http::verb::post, std::move(url), std::move(text));
}

std::string why_unmoved(const fresh_look& now, const std::vector<role_move>& done) {
  for (const auto& one : done) {
    bool has_new = false;
    for (const auto& row : now.own) {
      if (!same_place(row, one.where)) continue;
      if (row.role_id == one.from.id)
        return fmt::format("still has the role {} on {}", one.from.name, one.place());
      has_new = has_new || row.role_id == one.to.id;
    }
    if (!has_new) return fmt::format("does not have the role {} on {}", one.to.name, one.place());
  }
  return "";
}

}  // namespace ostclean::services
