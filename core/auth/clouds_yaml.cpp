#include "core/auth/clouds_yaml.hpp"

#include "core/auth/descriptor.hpp"
#include "core/yaml.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>
#include <algorithm>
#include <boost/json/stream_parser.hpp>
#include <vector>

namespace ostclean::auth {
namespace {

namespace json = boost::json;

constexpr std::size_t k_most_yaml_bytes = 4UL << 20;
constexpr int most_nodes = 100'000;  // aliases of aliases grow without bound
constexpr int most_levels = 32;      // an anchor may contain itself

class converter {
 public:
  json::value convert(const YAML::Node& node, int level) {
    if (++nodes_ > most_nodes) throw YAML::Exception(node.Mark(), "too many values");
    if (level > most_levels) throw YAML::Exception(node.Mark(), "nested too deeply");
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        return json::value(json::string(node.Scalar()));
      case YAML::NodeType::Sequence: {
        json::array list;
        for (const auto& item : node) list.push_back(convert(item, level + 1));
        return list;
      }
      case YAML::NodeType::Map:
        return convert_map(node, level);
      default:
        return nullptr;
    }
  }

 private:
  json::object convert_map(const YAML::Node& node, int level) {
    json::object map, merged;
    for (const auto& item : node) {
      const auto& key = item.first;
      const auto& value = item.second;
      if (!key.IsScalar()) continue;
      if (key.Scalar() == "<<" && !value.IsScalar())
        merge(merged, convert(value, level + 1));
      else
        map[key.Scalar()] = convert(value, level + 1);
    }
    for (auto& [key, value] : merged)
      if (!map.contains(key)) map[key] = value;
    return map;
  }

  // Of several maps under one `<<` the first that has a key wins.
  static void merge(json::object& into, const json::value& from) {
    if (from.is_array())
      for (const auto& item : from.get_array()) merge(into, item);
    if (from.is_object())
      for (const auto& [key, value] : from.get_object())
        if (!into.contains(key)) into[key] = value;
  }

  int nodes_ = 0;
};

error cannot_parse(const std::string& path, long line, const std::string& why) {
  auto at = line > 0 ? ", line " + std::to_string(line) : std::string{};
  return error{errc::config, "cannot parse " + path + at + ": " + why};
}

// What yaml-cpp says, without the words of the file that newer versions put after a colon: they may
// be of a password.
std::string complaint_of(const YAML::Exception& e) { return e.msg.substr(0, e.msg.find(':')); }

result<json::value> parse_json(const std::string& text, const std::string& path) {
  json::stream_parser parser;
  boost::system::error_code ec;
  auto used = parser.write_some(text, ec);
  if (!ec) parser.finish(ec);
  if (ec) {
    auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(used, text.size()));
    return cannot_parse(path, 1 + std::count(text.begin(), end, '\n'), ec.message());
  }
  return parser.release();
}

// Nullopt: not there, not readable or no file, so that the search goes on as openstacksdk's does.
std::optional<std::string> read(const std::string& path, mode_t& mode) {
  // A FIFO is read as far as somebody writes to it, and not waited for.
  descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat about {};
  if (!file || ::fstat(file.get(), &about) != 0 || S_ISDIR(about.st_mode)) return {};
  ::fcntl(file.get(), F_SETFL, 0);
  mode = about.st_mode;
  std::string text;
  char buffer[16384];
  for (;;) {
    auto got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0) return {};
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > k_most_yaml_bytes) return text;
  }
}

std::string non_empty(const environment& env, const std::string& name) {
  return env(name).value_or(std::string{});
}

std::vector<std::string> search_path(const environment& env) {
  std::vector<std::string> folders{"."};
  auto home = home_folder(env);
  if (auto dir = non_empty(env, "XDG_CONFIG_HOME"); !dir.empty())
    folders.push_back(dir + "/openstack");
  if (!home.empty()) folders.push_back(home + "/.config/openstack");
  auto site = non_empty(env, "XDG_CONFIG_DIRS");
  if (site.empty()) site = "/etc/xdg";
  for (std::size_t from = 0; from <= site.size();) {
    auto to = std::min(site.find(':', from), site.size());
    if (to > from) folders.push_back(site.substr(from, to - from) + "/openstack");
    from = to + 1;
  }
  folders.emplace_back("/etc/openstack");
  return folders;
}

result<config_file> accept(const std::string& path, const std::string& text, mode_t mode) {
  if (text.size() > k_most_yaml_bytes) return cannot_parse(path, 0, "longer than 4 MiB");
  auto tree = path.ends_with(".json") ? parse_json(text, path) : parse_yaml(text, path);
  if (!tree) return tree.error();
  config_file file;
  file.path = path;
  file.open_to_others = S_ISREG(mode) && (mode & 077) != 0;
  if (tree->is_null()) return file;
  if (!tree->is_object()) return cannot_parse(path, 1, "not a mapping");
  file.root = std::move(tree->get_object());
  return file;
}

}  // namespace

result<json::value> parse_yaml(const std::string& text, const std::string& path) {
  try {
    return converter{}.convert(load_only_document(text), 0);
  } catch (const YAML::Exception& e) {
    return cannot_parse(path, e.mark.is_null() ? 0 : e.mark.line + 1L, complaint_of(e));
  } catch (const std::exception& e) {
    return cannot_parse(path, 0, e.what());
  }
}

std::string home_folder(const environment& env) {
  auto home = non_empty(env, "SNAP_REAL_HOME");
  return home.empty() ? non_empty(env, "HOME") : home;
}

result<config_file> find_config(std::string_view name, const std::optional<std::string>& first,
                                const environment& env) {
  std::vector<std::string> candidates;
  if (first && !first->empty()) candidates.push_back(*first);
  for (const auto& folder : search_path(env))
    for (auto ending : {".yaml", ".yml", ".json"})
      candidates.push_back(folder + "/" + std::string{name} + ending);
  for (const auto& path : candidates) {
    mode_t mode = 0;
    if (auto text = read(path, mode)) return accept(path, *text, mode);
  }
  return config_file{};
}

}  // namespace ostclean::auth
