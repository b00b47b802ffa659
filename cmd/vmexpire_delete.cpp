// `ostclean vmexpire delete`: virtual machines that are not to expire at all. It asks, because the
// service then forgets them for good.
#include "cmd/commands.hpp"
#include "cmd/vm_outcome.hpp"
#include "core/bounded.hpp"

#include <array>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;

constexpr std::array k_options{
    k_by_option,
    k_all_tenants_option,
    k_yes_option,
    option_spec{.name = "dry-run",
                .letter = 'n',
                .help = "show what would be deleted; send nothing but reads"},
};

class deleting {
 public:
  deleting(context& ctx, services::vm_expirations& with, std::vector<services::vm_found> found,
           bool dry)
      : outcomes(found.size()), ctx_(ctx), with_(with), found_(std::move(found)), dry_(dry) {}

  asio::awaitable<void> operator()(std::size_t i) {
    auto& one = found_[i];
    auto& out = outcomes[i];
    out.argument = one.argument;
    out.outcome = "failed";
    out.failed = one.why;
    if (!one.row) co_return;
    out.body = shown(*one.row, ctx_.now());
    out.tone = tone_of(*one.row, ctx_.now());
    if (dry_) {
      out.outcome = "would be deleted";
      co_return;
    }
    if (ctx_.interrupted()) {
      out.failed = error{errc::interrupted, "not deleted: interrupted"};
      co_return;
    }
    auto gone = co_await with_.remove(one.row->id);
    // It was there a moment ago: a request sent twice, or somebody else was faster.
    if (!gone && gone.error().code == errc::not_found)
      out.reason = "it was gone already";
    else if (!gone)
      out.failed = gone.error();
    if (!out.failed) out.outcome = "deleted";
  }

  std::vector<vm_outcome> outcomes;

 private:
  context& ctx_;
  services::vm_expirations& with_;
  std::vector<services::vm_found> found_;
  bool dry_;
};

std::string question(const std::vector<services::vm_found>& found) {
  std::string names;
  std::size_t count = 0;
  for (const auto& one : found)
    if (one.row && ++count <= 5) names += (count > 1 ? ", " : "") + one.row->label();
  if (count > 5) names += " and " + std::to_string(count - 5) + " more";
  return "delete " + std::to_string(count) + (count == 1 ? " expiration" : " expirations") + ": " +
         names + "? What is not tracked never expires.";
}

bool finds_any(const std::vector<services::vm_found>& found) {
  for (const auto& one : found)
    if (one.row) return true;
  return false;
}

asio::awaitable<result<int>> run_delete(context& ctx, arguments args) {
  auto ids = ids_of(args, "ID");
  if (!ids) co_return ids.error();
  const auto head = with_outcome(expiration_head(ctx));
  ctx.check_columns(head);
  const bool dry = args.has("dry-run");
  const bool refuses = !dry && !args.has("yes") && !ctx.interactive();
  if (dry || refuses)
    ctx.only_read();
  else
    ctx.check_clock();
  ctx.check_cloud();
  auto who = co_await vm_caller_of(ctx);
  if (!who) co_return who.error();
  services::vm_expirations with{ctx.session(), who->url};
  auto found = co_await find_arguments(ctx, *who, with, std::move(*ids), args);
  if (!found) co_return found.error();
  const bool any = finds_any(*found);
  if (any && refuses) co_return not_confirmed();
  if (any && !dry && !args.has("yes"))
    if (auto yes = sure(ctx, question(*found)); !yes) co_return yes.error();
  const std::size_t count = found->size();
  deleting work{ctx, with, std::move(*found), dry};
  co_await run_bounded(count, k_vm_at_once, work);
  co_return report_outcomes(ctx, head, std::move(work.outcomes), is_single(args));
}

}  // namespace

command vmexpire_delete_command() {
  command row;
  row.name = "vmexpire delete";
  row.summary = "stop tracking virtual machines: they never expire";
  row.synopsis = "[options] ID...|-";
  row.options = k_options;
  row.lists = true;
  row.run = run_delete;
  return row;
}

}  // namespace ostclean::cmd
