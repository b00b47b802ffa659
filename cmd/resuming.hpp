// The run that `delete --resume` goes on with: found among the journals, newest first.
#pragma once

#include "cmd/prior.hpp"

#include <optional>
#include <string>

namespace ostclean::cmd {

/// Whether the journal of --journal, if it is named, can be read: before anything is sent.
result<void> check_journal(const arguments& args);

/// Whether in the run that --resume would finish users acted for themselves, as far as the URL of
/// the settings tells.
bool is_of_users(context& ctx, const arguments& args);

/// The last run, or that of --journal, which has a plan and did not end; nothing when there is
/// none. `unplanned` as for read_prior().
result<std::optional<prior>> find_unfinished(context& ctx, const arguments& args,
                                             const services::this_cloud& here,
                                             std::optional<error>& unplanned);

/// Whose old loans are given back, as services::settlement has it: those of the run that is
/// resumed, of any with --resume alone where there is none.
std::string resumed_run(const arguments& args, const std::optional<prior>& earlier,
                        const std::optional<error>& unplanned);

/// Notes in the journal of a run that was resumed that nothing is left of it. errc::io.
result<void> mark_resumed(const std::string& journal);

}  // namespace ostclean::cmd
