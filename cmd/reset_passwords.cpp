// New passwords: each is on the disk before Keystone is told it, and no user is touched before the
// one before it is finished. A second run with --append sends a password that may not have arrived
// again, and leaves alone whose line is marked.
#include "cmd/exit_status.hpp"
#include "cmd/reset.hpp"
#include "cmd/selecting.hpp"
#include "core/random.hpp"
#include "services/credentials_out.hpp"
#include "services/recheck.hpp"
#include "services/reset.hpp"

#include <algorithm>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace {

constexpr const char* k_ends = "its tokens end; application credentials and trusts go on working";

class password_run {
 public:
  password_run(context& ctx, services::recheck& look, std::string base,
               services::credentials_out& file, change_log& log, change_report& report)
      : ctx_(ctx), look_(look), base_(std::move(base)), file_(file), log_(log), report_(report) {}

  /// An error means that the run cannot go on; what concerns one user is in the report.
  asio::awaitable<result<void>> reset(const services::user& who) {
    const auto* there = file_.find(who);
    if (there && there->done) {
      report_.add(who, "already", "its line is marked done");
      co_return result<void>{};
    }
    auto seen = co_await look_.look(who.id);
    if (!seen) {
      report_.fail(who, seen.error().line());
      co_return result<void>{};
    }
    if (may_be_reset(who, *seen)) co_return co_await write_and_send(seen->who.who);
    co_return result<void>{};
  }

 private:
  bool may_be_reset(const services::user& selected, const services::fresh_look& seen) {
    const auto& who = seen.who.who;
    std::string spared = services::why_spared(seen.who, ctx_.policy());
    if (spared.empty() && who.own_project() != selected.own_project())
      spared = "its own project has changed";
    if (!spared.empty()) {
      report_.add(who, "left alone", spared);
      return false;
    }
    std::string useless = services::why_password_is_useless(who);
    if (useless.empty()) useless = file_.why_unwritable(who);
    if (!useless.empty()) report_.fail(who, useless);
    return useless.empty();
  }

  asio::awaitable<result<void>> write_and_send(const services::user& who) {
    services::credentials_out::entry line;
    if (const auto* there = file_.find(who)) {
      line = *there;
    } else {
      auto password = random_password();
      if (!password) co_return password.error();
      auto added = file_.add(who, *password);
      if (!added) co_return added.error();
      line = std::move(*added);
    }
    if (auto written = log_.intent("password", who.id, ""); !written) co_return written;
    std::string base = base_, id = who.id, secret = line.password;
    auto sent = co_await services::set_password(ctx_.session(), std::move(base), std::move(id),
                                                std::move(secret));
    const std::string failure = sent ? "" : sent.error().line();
    // What became of it is told whatever becomes of the files.
    if (sent)
      report_.add(who, "reset", who.enabled ? k_ends : "the user is disabled and cannot log in");
    else
      report_.fail(who, failure);
    if (sent)
      if (auto marked = file_.mark_done(line); !marked) co_return marked;
    co_return log_.outcome("password", who.id, "", failure);
  }

  context& ctx_;
  services::recheck& look_;
  std::string base_;
  services::credentials_out& file_;
  change_log& log_;
  change_report& report_;
};

/// Those whose own project is a target: the others were said to be left alone.
std::vector<services::user> users_of(const services::selection& all) {
  std::vector<services::user> users;
  for (const auto& one : all.accounts)
    if (std::any_of(all.targets.begin(), all.targets.end(), [&](const services::target& place) {
          return place.project_id == one.who.own_project();
        }))
      users.push_back(one.who);
  return users;
}

asio::awaitable<result<void>> reset_all(context& ctx, const arguments& args,
                                        const std::vector<services::user>& users,
                                        services::credentials_out& file, change_report& report) {
  auto base = co_await identity_url(ctx.session());
  if (!base) co_return base.error();
  services::identity from(ctx.session(), *base);
  std::vector<std::string> becomes;
  for (const auto& rule : ctx.policy().roles)
    if (!rule.becomes.empty()) becomes.push_back(rule.becomes);
  auto book = co_await services::read_role_book(from, ctx.policy(), std::move(becomes));
  if (!book) co_return book.error();
  auto log = co_await change_log::open(ctx, "reset", args.value("journal"));
  if (!log) co_return log.error();
  services::recheck look(from, ctx.policy(), std::move(*book), ctx.now());
  password_run work(ctx, look, *base, file, *log, report);
  for (const auto& who : users) {
    if (ctx.interrupted()) break;
    auto done = co_await work.reset(who);
    if (!done) co_return done;
  }
  co_return log->end();
}

}  // namespace

asio::awaitable<result<int>> reset_passwords(context& ctx, const arguments& args,
                                             services::selection all, change_mode mode) {
  change_report report;
  report.check(ctx);
  const auto users = users_of(all);
  if (mode.dry) {
    for (const auto& who : users) {
      const std::string useless = services::why_password_is_useless(who);
      report.add(who, useless.empty() ? "would reset" : "would fail",
                 useless.empty() ? k_ends : useless);
    }
    report.print(ctx);
    co_return exit_done;
  }
  if (auto sure = confirm_number(ctx, args, mode, users.size(), "users to reset"); !sure)
    co_return sure.error();
  const auto how = args.value("credentials-format", "json") == "csv"
                       ? services::credentials_format::csv
                       : services::credentials_format::json;
  auto file = services::credentials_out::open(args.value("credentials"), args.has("append"), how);
  if (!file) co_return file.error();
  auto done = co_await reset_all(ctx, args, users, **file, report);
  if (report.changed()) co_await let_tokens_end();
  report.print(ctx);
  if (!done) co_return done.error();
  if (ctx.interrupted()) co_return ctx.interrupt_code();
  co_return report.failed() ? exit_partial : exit_done;
}

}  // namespace ostclean::cmd
