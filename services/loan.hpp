// What an administrator borrows to work in somebody's project: a role there, and the project being
// enabled. Each loan is in the journal before it is taken, is given back at the end of the run
// whatever happened, and after a crash by the next run that changes something on the same cloud;
// what somebody may want by now only by the one that resumes the crashed one.
#pragma once

#include "core/auth/session.hpp"
#include "core/plan/journal.hpp"
#include "core/time.hpp"
#include "services/cloud_identity.hpp"

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
  std::string at;                            ///< when; RFC 3339, empty when the journal says not
  bool absent = false;  ///< a role that was not there before, as the journal tells
};

/// Loans with the cloud they were taken in.
using known_loan = std::pair<cloud_identity, loan>;
using known_loans = std::vector<known_loan>;

/// False when it is gone, and needs no giving back. The errors of Keystone.
boost::asio::awaitable<result<bool>> return_one(auth::session& admin, std::string identity_url,
                                                loan one);

/// Keystone and every policy take a role's name in any case.
bool is_admin_name(const std::string& role);

/// Whether the user has the role `admin` on the project, directly or not.
boost::asio::awaitable<result<bool>> has_admin_role(auth::session& admin, std::string identity_url,
                                                    std::string project_id, std::string user_id);

class lender {
 public:
  /// `admin` and `log` must outlive it.
  lender(auth::session& admin, cloud_identity where, plan::journal& log)
      : admin_(admin), where_(std::move(where)), log_(log) {}

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
  boost::asio::awaitable<result<void>> return_and_record(loan one);
  boost::asio::awaitable<result<std::string>> admin_role();

  auth::session& admin_;
  cloud_identity where_;
  plan::journal& log_;
  std::vector<loan> taken_;
  std::string admin_role_;
};

/// What of the loans of interrupted runs is given back, and who hears of it.
class settlement {
 public:
  settlement(cloud_identity here, sys_time now, std::function<void(const loan&)> note)
      : here(std::move(here)), now(now), note(std::move(note)) {}
  /// What was lent more than a day ago, and of which the journal does not tell that it was not
  /// there before, somebody may want by now: only when its run is resumed it goes back.
  bool is_too_old(const known_loan& entry, const std::string& file,
                  const std::vector<boost::json::object>& lines) const;
  /// More than a day, or nobody knows when.
  bool is_old(const loan& one) const;
  /// Whether the journal `file` is of the run that is resumed.
  bool is_resumed(const std::string& file, const std::vector<boost::json::object>& lines) const;

  cloud_identity here;
  sys_time now;
  std::function<void(const loan&)> note;  ///< hears of each thing given back
  std::string resumed;  ///< the journal of the run that is resumed; "*": any; empty: none
};

/// The loans of this cloud that are given back by the run that settles like this, and by running
/// processes themselves; but for what is old, where somebody has disabled the project since.
boost::asio::awaitable<known_loans> returnable_loans(auth::session& admin, std::string folder,
                                                     settlement how);

/// What was not given back.
class unsettled {
 public:
  unsettled() = default;
  /// Of what could not be, and one for each journal and other cloud that it lent in, and for what
  /// is old.
  std::vector<error> why;
  bool of_resumed = false;  ///< some of it the run that is resumed had lent
};

/// Gives back what unfinished journals of this cloud lent, and marks those journals. Journals of
/// runs that ended a month ago are removed. One process at a time may do so.
boost::asio::awaitable<unsettled> give_back_unfinished(auth::session& admin, std::string folder,
                                                       settlement how);

}  // namespace ostclean::services
