// `ostclean users`: the accounts that hold a role of the policy, when each of them started, how
// many days remain, and which are expired, expiring or protected. With --notify, see notifying.cpp.
#include "cmd/commands.hpp"
#include "cmd/context.hpp"
#include "cmd/notifying.hpp"
#include "cmd/selecting.hpp"
#include "cmd/shared_options.hpp"
#include "services/accounts.hpp"

#include <array>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::array k_users_options{
    option_spec{
        .name = "role",
        .argument = "ROLE",
        .help = "only holders of this role, by id or name; every role of the policy without",
        .repeatable = true,
        .words = "<role>"},
    option_spec{.name = "expired", .help = "only accounts whose last day is over"},
    option_spec{.name = "expiring", .help = "only accounts that the policy wants warned"},
    option_spec{.name = "state",
                .argument = "STATE",
                .help = "only accounts in this state",
                .repeatable = true,
                .words = "active expiring expired protected none"},
    option_spec{.name = "domain", .argument = "ID|NAME", .help = "only users of this domain"},
    option_spec{.name = "project",
                .argument = "ID|NAME",
                .help = "only users whose own project it is or who hold the role there"},
    option_spec{.name = "notify", .help = "warn the expiring ones, once for an expiry date"},
    option_spec{.name = "again", .help = "also those who were warned before"},
    option_spec{.name = "template",
                .argument = "FILE",
                .help = "headers and text of the mail",
                .words = "<file>"},
    option_spec{.name = "sendmail",
                .argument = "PATH",
                .help = "the program that mail goes out through (/usr/sbin/sendmail)",
                .words = "<file>"},
    option_spec{
        .name = "url", .argument = "URL", .help = "no mail: give the users' ids to this service"},
    option_spec{.name = "dry-run", .letter = 'n', .help = "list who would be warned"},
    k_yes_option,
};

result<services::account_filter> filter_from(const arguments& args) {
  services::account_filter filter;
  filter.roles = args.values("role");
  filter.domain = args.value("domain");
  filter.project = args.value("project");
  if (args.has("expired")) filter.states.push_back(services::trial_state::expired);
  if (args.has("expiring")) filter.states.push_back(services::trial_state::expiring);
  for (const auto& name : args.values("state")) {
    const auto state = services::trial_state_from(name);
    if (!state) return error(errc::usage, "no such state: " + name);
    filter.states.push_back(*state);
  }
  return filter;
}

json::value number(const std::optional<int>& value) {
  return value ? json::value(*value) : json::value();
}

std::vector<json::value> row_of(const services::account& one) {
  const auto& who = one.who;
  const auto& judged = one.judged;
  return {report::cell_or_null(who.id),
          report::cell_or_null(who.name),
          report::cell_or_null(who.email),
          report::cell_or_null(who.domain_id),
          report::cell_or_null(judged.role),
          report::cell_or_null(who.own_project()),
          report::cell_or_null(judged.started_at),
          number(judged.duration_days),
          report::cell_or_null(judged.expires_at),
          number(judged.remaining_days),
          json::value(services::to_string(judged.state)),
          report::cell_or_null(judged.reason)};
}

report::table table_of(const std::vector<services::account>& accounts) {
  report::table rows({"id", "name", "email", "domain_id", "role", "project_id", "started_at",
                      "duration_days", "expires_at", "remaining_days", "state", "reason"});
  rows.hidden = {"domain_id", "project_id", "duration_days"};
  for (const auto& one : accounts) rows.rows.push_back(row_of(one));
  return rows;
}

/// Only a warning through a service sends more than reads.
bool posts(context& ctx, const arguments& args) {
  if (!args.has("notify") || args.has("dry-run") || args.has("sendmail")) return false;
  if (!args.has("yes") && !ctx.interactive()) return false;
  return args.has("url") || !ctx.policy().notify_url.empty();
}

asio::awaitable<result<int>> run_users(context& ctx, arguments args) {
  if (!args.words.empty()) co_return error(errc::usage, "users takes no arguments");
  if (auto good = check_notify(args); !good) co_return good.error();
  auto filter = filter_from(args);
  if (!filter) co_return filter.error();
  if (args.has("notify")) {
    filter->states.assign(1, services::trial_state::expiring);
    if (!args.has("dry-run")) ctx.check_clock();
    ctx.check_cloud();
  }
  if (!posts(ctx, args)) ctx.only_read();
  const auto& rules = ctx.policy();
  auto base = co_await identity_url(ctx.session());
  if (!base) co_return base.error();
  services::identity from(ctx.session(), *base);
  auto list = co_await services::list_accounts(from, rules, std::move(*filter), ctx.now());
  if (!list) co_return list.error();
  for (const auto& note : list->notes) ctx.note(note);
  if (args.has("notify")) co_return co_await notify(ctx, args, from, list->accounts);
  ctx.print(table_of(list->accounts));
  co_return 0;
}

}  // namespace

command users_command() {
  command row;
  row.name = "users";
  row.summary = "list the accounts of the policy's roles and when their trial ends";
  row.synopsis = "[options] [output options]";
  row.options = k_users_options;
  row.lists = true;
  row.run = run_users;
  row.only_reads = true;
  return row;
}

}  // namespace ostclean::cmd
