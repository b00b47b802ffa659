// What the changing commands for os-vm-expire share: who asks whom, the ids that are given, and the
// report when several of them went different ways.
#pragma once

#include "cmd/vm_rows.hpp"
#include "services/vm_lookup.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::cmd {

/// The caller towards os-vm-expire.
class vm_caller {
 public:
  vm_caller() = default;
  std::string url;  ///< as services::vm_service_url() gives it
  std::string project_id, project_name, user_id, user_name;
  bool admin = false;
};

boost::asio::awaitable<result<vm_caller>> vm_caller_of(context& ctx);

/// The ids on the command line; for "-" the lines of standard input, blank ones left out. Each
/// once. errc::usage when none is given at all.
result<std::vector<std::string>> ids_of(const arguments& args, std::string_view what);
/// One argument that was written out: its result is one object, and its failure the command's.
bool is_single(const arguments& args);

/// Arguments that are worked on at the same time; --max-concurrency may allow fewer requests.
constexpr std::size_t k_vm_at_once = 32;

/// Options of every command that looks for expirations.
constexpr option_spec k_by_option{.name = "by",
                                  .argument = "WHAT",
                                  .help = "what the arguments are, where a name looks like an id",
                                  .words = "id server name"};
constexpr option_spec k_all_tenants_option{
    .name = "all-tenants", .help = "look in all projects, as holders of the role admin do anyway"};

/// Looks the arguments up: as an administrator in all projects, else in the own one.
boost::asio::awaitable<result<std::vector<services::vm_found>>> find_arguments(
    context& ctx, const vm_caller& who, services::vm_expirations& from,
    std::vector<std::string> ids, const arguments& args);

/// What Keystone found for `text`; where it does not let the caller look, a text that can only be
/// an id is one, and a name is an error.
template <class T>
result<std::string> id_from(const result<T>& found, const std::string& text) {
  if (found) return found->id;
  error e = found.error();
  if (e.code != errc::forbidden) return e;
  if (services::looks_like_id(text)) return text;
  e.message = "'" + text + "' cannot be looked up: " + e.message;
  e.hint = "give its id";
  return e;
}

/// What became of one argument.
class vm_outcome {
 public:
  vm_outcome() = default;
  std::string argument;
  boost::json::object body;  ///< as it is to be shown; empty when nothing is known
  report::tone tone = report::tone::plain;
  std::string outcome, reason;
  std::optional<error> failed;
};

/// Prints the outcomes and gives the exit code: of a single one its own error, else 3 when any
/// failed. `head` without the columns of an outcome shows what there is and leaves failures out.
result<int> report_outcomes(context& ctx, report::table head, std::vector<vm_outcome> all,
                            bool single);

/// Asks `question` on the terminal; errc::refused unless the answer is yes.
result<void> sure(context& ctx, const std::string& question);
/// What a delete says where it may not ask.
error not_confirmed();

}  // namespace ostclean::cmd
