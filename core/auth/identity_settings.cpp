// What settings are enough to ask for a token, and what to tell a user whose settings are not.
#include "core/auth/settings.hpp"
#include "core/http/redact.hpp"

namespace ostclean::auth {
namespace {

error missing(const settings& who, const std::string& what, const std::string& variable,
              const std::string& key) {
  error e{errc::config, what + " is not set"};
  auto cloud =
      who.cloud.empty() || who.cloud == "envvars" ? std::string{"a cloud"} : "cloud " + who.cloud;
  e.hint = "set " + variable + ", or write " + key + " into the auth section of " + cloud +
           " in clouds.yaml";
  return e;
}

std::optional<error> check_url(const settings& who) {
  if (who.auth_url.starts_with("http://") || who.auth_url.starts_with("https://")) return {};
  if (!who.auth_url.empty())
    return error{errc::config,
                 "auth_url " + http::redact_url(who.auth_url) + " is not an http or https URL"};
  auto e = missing(who, "auth_url", "OS_AUTH_URL", "auth_url");
  if (who.cloud.empty() && !who.known_clouds.empty()) {
    std::string names;
    for (const auto& name : who.known_clouds) names += (names.empty() ? "" : ", ") + name;
    e.message = "no cloud is chosen";
    e.hint = "give --os-cloud or set OS_CLOUD to one of: " + names;
  }
  return e;
}

bool has_user(const settings& who) { return !who.user_id.empty() || !who.username.empty(); }

std::optional<error> check_application_credential(const settings& who) {
  if (who.application_credential_secret.empty())
    return missing(who, "application_credential_secret", "OS_APPLICATION_CREDENTIAL_SECRET",
                   "application_credential_secret");
  if (!who.application_credential_id.empty()) return {};
  if (who.application_credential_name.empty())
    return missing(who, "application_credential_id", "OS_APPLICATION_CREDENTIAL_ID",
                   "application_credential_id");
  if (!has_user(who)) {
    auto e = missing(who, "the user of the application credential", "OS_USERNAME", "username");
    e.hint += ", or give the application credential by its id";
    return e;
  }
  return {};
}

}  // namespace

std::optional<error> settings::incomplete() const {
  if (auto e = check_url(*this)) return e;
  if (auth_type == "v3applicationcredential") return check_application_credential(*this);
  if (auth_type == "token") {
    if (token.empty()) return missing(*this, "token", "OS_TOKEN", "token");
    return {};
  }
  if (auth_type != "password" && auth_type != "v3totp") {
    error e{errc::config, "auth_type " + auth_type + " is not supported"};
    e.hint = "supported are password, token, v3applicationcredential and v3totp";
    return e;
  }
  if (!has_user(*this)) return missing(*this, "username", "OS_USERNAME", "username");
  if (auth_type == "v3totp" && passcode.empty())
    return missing(*this, "passcode", "OS_PASSCODE", "passcode");
  if (auth_type == "password" && password.empty())
    return missing(*this, "password", "OS_PASSWORD", "password");
  return {};
}

std::vector<std::string> settings::wanted_regions() const {
  if (region.empty()) return regions;
  return {region};
}

result<settings> settings::rescoped(auth::scope to) const {
  if (auth_type == "v3applicationcredential") {
    error e{errc::auth,
            "an application credential is bound to its project and cannot act on "
            "another one"};
    e.hint = "use a password or a trust";
    return e;
  }
  auto copy = *this;
  copy.scope = std::move(to);
  return copy;
}

scope scope::of_project(std::string id) {
  scope s;
  s.project_id = std::move(id);
  return s;
}

scope scope::of_trust(std::string id) {
  scope s;
  s.trust_id = std::move(id);
  return s;
}

}  // namespace ostclean::auth
