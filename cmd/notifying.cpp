#include "cmd/notifying.hpp"

#include "cmd/changing.hpp"
#include "cmd/deletion.hpp"
#include "cmd/exit_status.hpp"
#include "cmd/process.hpp"
#include "core/http/status.hpp"
#include "core/mail/sendmail.hpp"
#include "core/random.hpp"
#include "core/time.hpp"
#include "services/warning_letter.hpp"
#include "services/warnings.hpp"

#include <fmt/core.h>
#include <boost/json.hpp>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// --url and --sendmail win over the policy, which names one of them.
class way {
 public:
  way(const arguments& args, const services::policy& rules)
      : url(args.value("url")), sendmail(args.value("sendmail")) {
    if (url.empty() && sendmail.empty()) url = rules.notify_url;
    if (url.empty() && sendmail.empty()) sendmail = rules.notify_sendmail;
    if (url.empty() && sendmail.empty()) sendmail = "/usr/sbin/sendmail";
  }
  std::string url, sendmail;
};

/// What the deletion would take today, as text. What cannot be looked at is no reason not to warn.
asio::awaitable<std::string> contents_of(context& ctx, services::project place) {
  selected one;
  services::target target;
  target.project_id = place.id;
  target.project_name = place.name;
  target.project_domain_id = place.domain_id;
  target.project_enabled = place.enabled;
  one.all.targets.push_back(std::move(target));
  services::choices how;
  how.tag = ctx.policy().tag_of_resources();
  deletion look(ctx, std::move(how), true);
  auto seen = co_await look.open(one, "");
  if (seen) seen = co_await look.plan();
  std::string text;
  if (seen)
    for (const auto& [kind, n] : look.planned())
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", n, kind);
  else
    ctx.warning(
        fmt::format("project {}: cannot see what it holds: {}", place.name, seen.error().line()));
  bool unseen = !seen;
  for (const auto& project : look.projects()) unseen = unseen || !project->not_visible().empty();
  co_await look.give_back(true);
  if (unseen) text += text.empty() ? "everything it holds" : ", and what else it holds";
  co_return text.empty() ? std::string("nothing") : text;
}

class warning_run {
 public:
  warning_run(context& ctx, const way& how, services::warning_template letter,
              services::warned_book& book, change_report& report)
      : ctx_(ctx), how_(how), letter_(std::move(letter)), book_(book), report_(report) {}

  asio::awaitable<result<void>> mail(const services::account& one, services::project place) {
    if (auto good = mail::check_address(one.who.email); !good) {
      report_.fail(one.who, one.who.email.empty() ? "no email address" : good.error().message);
      co_return result<void>{};
    }
    auto facts = facts_of(one, place);
    if (letter_.names("what")) {
      if (place.id.empty())
        facts.what = "nothing";
      else
        facts.what = co_await contents_of(ctx_, place);
    }
    auto id = random_word(24);
    if (!id) co_return id.error();
    const std::string text = mail::compose(letter_.fill(facts), wall_clock(), *id);
    auto sent = mail::send_through(how_.sendmail, one.who.email, text);
    if (!sent) {
      report_.fail(one.who, sent.error().line());
      co_return result<void>{};
    }
    co_return remember(one, "mail");
  }

  /// One POST for all: the service takes a list.
  asio::awaitable<result<void>> post(std::vector<services::account> all) {
    json::array ids;
    for (const auto& one : all) ids.emplace_back(one.who.id);
    json::object body;
    body["users"] = std::move(ids);
    http::request ask(http::verb::post, how_.url);
    const http::request said(ask.method, ask.url);
    ask.service = "notify";
    ask.headers.set("Content-Type", "application/json");
    ask.body = json::serialize(body);
    auto answer = co_await ctx_.session().send(std::move(ask));
    std::string failure;
    if (!answer)
      failure = answer.error().line();
    else if (answer->status != 200 && answer->status != 202 && answer->status != 204)
      failure = http::to_error(*answer, said).line();
    for (const auto& one : all) {
      if (!failure.empty()) report_.fail(one.who, failure);
      if (!failure.empty()) continue;
      if (auto written = remember(one, "url"); !written) co_return written;
    }
    co_return result<void>{};
  }

 private:
  result<void> remember(const services::account& one, const char* by) {
    auto written = book_.remember(one.who.id, one.judged.expires_at, by, wall_clock());
    if (written) report_.add(one.who, "warned", "ends on " + one.judged.expires_at);
    return written;
  }

  services::warning_facts facts_of(const services::account& one,
                                   const services::project& place) const {
    services::warning_facts facts;
    facts.name = one.who.name;
    facts.user_id = one.who.id;
    facts.email = one.who.email;
    facts.project = place.name;
    facts.project_id = place.id;
    facts.role = one.judged.role;
    facts.expires = one.judged.expires_at;
    facts.days = one.judged.remaining_days.value_or(0);
    facts.grace_days = ctx_.policy().grace_days;
    return facts;
  }

  context& ctx_;
  const way& how_;
  services::warning_template letter_;
  services::warned_book& book_;
  change_report& report_;
};

std::vector<services::account> unwarned(const std::vector<services::account>& accounts,
                                        const services::warned_book& book, bool again,
                                        change_report& report) {
  std::vector<services::account> left;
  for (const auto& one : accounts) {
    if (!again && book.knows(one.who.id, one.judged.expires_at))
      report.add(one.who, "already", "was warned of " + one.judged.expires_at);
    else
      left.push_back(one);
  }
  return left;
}

asio::awaitable<result<void>> warn_all(context& ctx, services::identity& from, warning_run& work,
                                       const way& how, std::vector<services::account> all) {
  if (all.empty()) co_return result<void>{};
  if (!how.url.empty()) co_return co_await work.post(std::move(all));
  std::vector<std::string> ids;
  for (const auto& one : all)
    if (!one.who.own_project().empty()) ids.push_back(one.who.own_project());
  auto places = co_await from.projects_by_id(std::move(ids));
  if (!places) co_return places.error();
  for (const auto& one : all) {
    if (ctx.interrupted()) break;
    services::project place;
    if (const auto found = places->find(one.who.own_project()); found != places->end())
      place = found->second;
    auto done = co_await work.mail(one, std::move(place));
    if (!done) co_return done;
  }
  co_return result<void>{};
}

}  // namespace

result<void> check_notify(const arguments& args) {
  if (!args.has("notify")) {
    for (const char* option : {"again", "template", "sendmail", "url", "dry-run", "yes"})
      if (args.has(option))
        return error(errc::usage, fmt::format("--{} belongs to --notify", option));
    return {};
  }
  if (args.has("expired") || args.has("state"))
    return error(errc::usage,
                 "--notify warns the expiring ones, and takes no --expired or --state");
  if (args.has("sendmail") && args.has("url"))
    return error(errc::usage, "--sendmail and --url contradict each other");
  if (args.has("url") && args.has("template"))
    return error(errc::usage, "--template is for mail; with --url the service writes the text");
  if (args.has("sendmail") && !args.value("sendmail").starts_with('/'))
    return error(errc::usage, "--sendmail takes an absolute path");
  const std::string url = args.value("url");
  if (!url.empty() && !url.starts_with("https://") && !url.starts_with("http://"))
    return error(errc::usage, "--url must begin with https:// or http://");
  return {};
}

asio::awaitable<result<int>> notify(context& ctx, const arguments& args, services::identity& from,
                                    const std::vector<services::account>& accounts) {
  catch_signals(false);
  const auto mode = mode_of(ctx, args);
  auto letter = services::warning_template::load(args.value("template"));
  if (!letter) co_return letter.error();
  auto cloud = co_await identity_url(ctx.session());
  if (!cloud) co_return cloud.error();
  auto mine = co_await ctx.session().current();
  if (!mine) co_return mine.error();
  services::this_cloud here(*cloud, &(*mine)->services);
  auto book = services::warned_book::open("", std::move(here), mode.reads());
  if (!book) co_return book.error();
  change_report report;
  report.check(ctx);
  auto left = unwarned(accounts, **book, args.has("again"), report);
  if (mode.dry) {
    for (const auto& one : left) {
      const auto good = mail::check_address(one.who.email);
      report.add(one.who, "would warn", good ? "" : "no address that mail can be sent to");
    }
    report.print(ctx);
    co_return exit_done;
  }
  if (!left.empty())
    if (auto sure = confirm_number(ctx, args, mode, left.size(), "users to warn"); !sure)
      co_return sure.error();
  const way how(args, ctx.policy());
  warning_run work(ctx, how, std::move(*letter), **book, report);
  auto done = co_await warn_all(ctx, from, work, how, std::move(left));
  report.print(ctx);
  if (!done) co_return done.error();
  if (ctx.interrupted()) co_return ctx.interrupt_code();
  co_return report.failed() ? exit_partial : exit_done;
}

}  // namespace ostclean::cmd
