// Load balancers: pages, order and filters, and what a new part is made of.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sandbox/octavia.hpp"

namespace sandbox {

void octavia_fail(int status, const std::string& why) {
  throw refusal{reply(
      status, json::object{{"faultcode", "Client"}, {"faultstring", why}, {"debuginfo", nullptr}})};
}

/// The links keep the size and the order of the pages, and forget every filter.
json::array octavia_links(const context& c, const page& got) {
  std::string q = "?limit=" + c.q("limit");
  if (c.has("sort")) q += "&sort=" + c.q("sort");
  std::string path;
  for (const auto& s : c.path) path += "/" + encode(s);
  if (path.starts_with("/v2/")) path = "/v2.0" + path.substr(3);
  json::array out;
  if (got.more || (c.has("limit") && got.items.size() == limit_of(c, 0)))
    out.push_back(json::object{{"rel", "next"},
                               {"href", c.base + path + q + "&marker=" + got.items.back()->id}});
  if (c.has("marker") && !got.items.empty())
    out.push_back(json::object{
        {"rel", "previous"},
        {"href", c.base + path + q + "&marker=" + got.items.front()->id + "&page_reverse=True"}});
  return out;
}

reply octavia_versions(const context& c) {
  json::array out;
  for (const char* v : {"v2.0", "v2.26"})
    out.push_back(
        {{"id", v},
         {"status", v == std::string_view("v2.26") ? "CURRENT" : "SUPPORTED"},
         {"updated", "2022-08-31T00:00:00Z"},
         {"links", json::array{json::object{{"rel", "self"}, {"href", c.base + "/v2"}}}}});
  return {200, json::object{{"versions", out}}};
}

void octavia_order(const context& c, rows& all) {
  const std::string said = c.q("sort"), key = said.substr(0, said.find(':'));
  if (key.empty()) return;
  const bool down = said.ends_with(":desc");
  std::stable_sort(all.begin(), all.end(), [&](const record* a, const record* b) {
    const std::string x = text(a->body, key), y = text(b->body, key);
    return down ? y < x : x < y;
  });
}

void octavia_check(const context& c) {
  static const std::set<std::string> known{"limit",
                                           "marker",
                                           "sort",
                                           "fields",
                                           "page_reverse",
                                           "project_id",
                                           "tenant_id",
                                           "name",
                                           "id",
                                           "vip_address",
                                           "vip_port_id",
                                           "vip_subnet_id",
                                           "tags",
                                           "description",
                                           "admin_state_up",
                                           "provider",
                                           "operating_status",
                                           "provisioning_status",
                                           "loadbalancer_id",
                                           "vip_network_id"};
  for (const auto& [key, value] : c.query)
    if (!known.count(key))
      octavia_fail(400, "One or more arguments are either duplicate or invalid");
}

namespace {

json::object listener_defaults() {
  json::object o{{"connection_limit", -1},           {"client_authentication", "NONE"},
                 {"insert_headers", json::object{}}, {"sni_container_refs", json::array{}},
                 {"timeout_client_data", 50000},     {"timeout_member_connect", 5000},
                 {"timeout_member_data", 50000},     {"timeout_tcp_inspect", 0}};
  for (const char* key : {"allowed_cidrs", "alpn_protocols", "client_ca_tls_container_ref",
                          "client_crl_container_ref", "default_pool_id",
                          "default_tls_container_ref", "tls_ciphers", "tls_versions"})
    o[key] = nullptr;
  return o;
}

json::object pool_defaults() {
  json::object o{{"tls_enabled", false}};
  for (const char* key :
       {"alpn_protocols", "ca_tls_container_ref", "crl_container_ref", "session_persistence",
        "tls_ciphers", "tls_container_ref", "tls_versions"})
    o[key] = nullptr;
  return o;
}

}  // namespace

json::object octavia_defaults(std::string_view kind) {
  if (kind == "listener") return listener_defaults();
  if (kind == "pool") return pool_defaults();
  return {};
}

}  // namespace sandbox
