// `ostclean auth`: who am I, in which project, with which roles, until when, which endpoint answers
// for each service and where each setting came from. With a token in the cache it asks nobody.
#include "cmd/commands.hpp"
#include "cmd/context.hpp"
#include "core/auth/service_settings.hpp"
#include "core/time.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

report::table identity(const auth::settings& who, const auth::token& token) {
  report::table fields{{"cloud", "auth_url", "auth_type", "user_name", "user_id", "user_domain_id",
                        "project_name", "project_id", "project_domain_id", "roles", "expires_at"}};
  json::array roles;
  for (const auto& role : token.roles) roles.emplace_back(role);
  const auto text = [](const std::string& value) {
    return value.empty() ? json::value{} : json::value(value);
  };
  fields.rows.push_back({text(who.cloud), text(who.auth_url), text(who.auth_type),
                         text(token.user_name), text(token.user_id), text(token.user_domain_id),
                         text(token.project_name), text(token.project_id),
                         text(token.project_domain_id), std::move(roles),
                         json::value(format_rfc3339(token.expires_at))});
  return fields;
}

report::table endpoints(const auth::settings& who, const auth::token& token) {
  report::table rows{{"service", "region", "interface", "url", "source"}};
  auto regions = who.wanted_regions();
  if (regions.empty()) regions = token.services.regions();
  for (const auto& service : token.services.services) {
    for (const auto& region : regions) {
      const auto fixed = auth::find_override(who, service.type, region);
      const std::string url = fixed.value.empty()
                                  ? token.services.url(service.type, who.interface, region)
                                  : fixed.value;
      if (url.empty()) continue;
      rows.rows.push_back({json::value(service.type), json::value(region),
                           json::value(who.interface), json::value(url),
                           json::value(fixed.value.empty() ? "catalog" : fixed.source)});
    }
  }
  return rows;
}

report::table origins(const auth::settings& who) {
  report::table rows{{"setting", "source"}};
  for (const auto& [setting, source] : who.sources)
    rows.rows.push_back({json::value(setting), json::value(source)});
  return rows;
}

json::array objects(const report::table& rows) {
  json::array list;
  for (std::size_t r = 0; r < rows.rows.size(); ++r)
    list.push_back(json::parse(report::json_line(rows, r)));
  return list;
}

asio::awaitable<result<int>> run_auth(context& ctx, arguments args) {
  if (!args.words.empty()) co_return error{errc::usage, "auth takes no arguments"};
  ctx.only_read();
  auto token = co_await ctx.session().current();
  if (!token) co_return token.error();
  const auto& who = ctx.settings();
  for (const auto& region : who.wanted_regions())
    if (auto known = (*token)->services.check_region(region); !known)
      ctx.warning(known.error().line());
  auto fields = identity(who, **token);
  const auto services = endpoints(who, **token);
  if (ctx.format() == "table" && !ctx.global().has("column")) {
    ctx.print_object(fields);
    ctx.print(services);
    ctx.print(origins(who));
    co_return 0;
  }
  fields.keys.emplace_back("endpoints");
  fields.rows[0].emplace_back(objects(services));
  fields.keys.emplace_back("settings");
  fields.rows[0].emplace_back(objects(origins(who)));
  ctx.print_object(fields);
  co_return 0;
}

}  // namespace

command auth_command() {
  command row;
  row.name = "auth";
  row.summary = "show who you are, which endpoints answer and where each setting came from";
  row.synopsis = "[output options]";
  row.lists = true;
  row.run = run_auth;
  row.only_reads = true;
  return row;
}

}  // namespace ostclean::cmd
