// One project brought to rest: its servers stopped, its images made private, each as it was in the
// record first; and brought back from such a record. What `stop` does for each of its projects.
#pragma once

#include "services/inventory.hpp"
#include "services/power.hpp"
#include "services/stop_record.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ostclean::services {

/// A server or an image of the project, and what became of it.
class affected {
 public:
  enum class fate {
    pending,  ///< not there yet
    done,
    stays,  ///< on purpose: locked, tagged, shelved, not running
    left    ///< should have changed and has not
  };
  explicit affected(item what) : what(std::move(what)) {}

  bool is_server() const { return what.row->name == "server"; }
  void ends(fate how, std::string why) {
    end = how;
    reason = std::move(why);
  }

  item what;
  std::string was;   ///< status or visibility, as this run or the record found it
  std::string wish;  ///< "stop", "stop and lock", "lock", "make private", "start", "share again"
  fate end = fate::pending;
  std::string reason;
  former before;  ///< for the record, or from it
  bool lock = false;

  // While it is being brought there.
  std::string asked_in;  ///< the status in which the last action was sent
  std::chrono::steady_clock::time_point asked_at;
  int tries = 0;
};
static_assert(!std::is_aggregate_v<affected>);

class stop_wishes {
 public:
  stop_wishes() = default;
  bool lock = false;
  std::string tag;               ///< the policy's: what carries it is left alone
  std::chrono::seconds wait{0};  ///< for servers on their way
};

class stopper {
 public:
  /// `where.session` acts in the project; `locker` locks and unlocks its servers: for an
  /// administrator the session of another project, because Nova lets owners take off the locks of
  /// their own project's tokens. Both must outlive it.
  stopper(place where, auth::session& locker, std::string project_name,
          std::vector<std::string> regions, stop_wishes how);

  /// From here on it works with these sessions.
  void enter(place where, auth::session& locker, std::vector<std::string> regions);

  const std::string& project_id() const { return where_.project_id; }
  const std::string& project_name() const { return project_name_; }
  const std::vector<affected>& all() const { return all_; }
  /// Every image of the project, also those that stop need not touch.
  const std::vector<former>& images() const { return images_; }

  /// Lists servers and images and says of each what is wished. An error means that nothing may be
  /// changed.
  boost::asio::awaitable<result<void>> plan(const stop_facts* known);
  /// The same for the way back: only what `known` has of this project.
  boost::asio::awaitable<result<void>> plan_back(const stop_facts& known);

  /// Writes what everything was, then changes it.
  boost::asio::awaitable<result<void>> execute(stop_record& record,
                                               std::function<bool()> interrupted);
  boost::asio::awaitable<result<void>> execute_back(stop_record& record,
                                                    std::function<bool()> interrupted);
  bool left() const;

 private:
  boost::asio::awaitable<result<void>> look();
  boost::asio::awaitable<result<void>> look_at(std::string kind, std::string region,
                                               std::vector<std::string>& done);
  void decide_server(affected& one, const stop_facts* known);
  void decide_image(affected& one);
  void decide_back(affected& one, const former& before);
  boost::asio::awaitable<result<void>> read_members();
  boost::asio::awaitable<void> hide(affected& one);
  boost::asio::awaitable<void> show(affected& one);
  boost::asio::awaitable<void> put_lock(affected& one, bool on, stop_record& record);

  place where_;
  auth::session* locker_;
  std::string project_name_;
  std::vector<std::string> regions_;
  stop_wishes how_;
  std::vector<affected> all_;
  std::vector<former> images_;
};

/// A POST to the server's action, answered with a 2xx.
boost::asio::awaitable<result<void>> act_on_server(auth::session& as, const item& server,
                                                   std::string action);

/// Sends what `next` says of each pending server and looks at them with one list a collection until
/// all have come to an end, the time is over or somebody interrupts.
boost::asio::awaitable<void> drive_servers(place where, std::vector<affected*> servers,
                                           std::function<power_step(const affected&)> next,
                                           std::chrono::seconds limit,
                                           std::function<bool()> interrupted);

}  // namespace ostclean::services
