// `ostclean vmexpire show`: the expirations of single virtual machines.
#include "cmd/commands.hpp"
#include "cmd/vm_outcome.hpp"

#include <array>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;

constexpr std::array k_vmexpire_show_options{k_by_option, k_all_tenants_option};

asio::awaitable<result<int>> run_expirations_show(context& ctx, arguments args) {
  auto ids = ids_of(args, "ID");
  if (!ids) co_return ids.error();
  ctx.only_read();
  auto who = co_await vm_caller_of(ctx);
  if (!who) co_return who.error();
  services::vm_expirations from{ctx.session(), who->url};
  auto found = co_await find_arguments(ctx, *who, from, std::move(*ids), args);
  if (!found) co_return found.error();
  std::vector<vm_outcome> all;
  for (auto& one : *found) {
    vm_outcome seen;
    seen.argument = std::move(one.argument);
    seen.failed = std::move(one.why);
    if (one.row) seen.body = shown(*one.row, ctx.now()), seen.tone = tone_of(*one.row, ctx.now());
    all.push_back(std::move(seen));
  }
  co_return report_outcomes(ctx, expiration_head(ctx), std::move(all), is_single(args));
}

}  // namespace

command vmexpire_show_command() {
  command row;
  row.name = "vmexpire show";
  row.summary = "show when single virtual machines expire";
  row.synopsis = "[options] ID...|-";
  row.options = k_vmexpire_show_options;
  row.lists = true;
  row.run = run_expirations_show;
  row.only_reads = true;
  return row;
}

}  // namespace ostclean::cmd
