// The options of `delete`, and what they and the files of `stop` and `images` decide.
#pragma once

#include "cmd/command.hpp"
#include "cmd/selecting.hpp"
#include "services/fate.hpp"
#include "services/kept_images.hpp"
#include "services/policy.hpp"

#include <set>
#include <span>
#include <string>

namespace ostclean::cmd {

std::span<const option_spec> delete_options();

/// errc::usage for unknown kinds and times.
result<services::choices> choices_of(const arguments& args, const services::policy& rules);

/// What `stop` and `images` wrote for this run.
class handed_over {
 public:
  handed_over() = default;
  services::kept_images images;
  std::set<std::string> locked;  ///< servers that stop has locked
  std::vector<std::pair<services::cloud_identity, std::string>> clouds;  ///< of which file
};

/// errc::config for a damaged file.
result<handed_over> read_files(const arguments& args);
/// errc::config for one of another cloud; the errors of logging in.
boost::asio::awaitable<result<void>> check_clouds(context& ctx, const arguments& args,
                                                  const handed_over& files);

/// A record of stop knows of the projects it was written for, and not when users stopped their own:
/// errc::refused for any other.
result<void> check_covered(const services::kept_images& images, const selected& who,
                           const std::string& file);

/// A whole project that was named itself may be that of somebody whose trial runs: whose it is and
/// until when is said, and errc::refused without --not-expired where something is to be deleted.
result<void> check_running(context& ctx, const arguments& args, const selected& who, bool deletes);

}  // namespace ostclean::cmd
