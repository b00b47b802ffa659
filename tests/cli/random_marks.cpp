// Random worlds, what is stamped on everything at the end: age, tags, locks; and what a tenant
// makes while a plan waits.
#include <fmt/core.h>

#include "tests/cli/random_world.hpp"

namespace cli {
namespace {

bool shows_age(const std::string& kind) {
  for (const char* own : {"project", "user", "role", "domain", "flavor", "volume_type"})
    if (kind == own) return false;
  return true;
}

/// A network with its own port of the agent and the like keeps the ports it has.
void mark(json::object& body, const std::string& kind) {
  if (kind == "server" || kind == "volume" || kind == "snapshot" || kind == "backup") {
    body["metadata"] = json::object{{k_keep_tag, "yes"}};
  } else if (kind == "zone") {
    body["attributes"] = json::object{{k_keep_tag, "yes"}};
  } else if (body.contains("tags") && body.at("tags").is_array()) {
    body["tags"] = json::array{"other", k_keep_tag};
  }
}

void mark_containers(builder& b, const tenant& t) {
  for (auto& [name, box] : b.w.accounts[t.project_id])
    if (b.any.chance(10)) box.headers.emplace_back("x-container-meta-ostclean-keep", "1");
}

bool is_ours(const builder& b, const std::string& owner) {
  for (const auto& t : b.tenants)
    if (t.ours && t.project_id == owner) return true;
  return false;
}

}  // namespace

void age(builder& b) {
  int n = 0;
  for (auto& [kind, all] : b.w.kinds)
    for (auto& [seq, r] : all.rows()) {
      // Backups keep their order: that is what makes a chain.
      if (!shows_age(kind) || r.owner.empty() || (kind != "backup" && b.any.chance(50))) continue;
      const auto then =
          fmt::format("2020-01-01T{:02}:{:02}:{:02}", n / 3600 % 24, n / 60 % 60, n % 60);
      ++n;
      for (const char* field : {"created_at", "created", "creation_time"})
        if (r.body.contains(field))
          r.body[field] = kind == "volume" || kind == "snapshot" || kind == "backup"
                              ? then + ".000000"
                              : then + "Z";
    }
  for (auto& [account, boxes] : b.w.accounts)
    for (auto& [name, box] : boxes)
      for (auto& [object, o] : box.objects)
        if (b.any.chance(50) || o.modified < "2021") o.modified = "2020-01-01T00:00:00.000000";
}

void protect(builder& b) {
  for (auto& [kind, all] : b.w.kinds)
    for (auto& [seq, r] : all.rows()) {
      if (!is_ours(b, r.owner)) continue;
      if (b.any.chance(4)) mark(r.body, kind);
      if (kind == "server" && b.any.chance(15)) r.body["locked"] = true;
      if (kind == "image" && b.any.chance(15)) r.body["protected"] = true;
      if (kind == "image" && b.any.chance(5)) r.body[k_keep_tag] = "True";
    }
  for (const auto& t : b.tenants)
    if (t.ours) mark_containers(b, t);
}

void add_later(builder& b, tenant& t) {
  t.has.clear();
  b.later = true;
  const auto network =
      b.make(t, "network", "/network/v2.0/networks", "network", {{"name", b.name()}});
  b.make(t, "subnet", "/network/v2.0/subnets", "subnet",
         {{"network_id", network}, {"ip_version", 4}, {"cidr", b.next_cidr()}});
  add_ports(b, t);
  add_images(b, t);
  add_volumes(b, t);
  add_servers(b, t);
  add_objects(b, t, false);
  add_secrets(b, t);
  add_zones(b, t);
}

}  // namespace cli
