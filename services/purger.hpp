// The images that `delete --keep-images` left behind for servers of others: which of them nobody
// uses any more, and their end.
#pragma once

#include "core/auth/session.hpp"
#include "core/plan/journal.hpp"
#include "services/identity.hpp"
#include "services/item.hpp"

#include <functional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

namespace ostclean::services {

/// A marked image and what becomes of it.
class orphan {
 public:
  enum class fate { goes, kept, gone, left };
  explicit orphan(item what) : what(std::move(what)) {}
  void ends(fate how, std::string why) {
    end = how;
    reason = std::move(why);
  }
  item what;
  fate end = fate::goes;
  std::string reason;
  std::vector<std::string> used_by;  ///< ids of servers and volumes
};
static_assert(!std::is_aggregate_v<orphan>);

class purger {
 public:
  /// `admin` is an administrator's session and must outlive it. `regions`: all of the catalog.
  /// `projects`: ids; empty: whoever owns them.
  purger(auth::session& admin, std::vector<std::string> regions, std::set<std::string> projects)
      : admin_(admin), regions_(std::move(regions)), projects_(std::move(projects)) {}

  /// Lists what is marked and who uses it. `why_kept` says why nothing of a project may be touched,
  /// by project id; empty when it may.
  boost::asio::awaitable<result<void>> plan(
      std::function<identity::answer<std::string>(std::string)> why_kept, std::string tag);
  /// Each is looked at once more, then deleted.
  boost::asio::awaitable<void> execute(plan::journal& log, std::function<bool()> interrupted);
  /// Lists again: what is still there has not gone.
  boost::asio::awaitable<result<void>> verify();

  const std::vector<orphan>& all() const { return all_; }
  const std::vector<std::string>& notes() const { return notes_; }
  std::size_t planned() const;
  bool left() const;

 private:
  boost::asio::awaitable<result<std::vector<item>>> marked();
  boost::asio::awaitable<result<void>> marked_in(std::string region, std::set<std::string>& done,
                                                 std::vector<item>& found);
  boost::asio::awaitable<void> remove(orphan& one, plan::journal& log);
  boost::asio::awaitable<result<bool>> still_marked(orphan& one);

  auth::session& admin_;
  std::vector<std::string> regions_;
  std::set<std::string> projects_;
  std::string tag_;  ///< the policy's
  std::vector<orphan> all_;
  std::vector<std::string> notes_;
};

/// True for the mark of --keep-images on this very image; a snapshot that inherited the property
/// carries another image's id.
bool is_orphan(const boost::json::value& image);

}  // namespace ostclean::services
