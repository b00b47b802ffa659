// Answers that several services give alike: errors, microversions, who may list what.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "tests/sandbox/world.hpp"

namespace sandbox {

reply error_401_json(const context& c) {
  return reply(
             401,
             R"({"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}})")
      .with("WWW-Authenticate", "Keystone uri=\"" + authenticate_url(c.w) + "/\"");
}

void compute_fail(int status, const std::string& message) {
  const char* key = status == 400   ? "badRequest"
                    : status == 403 ? "forbidden"
                    : status == 404 ? "itemNotFound"
                    : status == 409 ? "conflictingRequest"
                    : status == 413 ? "overLimit"
                                    : "computeFault";
  throw refusal{
      reply(status, json::object{{key, json::object{{"code", status}, {"message", message}}}})};
}

void read_microversion(context& c, const char* word, int major, int least, int max) {
  std::string v = c.req.header("OpenStack-API-Version");
  const std::string start = std::string(word) + " ";
  v = v.compare(0, start.size(), start) == 0 ? v.substr(start.size()) : "";
  if (v.empty() && major == 2) v = c.req.header("X-OpenStack-Nova-API-Version");
  c.minor = v == "latest" ? max : least;
  if (v.empty() || v == "latest") return;
  const auto dot = v.find('.');
  if (dot == std::string::npos) c.minor = -1;
  if (dot == std::string::npos)
    compute_fail(400, fmt::format("API Version String {} is of invalid format. Must be of format "
                                  "MajorNum.MinorNum.",
                                  v));
  c.minor = std::atoi(v.c_str() + dot + 1);
  if (std::atoi(v.c_str()) != major || c.minor < least || c.minor > max)
    compute_fail(406, fmt::format("Version {} is not supported by the API. Minimum is {}.{} and "
                                  "maximum is {}.{}.",
                                  v, major, least, major, max));
}

reply no_such_path() {
  return {404, json::object{{"message", "The resource could not be found.<br /><br />\n\n\n"},
                            {"code", "404 Not Found"},
                            {"title", "Not Found"}}};
}

std::function<bool(const record&)> tenant_filter(const context& c,
                                                 const std::vector<const char*>& fields) {
  const std::string all = c.q("all_tenants");
  const bool everybody =
      c.admin() && c.has("all_tenants") && all != "0" && all != "false" && all != "False";
  std::string owner = everybody ? c.q("project_id") : c.project();
  if (everybody && owner.empty()) owner = c.q("tenant_id");
  const bool any = c.ignore_filter || (everybody && owner.empty());
  std::vector<std::pair<std::string, std::vector<std::string>>> wanted;
  for (const char* f : fields)
    if (c.has(f)) wanted.emplace_back(f, c.all(f));
  return [=](const record& r) {
    if (!any && r.owner != owner) return false;
    for (const auto& [field, values] : wanted) {
      const bool one = std::any_of(values.begin(), values.end(),
                                   [&, f = field](const auto& v) { return text(r.body, f) == v; });
      if (!one) return false;
    }
    return true;
  };
}

}  // namespace sandbox
