// One run of `delete` over all its targets: sessions and loans, plans, the question, the work, the
// proof. cmd/delete.cpp turns the command line into it and its result into text.
#pragma once

#include "cmd/access.hpp"
#include "services/cleanup.hpp"
#include "services/plan_document.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ostclean::cmd {

class deletion {
 public:
  /// `reads`: a dry run or a refusal; the stack must refuse changes already, and no role is lent.
  deletion(context& ctx, services::choices how, bool reads)
      : ctx_(ctx), how_(std::move(how)), access_(ctx, "delete", reads) {}

  /// Before open(): it goes on with this interrupted run; as access::resume().
  void resume(std::string journal) { access_.resume(std::move(journal)); }
  /// Opens the journal and gives back what an interrupted run left. `journal_file` may be empty.
  boost::asio::awaitable<result<void>> open(const selected& who, std::string journal_file);
  /// Looks at everything, in turns, a role granted in each project for its turn only. A project
  /// that cannot be looked at is left out, and stays so. An error means that nothing may be
  /// deleted: there is no other project, or the user asked to stop.
  boost::asio::awaitable<result<void>> plan();
  /// Leaves a project alone from here on.
  void drop(const std::string& project_id);
  /// Writes the plan into the journal, for --resume. errc::io.
  result<void> remember(const services::plan_document& plan);
  /// Leaves out all of a project, whoever acts there: something is left, for this reason.
  void leave_out(const std::string& project_id, const error& why);
  /// Who of the projects whose turn comes is still to go: may drop some. An error: nobody that was
  /// not begun.
  using judge = std::function<boost::asio::awaitable<result<void>>(std::set<std::string>)>;
  /// The ids of the projects of the run.
  const std::set<std::string>& ids() const { return *together_; }
  /// In turns again: deletes what was planned, if `changes`, and lists everything once more. What
  /// is not the first turn's is judged and looked at once more before.
  boost::asio::awaitable<void> carry_out(bool changes, judge still);
  /// Must be called, whatever happened before, before the deletion is destroyed. Failures are
  /// warned about and make left() true. `complete`: there is nothing left to resume.
  boost::asio::awaitable<void> give_back(bool complete);

  const std::vector<std::unique_ptr<services::cleanup>>& projects() const { return projects_; }
  services::counts planned() const;
  /// What would be deleted, or kept and marked, and what is tied to it.
  services::planned_objects objects() const;
  /// What is not looked at in any of the projects, each once.
  std::vector<services::unseen> not_looked_at() const;
  /// Where it looks.
  const std::set<std::string>& regions() const { return regions_; }
  const services::choices& how() const { return how_; }
  const std::string& journal_file() { return access_.journal().file(); }
  bool has_work() const;
  bool left() const;

 private:
  using turn = std::vector<std::size_t>;  ///< places
  using projects_of_run = std::vector<services::cleanup*>;

  std::vector<turn> turns() const;
  std::vector<turn> turns_of_work() const;
  boost::asio::awaitable<void> look_for_unseen(const turn& which);
  boost::asio::awaitable<void> plan_one(services::cleanup& one);
  boost::asio::awaitable<result<void>> plan_turn(const turn& which);
  result<void> judge_left_out();
  std::set<std::string> ids_of(const turn& which) const;
  void settle_together();
  boost::asio::awaitable<projects_of_run> begin(
      turn which, std::shared_ptr<const services::planned_objects> shown);
  boost::asio::awaitable<void> work_on(projects_of_run some, bool changes);
  boost::asio::awaitable<result<void>> enter(std::size_t place);
  boost::asio::awaitable<void> leave(const turn& which);
  void look_in(std::size_t place);
  services::cleanup* at(std::size_t place) const;
  void seen(const services::item& one, const services::cleaner::outcome& how);

  context& ctx_;
  services::choices how_;
  access access_;
  std::vector<std::unique_ptr<services::cleanup>> projects_;
  std::vector<const services::cleanup*> of_place_;  ///< null for those that were dropped
  std::set<std::string> dropped_;
  std::vector<std::pair<std::string, error>> left_out_;  ///< projects, and why
  /// All projects of the run but those that were dropped; the cleanups look at it.
  std::shared_ptr<std::set<std::string>> together_ = std::make_shared<std::set<std::string>>();
  sys_time planned_at_;
  std::set<std::string> regions_;
  std::size_t done_ = 0, total_ = 0, told_ = 0;  ///< the last: of those left out
};

}  // namespace ostclean::cmd
