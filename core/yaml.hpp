// Reads a file's YAML as the one document it has to be. YAML::Load reads the first and says nothing
// of what follows it, and what follows may be the half that protects something.
#pragma once

#include <yaml-cpp/node/node.h>

#include <string>

namespace ostclean {

/// The document of `text` (YAML 1.2), a null node when there is none. Throws YAML::Exception with a
/// mark for what does not parse and where a second document begins.
YAML::Node load_only_document(const std::string& text);

}  // namespace ostclean
