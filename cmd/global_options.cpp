// The options every command takes, named as the OpenStack client names them, and the output options
// of the commands that list something.
#include "cmd/command.hpp"

#include <algorithm>

namespace ostclean::cmd {
namespace {

constexpr option_spec global_rows[] = {
    {"help", 'h', "", "show help and leave"},
    {"version", 0, "", "show the version and leave"},
    {"os-cloud", 0, "CLOUD", "the cloud of clouds.yaml (OS_CLOUD)", false, "<cloud>"},
    {"os-auth-type", 0, "TYPE", "how to authenticate (OS_AUTH_TYPE)"},
    {"os-auth-url", 0, "URL", "where Keystone answers (OS_AUTH_URL)"},
    {"os-username", 0, "NAME", "user (OS_USERNAME)"},
    {"os-user-id", 0, "ID", "user by id (OS_USER_ID)"},
    {"os-user-domain-name", 0, "NAME", "domain of the user (OS_USER_DOMAIN_NAME)"},
    {"os-user-domain-id", 0, "ID", "domain of the user by id (OS_USER_DOMAIN_ID)"},
    {"os-password", 0, "PASSWORD",
     "password; others on this machine can see it, so better clouds.yaml or OS_PASSWORD"},
    {"os-passcode", 0, "CODE", "one-time code of v3totp (OS_PASSCODE)"},
    {"os-token", 0, "TOKEN", "a token to authenticate with (OS_TOKEN)"},
    {"os-project-name", 0, "NAME", "project to work in (OS_PROJECT_NAME)"},
    {"os-project-id", 0, "ID", "project by id (OS_PROJECT_ID)"},
    {"os-project-domain-name", 0, "NAME", "domain of the project (OS_PROJECT_DOMAIN_NAME)"},
    {"os-project-domain-id", 0, "ID", "domain of the project by id (OS_PROJECT_DOMAIN_ID)"},
    {"os-domain-name", 0, "NAME", "domain to work in (OS_DOMAIN_NAME)"},
    {"os-domain-id", 0, "ID", "domain to work in by id (OS_DOMAIN_ID)"},
    {"os-default-domain", 0, "ID", "domain of users and projects without one (OS_DEFAULT_DOMAIN)"},
    {"os-system-scope", 0, "SCOPE", "work on the system: all (OS_SYSTEM_SCOPE)", false, "all"},
    {"os-trust-id", 0, "ID", "trust to act under (OS_TRUST_ID)"},
    {"os-application-credential-id", 0, "ID",
     "application credential (OS_APPLICATION_CREDENTIAL_ID)"},
    {"os-application-credential-name", 0, "NAME",
     "application credential by name (OS_APPLICATION_CREDENTIAL_NAME)"},
    {"os-application-credential-secret", 0, "SECRET",
     "its secret (OS_APPLICATION_CREDENTIAL_SECRET)"},
    {"os-region-name", 0, "REGION", "the one region to work in (OS_REGION_NAME)"},
    {"all-regions", 0, "", "every region of the catalog, whatever the settings say"},
    {"os-interface", 0, "INTERFACE", "which endpoints to use (OS_INTERFACE)", false, "<interface>"},
    {"os-SERVICE-endpoint-override", 0, "URL",
     "use this URL for a service such as compute, volume or image", true},
    {"os-SERVICE-api-version", 0, "VERSION",
     "API version of compute, volume, image, network or identity", true},
    {"os-SERVICE-service-type", 0, "TYPE",
     "the catalog's type of a service that goes by another one, such as vmexpire", true},
    {"os-cacert", 0, "FILE", "CA certificates to trust (OS_CACERT)", false, "<file>"},
    {"os-cert", 0, "FILE", "client certificate (OS_CERT)", false, "<file>"},
    {"os-key", 0, "FILE", "key of the client certificate (OS_KEY)", false, "<file>"},
    {"insecure", 0, "", "do not verify certificates of servers"},
    {"verify", 0, "", "verify them although the settings say otherwise"},
    {"timeout", 0, "SECONDS", "limit for one request, 60"},
    {"max-concurrency", 0, "N", "requests in flight at most, 32"},
    {"rate", 0, "N", "requests begun a second at most"},
    {"config", 0, "FILE", "the policy file", false, "<file>"},
    {"now", 0, "TIME", "rehearse as if it were then (RFC 3339)"},
    {"color", 0, "WHEN", "colour: auto, always or never", false, "auto always never"},
    {"verbose", 'v', "", "say more", true},
    {"quiet", 'q', "", "say nothing but errors and warnings"},
    {"debug", 0, "", "show every request and answer, without secrets"},
    {"timing", 0, "", "show how long each request took"},
    {"log-file", 0, "FILE", "append what goes to stderr to this file too", false, "<file>"},
};

constexpr option_spec output_rows[] = {
    {"format", 'f', "FORMAT", "table, json, ndjson, csv, value or yaml", false,
     "table json ndjson csv value yaml"},
    {"column", 'c', "COLUMN", "show this column only; repeat for more", true},
    {"sort-column", 0, "COLUMN", "sort by this column; repeat for more", true},
    {"sort-ascending", 0, "", "smallest first (default)"},
    {"sort-descending", 0, "", "largest first"},
    {"noindent", 0, "", "json on one line"},
    {"quote", 0, "WHEN", "csv: quote all, minimal, none or nonnumeric", false,
     "all minimal none nonnumeric"},
    {"max-width", 0, "N", "table: wrap to this width, 0 for no limit (CLIFF_MAX_TERM_WIDTH)"},
    {"fit-width", 0, "", "table: wrap to the terminal (CLIFF_FIT_WIDTH)"},
    {"print-empty", 0, "", "table: print the header of an empty list"},
};

}  // namespace

std::span<const option_spec> global_options() { return global_rows; }
std::span<const option_spec> output_options() { return output_rows; }

// "--os-project-name" is "project_name" in clouds.yaml; "--os-compute-api-version" carries its
// service in the value.
std::map<std::string, std::string> settings_in(const arguments& global) {
  std::map<std::string, std::string> given;
  for (const auto& [name, values] : global.options) {
    if (name == "insecure" || name == "verify")
      given["insecure"] = name == "insecure" ? "true" : "false";
    if (!name.starts_with("os-")) continue;
    std::string key = name.substr(3);
    std::replace(key.begin(), key.end(), '-', '_');
    for (const auto& value : values) {
      if (!key.starts_with("SERVICE")) {
        given[key] = value;
        continue;
      }
      const std::size_t equals = value.find('=');
      std::string service = value.substr(0, equals) + key.substr(7);
      std::replace(service.begin(), service.end(), '-', '_');
      given[service] = value.substr(equals + 1);
    }
  }
  return given;
}

}  // namespace ostclean::cmd
