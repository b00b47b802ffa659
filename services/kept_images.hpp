// The file of `delete --keep-images`: what `images` printed, in any form, or the record of `stop`.
#pragma once

#include "core/error.hpp"
#include "services/cloud_identity.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace ostclean::services {

class kept_images {
 public:
  kept_images() = default;
  std::set<std::string> ids;
  std::optional<cloud_identity> cloud;  ///< of a record of stop
  /// A record of stop knows of the images of these projects only.
  std::optional<std::set<std::string>> projects;
};

/// errc::config. An empty list of `images -f json` is fine, an empty file is not: something that
/// should have written it has failed.
result<kept_images> read_kept_images(const std::string& file);

/// The same on text that is no record; `name` stands for the file in messages.
result<kept_images> parse_kept_images(std::string_view text, const std::string& name);

}  // namespace ostclean::services
