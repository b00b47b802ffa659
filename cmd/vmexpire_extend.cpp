// `ostclean vmexpire extend`: a longer life for virtual machines. The service sets the end to now
// plus what it is configured for, which may be earlier than the end of before: that is not sent
// unless it is forced.
#include "cmd/changing.hpp"
#include "cmd/commands.hpp"
#include "cmd/duration.hpp"
#include "cmd/vm_outcome.hpp"
#include "core/bounded.hpp"

#include <array>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;

/// The two clocks need not agree to the second.
constexpr auto k_tolerance = std::chrono::minutes{5};

constexpr std::array k_vmexpire_extend_options{
    k_by_option,
    k_all_tenants_option,
    option_spec{.name = "force", .help = "also where that makes the life shorter"},
    option_spec{
        .name = "service-extends",
        .argument = "TIME",
        .help = "what an extension gives on this cloud, to tell what would be shorter; 30d"},
    option_spec{.name = "dry-run",
                .letter = 'n',
                .help = "show what would be extended; send nothing but reads"},
};

class extending {
 public:
  extending(context& ctx, services::vm_expirations& with, std::vector<services::vm_found> found,
            std::chrono::seconds gives, const arguments& args)
      : outcomes(found.size()),
        ctx_(ctx),
        with_(with),
        found_(std::move(found)),
        gives_(gives),
        force_(args.has("force")),
        dry_(args.has("dry-run")) {}

  asio::awaitable<void> operator()(std::size_t i) {
    auto& one = found_[i];
    auto& out = outcomes[i];
    out.argument = one.argument;
    out.outcome = "failed";
    out.failed = one.why;
    if (!one.row) co_return;
    show(out, *one.row);
    const auto planned = ctx_.now() + gives_;
    const bool shorter = one.row->expires_at && *one.row->expires_at > planned + k_tolerance;
    if (shorter && !force_) {
      refuse(out, *one.row, planned);
    } else if (dry_) {
      out.outcome = "would be extended";
      out.reason = "to about " + format_rfc3339(planned);
    } else if (ctx_.interrupted()) {
      out.failed = error{errc::interrupted, "not extended: interrupted"};
    } else {
      services::vm_expiration before = *one.row;
      auto after = co_await with_.extend(before);
      if (after)
        extended(out, before, *after);
      else
        out.failed = after.error();
    }
  }

  std::vector<vm_outcome> outcomes;

 private:
  void show(vm_outcome& out, const services::vm_expiration& row) const {
    out.body = shown(row, ctx_.now());
    out.tone = tone_of(row, ctx_.now());
  }

  void refuse(vm_outcome& out, const services::vm_expiration& row, sys_time planned) const {
    out.outcome = "refused";
    error no{errc::refused, row.label() + " expires at " + end_of(row) +
                                "; an extension would shorten that to about " +
                                format_rfc3339(planned)};
    no.hint = "--force does it, --service-extends says what an extension gives";
    out.failed = std::move(no);
  }

  void extended(vm_outcome& out, const services::vm_expiration& before,
                const services::vm_expiration& after) {
    out.failed.reset();
    out.outcome = "extended";
    out.reason = "was " + end_of(before);
    show(out, after);
    if (!before.expires_at || !after.expires_at || *after.expires_at >= *before.expires_at) return;
    out.outcome = "shortened";
    ctx_.warning("the life of " + after.label() + " became shorter: it expires at " +
                 end_of(after) + ", before that at " + end_of(before));
  }

  context& ctx_;
  services::vm_expirations& with_;
  std::vector<services::vm_found> found_;
  std::chrono::seconds gives_;
  bool force_, dry_;
};

asio::awaitable<result<int>> run_extend(context& ctx, arguments args) {
  const auto gives = parse_duration(args.value("service-extends", "30d"));
  if (!gives)
    co_return error{errc::usage, "--service-extends: '" + args.value("service-extends") +
                                     "' is not a length of time"};
  auto ids = ids_of(args, "ID");
  if (!ids) co_return ids.error();
  const auto head = with_outcome(expiration_head(ctx));
  ctx.check_columns(head);
  (void)begin_change(ctx, args, false);
  auto who = co_await vm_caller_of(ctx);
  if (!who) co_return who.error();
  services::vm_expirations with{ctx.session(), who->url};
  auto found = co_await find_arguments(ctx, *who, with, std::move(*ids), args);
  if (!found) co_return found.error();
  const std::size_t count = found->size();
  extending work{ctx, with, std::move(*found), *gives, args};
  co_await run_bounded(count, k_vm_at_once, work);
  co_return report_outcomes(ctx, head, std::move(work.outcomes), is_single(args));
}

}  // namespace

command vmexpire_extend_command() {
  command row;
  row.name = "vmexpire extend";
  row.summary = "extend the life of virtual machines";
  row.synopsis = "[options] ID...|-";
  row.options = k_vmexpire_extend_options;
  row.lists = true;
  row.run = run_extend;
  return row;
}

}  // namespace ostclean::cmd
