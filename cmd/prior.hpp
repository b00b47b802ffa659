// What an earlier run of `delete` decided: a plan that is applied, or the journal of a run that did
// not end and is resumed. Either names every object, and brings the options that chose them.
#pragma once

#include "cmd/command.hpp"
#include "cmd/context.hpp"
#include "cmd/deletion.hpp"
#include "cmd/selecting.hpp"
#include "services/plan_document.hpp"

#include <optional>
#include <string>

namespace ostclean::cmd {

class prior {
 public:
  prior() = default;
  services::plan_document plan;
  std::string journal;  ///< of the run that is resumed; empty for --apply
};

/// Nothing when neither --apply nor --resume was given, and when there is nothing to resume.
/// errc::usage for options that the plan of --apply or --resume has decided.
result<void> check_prior(const arguments& args);
/// errc::usage when the users' files are missing or do not fit, errc::config for a damaged or
/// foreign file, errc::stale for a plan that is older than --max-age. `unplanned`: with --resume,
/// of a run that was killed before it knew what to delete; what it was granted is to be given back
/// all the same.
boost::asio::awaitable<result<std::optional<prior>>> read_prior(context& ctx, const arguments& args,
                                                                std::optional<error>& unplanned);
/// The options of this run with those that the plan has decided.
arguments with_decided(arguments args, const services::plan_document& plan);
/// Only what the plan names goes, the way it was decided then.
void restrict_to_plan(services::choices& how, const services::plan_document& plan);

/// errc::stale when the plan that `work` is restricted to was made over other endpoints: nothing of
/// it would be found, as if it were gone. After deletion::plan().
result<void> check_endpoints(const deletion& work);

/// What this run is going to do. `token` is the caller's, null when users act for themselves.
services::plan_document plan_of(context& ctx, const deletion& work, const selected& who,
                                const arguments& args, const auth::token* token);

}  // namespace ostclean::cmd
