// Settings as text with their origin, and the rules by which a later layer beats an earlier one
// (openstacksdk's fix-ups, python-openstackclient's "what is set beats what is written").
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <string_view>

namespace ostclean::auth {

class setting {
 public:
  setting() = default;
  setting(std::string value, std::string source)
      : value(std::move(value)), source(std::move(source)) {}

  std::string value;   ///< never empty in a map
  std::string source;  ///< "OS_PASSWORD", "--os-cloud", "/etc/openstack/clouds.yaml"
};

using setting_map = std::map<std::string, setting, std::less<>>;

/// One cloud, profile or region of a file as flat settings: `auth` beats the top level, `-` becomes
/// `_`, lists become comma lists, maps other than `auth` are left out.
setting_map flatten(const boost::json::object& from, const std::string& source);

/// Old names become today's: tenant_* -> project_*, auth_plugin, *_endpoint_type. Names of today
/// win.
void modernise(setting_map& settings);

/// `over` beats `base` key by key. A name given beats an id of an earlier layer and the other way
/// round, else Keystone would follow the id and ignore what was said last.
void overlay(setting_map& base, const setting_map& over);

/// domain_id and domain_name become the user's and the project's domain where there is a project.
void spread_domain(setting_map& settings);

/// {key} in a value becomes that key's value; secrets are left alone.
void expand_braces(setting_map& settings);

/// The value, or an empty text.
std::string value_of(const setting_map& settings, std::string_view key);

bool is_secret(std::string_view key);

}  // namespace ostclean::auth
