// `ostclean reset`: a password or a trust for each selected user, so that the rest can be done as
// the user. What is asked and refused; the work is in reset_passwords.cpp and reset_trusts.cpp.
#include "cmd/reset.hpp"

#include "cmd/commands.hpp"
#include "cmd/selecting.hpp"
#include "cmd/shared_options.hpp"
#include "services/chosen_users.hpp"

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace {

constexpr option_spec k_reset_options[] = {
    {.name = "user",
     .argument = "USER",
     .help = "a user whose trial is over, by id or name",
     .repeatable = true},
    k_user_domain_option,
    k_users_option,
    {.name = "project",
     .argument = "PROJECT",
     .help = "the users whose own project it is, by id or name",
     .repeatable = true},
    k_project_domain_option,
    {.name = "auth-project", .help = "with --trust: yourself, in the project of your credentials"},
    {.name = "credentials",
     .argument = "FILE",
     .help = "create this file with the new passwords",
     .words = "<file>"},
    {.name = "credentials-format",
     .argument = "FORMAT",
     .help = "json (lines) or csv (user,password,project)",
     .words = "json csv"},
    {.name = "append", .help = "add to the file, and finish what an interrupted run began"},
    {.name = "trust",
     .argument = "TRUSTEE",
     .help = "no password: a trust for this user, by id or name"},
    {.name = "trusts",
     .argument = "FILE",
     .help = "create this file with the trusts",
     .words = "<file>"},
    {.name = "trust-validity", .argument = "N", .help = "hours a trust is good for (10)"},
    {.name = "end-trusts",
     .argument = "FILE",
     .help = "delete the trusts of this file, and do nothing else",
     .words = "<file>"},
    {.name = "dry-run", .letter = 'n', .help = "list who would be reset; send nothing but reads"},
    k_yes_option,
    k_journal_option,
};

bool selects(const arguments& args) {
  return args.has("user") || args.has("users") || args.has("project") || args.has("auth-project");
}

result<void> check_trust(const arguments& args) {
  if (args.has("credentials") || args.has("credentials-format"))
    return error(errc::usage, "--trust writes to --trusts, not to --credentials");
  if (!args.has("trusts")) return error(errc::usage, "--trust needs --trusts FILE");
  const double hours = args.number("trust-validity", 10);
  if (hours < 1 || hours > 8760)
    return error(errc::usage, "--trust-validity takes 1 to 8760 hours");
  if (args.has("auth-project") && (args.has("user") || args.has("users") || args.has("project")))
    return error(errc::usage, "--auth-project stands alone, without another selection");
  return {};
}

result<void> check_reset(const arguments& args) {
  if (!args.words.empty()) return error(errc::usage, "reset takes no arguments: name a --user");
  if (args.has("end-trusts")) {
    if (selects(args) || args.has("trust") || args.has("credentials"))
      return error(errc::usage, "--end-trusts stands alone");
    return {};
  }
  if (!selects(args)) {
    error none(errc::usage, "nobody is selected");
    none.hint = "name a --user, --users FILE or --project";
    return none;
  }
  if (args.has("trust")) return check_trust(args);
  if (args.has("trusts") || args.has("trust-validity"))
    return error(errc::usage, "--trusts and --trust-validity belong to --trust");
  if (args.has("auth-project"))
    return error(errc::usage, "--auth-project belongs to --trust: your own password stays");
  if (!args.has("credentials"))
    return error(errc::usage, "--credentials FILE says where the passwords go");
  return {};
}

/// --project means the users whose own project it is; it also overrides the rule about others.
asio::awaitable<result<services::selectors>> selectors_of(context& ctx, const arguments& args) {
  services::selectors wanted;
  wanted.projects = args.values("project");
  wanted.users = args.values("user");
  wanted.project_domain = args.value("project-domain");
  wanted.user_domain = args.value("user-domain");
  wanted.users_file = args.value("users");
  wanted.auth_project = args.has("auth-project");
  if (wanted.projects.empty()) co_return wanted;
  const context::heeding until_here{ctx};
  auto base = co_await identity_url(ctx.session());
  if (!base) co_return base.error();
  services::identity from(ctx.session(), *base);
  for (const auto& name : wanted.projects) {
    auto there = co_await services::users_of_project(from, name, wanted.project_domain);
    if (!there) co_return there.error();
    for (const auto& who : *there) wanted.users.push_back(who.id);
  }
  co_return wanted;
}

asio::awaitable<result<int>> run_reset(context& ctx, arguments args) {
  if (auto good = check_reset(args); !good) co_return good.error();
  const auto mode = begin_change(ctx, args);
  if (args.has("end-trusts")) co_return co_await end_trusts(ctx, args, mode);
  if (auto spelt = co_await check_protections(ctx); !spelt) co_return spelt.error();
  auto wanted = co_await selectors_of(ctx, args);
  if (!wanted) co_return wanted.error();
  auto all = co_await select_as_caller(ctx, std::move(*wanted));
  if (!all) co_return all.error();
  tell_selection(ctx, *all);
  if (all->accounts.empty() && !args.has("auth-project"))
    co_return error(errc::refused, "none of the selected users may be reset");
  if (!mode.reads() && !args.has("auth-project")) {
    auto base = co_await identity_url(ctx.session());
    if (!base) co_return base.error();
    (void)co_await settle_loans(ctx, *base);
  }
  result<int> code = 0;
  if (args.has("trust"))
    code = co_await reset_trusts(ctx, args, *all, mode);
  else
    code = co_await reset_passwords(ctx, args, *all, mode);
  if (code) co_return code_for(*code, *all);
  co_return code;
}

}  // namespace

command reset_command() {
  command row;
  row.name = "reset";
  row.summary = "give users whose trial is over a new password, or make trusts";
  row.synopsis = "[selection] --credentials FILE [options] [output options]";
  row.options = k_reset_options;
  row.lists = true;
  row.run = run_reset;
  return row;
}

}  // namespace ostclean::cmd
