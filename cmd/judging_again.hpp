// The last look before the first DELETE: planning takes minutes and a question on the terminal as
// long as the operator wants, and whoever was promoted or extended meanwhile is to be left alone.
#pragma once

#include "cmd/deletion.hpp"

namespace ostclean::cmd {

/// Selects once more and drops from `work` the projects that were reached through a user who may no
/// longer be touched, and of those in `coming` that were named themselves what is protected by now;
/// they are said on stderr. An error means that nothing may be deleted.
boost::asio::awaitable<result<void>> judge_again(context& ctx, const arguments& args,
                                                 const selected& before, deletion& work,
                                                 std::set<std::string> coming);

}  // namespace ostclean::cmd
