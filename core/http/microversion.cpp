#include "core/http/microversion.hpp"

#include "core/http/redact.hpp"

#include <string>

namespace ostclean::http {

void ask_for_version(request& r, std::string_view type, std::string_view version) {
  r.headers.set("OpenStack-API-Version", std::string{type} + " " + std::string{version});
  if (type == "compute") r.headers.set("X-OpenStack-Nova-API-Version", std::string{version});
}

result<void> check_version(const response& answer, const request& asked) {
  const auto wanted = asked.headers.get("OpenStack-API-Version");
  if (wanted.empty() || asked.method != verb::get || answer.status < 200 || answer.status > 299)
    return {};
  const auto number = wanted.substr(wanted.find(' ') + 1);
  const auto said = answer.headers.get("OpenStack-API-Version");
  if (said == wanted || answer.headers.get("X-OpenStack-Nova-API-Version") == number) return {};
  // Barbican without microversions has nothing of what they show, and says nothing.
  if (said.empty() && wanted.starts_with("key-manager ")) return {};
  error e{errc::protocol,
          "the service does not answer in the version that was asked for, " + std::string{wanted}};
  e.where = "GET " + redact_url(asked.url);
  e.status = answer.status;
  e.request_id = answer.request_id();
  e.hint =
      "is its URL one of an API without versions, as Nova's /v2 is beside /v2.1? check the catalog "
      "and the endpoint override";
  return e;
}

}  // namespace ostclean::http
