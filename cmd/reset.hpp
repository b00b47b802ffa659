// The two ways of `reset` to act as somebody later: cmd/reset.cpp reads the command line and
// selects, reset_passwords.cpp and reset_trusts.cpp do the work.
#pragma once

#include "cmd/changing.hpp"
#include "services/selection.hpp"

namespace ostclean::cmd {

/// New passwords for the selected accounts, written to --credentials. The exit code.
boost::asio::awaitable<result<int>> reset_passwords(context& ctx, const arguments& args,
                                                    services::selection all, change_mode mode);

/// Trusts for --trust, written to --trusts, of the selected accounts or, with --auth-project, of
/// the caller.
boost::asio::awaitable<result<int>> reset_trusts(context& ctx, const arguments& args,
                                                 services::selection all, change_mode mode);

/// Deletes the trusts of a file; those that are gone are fine.
boost::asio::awaitable<result<int>> end_trusts(context& ctx, const arguments& args,
                                               change_mode mode);

}  // namespace ostclean::cmd
