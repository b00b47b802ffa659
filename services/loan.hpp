// What an administrator borrows to work in somebody's project: a role there, and the project being
// enabled. Each loan is in the journal before it is taken, is given back at the end of the run
// whatever happened, and by the next run after a crash.
#pragma once

#include "core/auth/session.hpp"
#include "core/plan/journal.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ostclean::services {

class loan {
 public:
  enum class what { role, enabled };
  loan(what kind, std::string project_id, std::string user_id, std::string role_id)
      : kind(kind),
        project_id(std::move(project_id)),
        user_id(std::move(user_id)),
        role_id(std::move(role_id)) {}
  what kind;
  std::string project_id, user_id, role_id;  ///< user and role: only of a role
};

/// Loans with the Identity URL they were taken at.
using dated_loans = std::vector<std::pair<std::string, loan>>;

/// Loans that journals in `folder` tell of and that were not given back. Journals of running
/// processes count too when `running` is set.
dated_loans unfinished_loans(const std::string& folder, bool running);

/// Keystone and every policy take a role's name in any case.
bool is_admin_name(const std::string& role);

/// Whether the user has the role `admin` on the project, directly or not.
boost::asio::awaitable<result<bool>> has_admin_role(auth::session& admin, std::string identity_url,
                                                    std::string project_id, std::string user_id);

class lender {
 public:
  /// `admin` and `log` must outlive it; `identity_url` ends with /v3.
  lender(auth::session& admin, std::string identity_url, plan::journal& log)
      : admin_(admin), identity_url_(std::move(identity_url)), log_(log) {}

  /// Enables a disabled project.
  boost::asio::awaitable<result<void>> enable(std::string project_id);
  /// Gives the caller the role `admin` on the project, unless it has it there, directly or not.
  /// The value says whether anything was lent.
  boost::asio::awaitable<result<bool>> lend_role(std::string project_id, std::string user_id);
  /// Tries to give back what was granted in one project; what cannot be given back now is tried
  /// again at the end.
  boost::asio::awaitable<void> give_back_in(std::string project_id);
  /// Tries to give everything back; the errors of what could not be.
  boost::asio::awaitable<std::vector<error>> give_back();

 private:
  result<void> record(const char* event, const loan& one);
  boost::asio::awaitable<result<std::string>> admin_role();

  auth::session& admin_;
  std::string identity_url_;
  plan::journal& log_;
  std::vector<loan> taken_;
  std::string admin_role_;
};

/// Gives back what unfinished journals of this cloud lent, and marks those journals. The errors of
/// what could not be, and one for each journal and Identity URL other than `identity_url` that it
/// lent at; `note` gets a line for each thing given back. Journals of runs that ended a month ago
/// are removed.
boost::asio::awaitable<std::vector<error>> give_back_unfinished(
    auth::session& admin, std::string identity_url, std::string folder,
    std::function<void(std::string)> note);

}  // namespace ostclean::services
