#include "cmd/vm_deleting.hpp"

#include "cmd/access.hpp"
#include "cmd/exit_status.hpp"
#include "cmd/terminal.hpp"

#include <fmt/core.h>
#include <unistd.h>
#include <algorithm>
#include <set>
#include <utility>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

std::string trimmed(const std::string& line) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = line.find_first_not_of(blank);
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(blank) - first + 1);
}

void read_ids(std::vector<std::string>& into) {
  while (auto line = read_line())
    if (auto id = trimmed(*line); !id.empty()) into.push_back(std::move(id));
}

std::vector<json::value> row_of(report::table& head, const vm_outcome& one) {
  json::object all = one.body;
  if (std::find(head.keys.begin(), head.keys.end(), "outcome") != head.keys.end()) {
    all["argument"] = one.argument;
    all["outcome"] = one.outcome;
    all["reason"] = one.reason.empty() ? json::value() : json::value(one.reason);
  }
  return cells(head, all);
}

}  // namespace

asio::awaitable<result<vm_caller>> vm_caller_of(context& ctx) {
  auto url = co_await services::vm_service_url(ctx.session());
  if (!url) co_return url.error();
  auto token = co_await ctx.session().current();
  if (!token) co_return token.error();
  const auto& now = **token;
  vm_caller who;
  who.url = *url;
  who.project_id = now.project_id;
  who.project_name = now.project_name;
  who.user_id = now.user_id;
  who.user_name = now.user_name;
  who.admin = is_admin(now);
  co_return who;
}

result<std::vector<std::string>> ids_of(const arguments& args, std::string_view what) {
  if (args.words.empty())
    return error{errc::usage, "name at least one " + std::string{what} +
                                  ", or - to read them from standard input"};
  std::vector<std::string> ids;
  for (const auto& word : args.words) {
    if (word.empty()) return error{errc::usage, "an argument is empty"};
    if (word == "-")
      read_ids(ids);
    else
      ids.push_back(word);
  }
  std::set<std::string> seen;
  std::erase_if(ids, [&seen](const std::string& id) { return !seen.insert(id).second; });
  return ids;
}

bool is_single(const arguments& args) { return args.words.size() == 1 && args.words[0] != "-"; }

asio::awaitable<result<std::vector<services::vm_found>>> find_arguments(
    context& ctx, const vm_caller& who, services::vm_expirations& from,
    std::vector<std::string> ids, const arguments& args) {
  services::vm_scope among;
  among.everybody = who.admin || args.has("all-tenants");
  among.insists = args.has("all-tenants");
  among.project_id = who.project_id;
  ctx.detail(among.everybody ? "looking in all projects" : "looking in the own project");
  const auto what = services::vm_name_from(args.value("by"));
  co_return co_await services::find_expirations(from, std::move(among), std::move(ids), what);
}

result<int> report_outcomes(context& ctx, report::table head, std::vector<vm_outcome> all,
                            bool single) {
  if (single && all.size() == 1 && all.front().failed) return *all.front().failed;
  const bool shows_failed =
      std::find(head.keys.begin(), head.keys.end(), "outcome") != head.keys.end();
  bool failed = false;
  for (auto& one : all) {
    failed = failed || one.failed.has_value();
    if (one.failed) {
      one.reason = one.failed->line();
      ctx.warning(one.argument + ": " + one.reason);
      if (!shows_failed) continue;
    }
    auto row = row_of(head, one);
    head.rows.push_back(std::move(row));
    head.tones.push_back(one.tone);
  }
  if (single && head.rows.size() == 1)
    ctx.print_object(head);
  else
    ctx.print(head);
  return failed ? exit_partial : exit_done;
}

void fill(vm_outcome& out, const services::vm_expiration& row, sys_time now) {
  out.body = shown(row, now);
  out.tone = tone_of(row, now);
}

void fill(vm_outcome& out, const services::vm_exclusion& row, sys_time) { out.body = row.body; }

std::string delete_question(const std::vector<std::string>& labels, std::string_view thing,
                            std::string_view consequence) {
  constexpr std::size_t most = 5;
  if (labels.empty()) return {};
  std::string names;
  for (std::size_t i = 0; i < labels.size() && i < most; ++i)
    names += (i > 0 ? ", " : "") + labels[i];
  if (labels.size() > most) names += fmt::format(" and {} more", labels.size() - most);
  return fmt::format("delete {} {}{}: {}? {}", labels.size(), thing, labels.size() == 1 ? "" : "s",
                     names, consequence);
}

result<void> sure(context& ctx, const std::string& question) {
  const auto said = ctx.ask(question + " [y/N] ");
  if (said && (*said == "y" || *said == "Y" || *said == "yes")) return {};
  return error{errc::refused, "not confirmed; nothing was deleted"};
}

error not_confirmed() {
  error no{errc::refused, "not confirmed: there is no terminal to ask on; nothing was deleted"};
  no.hint = "--yes deletes without asking";
  return no;
}

}  // namespace ostclean::cmd
