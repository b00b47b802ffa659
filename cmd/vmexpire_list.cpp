// `ostclean vmexpire list`: when virtual machines expire, in one request however many there are,
// printed while they arrive.
#include "cmd/commands.hpp"
#include "cmd/duration.hpp"
#include "cmd/exit_status.hpp"
#include "cmd/selecting.hpp"
#include "cmd/vm_outcome.hpp"
#include "services/identity.hpp"

#include <array>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::array k_vmexpire_list_options{
    option_spec{.name = "all-tenants", .help = "of all projects, which is for administrators"},
    option_spec{.name = "expired", .help = "only what has expired"},
    option_spec{.name = "within",
                .argument = "TIME",
                .help = "only what expires within this time, such as 7d, 12h or 2w"},
    option_spec{.name = "project",
                .argument = "ID|NAME",
                .help = "only of this project; another than the own one is for administrators"},
    option_spec{
        .name = "project-domain", .argument = "ID|NAME", .help = "the domain of --project's name"},
    option_spec{.name = "user",
                .argument = "ID|NAME",
                .help = "only servers of this user; an administrator sees all projects then"},
    option_spec{
        .name = "user-domain", .argument = "ID|NAME", .help = "the domain of --user's name"},
};

class wanted {
 public:
  wanted() = default;
  bool all_tenants = false, expired = false;
  std::optional<std::chrono::seconds> within;
  std::string project_id, user_id;

  bool has(const services::vm_expiration& row, sys_time now) const {
    if (!project_id.empty() && row.project_id != project_id) return false;
    if (!user_id.empty() && row.user_id != user_id) return false;
    if (!expired && !within) return true;
    if (!row.expires_at) return false;
    if (*row.expires_at <= now) return expired;
    return within && *row.expires_at - now <= *within;
  }
};

result<wanted> wanted_from(const arguments& args) {
  wanted what;
  what.all_tenants = args.has("all-tenants");
  what.expired = args.has("expired");
  if (!args.has("within")) return what;
  what.within = parse_duration(args.value("within"));
  if (what.within) return what;
  error e{errc::usage, "--within: '" + args.value("within") + "' is not a length of time"};
  e.hint = "write it as 7d, 12h, 2w or 1d12h";
  return e;
}

/// The caller's own project and user need no Keystone, which may not let a user look.
void take_own(const arguments& args, const vm_caller& who, wanted& what) {
  const std::string project = args.value("project"), user = args.value("user");
  const bool own_project = project == who.project_name && !args.has("project-domain");
  if (!project.empty() && (project == who.project_id || own_project))
    what.project_id = who.project_id;
  const bool own_user = user == who.user_name && !args.has("user-domain") && !who.admin;
  if (!user.empty() && (user == who.user_id || own_user)) what.user_id = who.user_id;
}

asio::awaitable<result<void>> look_up(context& ctx, const arguments& args, const vm_caller& who,
                                      wanted& what) {
  const std::string project = args.value("project"), user = args.value("user");
  take_own(args, who, what);
  const bool asks_project = !project.empty() && what.project_id.empty();
  const bool asks_user = !user.empty() && what.user_id.empty();
  if (!asks_project && !asks_user) co_return result<void>{};
  auto base = co_await identity_url(ctx.session());
  if (!base) co_return base.error();
  services::identity from{ctx.session(), *base};
  if (asks_project) {
    auto found = co_await from.find_project(project, args.value("project-domain"));
    auto id = id_from(found, project);
    if (!id) co_return id.error();
    what.project_id = *id;
  }
  if (asks_user) {
    auto found = co_await from.find_user(user, args.value("user-domain"));
    auto id = id_from(found, user);
    if (!id) co_return id.error();
    what.user_id = *id;
  }
  co_return result<void>{};
}

/// The service gives another project's rows to nobody but an administrator who asks for all.
void widen(const vm_caller& who, wanted& what) {
  if (!what.project_id.empty())
    what.all_tenants = what.all_tenants || what.project_id != who.project_id;
  else if (who.admin && !what.user_id.empty())
    what.all_tenants = true;
}

/// From the service to the page, without a stop in between.
class list_printer {
 public:
  list_printer(context& ctx, wanted what)
      : out_(ctx.stream(expiration_head(ctx), "expire")), what_(std::move(what)), now_(ctx.now()) {}

  void take(const json::value& element, http::json_list& from) {
    if (!element.is_object()) return;
    const services::vm_expiration row{element.get_object()};
    if (!what_.has(row, now_)) return;
    report::table fixed = head_only();
    auto* head = out_.head();
    auto line = cells(head != nullptr ? *head : fixed, shown(row, now_), head != nullptr);
    out_.add(std::move(line), tone_of(row, now_));
    if (out_.begun()) from.pass_on();
  }
  void restart() { out_.restart(); }
  result<void> finish() { return out_.finish(); }

 private:
  report::table head_only() const { return report::table{std::as_const(out_).head().keys}; }

  report::stream out_;
  wanted what_;
  sys_time now_;
};

asio::awaitable<result<int>> run_expirations_list(context& ctx, arguments args) {
  if (!args.words.empty()) co_return error{errc::usage, "vmexpire list takes no arguments"};
  auto what = wanted_from(args);
  if (!what) co_return what.error();
  ctx.only_read();
  auto who = co_await vm_caller_of(ctx);
  if (!who) co_return who.error();
  auto known = co_await look_up(ctx, args, *who, *what);
  if (!known) co_return known.error();
  widen(*who, *what);
  services::vm_expirations from{ctx.session(), who->url};
  list_printer page{ctx, *what};
  http::json_list* reading = nullptr;
  std::function<void(json::value)> take = [&](const json::value& one) { page.take(one, *reading); };
  auto list = std::make_shared<http::json_list>("vmexpires", take);
  reading = list.get();
  list->restart = [&page] { page.restart(); };
  auto read = co_await from.list(what->all_tenants, list);
  if (!read) co_return read.error();
  if (auto printed = page.finish(); !printed) co_return printed.error();
  co_return exit_done;
}

}  // namespace

command vmexpire_list_command() {
  command row;
  row.name = "vmexpire list";
  row.summary = "list when virtual machines expire";
  row.synopsis = "[options] [output options]";
  row.options = k_vmexpire_list_options;
  row.lists = true;
  row.run = run_expirations_list;
  row.only_reads = true;
  return row;
}

}  // namespace ostclean::cmd
