// The options that say whose projects a changing command works on, the same for every such command,
// and the way from them to services::selection: as the caller, or as each user of a credentials or
// trusts file.
#pragma once

#include "cmd/context.hpp"
#include "services/selection.hpp"

#include <map>
#include <memory>
#include <string>

namespace ostclean::cmd {

/// Rows for the table of a command's options.
std::span<const option_spec> selector_options();

class selected {
 public:
  selected() = default;
  services::selection all;
  bool as_users = false;  ///< no administrator's token may be sent
  /// The sessions of the users that act themselves, by user id and project id.
  std::map<std::string, std::shared_ptr<auth::session>> sessions;
};

/// Reads the files, asks Keystone, applies the rules. Warnings and whom it leaves alone are said on
/// stderr. `resumed`: whose old loans are given back, as services::settlement has it.
boost::asio::awaitable<result<selected>> select_targets(context& ctx, const arguments& args,
                                                        std::string resumed = std::string());

/// The same for what changes something: before it the policy's protections are looked up. Users
/// who act for themselves may not do that, which is said.
boost::asio::awaitable<result<selected>> select_unprotected(context& ctx, const arguments& args);

/// The same selection once more, for those who were selected `before`; says nothing.
boost::asio::awaitable<result<selected>> select_again(context& ctx, const arguments& args,
                                                      const selected& before);

/// Why nothing may be done any more in a project that was named itself: the policy's reason, or
/// that it is gone; empty where there is none.
boost::asio::awaitable<result<std::string>> look_again(context& ctx, std::string project_id);

/// The policy's protections are looked up as the caller: errc::config where one is misspelt. What
/// cannot be looked up is warned about.
boost::asio::awaitable<result<void>> check_protections(context& ctx);

/// The part of select_targets() that acts as the caller.
boost::asio::awaitable<result<services::selection>> select_as_caller(
    context& ctx, services::selectors wanted, std::string resumed = std::string());
/// What a run that ended with `code` ends with when somebody of its selection was refused or could
/// not log in: done is then partly done, or nothing at all.
int code_for(int code, const services::selection& all);

/// Warnings, and whom a selection leaves alone, on stderr.
void tell_selection(context& ctx, const services::selection& all);
/// The users of --credentials or --trusts in the projects their logins are for, whether their trial
/// is over or not: for what gives something back.
boost::asio::awaitable<result<selected>> log_in_users(context& ctx, const arguments& args);

/// The Identity URL of the caller's session, up to and including /v3.
boost::asio::awaitable<result<std::string>> identity_url(auth::session& of);

/// The name under which `sessions` holds somebody.
std::string session_key(const std::string& user_id, const std::string& project_id);

}  // namespace ostclean::cmd
