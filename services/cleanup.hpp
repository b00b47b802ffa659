// One project, from the first look to the proof: plan (reads only), execute, verify, report. What
// `delete` does for each of its targets.
#pragma once

#include "services/joint_work.hpp"

#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ostclean::services {

/// "server" -> 2.
using counts = std::map<std::string, std::uint64_t>;

class cleanup {
 public:
  /// `session` must outlive it. `regions`: where to look, best one first; those that share an
  /// endpoint are looked at once.
  cleanup(auth::session& session, std::string project_id, std::string project_name,
          std::vector<std::string> regions, choices how);

  place& where() { return where_; }  ///< for `scoped`, `home` and the key pairs, before plan()
  /// From here on it works with this session, and looks in these regions.
  void enter(place where, std::vector<std::string> regions);
  /// Only things of this kind go; what else was chosen another cleanup of the run deletes.
  void restrict_to(const std::string& kind);
  const std::string& project_id() const { return where_.project_id; }
  const std::string& project_name() const { return project_name_; }

  /// Looks at everything and decides what goes. An error when a list did not come: then nothing may
  /// be deleted.
  boost::asio::awaitable<result<void>> plan();
  /// Time has passed since: looks once more, and of what was to go then lets go what may go still.
  boost::asio::awaitable<result<void>> plan_within(std::shared_ptr<const planned_objects> shown,
                                                   sys_time at);
  /// After every project of the run is planned: what goes there, and what stays here for it. True
  /// when the latter has changed.
  void add_going(std::set<std::string>& all) const;
  bool settle_with(const std::set<std::string>& going);
  /// The ids, of other projects' things, that something here goes with.
  std::vector<std::string> needs() const;
  /// What would be deleted, by kind.
  counts planned() const;
  /// False when execute() would change nothing.
  bool has_work() const;
  const std::vector<item>& items() const { return items_; }
  /// Kinds that could not be seen, with the reason.
  const std::vector<inventory::remark>& not_visible() const { return not_visible_; }
  /// What is told besides of what no kind covers, before or after plan(). Not what --only and
  /// --skip leave out.
  void overlook(std::vector<unseen> more);
  std::vector<unseen> not_looked_at() const;
  /// Region and kind of what no service of the catalog has, of those that are asked for.
  std::set<std::pair<std::string, std::string>> not_offered() const;
  const std::vector<std::string>& regions() const { return regions_; }
  /// Restricted to one kind: the project's other cleanup tells what concerns the whole.
  bool is_part() const { return !part_.empty(); }

  /// Deletes in all of them at the same time what is to go, each thing after whatever of the others
  /// it waits for.
  static boost::asio::awaitable<void> execute(std::vector<cleanup*> some, plan::journal& log,
                                              cleaner::observer seen,
                                              std::function<bool()> interrupted);
  /// Lists everything again: only what that shows is left, and whatever it no longer shows is gone.
  boost::asio::awaitable<void> verify();

  /// In the place of plan(), or when that failed: nothing of the project is known, or goes.
  void leave_out(const error& why);
  bool is_left_out() const { return left_out_; }
  /// In the place of execute() and verify(): nothing of the plan was done, for this reason.
  void skip(const std::string& why);

  /// True when something is there that should not be, or cannot be known to be gone.
  bool left() const;
  /// {"project_id", "project_name", "region", "before", "after", "deleted", "failed", "kept",
  /// "went_meanwhile", "not_visible", "not_looked_at", "absent", "unverified"} of each region.
  boost::json::array report() const;

 private:
  class remains {
   public:
    remains(item what, std::string why) : what(std::move(what)), why(std::move(why)) {}
    item what;
    std::string why;
  };

  boost::asio::awaitable<inventory> look();
  boost::asio::awaitable<result<void>> settle_others(std::vector<item> ports,
                                                     std::set<std::string> unlisted);
  /// What of one project goes only with what of another.
  class across {
   public:
    across(joint_work::spot by, joint_work::spot needed, const ties::condition& unless)
        : by(by), needed(needed), unless(unless) {}
    joint_work::spot by, needed;
    ties::condition unless;
  };
  static std::vector<across> needs_between(const std::vector<cleanup*>& some);
  /// And so before it, or after.
  static std::vector<joint_work::sequence> edges_of(const std::vector<cleanup*>& some,
                                                    const std::vector<across>& needs);
  void conclude();
  bool is_wanted(const std::string& kind) const;
  /// Judged like everything, for what stands on it; and then not touched.
  void leave_to_others(std::vector<item>& items) const;
  /// Before the deletes: what is kept is marked, and what Heat would stumble over unlocked.
  boost::asio::awaitable<void> prepare(cleaner& by);
  boost::asio::awaitable<void> preserve_images(cleaner& by);
  void note_unseen(const inventory& now);
  void note_late(const inventory& now);
  void compare(const inventory& now);
  void note_lost();
  std::vector<bool> gone_by_us() const;
  bool is_told_here(const item& one) const;
  boost::json::object report_of(const std::string& region, const std::vector<bool>& by_us) const;
  bool still_settling(const inventory& now) const;

  place where_;
  std::string project_name_;
  std::vector<std::string> regions_;
  choices how_;
  std::string part_;  ///< the one kind that it is restricted to: another cleanup does the rest
  std::vector<item> items_;
  std::unique_ptr<relations> relations_;
  ties ties_;
  std::vector<inventory::remark> not_visible_, absent_;
  std::vector<unseen> unseen_, overlooked_;  ///< by the lists, and by the table of kinds
  std::vector<cleaner::outcome> outcomes_;
  std::vector<bool> gone_;         ///< of each item, after verify()
  std::set<std::size_t> lost_;     ///< of those, what was to stay and may have gone by us
  std::vector<remains> remains_;   ///< what should be gone and is not, and the other way round
  std::vector<item> unexpected_;   ///< made during the run
  std::vector<error> unverified_;  ///< lists that did not come at the end
  bool left_out_ = false;
};

}  // namespace ostclean::services
