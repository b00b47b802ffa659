// `ostclean vmexclude list` and `show`: the domains, projects and users whose virtual machines do
// not expire.
#include "cmd/commands.hpp"
#include "cmd/exit_status.hpp"
#include "cmd/vm_exclusions.hpp"

#include <array>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::array k_list_options{option_spec{.name = "type",
                                                .argument = "TYPE",
                                                .help = "only domains, projects or users",
                                                .words = "domain project user"}};

/// From the service to the page, without a stop in between.
class printer {
 public:
  printer(context& ctx, std::string type)
      : out_(ctx.stream(exclusion_head(), "exclude_type")), type_(std::move(type)) {}

  void take(const json::value& element, http::json_list& from) {
    if (!element.is_object()) return;
    const services::vm_exclusion row{element.get_object()};
    if (!type_.empty() && row.exclude_type != type_) return;
    report::table fixed{std::as_const(out_).head().keys};
    auto* head = out_.head();
    out_.add(cells(head != nullptr ? *head : fixed, row.body, head != nullptr));
    if (out_.begun()) from.pass_on();
  }
  void restart() { out_.restart(); }
  result<void> finish() { return out_.finish(); }

 private:
  report::stream out_;
  std::string type_;
};

asio::awaitable<result<int>> run_exclusions_list(context& ctx, arguments args) {
  if (!args.words.empty()) co_return error{errc::usage, "vmexclude list takes no arguments"};
  ctx.only_read();
  auto url = co_await services::vm_service_url(ctx.session());
  if (!url) co_return url.error();
  services::vm_exclusions from{ctx.session(), *url};
  printer page{ctx, args.value("type")};
  http::json_list* reading = nullptr;
  std::function<void(json::value)> take = [&](const json::value& one) { page.take(one, *reading); };
  auto list = std::make_shared<http::json_list>("vmexcludes", take);
  reading = list.get();
  list->restart = [&page] { page.restart(); };
  auto read = co_await from.list(list);
  if (!read) co_return read.error();
  if (auto printed = page.finish(); !printed) co_return printed.error();
  co_return exit_done;
}

asio::awaitable<result<int>> run_exclusions_show(context& ctx, arguments args) {
  auto ids = ids_of(args, "ID");
  if (!ids) co_return ids.error();
  ctx.only_read();
  auto url = co_await services::vm_service_url(ctx.session());
  if (!url) co_return url.error();
  services::vm_exclusions from{ctx.session(), *url};
  auto found = co_await find_exclusions(from, std::move(*ids));
  if (!found) co_return found.error();
  std::vector<vm_outcome> all;
  for (auto& one : *found) {
    vm_outcome seen;
    seen.argument = std::move(one.argument);
    seen.failed = std::move(one.why);
    if (one.row) seen.body = std::move(one.row->body);
    all.push_back(std::move(seen));
  }
  co_return report_outcomes(ctx, exclusion_head(), std::move(all), is_single(args));
}

}  // namespace

command vmexclude_list_command() {
  command row;
  row.name = "vmexclude list";
  row.summary = "list whose virtual machines do not expire";
  row.synopsis = "[options] [output options]";
  row.options = k_list_options;
  row.lists = true;
  row.run = run_exclusions_list;
  row.only_reads = true;
  return row;
}

command vmexclude_show_command() {
  command row;
  row.name = "vmexclude show";
  row.summary = "show single exclusions";
  row.synopsis = "[output options] ID...|-";
  row.lists = true;
  row.run = run_exclusions_show;
  row.only_reads = true;
  return row;
}

}  // namespace ostclean::cmd
