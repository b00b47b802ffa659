// Block storage: versions, types of volumes and of groups, limits.
#include <fmt/core.h>

#include "tests/sandbox/cinder.hpp"

namespace sandbox {

int cinder_newest(const context& c) {
  if (c.w.opts.newest_volume_version != 0) return c.w.opts.newest_volume_version;
  return c.epoxy() ? 71 : 70;
}

reply cinder_versions(const context& c) {
  const json::object media{{"base", "application/json"},
                           {"type", "application/vnd.openstack.volume+json;version=3"}};
  const json::object guide{
      {"rel", "describedby"}, {"type", "text/html"}, {"href", "https://docs.openstack.org/"}};
  const json::object self{{"rel", "self"}, {"href", c.base + "/v3/"}};
  const json::object v{{"id", "v3.0"},
                       {"status", "CURRENT"},
                       {"version", fmt::format("3.{}", cinder_newest(c))},
                       {"min_version", "3.0"},
                       {"updated", "2022-08-31T00:00:00Z"},
                       {"links", json::array{guide, self}},
                       {"media-types", json::array{media}}};
  return reply(c.path.empty() ? 300 : 200, json::object{{"versions", json::array{v}}})
      .with("OpenStack-API-Version", "volume 3.0");
}

namespace {

json::object volume_type(const record& r) {
  json::object o = shown(r.body);
  o["description"] = nullptr;
  return o;
}

reply types(context& c) {
  json::array out;
  for (const auto& [seq, r] : c.of("volume_type").rows()) {
    json::object o = volume_type(r);
    o["os-volume-type-access:is_public"] = true;
    out.push_back(o);
  }
  return {200, json::object{{"volume_types", out}}};
}

reply default_type(context& c) {
  const record& first = c.of("volume_type").rows().begin()->second;
  return {200, json::object{{"volume_type", volume_type(first)}}};
}

reply limits(context&) {
  json::object absolute{{"maxTotalVolumes", 10},
                        {"maxTotalSnapshots", 10},
                        {"maxTotalVolumeGigabytes", 1000},
                        {"maxTotalBackupGigabytes", 1000},
                        {"maxTotalBackups", 10}};
  for (const char* used : {"totalBackupGigabytesUsed", "totalBackupsUsed", "totalGigabytesUsed",
                           "totalSnapshotsUsed", "totalVolumesUsed"})
    absolute[used] = 0;
  return {200,
          json::object{{"limits", json::object{{"rate", json::array{}}, {"absolute", absolute}}}}};
}

json::object type_view(const context& c, const record& r) {
  json::object o = shown(r.body);
  if (!c.admin()) o.erase("group_specs");
  return o;
}

record& add_type(context& c, const std::string& id, const json::value& name, const char* about) {
  return c.of("group_type")
      .add(id, "",
           {{"id", id},
            {"name", name},
            {"description", about ? json::value(about) : json::value()},
            {"is_public", true},
            {"group_specs", json::object{}}});
}

reply group_types(context& c) {
  cinder_need(c, 11);
  if (c.of("group_type").size() == 0)
    add_type(c, "65e9c28d-8f5e-46f0-8b97-35889b699937", "default_cgsnapshot_type",
             "Default group type for migrating cgsnapshot");
  json::array out;
  for (const auto& [seq, r] : c.of("group_type").rows()) out.push_back(type_view(c, r));
  return {200, json::object{{"group_types", out}}};
}

reply create_group_type(context& c) {
  cinder_need(c, 11);
  if (!c.admin())
    compute_fail(403, "Policy doesn't allow group:group_types_manage to be performed.");
  const json::object sent = c.sent("group_type");
  return {202, json::object{{"group_type",
                             type_view(c, add_type(c, c.w.uuid(), sent.at("name"), nullptr))}}};
}

reply delete_group_type(context& c) {
  cinder_need(c, 11);
  if (!c.of("group_type").erase(c.args[1]))
    compute_fail(404, fmt::format("Group type {} could not be found.", c.args[1]));
  return cinder_accepted();
}

/// Of the few lists that Cinder refuses to others than administrators.
reply services(context& c) {
  if (!c.admin())
    compute_fail(403, "Policy doesn't allow volume_extension:services:index to be performed.");
  const json::object one{
      {"binary", "cinder-volume"}, {"host", "sandbox@tiny"}, {"zone", "nova"},
      {"status", "enabled"},       {"state", "up"},          {"updated_at", now_iso(cinder_time)},
      {"disabled_reason", nullptr}};
  return {200, json::object{{"services", json::array{one}}}};
}

constexpr route cinder_types_table[] = {
    {"GET", "v3/*/os-services", services},
    {"GET", "v3/*/types", types},
    {"GET", "v3/*/types/default", default_type},
    {"GET", "v3/*/limits", limits},
    {"GET", "v3/*/group_types", group_types},
    {"POST", "v3/*/group_types", create_group_type},
    {"DELETE", "v3/*/group_types/*", delete_group_type},
};

}  // namespace

std::span<const route> cinder_type_routes() { return cinder_types_table; }

}  // namespace sandbox
