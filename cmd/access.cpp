#include "cmd/access.hpp"

#include "core/http/status.hpp"
#include "core/time.hpp"
#include "services/loan_lines.hpp"

#include <algorithm>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// A token of a lent role is worth nothing any more, but some services remember it for minutes.
asio::awaitable<void> revoke(auth::session& session) {
  auto token = co_await session.current();
  auto url = co_await identity_url(session);
  if (!token || !url) co_return;
  http::request r{http::verb::del, *url + "/auth/tokens"};
  r.service = "identity";
  r.headers.set("X-Subject-Token", (*token)->id);
  (void)co_await session.send(std::move(r));
}

}  // namespace

bool is_admin(const auth::token& token) {
  return std::any_of(token.roles.begin(), token.roles.end(), services::is_admin_name);
}

result<void> check_scope(const auth::token& token) {
  if (!token.project_id.empty()) return {};
  error no{errc::forbidden, std::string{"the token is for "} +
                                (token.system ? "the system" : "no project") +
                                ", and what is in projects cannot be seen with it"};
  no.hint = "use the scope of a project, such as --os-project-name admin";
  if (token.system) no.hint += ", in place of --os-system-scope";
  return no;
}

asio::awaitable<std::exception_ptr> caught(asio::awaitable<result<int>> part, result<int>& code) {
  std::exception_ptr thrown;
  try {
    code = co_await std::move(part);
  } catch (...) {
    thrown = std::current_exception();
  }
  co_return thrown;
}

asio::awaitable<result<void>> access::open_journal(std::string file, const selected& who) {
  result<std::string> url = std::string{};
  if (!who.as_users) url = co_await identity_url(ctx_.session());
  if (!url) co_return url.error();
  if (!who.as_users) settled_ = co_await settle_loans(ctx_, *url, resumed_);
  for (const auto& project : settled_.left) left_at_[project] = std::chrono::steady_clock::now();
  auto here = co_await find_cloud(ctx_, who.as_users);
  if (!here) co_return here.error();
  auto made = begin_journal(ctx_, command_, here->identity, file, who.all.targets);
  if (!made) co_return made.error();
  log_ = std::move(*made);
  if (who.as_users) co_return result<void>{};
  // Loans are looked for in the default folder, wherever the user wants the record of the run.
  if (!file.empty()) {
    auto loans = plan::journal::create(
        plan::new_journal_name(plan::journal_folder(), label_of(who.all.targets, command_)));
    if (!loans) co_return loans.error();
    if (auto told = (*loans)->write(services::as_loans_of(file)); !told) co_return told.error();
    loan_log_ = std::move(*loans);
  }
  auto lends = co_await cloud_of(ctx_, *url);
  lender_ = std::make_unique<services::lender>(ctx_.session(), std::move(lends),
                                               loan_log_ ? *loan_log_ : *log_);
  co_return result<void>{};
}

asio::awaitable<result<void>> access::open(const selected& who, std::string journal_file) {
  if (!who.as_users) {
    auto mine = co_await ctx_.session().current();
    if (!mine) co_return mine.error();
    if (auto sees = check_scope(**mine); !sees && (reads_ || (*mine)->system))
      co_return sees.error();
  }
  if (!reads_) {
    auto opened = co_await open_journal(std::move(journal_file), who);
    if (!opened) co_return opened.error();
  }
  for (const auto& one : who.all.targets)
    if (auto opened = co_await open_target(one, who); !opened) co_return opened.error();
  co_return result<void>{};
}

asio::awaitable<result<void>> access::open_target(const services::target& one,
                                                  const selected& who) {
  if (!reads_) {
    auto alone = plan::exclusive::take(one.project_id,
                                       "project " + one.project_name + " (" + one.project_id + ")");
    if (!alone) co_return alone.error();
    locks_.push_back(std::move(*alone));
  }
  if (!one.acts_as.empty()) co_return co_await open_as_user(one, who);
  auto mine = co_await ctx_.session().current();
  if (!mine) co_return mine.error();
  // A mistake is to be known before a role is granted.
  for (const auto& region : ctx_.settings().wanted_regions())
    if (auto known = (*mine)->services.check_region(region); !known) co_return known.error();
  places_.emplace_back(services::place{ctx_.session(), one.project_id, ""}, one.project_name,
                       std::vector<std::string>{}, ctx_.session());
  places_.back().target = one;
  // It was selected while it was still enabled for the interrupted run.
  if (settled_.disabled.contains(one.project_id)) places_.back().target->project_enabled = false;
  co_return result<void>{};
}

std::vector<std::pair<std::size_t, std::size_t>> access::turns() const {
  std::vector<std::pair<std::size_t, std::size_t>> all;
  const bool grants = !reads_ && std::any_of(places_.begin(), places_.end(), [](const auto& one) {
    return one.target.has_value();
  });
  const std::size_t step = grants ? k_turn : std::max<std::size_t>(places_.size(), 1);
  for (std::size_t at = 0; at < places_.size(); at += step)
    all.emplace_back(at, std::min(at + step, places_.size()));
  return all;
}

asio::awaitable<result<void>> access::enter(std::size_t place) {
  auto& at = places_[place];
  if (at.entered || !at.target) co_return result<void>{};
  if (ctx_.interrupted()) co_return error{errc::interrupted, "interrupted"};
  const context::heeding until_here{ctx_};
  auto entered = co_await enter_as_caller(at);
  at.entered = entered.has_value();
  co_return entered;
}

asio::awaitable<void> access::leave(std::size_t place) {
  auto& at = places_[place];
  at.entered = false;
  if (at.granted) co_await revoke(*at.granted);
  at.granted.reset();
  if (!lender_ || !at.target) co_return;
  co_await lender_->give_back_in(at.where.project_id);
  left_at_[at.where.project_id] = std::chrono::steady_clock::now();
}

asio::awaitable<result<void>> access::open_as_user(const services::target& one,
                                                   const selected& who) {
  for (std::size_t i = 0; i < one.acts_as.size(); ++i) {
    auto user = i < one.keypair_users.size() ? one.keypair_users[i] : one.acts_as[i].user_id;
    auto at = who.sessions.find(session_key(user, one.project_id));
    if (at == who.sessions.end())
      co_return error{errc::auth, "no session for user " + one.acts_as[i].label()};
    auto token = co_await at->second->current();
    if (!token) co_return token.error();
    services::target part = one;
    part.keypair_users.assign(1, (*token)->user_id);
    if (auto added = add(part, at->second, **token); !added) co_return added.error();
    // The first acts for the whole project, the others come only for what is personal.
    places_.back().whole = i == 0;
  }
  co_return result<void>{};
}

asio::awaitable<result<void>> access::enter_as_caller(workplace& at) {
  const services::target& one = *at.target;
  auto mine = co_await ctx_.session().current();
  if (!mine) co_return mine.error();
  if ((*mine)->project_id == one.project_id) {
    std::shared_ptr<auth::session> same{&ctx_.session(), [](auth::session*) {}};
    auto filled = fill(at, one, std::move(same), **mine);
    at.where.home = true;
    co_return filled;
  }
  bool lent = false;
  // The role to grant has a name, and Keystone lets only those grant it who may: of whom that is,
  // nothing else tells before it is tried. Somebody whose role is called otherwise is granted
  // none, and works where he has one; no guard for what is another's hangs on this.
  if (is_admin(**mine)) {
    const std::string user_id = (*mine)->user_id;
    auto borrowed = co_await borrow(one, user_id);
    if (!borrowed) co_return borrowed.error();
    lent = *borrowed;
  }
  if (!lent || !reads_) {
    auto in = co_await log_in(at, lent);
    at.where.caller_project = (*mine)->project_id;
    if (is_admin(**mine)) at.where.outside = &ctx_.session();
    co_return in;
  }
  std::shared_ptr<auth::session> same{&ctx_.session(), [](auth::session*) {}};
  auto filled = fill(at, one, std::move(same), **mine);
  at.where.scoped = false;
  at.where.caller_project = (*mine)->project_id;
  co_return filled;
}

asio::awaitable<result<void>> access::log_in(workplace& at, bool lent) {
  auto as = ctx_.settings().rescoped(auth::scope::of_project(at.target->project_id));
  if (!as) co_return as.error();
  if (lent || !at.target->project_enabled) as->cache = false;
  std::shared_ptr<auth::session> there = ctx_.session_for(std::move(*as));
  if (lent) at.granted = there;
  auto token = co_await there->current();
  if (!token) co_return token.error();
  co_return fill(at, *at.target, std::move(there), **token);
}

/// True when a role had to be (or, in a dry run, would have to be) lent, or the project enabled.
asio::awaitable<result<bool>> access::borrow(const services::target& one,
                                             const std::string& user_id) {
  if (reads_) {
    auto url = co_await identity_url(ctx_.session());
    if (!url) co_return url.error();
    auto has = co_await services::has_admin_role(ctx_.session(), *url, one.project_id, user_id);
    if (!has) co_return has.error();
    co_return !*has || !one.project_enabled;
  }
  if (!one.project_enabled) {
    auto enabled = co_await lender_->enable(one.project_id);
    if (!enabled) co_return enabled.error();
  }
  // Keystone ends with a role also the tokens that are issued in the same second.
  if (const auto left = left_at_.find(one.project_id); left != left_at_.end())
    if (std::chrono::steady_clock::now() - left->second < std::chrono::milliseconds{1100})
      co_await let_tokens_end();
  co_return co_await lender_->lend_role(one.project_id, user_id);
}

result<std::vector<std::string>> access::regions(const auth::token& token) {
  auto all = token.services.regions();
  if (all.empty()) all.emplace_back();  // a catalog whose endpoints name no region
  auto wanted = ctx_.settings().wanted_regions();
  if (wanted.empty()) return all;
  for (const auto& region : wanted)
    if (auto known = token.services.check_region(region); !known) return known.error();
  std::string others;
  for (const auto& region : all)
    if (std::find(wanted.begin(), wanted.end(), region) == wanted.end())
      others += (others.empty() ? "" : ", ") + region;
  if (!others.empty() && !std::exchange(told_regions_, true))
    ctx_.note("regions not visited: " + others + " (--all-regions takes them in)");
  return wanted;
}

result<void> access::add(const services::target& one, std::shared_ptr<auth::session> session,
                         const auth::token& token) {
  services::place where{*session, one.project_id, ""};
  workplace made{std::move(where), one.project_name, {}, *session};
  if (auto filled = fill(made, one, std::move(session), token); !filled) return filled;
  made.entered = true;
  places_.push_back(std::move(made));
  return {};
}

result<void> access::fill(workplace& at, const services::target& one,
                          std::shared_ptr<auth::session> session, const auth::token& token) {
  auto everywhere = regions(token);
  if (!everywhere) return everywhere.error();
  services::place where{*session, one.project_id, everywhere->front()};
  where.as_user = !one.acts_as.empty();
  where.home = where.as_user;
  where.keypair_users = one.keypair_users;
  where.own_keypairs = one.keypair_users.size() == 1 && one.keypair_users.front() == token.user_id;
  at.where = std::move(where);
  at.project_name = one.project_name.empty() ? token.project_name : one.project_name;
  at.regions = std::move(*everywhere);
  at.other = one.acts_as.empty() ? &ctx_.session() : session.get();
  sessions_.push_back(std::move(session));
  return {};
}

asio::awaitable<void> access::give_back(bool complete) {
  for (auto& one : places_)
    if (one.granted) co_await revoke(*one.granted);
  for (auto& one : places_) one.granted.reset();
  std::vector<error> failed;
  if (lender_) failed = co_await lender_->give_back();
  for (const auto& e : failed) ctx_.warning(e.line());
  unreturned_ = settled_.unreturned || !failed.empty();
  if (!log_) co_return;
  json::object end{{"event", "end"}, {"complete", complete}, {"at", format_rfc3339(wall_clock())}};
  if (auto written = log_->write(end); !written) ctx_.warning(written.error().line());
}

}  // namespace ostclean::cmd
