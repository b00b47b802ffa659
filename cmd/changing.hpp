// What every command that changes accounts does the same way: refuse without a confirmation, give
// back what an interrupted run lent, write down each change before and after it, and say at the end
// what became of everybody.
#pragma once

#include "cmd/context.hpp"
#include "core/plan/journal.hpp"
#include "services/identity.hpp"
#include "services/loan.hpp"
#include "services/selection.hpp"

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::cmd {

class change_mode {
 public:
  change_mode() = default;
  bool dry = false;      ///< --dry-run
  bool refuses = false;  ///< nobody can confirm: neither --yes nor a terminal
  bool reads() const { return dry || refuses; }
};

/// `asks`: the change is one that has to be confirmed.
change_mode mode_of(context& ctx, const arguments& args, bool asks = true);

/// The mode, and what it forbids; before the first request. Throws what check_clock() and
/// check_cloud() throw.
change_mode begin_change(context& ctx, const arguments& args, bool asks = true);

/// The journal of a run with its first line; `file` empty: a new one in the journal folder, whose
/// name says for what: the projects, or where there are none the command. `here`: this run's
/// cloud.
result<std::unique_ptr<plan::journal>> begin_journal(
    context& ctx, std::string_view command, const services::cloud_identity& here,
    const std::string& file, const std::vector<services::target>& targets = {});

/// "trial-01", "trial-01+3", or `otherwise` when there is no target.
std::string label_of(const std::vector<services::target>& targets, std::string_view otherwise);

/// Asks for the number, unless --yes. errc::refused when it is not typed, or when nobody can be
/// asked. `what`: "users to reset".
result<void> confirm_number(context& ctx, const arguments& args, const change_mode& mode,
                            std::size_t number, std::string_view what);

/// The cloud of the caller's token, as journals name it; `identity_url` as identity_url() gives it.
boost::asio::awaitable<services::cloud_identity> cloud_of(context& ctx, std::string identity_url);
/// The cloud of this run, by what the catalog of the caller's token says. Where users act for
/// themselves the caller need not be able to log in, and the URL of the settings has to do. The
/// errors of logging in.
boost::asio::awaitable<result<services::this_cloud>> find_cloud(context& ctx,
                                                                bool as_users = false);
/// Whether users act for themselves.
bool acts_as_users(const arguments& args);

/// What was given back, by the ids of the projects.
class settled_loans {
 public:
  settled_loans() = default;
  std::set<std::string> disabled;  ///< again
  std::set<std::string> left;      ///< tokens for them have ended just now
  bool unreturned = false;         ///< not all that the resumed run had lent
};

/// Gives back what unfinished journals of this cloud lent; failures are warnings. `resumed` as in
/// services::settlement.
boost::asio::awaitable<settled_loans> settle_loans(context& ctx, std::string identity_url,
                                                   std::string resumed = std::string());

/// Keystone ends a user's tokens when a password or a role goes, and with them those that are
/// issued in the same second: whoever logs in next is to find a working one.
boost::asio::awaitable<void> let_tokens_end();

/// The journal of a run: {event: intent|outcome, what, ...}.
class change_log {
 public:
  /// `file` empty: a new one in the journal folder.
  static boost::asio::awaitable<result<change_log>> open(context& ctx, std::string command,
                                                         std::string file);
  result<void> intent(std::string_view what, const std::string& user_id, const std::string& place);
  result<void> outcome(std::string_view what, const std::string& user_id, const std::string& place,
                       const std::string& failure);
  result<void> end();

 private:
  explicit change_log(std::unique_ptr<plan::journal> log) : log_(std::move(log)) {}
  std::unique_ptr<plan::journal> log_;
};

/// One row for each user: id, name, project_id, result, reason.
class change_report {
 public:
  change_report();
  void add(const services::user& who, std::string_view result, const std::string& reason = {});
  /// The same, and the run ends with 3.
  void fail(const services::user& who, const std::string& reason);
  void print(context& ctx) const { ctx.print(rows_); }
  void check(context& ctx) const { ctx.check_columns(rows_); }
  bool failed() const { return failed_; }
  bool changed() const { return changed_; }  ///< somebody was reset or changed

 private:
  report::table rows_;
  bool failed_ = false, changed_ = false;
};

}  // namespace ostclean::cmd
