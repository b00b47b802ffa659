// `ostclean vmexpire add`: virtual machines that are to expire. One that is tracked already gets a
// new expiration with a new id, and its age begins anew, which is said.
#include "cmd/changing.hpp"
#include "cmd/commands.hpp"
#include "cmd/shared_options.hpp"
#include "cmd/vm_outcome.hpp"
#include "core/bounded.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;

constexpr std::array k_vmexpire_add_options{
    option_spec{.name = "dry-run",
                .letter = 'n',
                .help = "show what would be added; send nothing but reads"},
    k_yes_option,
};

class adding {
 public:
  adding(context& ctx, const vm_caller& who, services::vm_expirations& with,
         std::vector<std::string> servers, bool dry)
      : outcomes(servers.size()),
        ctx_(ctx),
        who_(who),
        with_(with),
        servers_(std::move(servers)),
        ids_(servers_.size()),
        dry_(dry) {}

  /// Whom the arguments mean, and which of them are tracked: an error when that is not known, for
  /// the service replaces what it tracks without a word.
  asio::awaitable<result<void>> look() {
    auto each = [this](std::size_t i) { return resolve(i); };
    co_await run_bounded(servers_.size(), k_vm_at_once, each);
    std::vector<std::string> ids;
    for (auto& id : ids_)
      if (id && std::find(ids.begin(), ids.end(), *id) == ids.end())
        ids.push_back(*id);
      else
        id.reset();
    auto found = co_await services::rows_of_servers(with_, among(), std::move(ids));
    if (found) tracked_ = std::move(*found);
    if (found) co_return result<void>{};
    error why = found.error();
    why.message = "nothing was added, for what is tracked cannot be seen: " + why.message;
    co_return why;
  }

  asio::awaitable<void> operator()(std::size_t i) {
    auto& out = outcomes[i];
    if (!ids_[i]) co_return;
    auto tracked = tracked_of(*ids_[i]);
    if (dry_) {
      out.outcome = "would be added";
      if (!tracked.empty()) out.reason = "would replace " + labels(tracked);
      co_return;
    }
    if (ctx_.interrupted()) {
      out.failed = error{errc::interrupted, "not added: interrupted"};
      co_return;
    }
    auto done = co_await with_.add(*ids_[i], std::move(tracked));
    if (done)
      added(out, *done);
    else
      out.failed = done.error();
  }

  /// How many expirations go.
  std::size_t replaced() const {
    std::size_t n = 0;
    for (const auto& [server, rows] : tracked_) n += rows.size();
    return n;
  }

  /// Nothing is told of an argument that meant the server of an earlier one.
  void drop_repeated() {
    std::vector<vm_outcome> told;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      if (ids_[i] || outcomes[i].failed) told.push_back(std::move(outcomes[i]));
    outcomes = std::move(told);
  }

  std::vector<vm_outcome> outcomes;

 private:
  asio::awaitable<void> resolve(std::size_t i) {
    auto& out = outcomes[i];
    out.argument = servers_[i];
    out.outcome = "failed";
    auto id = co_await id_of(servers_[i]);
    if (id)
      ids_[i] = std::move(*id);
    else
      out.failed = id.error();
  }

  services::vm_answer<std::string> id_of(std::string given) {
    const std::string service = "compute", region, major = "2";
    auto compute = co_await ctx_.session().endpoint(service, region, major);
    if (!compute) co_return compute.error();
    co_return co_await services::find_server(ctx_.session(), *compute, given, among());
  }

  services::vm_scope among() const {
    services::vm_scope all;
    all.everybody = who_.admin;
    all.project_id = who_.project_id;
    return all;
  }

  std::vector<services::vm_expiration> tracked_of(const std::string& server) const {
    const auto at = tracked_.find(server);
    return at == tracked_.end() ? std::vector<services::vm_expiration>{} : at->second;
  }

  static std::string labels(const std::vector<services::vm_expiration>& rows) {
    std::string list;
    for (const auto& row : rows)
      list += (list.empty() ? "" : "; ") + row.id + ", " + services::end_of(row);
    return list;
  }

  void added(vm_outcome& out, const services::vm_addition& done) {
    out.outcome = "added";
    out.body = shown(done.made, ctx_.now());
    out.tone = tone_of(done.made, ctx_.now());
    if (done.replaced.empty()) return;
    out.outcome = "replaced";
    out.reason = "was " + labels(done.replaced);
    for (const auto& old : done.replaced)
      ctx_.warning(done.made.instance_name + " was tracked already: its expiration " + old.id +
                   " (" + end_of(old) + ") is now " + done.made.id + " (" + end_of(done.made) +
                   "), and its age counts from today");
  }

  context& ctx_;
  const vm_caller& who_;
  services::vm_expirations& with_;
  std::vector<std::string> servers_;
  std::vector<std::optional<std::string>> ids_;  // not set where unknown or named before
  services::vm_rows_by_server tracked_;
  bool dry_;
};

/// The service deletes the old expiration first, and may then refuse to make the new one.
result<void> sure_to_replace(context& ctx, std::size_t count) {
  const std::string what = fmt::format("{} expiration{} of servers that are tracked already {}",
                                       count, count == 1 ? "" : "s", count == 1 ? "goes" : "go");
  if (ctx.interactive()) return sure(ctx, what + ". Go on?");
  error no{errc::refused, "not confirmed: " + what + "; nothing was changed"};
  no.hint = "--yes replaces it without asking";
  return no;
}

asio::awaitable<result<int>> run_add(context& ctx, arguments args) {
  auto ids = ids_of(args, "SERVER_ID");
  if (!ids) co_return ids.error();
  const auto head = with_outcome(expiration_head(ctx));
  ctx.check_columns(head);
  const bool dry = begin_change(ctx, args, false).dry;
  auto who = co_await vm_caller_of(ctx);
  if (!who) co_return who.error();
  services::vm_expirations with{ctx.session(), who->url};
  const std::size_t count = ids->size();
  adding work{ctx, *who, with, std::move(*ids), dry};
  if (auto known = co_await work.look(); !known) co_return known.error();
  if (!dry && !args.has("yes") && work.replaced() > 0)
    if (auto yes = sure_to_replace(ctx, work.replaced()); !yes) co_return yes.error();
  co_await run_bounded(count, k_vm_at_once, work);
  work.drop_repeated();
  co_return report_outcomes(ctx, head, std::move(work.outcomes), is_single(args));
}

}  // namespace

command vmexpire_add_command() {
  command row;
  row.name = "vmexpire add";
  row.summary = "let virtual machines expire";
  row.synopsis = "[options] SERVER_ID...|-";
  row.options = k_vmexpire_add_options;
  row.lists = true;
  row.run = run_add;
  return row;
}

}  // namespace ostclean::cmd
