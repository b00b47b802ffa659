// `users --notify`: each expiring user is warned once for an expiry date, by mail or through a
// service of the cloud's own.
#pragma once

#include "cmd/context.hpp"
#include "services/accounts.hpp"

#include <vector>

namespace ostclean::cmd {

/// The options beside those of `users`; errc::usage when they contradict each other or need
/// --notify.
result<void> check_notify(const arguments& args);

/// Warns the accounts that are expiring. The exit code.
boost::asio::awaitable<result<int>> notify(context& ctx, const arguments& args,
                                           services::identity& from,
                                           const std::vector<services::account>& accounts);

}  // namespace ostclean::cmd
