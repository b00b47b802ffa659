#include "services/policy_yaml.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/trim.hpp>
#include <charconv>

namespace ostclean::services {
namespace {

constexpr int k_most_policy_days = 1000000;

}  // namespace

void require_map(const YAML::Node& node, const std::string& path) {
  if (!node.IsMap()) throw complaint(node.Mark(), fmt::format("{} must be a mapping", path));
}

/// With white space around it, a name is equal to no name there is.
std::string text_of(const YAML::Node& node, const std::string& path) {
  if (!node.IsScalar() || node.Scalar().empty())
    throw complaint(node.Mark(), fmt::format("{} must be a non-empty text", path));
  if (boost::algorithm::trim_copy(node.Scalar()) != node.Scalar())
    throw complaint(node.Mark(), fmt::format("{} must not begin or end with white space: '{}'",
                                             path, boost::algorithm::trim_copy(node.Scalar())));
  return node.Scalar();
}

int days_of(const YAML::Node& node, const std::string& path) {
  const bool plain = node.IsScalar() && node.Tag() != "!";
  const std::string text = plain ? node.Scalar() : std::string();
  int days = -1;
  const auto end = text.data() + text.size();
  const auto [stop, ec] = std::from_chars(text.data(), end, days);
  if (!plain || ec != std::errc() || stop != end || days < 0 || days > k_most_policy_days)
    throw complaint(node.Mark(), fmt::format("{} must be a whole number of days from 0 to {}", path,
                                             k_most_policy_days));
  return days;
}

std::vector<std::string> texts_of(const YAML::Node& node, const std::string& path) {
  if (!node.IsDefined() || node.IsNull()) return {};
  if (!node.IsSequence()) throw complaint(node.Mark(), fmt::format("{} must be a list", path));
  std::vector<std::string> all;
  for (const auto& entry : node) all.push_back(text_of(entry, path));
  return all;
}

void require_keys(const YAML::Node& map, const std::string& path,
                  std::initializer_list<std::string_view> known) {
  std::vector<std::string> seen;
  for (const auto& pair : map) {
    const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : "";
    const std::string full = path.empty() ? key : fmt::format("{}.{}", path, key);
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      std::string names;
      for (const auto name : known) names.append(names.empty() ? "" : ", ").append(name);
      throw complaint(pair.first.Mark(), fmt::format("unknown key {} (known: {})", full, names));
    }
    if (std::find(seen.begin(), seen.end(), key) != seen.end())
      throw complaint(pair.first.Mark(), fmt::format("key {} is given twice", full));
    seen.push_back(key);
  }
}

bool truth_of(const YAML::Node& node, const std::string& path) {
  bool truth = false;
  if (!node.IsScalar() || node.Tag() == "!" || !YAML::convert<bool>::decode(node, truth))
    throw complaint(node.Mark(), fmt::format("{} must be true or false", path));
  return truth;
}

}  // namespace ostclean::services
