// Versions in service URLs: finding the one a catalog URL has, and choosing one from the version
// document a service shows at its root. Pure functions; the session does the asking. Follows the
// API-WG guideline "version discovery" and the shapes the services really send.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace ostclean::auth {

/// "https://host/volume/v3/PROJECT" = root "https://host/volume", version "v3", tail "/PROJECT".
class service_url {
 public:
  service_url() = default;
  std::string root, version, tail;
  std::string with(const std::string& version) const;  ///< no slash at the end
};

/// `project_id` is looked for at the end ("/ID" or "/AUTH_ID"), may be empty.
service_url split_url(std::string_view url, std::string_view project_id);

/// "2" of "v2.15"; empty when it is no version.
std::string major_of(std::string_view version);

/// The path segment ("v2.1", or "" for the root itself) of the highest CURRENT, SUPPORTED or stable
/// version of that major; nullopt when the document offers none. Hosts in its links are ignored:
/// they are often internal names.
std::optional<std::string> best_version(const boost::json::value& document, std::string_view major);

/// What the version segment of that major is called by convention: "v2.0" for network, else "v2".
std::string conventional_version(std::string_view service_type, std::string_view major);

/// openstacksdk knows these two without asking: their roots are often closed.
bool is_never_discovered(std::string_view service_type);

/// %(project_id)s, $(tenant_id)s and so on become the project's id.
std::string fill_placeholders(std::string url, const std::string& project_id);

}  // namespace ostclean::auth
