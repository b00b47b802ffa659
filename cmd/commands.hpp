// The commands by name. Each row lives beside the code it starts; commands.cpp puts them in order.
#pragma once

#include "cmd/command.hpp"

namespace ostclean::cmd {

command auth_command();
command delete_command();
command help_command();
command images_command();
command kinds_command();
command purge_command();
command recategorize_command();
command reset_command();
command stop_command();
command users_command();
command version_command();
command vmexclude_create_command();
command vmexclude_delete_command();
command vmexclude_list_command();
command vmexclude_show_command();
command vmexpire_add_command();
command vmexpire_delete_command();
command vmexpire_extend_command();
command vmexpire_list_command();
command vmexpire_show_command();

/// "vmexpire" "list" or "users"; null when there is none. `used`: how many of the words are the
/// name.
const command* find_command(std::span<const std::string> words, std::size_t& used);

/// errc::usage with what was probably meant.
error unknown_command(const std::string& name);

/// The first words of all names, each once, in table order.
std::vector<std::string_view> command_words();
/// The second words of the commands that begin with `first`.
std::vector<std::string_view> verbs_of(std::string_view first);

}  // namespace ostclean::cmd
