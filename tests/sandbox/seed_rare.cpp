// One of every kind that is easy to forget, tied to the others the way users tie them.
#include <fmt/core.h>

#include "tests/sandbox/seed.hpp"

namespace sandbox {
namespace {

void networks(hand& admin, hand& u, seeded& s) {
  const std::string net = "/network/v2.0/", n = s.name;
  auto& r = s.rare;
  r["address_group"] = u.make(net + "address-groups", "address_group",
                              {{"name", n + "-ag"}, {"addresses", json::array{"10.0.0.0/8"}}});
  u.make(net + "security-group-rules", "security_group_rule",
         {{"security_group_id", s.security_group},
          {"direction", "ingress"},
          {"remote_address_group_id", r["address_group"]}});
  r["address_scope"] =
      u.make(net + "address-scopes", "address_scope", {{"name", n + "-scope"}, {"ip_version", 4}});
  r["subnetpool"] = u.make(net + "subnetpools", "subnetpool",
                           {{"name", n + "-pool"},
                            {"prefixes", json::array{"10.250.0.0/16"}},
                            {"address_scope_id", r["address_scope"]}});
  r["network"] = u.make(net + "networks", "network", {{"name", n + "-net2"}});
  r["subnet"] = u.make(net + "subnets", "subnet",
                       {{"name", n + "-subnet2"},
                        {"network_id", r["network"]},
                        {"ip_version", 4},
                        {"subnetpool_id", r["subnetpool"]}});
  r["rbac_policy"] = u.make(net + "rbac-policies", "rbac_policy",
                            {{"object_type", "network"},
                             {"object_id", r["network"]},
                             {"action", "access_as_shared"},
                             {"target_tenant", "nobody"}});
  r["qos_policy"] = admin.make(net + "qos/policies", "policy",
                               {{"name", n + "-qos"}, {"project_id", s.project_id}});
  u.call("PUT", net + "ports/" + s.port,
         json::object{{"port", json::object{{"qos_policy_id", r["qos_policy"]}}}});
  r["metering_label"] = admin.make(net + "metering/metering-labels", "metering_label",
                                   {{"name", n + "-label"}, {"project_id", s.project_id}});
  r["parent_port"] =
      u.make(net + "ports", "port", {{"name", n + "-parent"}, {"network_id", s.network}});
  r["sub_port"] = u.make(net + "ports", "port", {{"name", n + "-sub"}, {"network_id", s.network}});
  const json::object sub{
      {"port_id", r["sub_port"]}, {"segmentation_type", "vlan"}, {"segmentation_id", 5}};
  r["trunk"] = u.make(
      net + "trunks", "trunk",
      {{"name", n + "-trunk"}, {"port_id", r["parent_port"]}, {"sub_ports", json::array{sub}}});
}

void addresses(world& w, hand& u, seeded& s) {
  const std::string net = "/network/v2.0/", n = s.name;
  auto& r = s.rare;
  std::string outside;
  for (const auto& [seq, x] : w.of("network").rows())
    if (text(x.body, "name") == "public") outside = x.id;
  r["floating_ip"] = u.make(net + "floatingips", "floatingip", {{"floating_network_id", outside}});
  const json::value ip = w.of("port").find(s.port)->body["fixed_ips"].at(0).at("ip_address");
  r["port_forwarding"] =
      u.make(net + "floatingips/" + r["floating_ip"] + "/port_forwardings", "port_forwarding",
             {{"protocol", "tcp"},
              {"internal_port_id", s.port},
              {"internal_ip_address", ip},
              {"internal_port", 80},
              {"external_port", 8080}});
  r["group_a"] = u.make(net + "security-groups", "security_group", {{"name", n + "-a"}});
  r["group_b"] = u.make(net + "security-groups", "security_group", {{"name", n + "-b"}});
  for (const auto& [one, other] :
       {std::pair("group_a", "group_b"), std::pair("group_b", "group_a")})
    u.make(
        net + "security-group-rules", "security_group_rule",
        {{"security_group_id", r[one]}, {"direction", "ingress"}, {"remote_group_id", r[other]}});
  const json::object way{{"destination", "192.0.2.0/24"}, {"nexthop", ip}};
  u.call("PUT", net + "routers/" + s.router,
         json::object{{"router", json::object{{"routes", json::array{way}}}}});
}

void volumes(world& w, hand& u, seeded& s) {
  const std::string at = "/volume/v3/" + s.project_id, n = s.name;
  const pairs newer{{"OpenStack-API-Version", "volume 3.60"}};
  auto& r = s.rare;
  r["volume_from_snapshot"] =
      u.make(at + "/volumes", "volume",
             {{"name", n + "-fromsnap"}, {"size", 1}, {"snapshot_id", s.snapshot}});
  r["incremental_backup"] =
      u.make(at + "/backups", "backup",
             {{"name", n + "-incremental"}, {"volume_id", s.volume}, {"incremental", true}});
  r["volume_in_transfer"] =
      u.make(at + "/volumes", "volume", {{"name", n + "-transfer"}, {"size", 1}});
  w.advance();
  r["volume_transfer"] = u.make(at + "/os-volume-transfer", "transfer",
                                {{"name", n + "-t"}, {"volume_id", r["volume_in_transfer"]}});
  r["volume_group"] = u.make(at + "/groups", "group",
                             {{"name", n + "-group"},
                              {"group_type", "65e9c28d-8f5e-46f0-8b97-35889b699937"},
                              {"volume_types", json::array{"tiny"}}},
                             newer);
  r["volume_in_group"] =
      u.make(at + "/volumes", "volume",
             {{"name", n + "-grouped"}, {"size", 1}, {"group_id", r["volume_group"]}}, newer);
  r["attached_volume"] = u.make(at + "/volumes", "volume", {{"name", n + "-data"}, {"size", 1}});
  w.advance();
  u.call("POST", "/compute/v2.1/servers/" + s.servers[0] + "/os-volume_attachments",
         json::object{{"volumeAttachment", json::object{{"volumeId", r["attached_volume"]}}}});
  r["server_group"] = u.make("/compute/v2.1/os-server-groups", "server_group",
                             {{"name", n + "-hosts"}, {"policies", json::array{"affinity"}}});
}

void objects(hand& u, seeded& s) {
  const std::string at = "/object-store/v1/AUTH_" + s.project_id, n = s.name;
  const pairs plain{{"Content-Type", "text/plain"}};
  for (const char* name :
       {"%C3%BCmlaut.txt", "with%20space", "folder/inner", "100%25", "line%0Afeed"})
    u.raw("PUT", at + "/" + s.container + "/" + name, "x", plain);
  u.call("PUT", at + "/" + n + "-segments");
  json::array manifest;
  for (int i = 0; i < 2; ++i) {
    const std::string path = fmt::format("/{}-segments/part{}", n, i);
    u.raw("PUT", at + path, "segment", plain);
    manifest.push_back(json::object{{"path", path}});
  }
  u.call("PUT", at + "/" + s.container + "/large?multipart-manifest=put", manifest);
  u.call("PUT", at + "/" + n + "-versions", {}, {{"X-Versions-Enabled", "true"}});
  for (const char* body : {"one", "two"}) u.raw("PUT", at + "/" + n + "-versions/doc", body, plain);
  u.call("PUT", at + "/" + n + "-archive");
  u.call("PUT", at + "/" + n + "-old", {}, {{"X-Versions-Location", n + "-archive"}});
  for (const char* body : {"one", "two"}) u.raw("PUT", at + "/" + n + "-old/doc", body, plain);
  s.rare["segments"] = n + "-segments";
  s.rare["versioned_container"] = n + "-versions";
  s.rare["archive_container"] = n + "-archive";
  s.rare["old_versioned_container"] = n + "-old";
}

void the_rest(world& w, hand& u, seeded& s) {
  const json::object ref{{"name", "a"},
                         {"secret_ref", w.url + "/key-manager/v1/secrets/" + s.secret}};
  const json::value box = u.call(
      "POST", "/key-manager/v1/containers",
      json::object{
          {"name", s.name + "-con"}, {"type", "generic"}, {"secret_refs", json::array{ref}}});
  const std::string where = text(box.as_object(), "container_ref");
  s.rare["secret_container"] = where.substr(where.rfind('/') + 1);
  const std::string lb = "/load-balancer/v2/lbaas/";
  s.rare["listener"] =
      u.make(lb + "listeners", "listener",
             {{"loadbalancer_id", s.load_balancer}, {"protocol", "HTTP"}, {"protocol_port", 80}});
  w.advance();
  s.rare["lb_pool"] = u.make(
      lb + "pools", "pool",
      {{"listener_id", s.rare["listener"]}, {"protocol", "HTTP"}, {"lb_algorithm", "ROUND_ROBIN"}});
  w.advance();
  s.rare["member"] = u.make(lb + "pools/" + s.rare["lb_pool"] + "/members", "member",
                            {{"address", "10.0.0.9"}, {"protocol_port", 80}});
  u.call("POST", "/dns/v2/zones/" + s.zone + "/recordsets",
         json::object{{"name", "www." + s.name + ".example.org."},
                      {"type", "A"},
                      {"records", json::array{"10.0.0.1"}}});
}

}  // namespace

void seed_rare(world& w, hand& admin, hand& user, seeded& s) {
  networks(admin, user, s);
  addresses(w, user, s);
  volumes(w, user, s);
  objects(user, s);
  the_rest(w, user, s);
}

}  // namespace sandbox
