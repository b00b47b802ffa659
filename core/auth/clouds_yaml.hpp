// Finds and reads clouds.yaml, secure.yaml and clouds-public.yaml where openstacksdk looks for
// them, and hands them on as JSON values. Whatever a file holds, what comes out is a tree of
// bounded size or one line that names file and line.
#pragma once

#include "core/error.hpp"

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ostclean::auth {

using environment = std::function<std::optional<std::string>(const std::string&)>;

class config_file {
 public:
  config_file() = default;
  std::string path;  ///< empty when there is no such file anywhere
  boost::json::object root;
  bool open_to_others = false;  ///< group or others may read it
};

/// The first readable NAME.yaml, .yml or .json of openstacksdk's search path; `first` (from
/// OS_CLIENT_CONFIG_FILE and the like) is tried before all others. No file is not an error; one
/// that does not parse is errc::config.
result<config_file> find_config(std::string_view name, const std::optional<std::string>& first,
                                const environment& env);

/// YAML text as JSON: scalars are strings, `<<` is merged, the last of equal keys wins. `path` is
/// for the message.
result<boost::json::value> parse_yaml(const std::string& text, const std::string& path);

/// $SNAP_REAL_HOME, else $HOME, else empty.
std::string home_folder(const environment& env);

}  // namespace ostclean::auth
