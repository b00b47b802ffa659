// The run that `delete --resume` goes on with: found among the journals, newest first.
#pragma once

#include "cmd/prior.hpp"

#include <optional>
#include <string>

namespace ostclean::cmd {

/// errc::config when what was written in `file` is of another cloud.
result<void> check_cloud_of(context& ctx, const std::string& auth_url, const std::string& file);

/// The last run, or that of --journal, which has a plan and did not end; nothing when there is
/// none. `unplanned` as for read_prior().
result<std::optional<prior>> find_unfinished(context& ctx, const arguments& args,
                                             std::optional<error>& unplanned);

/// Whose old loans are given back, as services::settlement has it: those of the run that is
/// resumed, of any with --resume alone where there is none.
std::string resumed_run(const arguments& args, const std::optional<prior>& earlier,
                        const std::optional<error>& unplanned);

/// Notes in the journal of a run that was resumed that nothing is left of it. errc::io.
result<void> mark_resumed(const std::string& journal);

}  // namespace ostclean::cmd
