#include "cmd/commands.hpp"

#include "cmd/options.hpp"

#include <algorithm>
#include <array>

namespace ostclean::cmd {
namespace {

std::string_view first_word(std::string_view name) { return name.substr(0, name.find(' ')); }

}  // namespace

std::span<const command> commands() {
  static const std::array table{
      users_command(),
      reset_command(),
      stop_command(),
      images_command(),
      delete_command(),
      purge_command(),
      recategorize_command(),
      vmexpire_list_command(),
      vmexpire_show_command(),
      vmexpire_extend_command(),
      vmexpire_delete_command(),
      vmexpire_add_command(),
      vmexclude_list_command(),
      vmexclude_show_command(),
      vmexclude_create_command(),
      vmexclude_delete_command(),
      auth_command(),
      kinds_command(),
      help_command(),
      version_command(),
  };
  return table;
}

const command* find_command(std::span<const std::string> words, std::size_t& used) {
  for (used = std::min<std::size_t>(2, words.size()); used > 0; --used) {
    const std::string name = used == 2 ? words[0] + ' ' + words[1] : words[0];
    for (const auto& row : commands())
      if (row.name == name) return &row;
  }
  return nullptr;
}

error unknown_command(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& row : commands()) names.emplace_back(row.name);
  for (auto word : command_words()) names.emplace_back(word);
  const std::string near = did_you_mean(name, names);
  error e{errc::usage, "'" + name + "' is not a command"};
  e.hint = near.empty() ? "see 'ostclean help'" : "did you mean " + near;
  return e;
}

std::vector<std::string_view> command_words() {
  std::vector<std::string_view> list;
  for (const auto& row : commands())
    if (list.empty() || list.back() != first_word(row.name)) list.push_back(first_word(row.name));
  return list;
}

std::vector<std::string_view> verbs_of(std::string_view first) {
  std::vector<std::string_view> list;
  for (const auto& row : commands())
    if (row.name.size() > first.size() && first_word(row.name) == first)
      list.push_back(row.name.substr(first.size() + 1));
  return list;
}

}  // namespace ostclean::cmd
