#include "cmd/vm_rows.hpp"

#include "cmd/duration.hpp"

#include <algorithm>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace json = boost::json;

constexpr auto k_near = std::chrono::hours{24 * 7};

bool asks_for(const context& ctx, std::string_view column) {
  for (const auto& given : ctx.global().values("column")) {
    const auto same = [](char a, char b) {
      return (a == ' ' ? '_' : std::tolower(static_cast<unsigned char>(a))) == b;
    };
    if (std::equal(given.begin(), given.end(), column.begin(), column.end(), same)) return true;
  }
  return false;
}

}  // namespace

report::table expiration_head(const context& ctx) {
  report::table head{{"id", "instance_id", "instance_name", "project_id", "user_id", "expire",
                      "expires_at", "notified", "notified_last", "notified_time", "created",
                      "updated", "links"}};
  head.hidden = {"instance_id",   "user_id", "expire",  "notified", "notified_last",
                 "notified_time", "created", "updated", "links"};
  const std::string format = ctx.format();
  if (format == "table" || format == "value" || asks_for(ctx, "time_left"))
    head.keys.insert(head.keys.begin() + 7, "time_left");
  head.toned = "time_left";
  return head;
}

report::table exclusion_head() {
  report::table head{{"id", "exclude_type", "exclude_id", "created", "updated", "links"}};
  head.hidden = {"updated", "links"};
  return head;
}

report::table with_outcome(report::table head) {
  head.keys.insert(head.keys.begin(), "argument");
  head.keys.emplace_back("outcome");
  head.keys.emplace_back("reason");
  head.hidden.emplace_back("project_id");
  return head;
}

json::object shown(const services::vm_expiration& row, sys_time now) {
  json::object all = row.body;
  if (!row.instance_name.empty()) all["instance_name"] = row.instance_name;
  all["expires_at"] = row.expires_at ? json::value(format_rfc3339(*row.expires_at)) : json::value();
  all["time_left"] = row.expires_at ? json::value(time_left(*row.expires_at, now)) : json::value();
  return all;
}

report::tone tone_of(const services::vm_expiration& row, sys_time now) {
  if (!row.expires_at) return report::tone::plain;
  if (*row.expires_at <= now) return report::tone::past;
  return *row.expires_at - now <= k_near ? report::tone::near : report::tone::plain;
}

std::vector<json::value> cells(report::table& head, const json::object& body, bool extends) {
  std::vector<json::value> row;
  for (const auto& key : head.keys) {
    const auto* value = body.if_contains(key);
    row.push_back(value != nullptr ? *value : json::value());
  }
  for (const auto& field : body) {
    const std::string key{field.key()};
    const bool known = std::find(head.keys.begin(), head.keys.end(), key) != head.keys.end();
    if (known || !extends || key == "time_left") continue;
    head.keys.push_back(key);
    head.hidden.push_back(key);
    row.push_back(field.value());
  }
  return row;
}

}  // namespace ostclean::cmd
