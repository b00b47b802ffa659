// `ostclean vmexpire add`: virtual machines that are to expire. One that is tracked already gets a
// new expiration with a new id, and its age begins anew, which is said.
#include "cmd/changing.hpp"
#include "cmd/commands.hpp"
#include "cmd/shared_options.hpp"
#include "cmd/vm_outcome.hpp"
#include "core/bounded.hpp"

#include <array>
#include <map>
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
        dry_(dry) {}

  /// Which of them are tracked; without that knowledge adding goes on all the same.
  asio::awaitable<void> look() {
    std::vector<std::string> ids = servers_;
    services::vm_scope among;
    among.everybody = who_.admin;
    among.project_id = who_.project_id;
    auto found = co_await services::find_expirations(with_, std::move(among), std::move(ids),
                                                     services::vm_name::any);
    if (!found) co_return;
    for (auto& one : *found)
      if (one.row) tracked_[one.row->instance_id] = std::move(*one.row);
  }

  asio::awaitable<void> operator()(std::size_t i) {
    auto& out = outcomes[i];
    out.argument = servers_[i];
    out.outcome = "failed";
    auto server = co_await id_of(servers_[i]);
    if (!server) {
      out.failed = server.error();
      co_return;
    }
    auto tracked = tracked_of(*server);
    if (dry_) {
      out.outcome = "would be added";
      if (tracked) out.reason = "would replace " + tracked->id + ", " + end_of(*tracked);
      co_return;
    }
    if (ctx_.interrupted()) {
      out.failed = error{errc::interrupted, "not added: interrupted"};
      co_return;
    }
    auto done = co_await with_.add(*server, std::move(tracked));
    if (done)
      added(out, *done);
    else
      out.failed = done.error();
  }

  /// How many lose the expiration that they have.
  std::size_t replaced() const { return tracked_.size(); }

  std::vector<vm_outcome> outcomes;

 private:
  services::vm_answer<std::string> id_of(std::string given) {
    if (services::looks_like_uuid(given)) co_return given;
    const std::string service = "compute", region, major = "2";
    auto compute = co_await ctx_.session().endpoint(service, region, major);
    if (!compute) co_return compute.error();
    co_return co_await services::find_server(ctx_.session(), *compute, given, who_.admin);
  }

  std::optional<services::vm_expiration> tracked_of(const std::string& server) const {
    const auto at = tracked_.find(server);
    return at == tracked_.end() ? std::nullopt : std::optional{at->second};
  }

  void added(vm_outcome& out, const services::vm_addition& done) {
    out.outcome = "added";
    out.body = shown(done.made, ctx_.now());
    out.tone = tone_of(done.made, ctx_.now());
    if (!done.replaced || done.replaced->id == done.made.id) return;
    const auto& old = *done.replaced;
    out.outcome = "replaced";
    out.reason = "was " + old.id + ", " + end_of(old);
    ctx_.warning(done.made.instance_name + " was tracked already: its expiration " + old.id + " (" +
                 end_of(old) + ") is now " + done.made.id + " (" + end_of(done.made) +
                 "), and its age counts from today");
  }

  context& ctx_;
  const vm_caller& who_;
  services::vm_expirations& with_;
  std::vector<std::string> servers_;
  std::map<std::string, services::vm_expiration> tracked_;  // by server
  bool dry_;
};

/// The service deletes the old expiration first, and may then refuse to make the new one.
result<void> sure_to_replace(context& ctx, std::size_t count) {
  const std::string what =
      std::to_string(count) + " tracked already: the expiration they have goes";
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
  if (count > 0) co_await work.look();
  if (!dry && !args.has("yes") && work.replaced() > 0)
    if (auto yes = sure_to_replace(ctx, work.replaced()); !yes) co_return yes.error();
  co_await run_bounded(count, k_vm_at_once, work);
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
