#include "services/chosen_users.hpp"

#include "services/selection_files.hpp"

#include <fmt/core.h>

#include <set>

namespace ostclean::services {
namespace {

void add(chosen_users& to, std::set<std::string>& seen, user who) {
  if (seen.insert(who.id).second) to.users.push_back(std::move(who));
}

template <class T>
std::vector<listed_user> listed(file_entries<T>& file, std::vector<std::string>& warnings) {
  for (auto& line : file.warnings) warnings.push_back(std::move(line));
  std::vector<listed_user> all;
  for (const auto& one : file.entries) {
    if constexpr (std::is_same_v<T, listed_user>)
      all.push_back(one);
    else
      all.emplace_back(one.user_id, one.where);
  }
  return all;
}

/// Ids with the place each stands at. A line that has only a name cannot be taken: which domain?
result<std::vector<listed_user>> from_files(const user_choice& wanted,
                                            std::vector<std::string>& warnings) {
  std::vector<listed_user> all;
  const auto take = [&](std::vector<listed_user> more) {
    for (auto& one : more) all.push_back(std::move(one));
  };
  if (!wanted.users_file.empty()) {
    auto file = read_users_file(wanted.users_file);
    if (!file) return file.error();
    take(listed(*file, warnings));
  }
  if (!wanted.credentials_file.empty()) {
    auto file = read_credentials_file(wanted.credentials_file);
    if (!file) return file.error();
    take(listed(*file, warnings));
  }
  if (!wanted.trusts_file.empty()) {
    auto file = read_trusts_file(wanted.trusts_file);
    if (!file) return file.error();
    take(listed(*file, warnings));
  }
  for (const auto& one : all)
    if (one.id.empty()) return error(errc::config, fmt::format("{}: no user id", one.where));
  return all;
}

}  // namespace

identity::answer<std::vector<user>> users_of_project(identity& from, std::string id_or_name,
                                                     std::string domain) {
  auto place = co_await from.find_project(id_or_name, domain);
  if (!place) co_return place.error();
  auto everyone = co_await from.all_users();
  if (!everyone) co_return everyone.error();
  std::erase_if(*everyone, [&](const user& who) { return who.own_project() != place->id; });
  if (everyone->empty())
    co_return error(errc::config, fmt::format("project {} is nobody's own project", place->name));
  co_return std::move(*everyone);
}

identity::answer<chosen_users> choose_users(identity& from, user_choice wanted) {
  chosen_users made;
  std::set<std::string> seen;
  // Files first: a damaged one costs no request.
  auto ids = from_files(wanted, made.warnings);
  if (!ids) co_return ids.error();
  for (const auto& name : wanted.projects) {
    auto there = co_await users_of_project(from, name, wanted.project_domain);
    if (!there) co_return there.error();
    for (auto& who : *there) add(made, seen, std::move(who));
  }
  for (const auto& name : wanted.users) {
    auto one = co_await from.find_user(name, wanted.user_domain);
    if (!one) co_return one.error();
    add(made, seen, std::move(*one));
  }
  std::vector<std::string> wanted_ids;
  for (const auto& one : *ids) wanted_ids.push_back(one.id);
  auto known = co_await from.users_by_id(std::move(wanted_ids));
  if (!known) co_return known.error();
  for (const auto& one : *ids) {
    const auto who = known->find(one.id);
    if (who == known->end())
      co_return error(errc::config, fmt::format("{}: no user with id {}", one.where, one.id));
    add(made, seen, who->second);
  }
  co_return made;
}

}  // namespace ostclean::services
