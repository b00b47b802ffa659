// How a deletion is told: the plan before it, the result after it. The JSON keys are in
// ostclean-delete(1) and stable.
#pragma once

#include "cmd/deletion.hpp"

#include <boost/json/object.hpp>
#include <string>

namespace ostclean::cmd {

/// Every object with what would become of it, to stdout.
void print_plan(context& ctx, const deletion& work);
/// How much goes in each project, and what could not be seen, to stderr.
void say_counts(context& ctx, const deletion& work);

/// What is not looked at, a line for each service and reason, and what no service offers, to
/// stderr.
void say_unseen(context& ctx, const deletion& work);
/// The numbers in one line, to stderr: the last one.
void say_summary(context& ctx, const boost::json::object& all);
/// What --strict makes of a run that would end with `code`: not done, where something was not
/// looked at, not seen, or kept by a lock of somebody else. A dry run that is granted no role is
/// not blamed for what that hides.
int strict_code(context& ctx, const arguments& args, const deletion& work, int code);

/// {"projects": [...], "summary": {...}}, after verify().
boost::json::object result_of(const deletion& work);
/// One line a kind for people, the whole of `all` for machines.
void print_result(context& ctx, const boost::json::object& all);
/// Throws failure (usage) when none of the columns asked for will be in the result: better said
/// before than after.
void check_result_columns(context& ctx);
/// On stderr what is kept on purpose and why; what stands under it is counted there. Not what was
/// not asked for.
void say_kept(context& ctx, const boost::json::object& all);
/// One line on stderr for everything that is left.
void say_failures(context& ctx, const boost::json::object& all);
/// errc::io when neither the file nor standard output could take a result: better known before the
/// first change. `file` may be empty.
result<void> check_report(const std::string& file);
/// errc::io when the file cannot be written; 0600, and not through a symbolic link.
result<void> write_report(const std::string& file, const boost::json::object& all);

}  // namespace ostclean::cmd
