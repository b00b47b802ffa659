// Compute: what it says about itself before anybody asks for anything.
#include <fmt/core.h>

#include "tests/sandbox/nova.hpp"

namespace sandbox {
namespace {

json::object about(const context& c, const char* id, const char* status, const std::string& version,
                   const char* least, const char* updated) {
  const std::string self = c.base + "/" + (std::string(id) == "v2.0" ? "v2" : id) + "/";
  return {
      {"id", id},           {"status", status},
      {"version", version}, {"min_version", least},
      {"updated", updated}, {"links", json::array{json::object{{"rel", "self"}, {"href", self}}}}};
}

}  // namespace

int nova_newest(const context& c) { return c.epoxy() ? 100 : 93; }

reply nova_versions(const context& c) {
  json::object v = about(c, "v2.1", "CURRENT", fmt::format("2.{}", nova_newest(c)), "2.1",
                         "2013-07-23T11:33:21Z");
  if (c.path.empty()) {
    json::object old = about(c, "v2.0", "SUPPORTED", "", "", "2011-01-21T11:33:21Z");
    reply all(200, json::object{{"versions", json::array{old, v}}});
    return all.unnamed();
  }
  v["links"].as_array().push_back(json::object{
      {"rel", "describedby"}, {"type", "text/html"}, {"href", "http://docs.openstack.org/"}});
  v["media-types"] =
      json::array{json::object{{"base", "application/json"},
                               {"type", "application/vnd.openstack.compute+json;version=2.1"}}};
  return reply(200, json::object{{"version", v}})
      .with("OpenStack-API-Version", "compute 2.1")
      .with("X-OpenStack-Nova-API-Version", "2.1");
}

}  // namespace sandbox
