// Options that mean the same on every command that has them, so that they also read the same.
#pragma once

#include "cmd/command.hpp"

#include <span>
#include <vector>

namespace ostclean::cmd {

constexpr option_spec k_yes_option{.name = "yes", .letter = 'y', .help = "do not ask"};
constexpr option_spec k_project_domain_option{
    .name = "project-domain", .argument = "DOMAIN", .help = "the domain of projects given by name"};
constexpr option_spec k_user_domain_option{
    .name = "user-domain", .argument = "DOMAIN", .help = "the domain of users given by name"};
constexpr option_spec k_users_option{
    .name = "users",
    .argument = "FILE",
    .help = "the users of a file ('users -f json' writes it; '-' is standard input)",
    .words = "<file>"};
constexpr option_spec k_journal_option{.name = "journal",
                                       .argument = "FILE",
                                       .help = "where the record of this run goes",
                                       .words = "<file>"};
constexpr option_spec k_report_option{.name = "report",
                                      .argument = "FILE",
                                      .help = "also write the JSON result to FILE.json",
                                      .words = "<file>"};

/// `first`, then `more`.
inline std::vector<option_spec> joined(std::span<const option_spec> first,
                                       std::span<const option_spec> more) {
  std::vector<option_spec> rows(first.begin(), first.end());
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

}  // namespace ostclean::cmd
