#include "cmd/selecting.hpp"

#include "cmd/changing.hpp"
#include "cmd/exit_status.hpp"
#include "cmd/shared_options.hpp"
#include "core/plan/journal.hpp"
#include "services/loan.hpp"
#include "services/misspelt.hpp"

#include <algorithm>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace {

constexpr option_spec k_selector_options[] = {
    {.name = "project",
     .argument = "PROJECT",
     .help = "a project, by id or name",
     .repeatable = true},
    k_project_domain_option,
    {.name = "user",
     .argument = "USER",
     .help = "a user whose trial is over, by id or name: the user's own project",
     .repeatable = true},
    k_user_domain_option,
    k_users_option,
    {.name = "credentials",
     .argument = "FILE",
     .help = "act as each user of this file, with its password",
     .words = "<file>"},
    {.name = "trusts",
     .argument = "FILE",
     .help = "act as each user of this file, through a trust",
     .words = "<file>"},
    {.name = "auth-project", .help = "the project of the current credentials"},
};

/// Everybody who acts for themselves logs in here; their sessions are kept for the work that
/// follows.
class user_sessions {
 public:
  user_sessions(context& ctx, selected& out) : ctx_(ctx), out_(out) {}

  services::identity::answer<services::acting> open(services::credentials who) {
    auto as = settings_of(who);
    if (!as) co_return as.error();
    std::shared_ptr<auth::session> session = ctx_.session_for(std::move(*as));
    auto token = co_await session->current();
    if (!token) co_return token.error();
    auto url = co_await identity_url(*session);
    if (!url) co_return url.error();
    out_.sessions[session_key((*token)->user_id, (*token)->project_id)] = session;
    co_return services::acting(session, *url, **token);
  }

 private:
  result<auth::settings> settings_of(const services::credentials& who) const {
    auth::settings as = ctx_.settings();
    as.cloud.clear();  // what is refused stands in the file, not there
    as.cache = false;  // a password that was reset for this run need not outlive it
    if (!who.trust_id.empty()) return as.rescoped(auth::scope::of_trust(who.trust_id));
    as.auth_type = "password";
    as.token.clear();
    as.user_id = who.user_id;
    as.username = who.user_id.empty() ? who.user_name : "";
    as.user_domain_id = who.user_id.empty() ? who.domain_id : "";
    if (!who.user_id.empty() || !who.domain_id.empty()) as.user_domain_name.clear();
    as.password = who.password;
    auth::scope to;
    to.project_id = who.project_id;
    if (who.project_id.empty()) {
      to.project_name = who.project_name;
      to.project_domain_id = who.domain_id.empty() ? as.user_domain_id : who.domain_id;
      to.project_domain_name = to.project_domain_id.empty() ? as.user_domain_name : "";
    }
    as.scope = to;
    return as;
  }

  context& ctx_;
  selected& out_;
};

services::selectors selectors_of(const arguments& args) {
  services::selectors wanted;
  wanted.projects = args.values("project");
  wanted.users = args.values("user");
  wanted.project_domain = args.value("project-domain");
  wanted.user_domain = args.value("user-domain");
  wanted.users_file = args.value("users");
  wanted.auth_project = args.has("auth-project");
  return wanted;
}

result<services::file_entries<services::credentials>> file_of(const arguments& args) {
  return args.has("credentials") ? services::read_credentials_file(args.value("credentials"))
                                 : services::read_trusts_file(args.value("trusts"));
}

asio::awaitable<result<services::selection>> select_from_file(context& ctx, const arguments& args,
                                                              selected& out) {
  auto file = file_of(args);
  if (!file) co_return file.error();
  user_sessions sessions{ctx, out};
  services::log_in open = [&sessions](services::credentials who) {
    return sessions.open(std::move(who));
  };
  auto all = co_await services::select_as_users(std::move(file->entries), ctx.policy(),
                                                std::move(open), ctx.now());
  if (all)
    all->warnings.insert(all->warnings.begin(), file->warnings.begin(), file->warnings.end());
  co_return all;
}

/// By this run and by all others that did not end, as far as it is given back: what is not is a
/// role like any other.
asio::awaitable<services::is_lent> lent_by_journals(context& ctx, std::string identity_url,
                                                    std::string resumed) {
  auto here = co_await cloud_of(ctx, std::move(identity_url));
  services::settlement how{std::move(here), ctx.now(), nullptr};
  how.resumed = std::move(resumed);
  auto known = co_await services::returnable_loans(ctx.session(), plan::journal_folder(), how);
  services::is_lent lent = [loans = std::move(known)](const auto& user, const auto& project,
                                                      const auto& role) {
    return std::any_of(loans.begin(), loans.end(), [&](const auto& entry) {
      const auto& lent = entry.second;
      return lent.user_id == user && lent.project_id == project &&
             (role.empty() || lent.role_id == role);
    });
  };
  co_return lent;
}

}  // namespace

int code_for(int code, const services::selection& all) {
  if (code != exit_done || all.failed.empty()) return code;
  return all.targets.empty() ? exit_auth : exit_partial;
}

std::span<const option_spec> selector_options() { return k_selector_options; }

void tell_selection(context& ctx, const services::selection& all) {
  for (const auto& warning : all.warnings) ctx.warning(warning);
  for (const auto& one : all.spared)
    ctx.note("left alone: " + (one.user_name.empty() ? one.user_id : one.user_name) + ": " +
             one.reason);
  for (const auto& one : all.failed) ctx.warning(one.user + ": " + one.why.line());
}

asio::awaitable<result<void>> check_protections(context& ctx) {
  if (ctx.policy().expected.empty()) co_return result<void>{};
  const context::heeding until_here{ctx};
  auto url = co_await identity_url(ctx.session());
  if (!url) co_return url.error();
  services::identity from{ctx.session(), *url};
  auto warnings = co_await services::check_protections(from, ctx.policy());
  if (!warnings) co_return warnings.error();
  for (const auto& line : *warnings) ctx.warning(line);
  co_return result<void>{};
}

asio::awaitable<result<services::selection>> select_as_caller(context& ctx,
                                                              services::selectors wanted,
                                                              std::string resumed) {
  const context::heeding until_here{ctx};
  auto token = co_await ctx.session().current();
  if (!token) co_return token.error();
  auto url = co_await identity_url(ctx.session());
  if (!url) co_return url.error();
  services::identity from{ctx.session(), *url};
  auto lent = co_await lent_by_journals(ctx, *url, std::move(resumed));
  co_return co_await services::select(from, ctx.policy(), **token, std::move(wanted),
                                      std::move(lent), ctx.now());
}

std::string session_key(const std::string& user_id, const std::string& project_id) {
  return user_id + " " + project_id;
}

asio::awaitable<result<std::string>> identity_url(auth::session& of) {
  std::string service = "identity", region, major = "3";
  auto url = co_await of.endpoint(service, region, major);
  if (url || url.error().code != errc::not_found) co_return url;
  // One Keystone for several regions stands in the catalog under one of them only.
  auto token = co_await of.current();
  if (!token) co_return token.error();
  const auto regions = (*token)->services.regions();
  for (const auto& other : regions) {
    auto there = co_await of.endpoint(service, other, major);
    if (there) co_return there;
  }
  co_return url;
}

asio::awaitable<result<selected>> select_targets(context& ctx, const arguments& args,
                                                 std::string resumed) {
  selected out;
  auto wanted = selectors_of(args);
  out.as_users = acts_as_users(args);
  if (out.as_users && (!wanted.empty() || (args.has("credentials") && args.has("trusts"))))
    co_return error{errc::usage,
                    "--credentials or --trusts stands alone, without another selection"};
  if (!out.as_users && wanted.empty()) {
    error none{errc::usage, "nothing is selected"};
    none.hint =
        "name a --project, --user, --users FILE, --credentials FILE, --trusts FILE, or "
        "--auth-project";
    co_return none;
  }
  const context::heeding until_here{ctx};
  result<services::selection> all = error{};
  if (out.as_users)
    all = co_await select_from_file(ctx, args, out);
  else
    all = co_await select_as_caller(ctx, std::move(wanted), std::move(resumed));
  if (ctx.interrupted()) co_return error{errc::interrupted, "interrupted"};
  if (!all) co_return all.error();
  out.all = std::move(*all);
  tell_selection(ctx, out.all);
  co_return out;
}

asio::awaitable<result<selected>> select_unprotected(context& ctx, const arguments& args) {
  const bool as_users = acts_as_users(args);
  if (as_users && !ctx.policy().expected.empty())
    ctx.warning("the names that the policy protects are not looked up: the users may not do that");
  if (!as_users && !selectors_of(args).empty())
    if (auto spelt = co_await check_protections(ctx); !spelt) co_return spelt.error();
  co_return co_await select_targets(ctx, args);
}

asio::awaitable<result<selected>> select_again(context& ctx, const arguments& args,
                                               const selected& before) {
  selected out;
  out.as_users = before.as_users;
  result<services::selection> all = error{};
  if (out.as_users) {
    all = co_await select_from_file(ctx, args, out);
  } else {
    auto wanted = selectors_of(args);
    // By id: standard input was read, and a file may have changed.
    wanted.users.clear();
    wanted.users_file.clear();
    wanted.again = true;
    for (const auto& one : before.all.accounts) wanted.users.push_back(one.who.id);
    all = co_await select_as_caller(ctx, std::move(wanted));
  }
  if (!all) co_return all.error();
  out.all = std::move(*all);
  co_return out;
}

asio::awaitable<result<std::string>> look_again(context& ctx, std::string project_id) {
  auto token = co_await ctx.session().current();
  if (!token) co_return token.error();
  auto url = co_await identity_url(ctx.session());
  if (!url) co_return url.error();
  services::identity from{ctx.session(), *url};
  auto found = co_await from.project_by_id(std::move(project_id));
  if (!found && found.error().code == errc::not_found) co_return std::string{"it is gone"};
  if (!found) co_return found.error();
  std::string none;
  const auto lent = co_await lent_by_journals(ctx, *url, std::move(none));
  const auto why = services::why_protected(*found, ctx.policy(), **token, lent);
  co_return why ? why->message : std::string{};
}

asio::awaitable<result<selected>> log_in_users(context& ctx, const arguments& args) {
  auto file = file_of(args);
  if (!file) co_return file.error();
  selected out;
  out.as_users = true;
  out.all.warnings = file->warnings;
  user_sessions sessions{ctx, out};
  for (const auto& who : file->entries) {
    auto entering = sessions.open(who);
    auto in = co_await std::move(entering);
    if (!in) {
      out.all.failed.emplace_back(who.label(), in.error());
      continue;
    }
    services::target one;
    one.project_id = in->token.project_id;
    one.project_name = in->token.project_name;
    one.keypair_users.push_back(in->token.user_id);
    one.acts_as.push_back(who);
    one.origin = "user " + who.label();
    const bool known = std::any_of(
        out.all.targets.begin(), out.all.targets.end(),
        [&](const services::target& other) { return other.project_id == one.project_id; });
    if (!known) out.all.targets.push_back(std::move(one));
  }
  tell_selection(ctx, out.all);
  if (out.all.targets.empty()) co_return out.all.failed.front().why;
  co_return out;
}

}  // namespace ostclean::cmd
