// `ostclean vmexpire delete`: virtual machines that are not to expire at all. It asks, because the
// service then forgets them for good.
#include "cmd/changing.hpp"
#include "cmd/commands.hpp"
#include "cmd/shared_options.hpp"
#include "cmd/vm_deleting.hpp"
#include "cmd/vm_outcome.hpp"
#include "core/bounded.hpp"

#include <array>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;

constexpr std::array k_vmexpire_delete_options{
    k_by_option,
    k_all_tenants_option,
    k_yes_option,
    option_spec{.name = "dry-run",
                .letter = 'n',
                .help = "show what would be deleted; send nothing but reads"},
};

std::string question(const std::vector<services::vm_found>& found) {
  std::vector<std::string> labels;
  for (const auto& one : found)
    if (one.row) labels.push_back(one.row->label());
  return delete_question(labels, "expiration", "What is not tracked never expires.");
}

asio::awaitable<result<int>> run_expirations_delete(context& ctx, arguments args) {
  auto ids = ids_of(args, "ID");
  if (!ids) co_return ids.error();
  const auto head = with_outcome(expiration_head(ctx));
  ctx.check_columns(head);
  const auto mode = begin_change(ctx, args);
  auto who = co_await vm_caller_of(ctx);
  if (!who) co_return who.error();
  services::vm_expirations with{ctx.session(), who->url};
  auto found = co_await find_arguments(ctx, *who, with, std::move(*ids), args);
  if (!found) co_return found.error();
  const std::string asked = question(*found);
  if (!asked.empty() && mode.refuses) co_return not_confirmed();
  if (!asked.empty() && !mode.dry && !args.has("yes"))
    if (auto yes = sure(ctx, asked); !yes) co_return yes.error();
  const std::size_t count = found->size();
  vm_deleting work{ctx, with, std::move(*found), mode.dry};
  co_await run_bounded(count, k_vm_at_once, work);
  co_return report_outcomes(ctx, head, std::move(work.outcomes), is_single(args));
}

}  // namespace

command vmexpire_delete_command() {
  command row;
  row.name = "vmexpire delete";
  row.summary = "stop tracking virtual machines: they never expire";
  row.synopsis = "[options] ID...|-";
  row.options = k_vmexpire_delete_options;
  row.lists = true;
  row.run = run_expirations_delete;
  return row;
}

}  // namespace ostclean::cmd
