// Trusts in the place of passwords, and their end. A trust that a killed run made and did not write
// down is found again, because Keystone lists it.
#include "cmd/exit_status.hpp"
#include "cmd/reset.hpp"
#include "cmd/selecting.hpp"
#include "core/line_file.hpp"
#include "core/time.hpp"
#include "services/recheck.hpp"
#include "services/selection_files.hpp"
#include "services/trusts.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <boost/json.hpp>
#include <set>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// --trusts as it is written.
class trusts_out {
 public:
  static result<trusts_out> open(const std::string& name, bool append) {
    auto file = line_file::open(name, append ? line_file::mode::append : line_file::mode::fresh);
    if (!file) {
      error why = file.error();
      if (why.code == errc::refused) why.hint = "--append adds to it";
      return why;
    }
    trusts_out made(std::move(*file));
    if (auto mended = made.file_->mend_tail("{\"trust_id\":\""); !mended) return mended.error();
    if (made.file_->text().find_first_not_of(" \r\n\t") == std::string::npos) return made;
    if (services::layout_of(made.file_->text()) != services::layout::json_lines)
      return error(errc::config, name + " is no file of JSON lines, and cannot be added to");
    auto known = services::parse_trusts(made.file_->text(), name);
    if (!known) return known.error();
    for (const auto& one : known->entries) made.users_.insert(one.user_id);
    return made;
  }

  bool has(const std::string& user_id) const { return users_.contains(user_id); }

  result<void> add(const services::user& who, const services::trust& what) {
    json::object line;
    line["trust_id"] = what.id;
    line["user_id"] = who.id;
    line["user_name"] = who.name;
    line["domain_id"] = who.domain_id;
    line["project_id"] = what.project_id;
    line["trustee_user_id"] = what.trustee_id;
    line["expires_at"] = format_rfc3339(what.expires_at);
    auto written = file_->append(json::serialize(line));
    if (!written) return written.error();
    return {};
  }

 private:
  explicit trusts_out(std::unique_ptr<line_file> file) : file_(std::move(file)) {}
  std::unique_ptr<line_file> file_;
  std::set<std::string> users_;
};

/// Somebody to make a trust for: a selected account, or the caller.
class trustor {
 public:
  trustor(services::user who, bool caller) : who(std::move(who)), caller(caller) {}
  services::user who;
  bool caller;
};

class trust_run {
 public:
  trust_run(context& ctx, const arguments& args, services::identity& from, std::string base,
            const auth::token& me)
      : ctx_(ctx),
        args_(args),
        from_(from),
        me_(me),
        make_(ctx.session(), std::move(base), me.user_id) {}

  /// By id or name; an ordinary user may not look for others, and gives an id.
  asio::awaitable<result<std::string>> trustee() {
    std::string name = args_.value("trust"), domain = args_.value("user-domain");
    auto found = co_await from_.find_user(name, std::move(domain));
    if (found) co_return found->id;
    if (found.error().code != errc::forbidden) co_return found.error();
    co_return name;
  }

  asio::awaitable<result<void>> prepare(bool caller_only) {
    auto id = co_await trustee();
    if (!id) co_return id.error();
    trustee_id_ = std::move(*id);
    if (caller_only) co_return result<void>{};
    std::vector<std::string> becomes;
    for (const auto& rule : ctx_.policy().roles)
      if (!rule.becomes.empty()) becomes.push_back(rule.becomes);
    auto book = co_await services::read_role_book(from_, ctx_.policy(), std::move(becomes));
    if (!book) co_return book.error();
    look_ = std::make_unique<services::recheck>(from_, ctx_.policy(), std::move(*book), ctx_.now());
    co_return result<void>{};
  }

  asio::awaitable<result<void>> make(const trustor& one, trusts_out& file, change_log& log,
                                     change_report& report) {
    const auto& who = one.who;
    if (file.has(who.id)) {
      report.add(who, "already", "the file has a trust of this user");
      co_return result<void>{};
    }
    std::string spared;
    auto roles = co_await roles_of(one, spared);
    if (!roles) co_return roles.error();
    if (!spared.empty()) {
      report.add(who, "left alone", spared);
      co_return result<void>{};
    }
    services::trust wanted;
    wanted.trustor_id = who.id;
    wanted.trustee_id = trustee_id_;
    wanted.project_id = one.caller ? me_.project_id : who.own_project();
    const auto now = wall_clock();  // Keystone's clock, not --now
    wanted.expires_at =
        now + std::chrono::hours(static_cast<int>(args_.number("trust-validity", 10)));
    if (auto written = log.intent("trust", who.id, wanted.project_id); !written) co_return written;
    auto made = co_await make_.make(wanted, std::move(*roles), now);
    if (made)
      if (auto added = file.add(who, *made); !added) co_return added;
    const std::string failure = made ? "" : made.error().line();
    const bool impossible = !made && made.error().code == errc::not_found && !one.caller;
    if (made)
      report.add(who, "trusted", "until " + format_rfc3339(made->expires_at));
    else if (!impossible)
      report.fail(who, failure);
    if (auto written = log.outcome("trust", who.id, wanted.project_id, failure); !written)
      co_return written;
    if (impossible) co_return made.error();
    co_return result<void>{};
  }

 private:
  /// The roles on the project, and in `spared` why there is to be no trust.
  asio::awaitable<result<std::vector<services::named>>> roles_of(const trustor& one,
                                                                 std::string& spared) {
    std::vector<services::named> roles;
    if (one.caller) {
      for (const auto& name : me_.roles) roles.emplace_back().name = name;
      co_return roles;
    }
    auto seen = co_await look_->look(one.who.id);
    if (!seen) co_return seen.error();
    spared = services::why_spared(seen->who, ctx_.policy());
    if (spared.empty() && seen->who.who.own_project() != one.who.own_project())
      spared = "its own project has changed";
    if (!spared.empty()) co_return roles;
    std::set<std::string> ids;
    for (const auto& role : seen->who.held)
      if (role.project_id == one.who.own_project()) ids.insert(role.id);
    for (const auto& id : ids) roles.emplace_back().id = id;
    if (roles.empty()) spared = "has no role on its own project";
    co_return roles;
  }

  context& ctx_;
  const arguments& args_;
  services::identity& from_;
  const auth::token& me_;
  services::trust_maker make_;
  std::unique_ptr<services::recheck> look_;
  std::string trustee_id_;
};

std::vector<trustor> trustors_of(const services::selection& all, const auth::token& me,
                                 bool caller) {
  std::vector<trustor> some;
  if (caller) {
    services::user self;
    self.id = me.user_id;
    self.name = me.user_name;
    self.domain_id = me.user_domain_id;
    self.cloud_project_id = me.project_id;
    some.emplace_back(std::move(self), true);
    return some;
  }
  for (const auto& one : all.accounts)
    if (std::any_of(all.targets.begin(), all.targets.end(), [&](const services::target& place) {
          return place.project_id == one.who.own_project();
        }))
      some.emplace_back(one.who, false);
  return some;
}

asio::awaitable<result<void>> make_all(context& ctx, const arguments& args,
                                       const std::vector<trustor>& some, trust_run& work,
                                       change_report& report) {
  auto file = trusts_out::open(args.value("trusts"), args.has("append"));
  if (!file) co_return file.error();
  auto log = co_await change_log::open(ctx, "reset", args.value("journal"));
  if (!log) co_return log.error();
  for (const auto& one : some) {
    if (ctx.interrupted()) break;
    auto done = co_await work.make(one, *file, *log, report);
    if (!done) co_return done;
  }
  co_return log->end();
}

services::user user_of(const services::credentials& line) {
  services::user who;
  who.id = line.user_id;
  who.name = line.user_name;
  who.cloud_project_id = line.project_id;
  return who;
}

}  // namespace

asio::awaitable<result<int>> reset_trusts(context& ctx, const arguments& args,
                                          services::selection all, change_mode mode) {
  change_report report;
  report.check(ctx);
  auto me = co_await ctx.session().current();
  if (!me) co_return me.error();
  const auth::token mine = **me;
  auto base = co_await identity_url(ctx.session());
  if (!base) co_return base.error();
  const bool caller = args.has("auth-project");
  const auto some = trustors_of(all, mine, caller);
  services::identity from(ctx.session(), *base);
  trust_run work(ctx, args, from, *base, mine);
  auto prepared = co_await work.prepare(caller);
  if (!prepared) co_return prepared.error();
  if (mode.dry) {
    for (const auto& one : some) report.add(one.who, "would trust");
    report.print(ctx);
    co_return exit_done;
  }
  if (auto sure = confirm_number(ctx, args, mode, some.size(), "users to make trusts for"); !sure)
    co_return sure.error();
  auto done = co_await make_all(ctx, args, some, work, report);
  report.print(ctx);
  if (!done) co_return done.error();
  if (ctx.interrupted()) co_return ctx.interrupt_code();
  co_return report.failed() ? exit_partial : exit_done;
}

asio::awaitable<result<int>> end_trusts(context& ctx, const arguments& args, change_mode mode) {
  auto file = services::read_trusts_file(args.value("end-trusts"));
  if (!file) co_return file.error();
  for (const auto& warning : file->warnings) ctx.warning(warning);
  change_report report;
  report.check(ctx);
  if (!mode.dry)
    if (auto sure = confirm_number(ctx, args, mode, file->entries.size(), "trusts to delete");
        !sure)
      co_return sure.error();
  auto me = co_await ctx.session().current();
  if (!me) co_return me.error();
  auto base = co_await identity_url(ctx.session());
  if (!base) co_return base.error();
  services::trust_maker trusts(ctx.session(), *base, (*me)->user_id);
  for (const auto& one : file->entries) {
    if (ctx.interrupted()) break;
    const auto who = user_of(one);
    if (mode.dry) {
      report.add(who, "would end");
      continue;
    }
    std::string id = one.trust_id;
    std::string trustor = one.user_id, project = one.project_id;
    auto gone = co_await trusts.remove(std::move(id), std::move(trustor), std::move(project));
    if (gone)
      report.add(who, "ended");
    else
      report.fail(who, gone.error().line());
  }
  report.print(ctx);
  if (ctx.interrupted()) co_return ctx.interrupt_code();
  co_return report.failed() ? exit_partial : exit_done;
}

}  // namespace ostclean::cmd
