#include "cmd/completion.hpp"

#include "cmd/commands.hpp"
#include "cmd/options.hpp"
#include "core/auth/settings.hpp"
#include "services/kind.hpp"
#include "services/policy.hpp"

#include <array>
#include <cstdlib>
#include <optional>

namespace ostclean::cmd {
namespace {

using candidates = std::vector<std::string>;

constexpr std::array<std::string_view, 10> services{
    "compute",      "volume",        "image",         "network", "identity",
    "object-store", "orchestration", "load-balancer", "dns",     "vmexpire"};

candidates split(std::string_view words) {
  candidates list;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (end > 0) list.emplace_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return list;
}

candidates command_names() {
  candidates list;
  for (auto word : command_words()) list.emplace_back(word);
  return list;
}

candidates kind_names() {
  candidates list;
  for (const auto& kind : services::kinds()) list.emplace_back(kind.name);
  return list;
}

candidates role_names() {
  candidates list;
  const auto policy = services::load_policy("");
  if (!policy) return list;
  for (const auto& rule : policy->roles) list.push_back(rule.role);
  return list;
}

// Which clouds there are does not depend on which one is chosen, so the choice is left out.
candidates cloud_names() {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = name.starts_with("OS_") && !name.starts_with("OS_CLIENT_")
                            ? nullptr
                            : std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>{value};
  };
  auto loaded = auth::load_settings({}, environment);
  return loaded ? loaded->known_clouds : candidates{};
}

// What stands behind the placeholders of option_spec::words; <file> is the shell's own business.
candidates words_for(std::string_view placeholder) {
  if (!placeholder.starts_with('<')) return split(placeholder);
  if (placeholder == "<command>") return command_names();
  if (placeholder == "<interface>") return {"public", "internal", "admin"};
  if (placeholder == "<kind>") return kind_names();
  if (placeholder == "<role>") return role_names();
  if (placeholder == "<cloud>") return cloud_names();
  return {};
}

void add_option_names(candidates& list, std::span<const option_spec> rows) {
  for (const auto& row : rows) {
    const std::string name = "--" + std::string{row.name};
    const std::size_t wild = name.find("SERVICE");
    if (wild == std::string::npos) {
      list.push_back(name);
      if (row.letter != 0) list.push_back(std::string{'-', row.letter});
      continue;
    }
    for (auto service : services)
      list.push_back(name.substr(0, wild) + std::string{service} + name.substr(wild + 7));
  }
}

candidates filtered(const candidates& all, std::string_view begin, const std::string& before = {}) {
  candidates list;
  for (const auto& word : all)
    if (word.starts_with(begin)) list.push_back(before + word);
  return list;
}

// "--format=j" and "--format" "j" alike; nullptr row when the last word is no argument.
const option_spec* wanting(std::span<const std::string> words, std::span<const option_spec> rows) {
  if (words.size() < 2) return nullptr;
  const std::string& before = words[words.size() - 2];
  if (before == "--" || before.find('=') != std::string::npos) return nullptr;
  const option_spec* row = find_option(before, rows);
  return row != nullptr && !row->argument.empty() ? row : nullptr;
}

candidates verb_names(std::string_view group) {
  candidates verbs;
  for (auto verb : verbs_of(group)) verbs.emplace_back(verb);
  return verbs;
}

candidates positional(std::span<const std::string> words, std::size_t at, const command* what) {
  const std::size_t before = words.size() - 1 - at;  // of the command line's own words
  if (what != nullptr && what->words == "<command>" && before > 1)
    return before == 2 ? verb_names(words[at + 1]) : candidates{};
  if (what != nullptr) return words_for(what->words);
  if (before == 0) return command_names();
  return before == 1 ? verb_names(words[at]) : candidates{};
}

}  // namespace

std::vector<std::string> complete(std::span<const std::string> words) {
  if (words.empty()) return {};
  const std::string& current = words.back();
  const std::size_t at =
      std::min(command_position(words.first(words.size() - 1)), words.size() - 1);
  std::size_t used = 0;
  const command* what = at + 1 < words.size()
                            ? find_command(words.subspan(at, words.size() - 1 - at), used)
                            : nullptr;
  command none;
  none.lists = true;
  const auto rows = options_of(what != nullptr ? *what : none);
  if (const auto* row = wanting(words, rows)) return filtered(words_for(row->words), current);
  if (current.starts_with("--") && current.find('=') != std::string::npos) {
    const std::size_t equals = current.find('=') + 1;
    const auto* row = find_option(current, rows);
    if (row == nullptr) return {};
    return filtered(words_for(row->words), current.substr(equals), current.substr(0, equals));
  }
  candidates list;
  if (current.starts_with('-'))
    add_option_names(list, rows);
  else
    list = positional(words, at, what);
  return filtered(list, current);
}

}  // namespace ostclean::cmd
