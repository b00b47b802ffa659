// `ostclean vmexclude create` and `delete`. The service believes any id it is told, so names and
// ids are looked up in Keystone first; and it knows one exclusion for an id, whatever the type.
#include "cmd/changing.hpp"
#include "cmd/commands.hpp"
#include "cmd/selecting.hpp"
#include "cmd/shared_options.hpp"
#include "cmd/vm_deleting.hpp"
#include "cmd/vm_exclusions.hpp"
#include "core/bounded.hpp"
#include "services/identity.hpp"

#include <array>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;

constexpr std::array k_create_options{
    option_spec{.name = "type",
                .argument = "TYPE",
                .help = "what it is that is excluded: domain, project or user",
                .words = "domain project user"},
    option_spec{.name = "domain",
                .argument = "ID|NAME",
                .help = "the domain of a project or user given by name"},
    option_spec{.name = "dry-run",
                .letter = 'n',
                .help = "show what would be done; send nothing but reads"},
};

constexpr std::array k_exclusion_delete_options{
    k_yes_option,
    option_spec{.name = "dry-run",
                .letter = 'n',
                .help = "show what would be done; send nothing but reads"},
};

asio::awaitable<result<std::string>> look_up(context& ctx, std::string type, std::string given,
                                             std::string domain) {
  auto base = co_await identity_url(ctx.session());
  if (!base) co_return base.error();
  services::identity from{ctx.session(), *base};
  result<std::string> id = given;
  bool unseen = false;
  const auto judge = [&](const auto& found) {
    id = id_from(found, given);
    unseen = !found && id;
  };
  if (type == "domain") {
    auto found = co_await from.find_domain(given);
    judge(found);
  } else if (type == "project") {
    auto found = co_await from.find_project(given, domain);
    judge(found);
  } else {
    auto found = co_await from.find_user(given, domain);
    judge(found);
  }
  if (unseen)
    ctx.warning("Keystone does not let you look up the " + type + " '" + given +
                "': it is taken for an id");
  co_return id;
}

/// Says which exclusion is in the way: the service names the type that was asked for.
asio::awaitable<error> explained(services::vm_exclusions& with, error e, std::string id) {
  if (e.code != errc::conflict) co_return e;
  std::vector<std::string> ids;
  ids.push_back(id);
  auto found = co_await find_exclusions(with, std::move(ids));
  if (found && found->size() == 1 && found->front().row)
    e.message += "; " + id + " is excluded as a " + found->front().row->exclude_type + " by " +
                 found->front().row->id;
  co_return e;
}

asio::awaitable<result<int>> run_create(context& ctx, arguments args) {
  if (args.words.size() != 1) co_return error{errc::usage, "name one domain, project or user"};
  const std::string type = args.value("type");
  if (type.empty()) co_return error{errc::usage, "--type is missing: domain, project or user"};
  const auto head = with_outcome(exclusion_head());
  ctx.check_columns(head);
  const bool dry = begin_change(ctx, args, false).dry;
  auto url = co_await services::vm_service_url(ctx.session());
  if (!url) co_return url.error();
  auto id = co_await look_up(ctx, type, args.words.front(), args.value("domain"));
  if (!id) co_return id.error();
  std::vector<vm_outcome> all(1);
  all[0].argument = args.words.front();
  all[0].outcome = dry ? "would be created" : "created";
  all[0].body["exclude_type"] = type;
  all[0].body["exclude_id"] = *id;
  if (!dry) {
    services::vm_exclusions with{ctx.session(), *url};
    auto made = co_await with.create(type, *id);
    if (!made) co_return co_await explained(with, made.error(), *id);
    all[0].body = made->body;
  }
  co_return report_outcomes(ctx, head, std::move(all), true);
}

std::string question(const std::vector<found_exclusion>& found) {
  std::vector<std::string> labels;
  for (const auto& one : found)
    if (one.row) labels.push_back(one.row->exclude_type + " " + one.row->exclude_id);
  return delete_question(labels, "exclusion", "New virtual machines there will expire.");
}

asio::awaitable<result<int>> run_exclusions_delete(context& ctx, arguments args) {
  auto ids = ids_of(args, "ID");
  if (!ids) co_return ids.error();
  const auto head = with_outcome(exclusion_head());
  ctx.check_columns(head);
  const auto mode = begin_change(ctx, args);
  auto url = co_await services::vm_service_url(ctx.session());
  if (!url) co_return url.error();
  services::vm_exclusions with{ctx.session(), *url};
  auto found = co_await find_exclusions(with, std::move(*ids));
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

command vmexclude_create_command() {
  command row;
  row.name = "vmexclude create";
  row.summary = "let the virtual machines of a domain, project or user not expire";
  row.synopsis = "--type domain|project|user [options] ID|NAME";
  row.options = k_create_options;
  row.lists = true;
  row.run = run_create;
  return row;
}

command vmexclude_delete_command() {
  command row;
  row.name = "vmexclude delete";
  row.summary = "delete exclusions";
  row.synopsis = "[options] ID...|-";
  row.options = k_exclusion_delete_options;
  row.lists = true;
  row.run = run_exclusions_delete;
  return row;
}

}  // namespace ostclean::cmd
