// One run of `stop`, or of its way back, over all its projects: the plans, the sweep for images in
// use, the record, the work. cmd/stop.cpp turns the command line into it and prints what it says.
#pragma once

#include "cmd/access.hpp"
#include "core/report/table.hpp"
#include "services/image_use.hpp"
#include "services/stopper.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ostclean::cmd {

class stopping {
 public:
  /// `reads`: a dry run or a refusal. `file`: the record; empty: none that was asked for.
  stopping(context& ctx, services::stop_wishes how, std::string file, bool back, bool reads);

  boost::asio::awaitable<result<void>> open(const selected& who);
  /// Looks at everything, in turns, a role granted in each project for its turn only; an error
  /// means that nothing may be changed.
  boost::asio::awaitable<result<void>> plan();
  boost::asio::awaitable<result<void>> execute();
  /// As access::give_back.
  boost::asio::awaitable<void> give_back() { return access_.give_back(true); }

  /// How many things would change.
  std::size_t planned() const;
  void say_counts() const;
  /// Every object with its state before and what is to become, or became, of it.
  report::table rows(bool planned) const;
  bool left() const;

 private:
  using turn = std::pair<std::size_t, std::size_t>;
  using piece_of_work = boost::asio::awaitable<void> (stopping::*)(services::stopper&,
                                                                   std::vector<error>&);

  boost::asio::awaitable<result<void>> enter(turn which);
  boost::asio::awaitable<void> leave(turn which);
  boost::asio::awaitable<result<void>> work_on(turn which, piece_of_work each);
  boost::asio::awaitable<result<void>> plan_turn(turn which);
  boost::asio::awaitable<result<void>> execute_turn(turn which);
  boost::asio::awaitable<void> plan_one(services::stopper& one, std::vector<error>& failed);
  boost::asio::awaitable<void> run_one(services::stopper& one, std::vector<error>& failed);
  boost::asio::awaitable<result<void>> sweep();
  result<services::stop_facts> read_record() const;
  result<void> open_record();
  result<void> record_use();
  const std::vector<services::image_user>* users_of(const std::string& image) const;

  context& ctx_;
  services::stop_wishes how_;
  std::string file_;
  std::string label_;  ///< of a record without a name
  services::this_cloud cloud_;
  bool back_, as_users_ = false;
  access access_;
  services::stop_facts known_;
  std::unique_ptr<services::stop_record> record_;
  std::vector<std::unique_ptr<services::stopper>> projects_;
  std::vector<services::stopper*> of_place_;  ///< null for a user who comes for its key pairs
  services::image_use use_;                   ///< by servers of other projects only
  bool swept_ = false;                        ///< so the users of images are known
  std::vector<std::string> missing_;          ///< projects of the record that nobody acts in
};

}  // namespace ostclean::cmd
