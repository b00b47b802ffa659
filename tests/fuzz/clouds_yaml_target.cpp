// clouds.yaml: a tree of bounded size or one line that quotes nothing of the file; and of the
// settings made from it no secret is ever in what is shown.
#include "core/auth/clouds_yaml.hpp"
#include "core/auth/setting_map.hpp"
#include "core/auth/settings.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

using namespace ostclean;
using namespace ostclean::fuzz;
namespace json = boost::json;

namespace {

constexpr const char* marker = "hunter2";

/// All texts of a tree: the secrets apart, the rest and every key in one.
class texts {
 public:
  void take(const json::value& value, bool secret) {
    if (const auto* object = value.if_object()) {
      for (const auto& [key, inner] : *object) {
        std::string name{key};
        std::replace(name.begin(), name.end(), '-', '_');
        if (name == "auth_token") name = "token";
        rest += name + '\n';
        take(inner, secret || auth::is_secret(name));
      }
    } else if (const auto* list = value.if_array()) {
      for (const auto& inner : *list) take(inner, secret);
    } else if (const auto* text = value.if_string()) {
      if (secret)
        secrets.emplace(*text);
      else
        rest += std::string{*text} + '\n';
    }
  }
  std::set<std::string> secrets;
  std::string rest;
};

std::string shown(const result<auth::settings>& made) {
  if (!made) return made.error().line();
  std::string all;
  for (const auto& line : made->warnings) all += line + '\n';
  for (const auto& [name, source] : made->sources) all += name + '\n' + source + '\n';
  if (const auto why = made->incomplete()) all += why->line();
  return all;
}

void check_settings(std::string_view text, const json::value& tree, const char* ending) {
  const std::string file = scratch_file(std::string{"clouds"} + ending, text);
  const auto env = [&file](const std::string& name) -> std::optional<std::string> {
    if (name == "OS_CLIENT_CONFIG_FILE" || name == "OS_CLIENT_SECURE_FILE") return file;
    return std::nullopt;
  };
  texts all;
  all.take(tree, false);
  const auto said = shown(auth::load_settings({{"cloud", "c"}}, env));
  // A password of ordinary words may stand in a message that has them anyway.
  for (const auto& secret : all.secrets)
    if (secret.find(marker) != std::string::npos && all.rest.find(secret) == std::string::npos)
      require_hidden(said, secret);
}

/// As it is written, with what is escaped.
std::size_t longest_key(const json::value& value) {
  std::size_t longest = 0;
  if (const auto* object = value.if_object())
    for (const auto& [key, inner] : *object)
      longest = std::max({longest, json::serialize(json::string(key)).size(), longest_key(inner)});
  if (const auto* list = value.if_array())
    for (const auto& inner : *list) longest = std::max(longest, longest_key(inner));
  return longest;
}

/// JSON is YAML, so a tree can be written as that, while its keys are below YAML's 1024 bytes.
void check_again(const json::value& tree) {
  const std::string text = json::serialize(tree);
  boost::system::error_code ec;
  (void)json::parse(text, ec);
  if (ec || longest_key(tree) > 1000 || text.size() > 3000) return;
  const auto again = auth::parse_yaml(text, "again");
  require(again.has_value(), "a tree that was written is one", again ? text : again.error().line());
  require(*again == tree, "a tree survives being written", text);
}

}  // namespace

extern "C" int fuzz_clouds_yaml(const std::uint8_t* data, std::size_t size) {
  const std::string text{text_of(data, size)};
  const auto tree = auth::parse_yaml(text, "clouds.yaml");
  if (!tree) {
    require(tree.error().code == errc::config, "a file that is refused is a mistake in it");
    require(tree.error().message.starts_with("cannot parse clouds.yaml"),
            "an error names the file");
    require_hidden(tree.error().line(), marker);
    return 0;
  }
  check_settings(text, *tree, ".yaml");
  check_again(*tree);
  boost::system::error_code ec;
  if (const auto plain = json::parse(text, ec); !ec) check_settings(text, plain, ".json");
  return 0;
}
