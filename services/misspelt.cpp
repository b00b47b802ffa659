#include "services/misspelt.hpp"

#include "core/bounded.hpp"
#include "services/trial.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <optional>
#include <set>

namespace ostclean::services {
namespace {

constexpr std::size_t k_at_once = 8;

std::string_view word_of(const expected_name& one) {
  static constexpr std::string_view words[] = {"user", "project", "role"};
  return words[static_cast<std::size_t>(one.what)];
}

/// What came of looking for each name.
class look_up {
 public:
  look_up(identity& from, const policy& rules)
      : there(rules.expected.size()), from_(from), rules_(rules) {}

  http::asio::awaitable<void> operator()(std::size_t i) {
    const auto& wanted = rules_.expected[i];
    std::string name = wanted.name;
    using kind = expected_name::kind;
    if (wanted.what == kind::user)
      there[i] = co_await from_.has_user(std::move(name));
    else if (wanted.what == kind::project)
      there[i] = co_await from_.has_project(std::move(name));
    else
      there[i] = co_await from_.has_role(std::move(name));
  }

  std::vector<std::optional<result<bool>>> there;

 private:
  identity& from_;
  const policy& rules_;
};

error misspelt(const std::string& file, const std::string& names, int line) {
  error why(errc::config, fmt::format("{}:{}: protect: {}: what is misspelt is not protected", file,
                                      line, names));
  why.hint = "correct it, or write {name: NAME, optional: true} for what need not exist";
  return why;
}

}  // namespace

identity::answer<std::vector<std::string>> check_protections(identity& from, const policy& rules) {
  look_up all(from, rules);
  co_await run_bounded(all.there.size(), k_at_once, all);
  std::vector<std::string> warnings;
  std::string unknown;
  int line = 0;
  for (std::size_t i = 0; i < all.there.size(); ++i) {
    const auto& one = rules.expected[i];
    const auto& found = *all.there[i];
    const auto what = fmt::format("protected {} '{}'", word_of(one), one.name);
    if (!found && found.error().code != errc::forbidden) co_return found.error();
    if (!found)
      warnings.push_back(what + " cannot be looked up: " + found.error().message);
    else if (!*found && unknown.empty())
      line = one.line;
    if (found && !*found)
      unknown +=
          fmt::format("{}there is no {} '{}'", unknown.empty() ? "" : ", ", word_of(one), one.name);
  }
  if (!unknown.empty()) co_return misspelt(rules.file, unknown, line);
  co_return warnings;
}

std::vector<std::string> unused_email_domains(const std::vector<user>& everyone,
                                              const policy& rules) {
  std::set<std::string> used;
  for (const auto& who : everyone) used.insert(email_domain(who.email));
  std::vector<std::string> warnings;
  for (const auto& domain : rules.protected_email_domains)
    if (!used.contains(boost::algorithm::to_lower_copy(domain)))
      warnings.push_back(
          fmt::format("no user has an address of the protected email domain {}", domain));
  return warnings;
}

}  // namespace ostclean::services
