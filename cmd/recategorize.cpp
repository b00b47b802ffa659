// `ostclean recategorize`: from the role somebody has to the one the policy says. Whoever no longer
// has the first is left alone, and listed.
#include "services/recategorize.hpp"

#include "cmd/changing.hpp"
#include "cmd/commands.hpp"
#include "cmd/exit_status.hpp"
#include "cmd/selecting.hpp"
#include "cmd/shared_options.hpp"
#include "services/chosen_users.hpp"
#include "services/ended_credentials.hpp"

#include <fmt/core.h>
#include <optional>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace {

constexpr option_spec k_recategorize_options[] = {
    {.name = "user", .argument = "USER", .help = "a user, by id or name", .repeatable = true},
    k_user_domain_option,
    k_users_option,
    {.name = "credentials",
     .argument = "FILE",
     .help = "the users of a file that 'reset' wrote",
     .words = "<file>"},
    {.name = "trusts",
     .argument = "FILE",
     .help = "the users of a file that 'reset --trust' wrote",
     .words = "<file>"},
    {.name = "project",
     .argument = "PROJECT",
     .help = "the users whose own project it is, by id or name",
     .repeatable = true},
    k_project_domain_option,
    {.name = "from",
     .argument = "ROLE",
     .help = "the role they have; without, those of the policy whose time is over",
     .words = "<role>"},
    {.name = "to",
     .argument = "ROLE",
     .help = "the role they get; without, what the policy says",
     .words = "<role>"},
    {.name = "url",
     .argument = "URL",
     .help = "ask this account-category service instead of Keystone"},
    {.name = "dry-run",
     .letter = 'n',
     .help = "list what would be changed; send nothing but reads"},
    k_yes_option,
    k_journal_option,
};

/// What is known of one user before anything is changed.
class planned_user {
 public:
  planned_user(services::user who, services::role_moves moves)
      : who(std::move(who)), moves(std::move(moves)) {}
  services::user who;
  services::role_moves moves;
  std::vector<services::application_credential> credentials;
  services::roles_by_project roles;  ///< in effect now
  std::string unlisted;              ///< why the credentials are not known
  /// What happens to them, once `after` is all that is left.
  std::string ends(const services::roles_by_project& after) const {
    return unlisted.empty() ? services::ended_credentials(credentials, roles, after) : unlisted;
  }
};

std::string with(const std::string& text, const std::string& more) {
  return more.empty() ? text : text + "; " + more;
}

std::string describe(const std::vector<services::role_move>& list) {
  std::string text;
  for (const auto& one : list)
    text += fmt::format("{}{} to {} on {}", text.empty() ? "" : ", ", one.from.name, one.to.name,
                        one.place());
  return text;
}

class recategorizing {
 public:
  recategorizing(context& ctx, const arguments& args, services::recheck& look,
                 services::role_changer& change)
      : ctx_(ctx), args_(args), look_(look), change_(change) {}

  /// What would be done now; errc::not_found when the user is gone.
  asio::awaitable<result<services::role_moves>> plan(
      std::string user_id, services::roles_by_project* in_effect = nullptr) {
    auto seen = co_await look_.look(std::move(user_id));
    if (!seen) co_return seen.error();
    if (in_effect) *in_effect = services::roles_in_effect(*seen);
    co_return services::plan_moves(*seen, look_.book(), ctx_.policy(), args_.value("from"),
                                   args_.value("to"));
  }

  asio::awaitable<result<void>> change_one(const planned_user& one, change_log& log,
                                           change_report& report) {
    const auto& who = one.who;
    auto now = co_await plan(who.id);
    if (!now) {
      report.fail(who, now.error().line());
      co_return result<void>{};
    }
    if (!now->left_alone.empty()) {
      report.add(who, "left alone", now->left_alone);
      co_return result<void>{};
    }
    const std::string what = describe(now->list);
    if (auto written = log.intent("recategorize", who.id, what); !written) co_return written;
    auto done = co_await work(who, now->list);
    std::string failure = done ? "" : done.error().line();
    services::roles_by_project after;
    if (done) failure = co_await verify(who, now->list, after);
    if (failure.empty())
      report.add(who, "changed", with(what, one.ends(after)));
    else
      report.fail(who, failure);
    co_return log.outcome("recategorize", who.id, what, failure);
  }

 private:
  asio::awaitable<result<bool>> work(const services::user& who,
                                     const std::vector<services::role_move>& list) {
    if (args_.has("url")) {
      std::string url = args_.value("url"), role = list.front().to.id, id = who.id;
      co_return co_await change_.ask_service(std::move(url), std::move(id), std::move(role));
    }
    for (const auto& one : list) {
      auto granted = co_await change_.grant(one);
      if (!granted) co_return granted.error();
    }
    for (const auto& one : list) {
      auto gone = co_await change_.take_away(one);
      if (!gone) co_return gone.error();
    }
    co_return true;
  }

  asio::awaitable<std::string> verify(const services::user& who,
                                      const std::vector<services::role_move>& list,
                                      services::roles_by_project& after) {
    auto seen = co_await look_.look(who.id);
    if (!seen) co_return "changed, but not verified: " + seen.error().line();
    after = services::roles_in_effect(*seen);
    co_return services::why_unmoved(*seen, list);
  }

  context& ctx_;
  const arguments& args_;
  services::recheck& look_;
  services::role_changer& change_;
};

services::user_choice choice_of(const arguments& args) {
  services::user_choice wanted;
  wanted.projects = args.values("project");
  wanted.users = args.values("user");
  wanted.project_domain = args.value("project-domain");
  wanted.user_domain = args.value("user-domain");
  wanted.users_file = args.value("users");
  wanted.credentials_file = args.value("credentials");
  wanted.trusts_file = args.value("trusts");
  return wanted;
}

asio::awaitable<void> add_credentials(services::identity& from, planned_user& one) {
  std::string id = one.who.id;
  auto all = co_await from.application_credentials(std::move(id));
  if (all)
    one.credentials = std::move(*all);
  else
    one.unlisted = "application credentials cannot be listed: " + all.error().message;
}

/// Plans for everybody first: a role that does not exist shows before anything is changed.
asio::awaitable<result<std::vector<planned_user>>> plan_all(
    context& ctx, services::identity& from, recategorizing& work,
    const std::vector<services::user>& users) {
  const context::heeding until_here{ctx};
  std::vector<planned_user> all;
  for (const auto& who : users) {
    if (ctx.interrupted()) break;
    services::roles_by_project roles;
    auto moves = co_await work.plan(who.id, &roles);
    if (!moves) co_return moves.error();
    auto& one = all.emplace_back(who, std::move(*moves));
    one.roles = std::move(roles);
    if (!one.moves.list.empty()) co_await add_credentials(from, one);
  }
  co_return all;
}

asio::awaitable<result<int>> change_all(context& ctx, const arguments& args, recategorizing& work,
                                        std::vector<planned_user> all, change_mode mode) {
  change_report report;
  report.check(ctx);
  std::size_t number = 0;
  for (const auto& one : all) {
    if (one.moves.list.empty()) continue;
    ++number;
    if (const auto ends = one.ends(services::after_moves(one.roles, one.moves.list)); !ends.empty())
      ctx.note(fmt::format("user {}: {}", one.who.name, ends));
  }
  if (!mode.dry && number > 0)
    if (auto sure = confirm_number(ctx, args, mode, number, "users to recategorize"); !sure)
      co_return sure.error();
  std::optional<change_log> log;
  if (!mode.reads() && number > 0) {
    auto opened = co_await change_log::open(ctx, "recategorize", args.value("journal"));
    if (!opened) co_return opened.error();
    log.emplace(std::move(*opened));
  }
  for (const auto& one : all) {
    if (ctx.interrupted()) break;
    if (one.moves.list.empty()) {
      report.add(one.who, "left alone", one.moves.left_alone);
    } else if (mode.dry) {
      report.add(one.who, "would change",
                 with(describe(one.moves.list),
                      one.ends(services::after_moves(one.roles, one.moves.list))));
    } else {
      auto done = co_await work.change_one(one, *log, report);
      if (!done) co_return done.error();
    }
  }
  if (log)
    if (auto ended = log->end(); !ended) co_return ended.error();
  if (report.changed()) co_await let_tokens_end();
  report.print(ctx);
  if (ctx.interrupted()) co_return ctx.interrupt_code();
  co_return report.failed() ? exit_partial : exit_done;
}

result<void> check_recategorize(const arguments& args) {
  if (!args.words.empty()) return error(errc::usage, "recategorize takes no arguments");
  const std::string url = args.value("url");
  if (!url.empty() && !url.starts_with("https://") && !url.starts_with("http://"))
    return error(errc::usage, "--url must begin with https:// or http://");
  if (!choice_of(args).empty()) return {};
  error none(errc::usage, "nobody is selected");
  none.hint = "name a --user, --users FILE, --credentials FILE, --trusts FILE or --project";
  return none;
}

asio::awaitable<result<int>> run_recategorize(context& ctx, arguments args) {
  if (auto good = check_recategorize(args); !good) co_return good.error();
  const auto mode = begin_change(ctx, args);
  const auto& rules = ctx.policy();
  if (auto spelt = co_await check_protections(ctx); !spelt) co_return spelt.error();
  std::optional<context::heeding> choosing{std::in_place, ctx};
  auto base = co_await identity_url(ctx.session());
  if (!base) co_return base.error();
  services::identity from(ctx.session(), *base);
  auto chosen = co_await services::choose_users(from, choice_of(args));
  if (!chosen) co_return chosen.error();
  for (const auto& line : chosen->warnings) ctx.warning(line);
  std::vector<std::string> more;
  auto book = co_await services::read_role_book(from, rules, std::move(more));
  if (!book) co_return book.error();
  choosing.reset();
  if (!mode.reads()) (void)co_await settle_loans(ctx, *base);
  services::recheck look(from, rules, std::move(*book), ctx.now());
  services::role_changer change(ctx.session(), *base);
  recategorizing work(ctx, args, look, change);
  auto all = co_await plan_all(ctx, from, work, chosen->users);
  if (!all) co_return all.error();
  co_return co_await change_all(ctx, args, work, std::move(*all), mode);
}

}  // namespace

command recategorize_command() {
  command row;
  row.name = "recategorize";
  row.summary = "move users from a role whose time is over to the one the policy says";
  row.synopsis = "[selection] [options] [output options]";
  row.options = k_recategorize_options;
  row.lists = true;
  row.run = run_recategorize;
  return row;
}

}  // namespace ostclean::cmd
