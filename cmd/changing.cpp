#include "cmd/changing.hpp"

#include "core/parallel.hpp"
#include "core/plan/exclusive.hpp"
#include "core/time.hpp"

#include <fmt/core.h>

namespace ostclean::cmd {
namespace asio = boost::asio;
namespace json = boost::json;

change_mode mode_of(context& ctx, const arguments& args, bool asks) {
  change_mode mode;
  mode.dry = args.has("dry-run");
  mode.refuses = asks && !mode.dry && !args.has("yes") && !ctx.interactive();
  return mode;
}

change_mode begin_change(context& ctx, const arguments& args, bool asks) {
  const auto mode = mode_of(ctx, args, asks);
  if (mode.reads())
    ctx.only_read();
  else
    ctx.check_clock();
  ctx.check_cloud();
  return mode;
}

result<void> confirm_number(context& ctx, const arguments& args, const change_mode& mode,
                            std::size_t number, std::string_view what) {
  if (mode.refuses) {
    error no(errc::refused, fmt::format("not confirmed: there is no terminal to ask on; {} {} were "
                                        "left as they are",
                                        number, what));
    no.hint = "--yes does it without asking";
    return no;
  }
  if (args.has("yes")) return {};
  const auto typed = ctx.ask(fmt::format("type the number of {} ({}): ", what, number));
  if (typed && *typed == std::to_string(number)) return {};
  return error(errc::refused, "not confirmed; nothing was changed");
}

asio::awaitable<services::cloud_identity> cloud_of(context& ctx, std::string identity_url) {
  auto mine = co_await ctx.session().current();
  services::this_cloud here(std::move(identity_url), mine ? &(*mine)->services : nullptr);
  co_return std::move(here.identity);
}

asio::awaitable<result<services::this_cloud>> find_cloud(context& ctx, bool as_users) {
  const std::string url = ctx.settings().auth_url;
  if (as_users) co_return services::this_cloud(url, nullptr);
  const context::heeding until_here{ctx};
  auto mine = co_await ctx.session().current();
  if (!mine) co_return mine.error();
  co_return services::this_cloud(url, &(*mine)->services);
}

bool acts_as_users(const arguments& args) { return args.has("credentials") || args.has("trusts"); }

namespace {

/// What another process reads and gives back, this one would take from it a moment later.
asio::awaitable<result<std::unique_ptr<plan::exclusive>>> settle_alone(const std::string& folder) {
  constexpr int seconds = 30;
  const std::string name = "loans\n" + folder;
  for (int waited = 0;; ++waited) {
    auto alone = plan::exclusive::take(name, "the giving back of what interrupted runs have lent");
    if (alone || alone.error().code != errc::refused || waited == seconds) co_return alone;
    std::chrono::milliseconds time(1000);
    co_await pause(time);
  }
}

}  // namespace

asio::awaitable<settled_loans> settle_loans(context& ctx, std::string identity_url,
                                            std::string resumed) {
  std::string folder = plan::journal_folder();
  settled_loans all;
  auto alone = co_await settle_alone(folder);
  if (!alone) {
    ctx.warning(alone.error().line());
    all.unreturned = !resumed.empty();
    co_return all;
  }
  std::function<void(const services::loan&)> note = [&](const services::loan& one) {
    ctx.note("gave back what an interrupted run had lent in project " + one.project_id);
    all.left.insert(one.project_id);
    if (one.kind == services::loan::what::enabled) all.disabled.insert(one.project_id);
  };
  auto here = co_await cloud_of(ctx, std::move(identity_url));
  services::settlement how{std::move(here), ctx.now(), std::move(note)};
  how.resumed = std::move(resumed);
  auto failed =
      co_await services::give_back_unfinished(ctx.session(), std::move(folder), std::move(how));
  for (const auto& e : failed.why) ctx.warning(e.line());
  all.unreturned = failed.of_resumed;
  co_return all;
}

asio::awaitable<void> let_tokens_end() {
  std::chrono::milliseconds time(1100);
  co_await pause(time);
}

std::string label_of(const std::vector<services::target>& targets, std::string_view otherwise) {
  if (targets.empty()) return std::string{otherwise};
  const auto& first = targets.front();
  const std::string& name = first.project_name.empty() ? first.project_id : first.project_name;
  return targets.size() == 1 ? name : fmt::format("{}+{}", name, targets.size() - 1);
}

result<std::unique_ptr<plan::journal>> begin_journal(context& ctx, std::string_view command,
                                                     const services::cloud_identity& here,
                                                     const std::string& file,
                                                     const std::vector<services::target>& targets) {
  auto made = plan::journal::create(
      file.empty() ? plan::new_journal_name(plan::journal_folder(), label_of(targets, command))
                   : file);
  if (!made) return made.error();
  ctx.detail("journal: " + (*made)->file());
  json::object begin;
  begin["event"] = "begin";
  begin["version"] = 1;
  begin["command"] = json::string(command);
  here.write(begin, "auth_url");
  begin["at"] = format_rfc3339(wall_clock());
  json::array projects;
  for (const auto& one : targets)
    projects.push_back(json::object{{"id", one.project_id}, {"name", one.project_name}});
  if (!projects.empty()) begin["projects"] = std::move(projects);
  if (auto written = (*made)->write(begin); !written) return written.error();
  return made;
}

asio::awaitable<result<change_log>> change_log::open(context& ctx, std::string command,
                                                     std::string file) {
  auto here = co_await find_cloud(ctx);
  if (!here) co_return here.error();
  auto made = begin_journal(ctx, command, here->identity, file);
  if (!made) co_return made.error();
  co_return change_log(std::move(*made));
}

result<void> change_log::intent(std::string_view what, const std::string& user_id,
                                const std::string& place) {
  json::object line;
  line["event"] = "intent";
  line["what"] = json::string(what);
  line["user_id"] = user_id;
  line["where"] = report::cell_or_null(place);
  return log_->write(line);
}

result<void> change_log::outcome(std::string_view what, const std::string& user_id,
                                 const std::string& place, const std::string& failure) {
  json::object line;
  line["event"] = "outcome";
  line["what"] = json::string(what);
  line["user_id"] = user_id;
  line["where"] = report::cell_or_null(place);
  line["failure"] = report::cell_or_null(failure);
  return log_->write(line);
}

result<void> change_log::end() {
  json::object line;
  line["event"] = "end";
  line["at"] = format_rfc3339(wall_clock());
  return log_->write(line);
}

change_report::change_report()
    : rows_(std::vector<std::string>{"id", "name", "project_id", "result", "reason"}) {}

void change_report::add(const services::user& who, std::string_view result,
                        const std::string& reason) {
  changed_ = changed_ || result == "reset" || result == "changed";
  std::vector<json::value> row;
  for (const std::string_view cell :
       {std::string_view(who.id), std::string_view(who.name), std::string_view(who.own_project()),
        result, std::string_view(reason)})
    row.push_back(report::cell_or_null(cell));
  rows_.rows.push_back(std::move(row));
}

void change_report::fail(const services::user& who, const std::string& reason) {
  failed_ = true;
  add(who, "failed", reason);
}

}  // namespace ostclean::cmd
