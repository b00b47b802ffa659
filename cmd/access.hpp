// How a changing command gets into the selected projects: as each user, or as the caller with a
// token for the project and, where the caller has no role there, one lent for the run. The journal
// tells of what was lent, and gives it back after a crash.
#pragma once

#include "cmd/changing.hpp"
#include "cmd/selecting.hpp"
#include "core/plan/exclusive.hpp"
#include "services/inventory.hpp"
#include "services/loan.hpp"

#include <chrono>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ostclean::cmd {

/// One project and the session that works in it, once it was entered.
class workplace {
 public:
  workplace(services::place where, std::string project_name, std::vector<std::string> regions,
            auth::session& other)
      : where(std::move(where)),
        project_name(std::move(project_name)),
        regions(std::move(regions)),
        other(&other) {}

  services::place where;
  std::string project_name;
  std::vector<std::string> regions;
  /// An administrator's session of another project, else that of `where`.
  auth::session* other;
  /// False for the further users of a project, who come for their own key pairs only.
  bool whole = true;
  /// Of a project that the caller works in: who knows only here whether a role has to be granted.
  std::optional<services::target> target;
  bool entered = false;
  std::shared_ptr<auth::session> granted;  ///< its token ends with the role
};
static_assert(!std::is_aggregate_v<workplace>);

class access {
 public:
  /// `reads`: a dry run or a refusal; the stack must refuse changes already, and nothing is lent.
  access(context& ctx, std::string command, bool reads)
      : ctx_(ctx), command_(std::move(command)), reads_(reads) {}

  /// Before open(): it goes on with this interrupted run, and gives back what that lent long ago.
  /// `journal` as in services::settlement.
  void resume(std::string journal) { resumed_ = std::move(journal); }
  /// Opens the journal and gives back what an interrupted run left. `journal_file` may be empty.
  boost::asio::awaitable<result<void>> open(const selected& who, std::string journal_file);
  /// In so many projects a role is granted at a time.
  static constexpr std::size_t k_turn = 16;
  /// The places are worked on in turns: [begin, end) of each. One turn where nothing is granted.
  std::vector<std::pair<std::size_t, std::size_t>> turns() const;
  /// Before a place is worked in: a session for it, with the role granted where the caller has
  /// none. Nothing is sent any more once the user asked to stop.
  boost::asio::awaitable<result<void>> enter(std::size_t place);
  /// After it: what was granted there is given back, or tried again by give_back().
  boost::asio::awaitable<void> leave(std::size_t place);
  /// Must be called, whatever happened before, before this is destroyed. Failures are warned about
  /// and make unreturned() true. `complete`: the journal says that nothing is left to resume.
  boost::asio::awaitable<void> give_back(bool complete);

  const std::vector<workplace>& places() const { return places_; }
  plan::journal& journal() { return *log_; }  ///< not with `reads`
  bool unreturned() const { return unreturned_; }

 private:
  boost::asio::awaitable<result<void>> open_target(const services::target& one,
                                                   const selected& who);
  boost::asio::awaitable<result<void>> open_as_user(const services::target& one,
                                                    const selected& who);
  boost::asio::awaitable<result<void>> enter_as_caller(workplace& at);
  boost::asio::awaitable<result<void>> log_in(workplace& at, bool lent);
  boost::asio::awaitable<result<bool>> borrow(const services::target& one,
                                              const std::string& user_id);
  boost::asio::awaitable<result<void>> open_journal(std::string file, const selected& who);
  result<void> add(const services::target& one, std::shared_ptr<auth::session> session,
                   const auth::token& token);
  result<void> fill(workplace& at, const services::target& one,
                    std::shared_ptr<auth::session> session, const auth::token& token);
  result<std::vector<std::string>> regions(const auth::token& token);

  context& ctx_;
  std::string command_;
  bool reads_;
  std::unique_ptr<plan::journal> log_;
  std::unique_ptr<plan::journal> loan_log_;  ///< only with a journal of the user's choice
  std::unique_ptr<services::lender> lender_;
  std::vector<std::shared_ptr<auth::session>> sessions_;
  std::vector<std::unique_ptr<plan::exclusive>> locks_;
  std::vector<workplace> places_;
  std::map<std::string, std::chrono::steady_clock::time_point> left_at_;  ///< by project
  bool unreturned_ = false;
  bool told_regions_ = false;
  std::string resumed_;    ///< the journal of that run
  settled_loans settled_;  ///< what an interrupted run had left
};

/// By the name of a role, which is right only where that very role would be granted: what a session
/// is shown, services/reach.hpp asks the services.
bool is_admin(const auth::token& token);

/// errc::forbidden for a token that is for no project: with one, Neutron shows an empty cloud,
/// Cinder has no endpoint and most others refuse.
result<void> check_scope(const auth::token& token);

/// What `part` comes to goes to `code`, and what it throws is returned: giving back comes first.
boost::asio::awaitable<std::exception_ptr> caught(boost::asio::awaitable<result<int>> part,
                                                  result<int>& code);

}  // namespace ostclean::cmd
