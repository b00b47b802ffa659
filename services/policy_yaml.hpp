// The pieces that the policy file is read with: each checks what it takes, and complains with the
// line and the key.
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostclean::services {

/// Thrown while a policy is read; load_policy turns it into a value.
class complaint {
 public:
  complaint(const YAML::Mark& mark, std::string text)
      : line(mark.line + 1), text(std::move(text)) {}
  int line;
  std::string text;
};

void require_map(const YAML::Node& node, const std::string& path);
/// Unknown keys and keys given twice are complaints; `known` also makes the message.
void require_keys(const YAML::Node& map, const std::string& path,
                  std::initializer_list<std::string_view> known);

/// A text that is not empty and has no white space around it.
std::string text_of(const YAML::Node& node, const std::string& path);
/// A list of such texts; none when there is no such node.
std::vector<std::string> texts_of(const YAML::Node& node, const std::string& path);
int days_of(const YAML::Node& node, const std::string& path);
bool truth_of(const YAML::Node& node, const std::string& path);

}  // namespace ostclean::services
