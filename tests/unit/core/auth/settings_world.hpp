// A home with clouds.yaml and its like, and an environment: what settings are made from.
#pragma once

#include "core/auth/settings.hpp"
#include "tests/unit/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

namespace ostclean::auth::settings_test {

using texts = std::map<std::string, std::string>;
using names = std::vector<std::string>;

class world {
 public:
  world() {
    variables["HOME"] = folder.path + "/home";
    variables["XDG_CONFIG_DIRS"] = folder.path + "/site";
  }

  void clouds(const std::string& text) { folder.write("home/.config/openstack/clouds.yaml", text); }
  void secure(const std::string& text, mode_t mode = 0600) {
    folder.write("home/.config/openstack/secure.yaml", text, mode);
  }
  void profiles(const std::string& text) {
    folder.write("home/.config/openstack/clouds-public.yaml", text);
  }

  result<settings> load(const texts& options = {}) const {
    return auth::load_settings(options, [this](const std::string& name) {
      auto at = variables.find(name);
      return at == variables.end() ? std::nullopt : std::optional{at->second};
    });
  }
  settings good(const texts& options = {}) const {
    auto loaded = load(options);
    BOOST_REQUIRE_MESSAGE(loaded.has_value(), loaded.error().line());
    return *loaded;
  }
  error bad(const texts& options = {}) const {
    auto loaded = load(options);
    BOOST_REQUIRE(loaded.has_error());
    BOOST_TEST((loaded.error().code == errc::config));
    return loaded.error();
  }

  testing::temporary_folder folder;
  texts variables;
};

inline const std::string one = R"(clouds:
  one:
    auth: {auth_url: "http://k:5000/v3", username: ann, password: secret, project_name: p}
    region_name: R1
)";
inline const std::string two = one + R"(  two:
    auth: {auth_url: "http://two:5000", user_id: u2, password: secret2, project_id: p2}
)";

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

}  // namespace ostclean::auth::settings_test
